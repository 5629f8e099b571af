from odoo import models


class IrModel(models.Model):
    _inherit = "ir.model"

    def unlink(self):
        """A model that goes takes the engine's rows of its matters along."""
        for model in self.mapped("model"):
            self.env["cs.matter.row"]._cs_drop(model)
        return super().unlink()

from odoo import models
from odoo.fields import Domain


class IrModel(models.Model):
    _inherit = "ir.model"

    def unlink(self):
        """A model that goes takes the engine's rows of its matters along.

        When the base itself goes, its own tables are being taken apart already.
        """
        base = Domain("name", "=", "cs_base") & Domain("state", "=", "installed")
        if self.env["ir.module.module"].sudo().search_count(base):
            for model in self.mapped("model"):
                self.env["cs.matter.row"]._cs_drop(model)
        return super().unlink()

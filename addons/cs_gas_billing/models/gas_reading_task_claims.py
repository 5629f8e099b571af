from odoo import api, models


class GasReadingTask(models.AbstractModel):
    _inherit = "gas.reading.task"

    @api.model
    def _raise(self, readings):
        """Readings that came in also end what customers claimed before; sudo."""
        self.env["gas.mobile.entry"]._settle_overtaken()
        return super()._raise(readings)

from odoo import models


class GasBillReverser(models.AbstractModel):
    """An estimate ends with its bill."""

    _inherit = "gas.bill.reverser"

    def _reverse(self, source, bills):
        result = super()._reverse(source, bills)
        self.env["gas.bill.estimator"]._release(bills.with_env(self.env))
        return result

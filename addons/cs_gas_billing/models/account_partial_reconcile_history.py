from odoo import models


class AccountPartialReconcile(models.Model):
    """A matching of a gas bill that is undone leaves a trace for the figures."""

    _inherit = "account.partial.reconcile"

    _gas_day_idx = models.Index("(company_id, max_date)")

    def unlink(self):
        self.env["gas.settlement.undone"]._keep(self)
        return super().unlink()

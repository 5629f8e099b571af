from odoo import models

from ..tools.capitals import in_capitals
from ..tools.rounding import from_float


class GasPaperMixin(models.AbstractModel):
    """For documents that the hall prints for the customer: amount and moment."""

    _name = "gas.paper.mixin"
    _description = "Printed at the Hall"

    def _get_amount_text(self):
        """Return the amount in capital characters, as Chinese receipts have it."""
        self.ensure_one()
        if self.currency_id.name != "CNY":
            return self.currency_id.amount_to_text(self.amount)
        return in_capitals(from_float(self.amount, 2))

    def _get_local_moment(self):
        """Return when it was booked, in company time."""
        self.ensure_one()
        return self.company_id._cs_to_local(self.moment).strftime("%Y-%m-%d %H:%M")

from odoo import models


class GasHallBooking(models.AbstractModel):
    """Notes on the receipt which bills were at the bank."""

    _inherit = "gas.hall.booking"

    def _prepare_receipt(self, account, request, plan, day):
        """Say on the receipt why the money is credit."""
        values = super()._prepare_receipt(account, request, plan, day)
        if plan.on_credit:
            at_bank = self.env["gas.bill"]._get_at_bank(account)
            values["bank_note"] = (
                ", ".join(
                    f"{bill.name} ({bill.debit_batch_name}) {bill.amount_residual:.2f}"
                    for bill in at_bank
                )
                or False
            )
        return values

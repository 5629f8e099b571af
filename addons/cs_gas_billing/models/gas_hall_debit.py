from odoo import api, fields, models


class GasReceipt(models.Model):
    _inherit = "gas.receipt"

    bank_note = fields.Char(
        string="Bills at the Bank",
        readonly=True,
        copy=False,
        help="Bills that were at the bank when the money was taken: it is kept as "
        "credit and pays them if the bank refuses.",
    )


class GasHallDesk(models.AbstractModel):
    _inherit = "gas.hall.desk"

    @api.model
    def _get_account_values(self, account):
        """Show the bills at the bank apart: they can't be paid now."""
        at_bank = self.env["gas.bill"]._get_at_bank(account)
        return {
            **super()._get_account_values(account),
            "at_bank": [
                {
                    "id": bill.id,
                    "name": bill.name,
                    "period": bill.period,
                    "principal": bill.amount_residual,
                    "batch": bill.debit_batch_name,
                    "sent_on": bill.debit_line_id.batch_id.date.isoformat(),
                }
                for bill in at_bank
            ],
        }


class GasHallBooking(models.AbstractModel):
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

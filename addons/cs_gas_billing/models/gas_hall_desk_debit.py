from odoo import api, models


class GasHallDesk(models.AbstractModel):
    """Shows the bills at the bank on the desk."""

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

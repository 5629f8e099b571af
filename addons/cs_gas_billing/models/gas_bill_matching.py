from odoo import api, models
from odoo.exceptions import UserError


class GasBill(models.Model):
    """What an accountant's matching of payments means for a bill."""

    _inherit = "gas.bill"

    _cancelled_idx = models.Index(
        "(company_id, cancelled_date) WHERE cancelled_date IS NOT NULL"
    )

    @api.model
    def _get_payable(self, partner, company):
        """Return the open bills a transfer of ``partner`` may pay, oldest due first."""
        accounts = self.env["gas.account"]._get_of_payer(partner, company)
        return self.search(
            [
                ("account_id", "in", accounts.ids),
                ("state", "=", "posted"),
                ("amount_residual", ">", 0),
                ("debit_line_id", "=", False),
            ],
            order="date_due, id",
        )

    def _refuse_locked(self):
        """Refuse matching by hand while the bank is asked for the money; sudo."""
        locked = self.filtered("debit_line_id")
        if locked:
            raise UserError(
                self.env._(
                    "Bill %(bill)s is at the bank in debit batch %(batch)s. Wait for "
                    "the bank's answer; until then money for it is kept as credit of "
                    "account %(account)s.",
                    bill=locked[0].name,
                    batch=locked[0].debit_batch_name,
                    account=locked[0].account_id.code,
                )
            )

    def _settle_today(self):
        """Bring the late fee's mark in line after matching by hand; sudo."""
        for company, bills in self.grouped("company_id").items():
            self.env["gas.latefee.policy"]._settle(bills, company._cs_today())

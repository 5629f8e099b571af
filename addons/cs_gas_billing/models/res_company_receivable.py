from odoo import models
from odoo.exceptions import UserError


class ResCompany(models.Model):
    """The receivable account of gas stays once bills stand on it."""

    _inherit = "res.company"

    def write(self, vals):
        if account_id := vals.get("gas_receivable_account_id"):
            self._check_gas_receivable(account_id)
        return super().write(vals)

    def _check_gas_receivable(self, account_id):
        """Raise when bills stand on another account.

        Money and bills are matched on one account only: what was paid on old bills
        could never pay those that replace them.
        """
        for company in self:
            known = company.gas_receivable_account_id
            if known.id == account_id:
                continue
            bill = (
                self.env["gas.bill"]
                .sudo()
                .search(
                    [
                        ("company_id", "=", company.id),
                        ("state", "=", "posted"),
                        ("move_line_id.account_id", "!=", account_id),
                        ("move_line_id", "!=", False),
                    ],
                    limit=1,
                )
            )
            if bill:
                raise UserError(
                    self.env._(
                        "Gas bills stand on the account %(account)s already, %(bill)s "
                        "for example. Keep it: money and bills meet on one account.",
                        account=bill.move_line_id.account_id.display_name,
                        bill=bill.name,
                    )
                )

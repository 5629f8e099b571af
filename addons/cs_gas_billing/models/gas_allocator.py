from odoo import api, models
from odoo.fields import Domain

from .account_move import GAS_KEY


class GasAllocator(models.AbstractModel):
    """Matches money with bills: oldest due first, always within one gas account."""

    _name = "gas.allocator"
    _description = "Allocation of Money to Bills"

    @api.model
    def _get_open_bills(self, accounts):
        """Return posted bills with something open, oldest due first."""
        return self.env["gas.bill"].search(
            [
                ("account_id", "in", accounts.ids),
                ("state", "=", "posted"),
                ("amount_residual", "!=", 0),
            ],
            order="account_id, date_due, id",
        )

    @api.model
    def _use_credits(self, accounts):
        """Match the accounts' open credit with their open bills; sudo.

        Pairs are matched one by one: Odoo itself would sort them by amount.
        """
        self.env.flush_all()
        credits_by_account = (
            self.env["account.move.line"]
            .search(
                Domain(accounts._get_open_credit_domain()), order="date, id"
            )
            .grouped("gas_account_id")
            if accounts
            else {}
        )
        if not credits_by_account:
            return
        owing = self.env["gas.account"].concat(*credits_by_account)
        bills = self._get_open_bills(owing).grouped("account_id")
        for account, lines in credits_by_account.items():
            receivables = [
                bill.move_line_id for bill in bills.get(account, self.env["gas.bill"])
            ]
            self._match(lines, receivables)

    @api.model
    def _match(self, credit_lines, receivables):
        """Reconcile credit with receivable lines in the order given."""
        left = list(receivables)
        for credit in credit_lines:
            while left and credit.amount_residual < 0:
                receivable = left[0]
                if receivable.amount_residual > 0:
                    pair = (credit | receivable).with_context(gas_key=GAS_KEY)
                    pair.reconcile()
                if receivable.amount_residual <= 0:
                    left.pop(0)

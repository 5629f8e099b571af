from odoo import api, models
from odoo.exceptions import LockError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

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
    def _get_hall_bills(self, account):
        """Return bills with principal or perhaps late fee open, oldest due first."""
        return self.env["gas.bill"].search(
            [
                ("account_id", "=", account.id),
                ("state", "=", "posted"),
                "|",
                ("amount_residual", ">", 0),
                ("fee_settled", "=", False),
            ],
            order="date_due, id",
        )

    @api.model
    def _lock(self, account):
        """Lock the account for booking money on it, until the transaction ends.

        :raise UserError: somebody else does that right now
        """
        try:
            account.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._(
                    "Account %s is being collected at another desk right now. Look at "
                    "it again in a moment.",
                    account.code,
                )
            ) from error
        # Who read the account before another one's commit is stopped here.
        self.env.execute_query(
            SQL(
                "UPDATE gas_account SET write_date = now() AT TIME ZONE 'UTC' "
                "WHERE id = %s RETURNING id",
                account.id,
            )
        )

    @api.model
    def _use_credits(self, accounts):
        """Match the accounts' open credit with their open bills; sudo.

        Pairs are matched one by one: Odoo itself would sort them by amount.
        """
        self.env.flush_all()
        credits_by_account = (
            self.env["account.move.line"]
            .search(Domain(accounts._get_open_credit_domain()), order="date, id")
            .grouped("gas_account_id")
            if accounts
            else {}
        )
        if not credits_by_account:
            return
        owing = self.env["gas.account"].concat(*credits_by_account)
        open_bills = self._get_open_bills(owing)
        bills = open_bills.grouped("account_id")
        owed_back = self._get_owed_back(owing).grouped("gas_account_id")
        for account, lines in credits_by_account.items():
            receivables = [
                *owed_back.get(account, ()),
                *(bill.move_line_id for bill in bills.get(account, ())),
            ]
            self._match(lines, receivables)
        for company, paid in open_bills.grouped("company_id").items():
            self.env["gas.latefee.policy"]._settle(paid, company._cs_today())

    @api.model
    def _match(self, credit_lines, receivables):
        """Reconcile credit with receivable lines in the order given."""
        left = list(receivables)
        for credit in credit_lines:
            while left and credit.amount_residual < 0:
                receivable = left[0]
                if receivable.amount_residual > 0:
                    pair = (credit | receivable).with_env(self.env)
                    pair.with_context(gas_key=GAS_KEY).reconcile()
                if receivable.amount_residual <= 0:
                    left.pop(0)

from odoo import models
from odoo.exceptions import UserError


class AccountBankStatementLine(models.Model):
    """Gas customers' money in the reconciliation screen keeps to gas accounts."""

    _inherit = "account.bank.statement.line"

    # === MONEY OF GAS CUSTOMERS ===#

    def reconcile_bank_line(self):
        """Book what was chosen; what is left of the money gets its gas account.

        It becomes credit of the account that was paid last or, if nothing was chosen,
        of the only gas account the customer has.
        """
        self.ensure_one()
        automatic = self.env.context.get("gas_automatic")
        account = self._get_gas_account_of_rest(automatic)
        if account is None:
            return None
        line = self.with_context(gas_account_of_rest=account.id)
        return super(AccountBankStatementLine, line).reconcile_bank_line()

    def _recompute_suspense_line(self, data, reconcile_auxiliary_id, manual_reference):
        """Let the rest of a transfer for gas bills be booked as credit at once.

        The screen itself wants it to be edited by hand first.
        """
        chosen = [
            identifier
            for line in data
            for identifier in line.get("counterpart_line_ids") or []
        ]
        if self.partner_id and self._get_receivables(chosen).gas_account_id:
            data = [line for line in data if line["kind"] != "suspense"]
        return super()._recompute_suspense_line(
            data, reconcile_auxiliary_id, manual_reference
        )

    def _reconcile_move_line_vals(self, line, move_id=False):
        vals = super()._reconcile_move_line_vals(line, move_id)
        if ids := line.get("counterpart_line_ids"):
            account_id = self._get_receivables(ids).gas_account_id.id
        else:
            rest = self._is_rest(line)
            account_id = rest and self.env.context.get("gas_account_of_rest")
        if account_id:
            vals |= {"gas_account_id": account_id, "gas_account_taken": True}
        return vals

    def _get_receivables(self, ids):
        lines_sudo = self.env["account.move.line"].sudo().browse(ids)
        return lines_sudo.filtered(lambda line: line.account_type == "asset_receivable")

    def _is_rest(self, line):
        """Whether a line of the screen keeps money on a receivable account."""
        if line["kind"] == "liquidity" or line.get("counterpart_line_ids"):
            return False
        ledger_sudo = self.env["account.account"].sudo().browse(line["account_id"][0])
        return ledger_sudo.account_type == "asset_receivable" and line["amount"] < 0

    def _auto_reconcile(self):
        line = self.with_context(gas_automatic=True)
        return super(AccountBankStatementLine, line)._auto_reconcile()

    def _get_gas_account_of_rest(self, automatic):
        """Return the gas account (sudo) of the money that pays nothing yet.

        :param automatic: then None says that a person has to decide
        """
        accounts_sudo = self.env["gas.account"].sudo()
        data = self.reconcile_data_info["data"]
        rest = [line for line in data if self._is_rest(line)]
        if not rest:
            return accounts_sudo
        chosen = [
            identifier
            for line in data
            for identifier in line.get("counterpart_line_ids") or []
        ]
        paid = self._get_receivables(chosen).filtered("gas_account_id")
        if paid:
            return paid[-1:].gas_account_id
        partner_id = rest[0].get("partner_id") and rest[0]["partner_id"][0]
        partner = self.env["res.partner"].browse(partner_id or [])
        accounts = accounts_sudo._get_of_payer(partner, self.company_id)
        if accounts and automatic:
            return None
        if len(accounts) > 1:
            raise UserError(
                self.env._(
                    "%(partner)s has %(count)s gas accounts. Choose the bills that the "
                    "transfer pays, or press “Oldest Gas Bills First”: then it is "
                    "clear whose credit the rest is.",
                    partner=partner.display_name,
                    count=len(accounts),
                )
            )
        return accounts

    def action_gas_oldest_first(self):
        """Choose the customer's open gas bills, oldest due first, up to the amount.

        Bills of all his accounts; what is left becomes credit of the account that was
        paid last. Nothing is booked before *Reconcile* is pressed.
        """
        self.ensure_one()
        self.check_access("write")
        if self.is_reconciled:
            raise UserError(self.env._("The transaction is reconciled already."))
        if not self.partner_id:
            raise UserError(
                self.env._("Choose the customer first (Manual operation > Partner).")
            )
        bills = (
            self.env["gas.bill"].sudo()._get_payable(self.partner_id, self.company_id)
        )
        if not bills:
            raise UserError(
                self.env._(
                    "%s has no open gas bill that could be paid now.",
                    self.partner_id.display_name,
                )
            )
        self.reconcile_data_info = self._default_reconcile_data()
        left = self.company_id.currency_id.round(self.amount)
        for bill in bills:
            if left <= 0:
                break
            line = bill.move_line_id.with_env(self.env)
            left -= line.amount_residual
            self._add_account_move_line(line, keep_current=True)
        self.can_reconcile = self.reconcile_data_info.get("can_reconcile", False)

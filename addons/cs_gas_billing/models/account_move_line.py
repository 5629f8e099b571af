from odoo import api, fields, models
from odoo.exceptions import UserError

from .account_move import GAS_KEY, refuse_forged

#: What makes a gas line what it is; reconciling writes other columns.
GUARDED = {
    "account_id",
    "balance",
    "debit",
    "credit",
    "amount_currency",
    "partner_id",
    "date_maturity",
    "gas_account_id",
    "gas_bill_id",
    "tax_ids",
    "move_id",
}


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    gas_account_id = fields.Many2one(
        comodel_name="gas.account",
        index="btree_not_null",
        copy=False,
    )
    gas_bill_id = fields.Many2one(
        comodel_name="gas.bill",
        index="btree_not_null",
        readonly=True,
        copy=False,
    )
    gas_account_taken = fields.Boolean(
        string="Gas Account by Matching",
        readonly=True,
        copy=False,
        help="An accountant matched the money with a bill of this gas account.",
    )

    # === MATCHING ===#

    def reconcile(self):
        """Match lines of several gas accounts account by account.

        What is chosen together may be a transfer for several accounts; matched in one
        go, Odoo would pair a bill with the money of another account.
        """
        if self.env.context.get("gas_key") is GAS_KEY:
            return super().reconcile()
        accounts = self.sudo().gas_account_id
        if len(accounts) < 2:
            return super().reconcile()
        for account in accounts:
            same = self.filtered(
                lambda line, account=account: line.gas_account_id == account
            )
            super(AccountMoveLine, same).reconcile()
        left = self.filtered(lambda line: not line.reconciled)
        return super(AccountMoveLine, left).reconcile()

    def _take_gas_account(self):
        """Give money that was matched by hand the gas account of its bills; sudo.

        What the bills leave of it is credit of the account.
        """
        self.ensure_one()
        partners = (self.matched_debit_ids | self.matched_credit_ids).filtered(
            lambda partial: partial.debit_move_id.account_type == "asset_receivable"
        )
        accounts = (partners.debit_move_id | partners.credit_move_id).gas_account_id
        if not accounts:
            return
        if len(accounts) > 1:
            raise UserError(
                self.env._(
                    "%(money)s pays bills of several gas accounts (%(accounts)s) in "
                    "one line, so its rest would belong to nobody. Use one line for "
                    "each account.",
                    money=self.move_id.name or self.name,
                    accounts=", ".join(accounts.mapped("code")),
                )
            )
        self.with_context(gas_key=GAS_KEY).write(
            {"gas_account_id": accounts.id, "gas_account_taken": True}
        )

    def _release_gas_account(self):
        """Take the gas account off money whose last match was undone by hand; sudo."""
        free = self.filtered(
            lambda line: (
                line.gas_account_taken
                and not line.matched_debit_ids
                and not line.matched_credit_ids
            )
        )
        free.with_context(gas_key=GAS_KEY).write(
            {"gas_account_id": False, "gas_account_taken": False}
        )

    # === TOTALS AND GUARDS ===#

    def _compute_totals(self):
        """A bill's line in a summary entry has no tax: its amount is its total."""
        plain = self.filtered(
            lambda line: (
                line.gas_bill_id and line.move_type == "entry" and not line.tax_ids
            )
        )
        for line in plain:
            line.price_subtotal = line.price_total = line.amount_currency
        return super(AccountMoveLine, self - plain)._compute_totals()

    @api.model_create_multi
    def create(self, vals_list):
        refuse_forged(self, ("gas_bill_id",), vals_list)
        return super().create(vals_list)

    def write(self, vals):
        refuse_forged(self, ("gas_bill_id",), [vals])
        if GUARDED & vals.keys() and self.env.context.get("gas_key") is not GAS_KEY:
            posted = self.filtered(lambda line: line.parent_state == "posted")
            bills = posted.filtered("gas_bill_id")
            if bills:
                raise UserError(
                    self.env._(
                        "%s belongs to a gas bill and can't be changed here.",
                        ", ".join(bills.mapped("name")[:3]),
                    )
                )
            posted.move_id._refuse_gas()
        return super().write(vals)

    def unlink(self):
        self.move_id._refuse_gas()
        return super().unlink()

from odoo import fields, models
from odoo.exceptions import UserError

from .account_move import GAS_KEY

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

    def write(self, vals):
        if GUARDED & vals.keys() and self.env.context.get("gas_key") is not GAS_KEY:
            posted = self.filtered(
                lambda line: line.gas_bill_id and line.parent_state == "posted"
            )
            if posted:
                raise UserError(
                    self.env._(
                        "%s belongs to a gas bill and can't be changed here.",
                        ", ".join(posted.mapped("name")[:3]),
                    )
                )
        return super().write(vals)

    def unlink(self):
        self.move_id._refuse_gas()
        return super().unlink()

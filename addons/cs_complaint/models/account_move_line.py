from odoo import api, models

from .account_move import is_ours

#: What an accountant could type into a line of a document.
TYPED = frozenset({"price_unit", "quantity", "discount", "tax_ids", "account_id"})
AMOUNTS = ("balance", "amount_currency", "debit", "credit")


class AccountMoveLine(models.Model):
    """Lines of a settlement's document are as approved, however they are reached."""

    _inherit = "account.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        if not is_ours(self.env):
            moves = {vals.get("move_id") for vals in vals_list} - {None, False}
            self.env["account.move"].browse(moves)._cs_refuse_settlement()
        return super().create(vals_list)

    def write(self, vals):
        if TYPED & vals.keys() or any(name in vals for name in AMOUNTS):
            changed = self.filtered(
                lambda line: TYPED & vals.keys() or line._cs_amount_changes(vals)
            )
            changed.move_id._cs_refuse_settlement()
        return super().write(vals)

    def _cs_amount_changes(self, vals):
        return any(
            name in vals and self.currency_id.compare_amounts(self[name], vals[name])
            for name in AMOUNTS
        )

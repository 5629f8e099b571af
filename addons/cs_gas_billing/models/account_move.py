from odoo import fields, models
from odoo.exceptions import UserError

#: Only our own code can put this very object into a context; RPC can't.
GAS_KEY = object()


class AccountMove(models.Model):
    """Entries of gas bills, fees and receipts are changed by their documents only."""

    _inherit = "account.move"

    gas_run_id = fields.Many2one(
        comodel_name="gas.bill.run", index="btree_not_null", readonly=True, copy=False
    )
    gas_account_id = fields.Many2one(
        comodel_name="gas.account",
        string="Gas Account",
        index="btree_not_null",
        readonly=True,
        copy=False,
    )

    def _is_gas_guarded(self):
        """Return the entries among these that belong to gas documents."""
        if self.env.context.get("gas_key") is GAS_KEY or not self.ids:
            return self.browse()
        lines = (
            self.env["account.move.line"]
            .sudo()
            ._read_group(
                [("move_id", "in", self.ids), ("gas_bill_id", "!=", False)],
                ["move_id"],
            )
        )
        return self.browse([move.id for (move,) in lines]) | self.filtered(
            "gas_run_id"
        )

    def _refuse_gas(self):
        guarded = self._is_gas_guarded()
        if guarded:
            raise UserError(
                self.env._(
                    "%s books gas bills. It can't be changed here: cancel the gas bill "
                    "instead, then its share is taken back.",
                    ", ".join(guarded.mapped("display_name")[:3]),
                )
            )

    def button_draft(self):
        self._refuse_gas()
        return super().button_draft()

    def button_cancel(self):
        self._refuse_gas()
        return super().button_cancel()

    def _reverse_moves(self, default_values_list=None, cancel=False):
        self._refuse_gas()
        return super()._reverse_moves(default_values_list, cancel)

    def unlink(self):
        self._refuse_gas()
        return super().unlink()

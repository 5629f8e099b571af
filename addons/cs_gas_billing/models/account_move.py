from odoo import api, fields, models
from odoo.exceptions import UserError

#: Only our own code can put this very object into a context; RPC can't.
GAS_KEY = object()
#: What makes a posted entry what it is.
GUARDED = {
    "state",
    "date",
    "invoice_date",
    "invoice_date_due",
    "journal_id",
    "partner_id",
    "line_ids",
    "invoice_line_ids",
    "gas_account_id",
    "gas_run_id",
    "gas_correction_id",
    "gas_debit_batch_id",
    "gas_locked",
}
#: What only gas documents give to their entries.
OWN = ("gas_run_id", "gas_correction_id", "gas_debit_batch_id", "gas_locked")


def refuse_forged(model, names, vals_list):
    """Refuse values that make an entry look like that of a gas document.

    :param names: fields that only gas documents fill in
    """
    if model.env.su or model.env.context.get("gas_key") is GAS_KEY:
        return
    defaults = {f"default_{name}" for name in names} & model.env.context.keys()
    if defaults or any(vals.get(name) for vals in vals_list for name in names):
        raise UserError(
            model.env._("What belongs to a gas document is booked by it only.")
        )


class AccountMove(models.Model):
    """Entries of gas bills, fees and receipts are changed by their documents only."""

    _inherit = "account.move"

    gas_run_id = fields.Many2one(
        comodel_name="gas.bill.run", index="btree_not_null", readonly=True, copy=False
    )
    gas_correction_id = fields.Many2one(
        comodel_name="gas.correction",
        index="btree_not_null",
        readonly=True,
        copy=False,
    )
    gas_account_id = fields.Many2one(
        comodel_name="gas.account",
        index="btree_not_null",
        readonly=True,
        copy=False,
    )

    gas_locked = fields.Boolean(
        string="Made by a Gas Document",
        readonly=True,
        copy=False,
        help="Changed through its gas document only.",
    )

    def _get_gas_guarded(self):
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
            lambda move: (
                move.gas_locked
                or move.gas_run_id
                or move.gas_correction_id
                or move.gas_account_id
            )
        )

    def _refuse_gas(self):
        guarded = self._get_gas_guarded()
        if guarded:
            raise UserError(
                self.env._(
                    "%s was made by a gas document and can't be changed here. Cancel "
                    "the gas bill or reverse the hall receipt instead.",
                    ", ".join(guarded.mapped("display_name")[:3]),
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        refuse_forged(self, OWN, vals_list)
        return super().create(vals_list)

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

    def write(self, vals):
        refuse_forged(self, OWN, [vals])
        if GUARDED & vals.keys():
            self.filtered(lambda move: move.state == "posted")._refuse_gas()
        return super().write(vals)

from odoo import api, fields, models
from odoo.exceptions import UserError

#: Only our own code can put this very object into a context; no client can.
SETTLEMENT_KEY = object()
#: What only settlements give to their documents.
OWN = ("cs_settlement_line_id", "cs_settlement_main")
#: What makes a document of a settlement what was approved.
GUARDED = frozenset(
    {
        "line_ids",
        "invoice_line_ids",
        "partner_id",
        "currency_id",
        "move_type",
        "reversed_entry_id",
    }
)


def is_ours(env):
    return env.context.get("cs_settlement_key") is SETTLEMENT_KEY


def refuse_forged(model, names, vals_list):
    """Refuse values that would make a document look like that of a settlement."""
    if model.env.su or is_ours(model.env):
        return
    defaults = {f"default_{name}" for name in names} & model.env.context.keys()
    if defaults or any(vals.get(name) for vals in vals_list for name in names):
        raise UserError(
            model.env._("A settlement gets its documents by its own buttons only.")
        )


class AccountMove(models.Model):
    """Documents of settlements say what was approved, or their case shows it."""

    _inherit = "account.move"

    cs_settlement_line_id = fields.Many2one(
        comodel_name="cs.complaint.settlement.line",
        string="Complaint Settlement",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    cs_settlement_main = fields.Boolean(
        readonly=True, copy=False, export_string_translation=False
    )

    _cs_settlement_uniq = models.UniqueIndex(
        "(cs_settlement_line_id) WHERE cs_settlement_main AND state != 'cancel'",
        "A settlement has one document.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        refuse_forged(self, OWN, vals_list)
        return super().create(vals_list)

    def write(self, vals):
        refuse_forged(self, OWN, [vals])
        if (GUARDED | set(OWN)) & vals.keys():
            self._cs_refuse_settlement()
        return super().write(vals)

    def unlink(self):
        self._cs_refuse_settlement()
        return super().unlink()

    def _cs_refuse_settlement(self):
        """Raise if one of these is of a settlement, and somebody else changes it."""
        if is_ours(self.env):
            return
        if guarded := self.filtered(lambda move: move.sudo().cs_settlement_line_id):
            raise UserError(
                self.env._(
                    "%s carries out an approved settlement of a complaint: its lines "
                    "stay. It may be set back to draft, posted, cancelled or reversed; "
                    "its case shows it.",
                    ", ".join(guarded.mapped("display_name")[:3]),
                )
            )

    def button_draft(self):
        result = super().button_draft()
        self._cs_tell_case()
        return result

    def button_cancel(self):
        result = super().button_cancel()
        self._cs_tell_case()
        return result

    def _reverse_moves(self, default_values_list=None, cancel=False):
        """A reversal belongs to the settlement of what it reverses, but that of the
        customer's invoice, which is none."""
        keyed = self.with_context(cs_settlement_key=SETTLEMENT_KEY)
        reversals = super(AccountMove, keyed)._reverse_moves(
            default_values_list, cancel
        )
        for reversal in reversals.sudo():
            if line := reversal.reversed_entry_id.cs_settlement_line_id:
                reversal.cs_settlement_line_id = line
        self._cs_tell_case()
        return reversals.with_env(self.env)

    def _cs_tell_case(self):
        """The case hears that a document of its settlement doesn't hold any more."""
        for move in self.sudo().filtered("cs_settlement_line_id"):
            line = move.cs_settlement_line_id
            line.complaint_id.with_context(cs_settlement_key=None).message_post(
                body=self.env._(
                    "Settlement %(name)s: %(document)s was set back, cancelled or "
                    "reversed in accounting.",
                    name=line.name,
                    document=move.name or "",
                ),
                subtype_xmlid="mail.mt_note",
            )

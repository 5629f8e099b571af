from odoo import fields, models
from odoo.exceptions import AccessError

from ..tools.clock import KINDS


class CsClockFact(models.Model):
    """Something that happened to a clock. Rows are added, never changed."""

    _name = "cs.clock.fact"
    _description = "Clock Fact"
    _inherit = ["cs.guarded"]
    _order = "clock_id, moment, id"
    _rec_name = "kind"

    clock_id = fields.Many2one(
        comodel_name="cs.clock",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="clock_id.company_id")
    moment = fields.Datetime(required=True, readonly=True)
    kind = fields.Selection(
        selection=lambda self: self._selection_kind(),
        string="What",
        required=True,
        readonly=True,
    )
    holders = fields.Char(
        string="Held By", readonly=True, export_string_translation=False
    )
    commitment_id = fields.Many2one(
        comodel_name="cs.commitment", readonly=True, ondelete="restrict"
    )
    limit_json = fields.Char(
        string="Limit as Promised", readonly=True, export_string_translation=False
    )
    until = fields.Datetime(readonly=True)
    reason_id = fields.Many2one(
        comodel_name="cs.pause.reason",
        string="Pause Reason",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    requested_on = fields.Date(string="Customer Asked On", readonly=True)
    note = fields.Text(readonly=True)
    by_id = fields.Many2one(
        comodel_name="res.users",
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )

    def _selection_kind(self):
        labels = {
            "start": self.env._("Started"),
            "hold": self.env._("Held by others"),
            "pause": self.env._("Paused"),
            "resume": self.env._("Went on"),
            "limit": self.env._("Other commitment"),
            "extend": self.env._("Extended"),
            "stop": self.env._("Stopped"),
            "reopen": self.env._("Re-opened"),
            "cancel": self.env._("Cancelled"),
        }
        return [(kind, labels[kind]) for kind in KINDS]

    def _update(self, vals):
        raise AccessError(self._refusal())

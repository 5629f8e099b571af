from odoo import api, fields, models
from odoo.exceptions import UserError

from .cs_clock import OPEN_STATES

KIND = "clock.extension"


class CsExtension(models.Model):
    """A request for more time (延期): why, until when, and who allowed it.

    Before the approval nothing changes; with it the deadline of the clock moves. Rows
    are added by ``_cs_request`` and follow their approval.
    """

    _name = "cs.extension"
    _description = "Extension"
    _inherit = ["cs.matter.row", "cs.guarded", "cs.approval.mixin"]
    _order = "id desc"

    name = fields.Char(string="Subject", required=True, readonly=True)
    clock_id = fields.Many2one(
        comodel_name="cs.clock",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    commitment_id = fields.Many2one(
        comodel_name="cs.commitment", readonly=True, ondelete="restrict"
    )
    team_id = fields.Many2one(comodel_name="cs.team", readonly=True)
    masked = fields.Boolean(related="clock_id.masked", store=True)
    old_due = fields.Datetime(string="Due Before", readonly=True)
    until = fields.Datetime(string="New Due Date", required=True, readonly=True)
    reason = fields.Text(required=True, readonly=True)
    requester_id = fields.Many2one(
        comodel_name="res.users", required=True, readonly=True, index=True
    )
    requested_at = fields.Datetime(required=True, readonly=True)
    approval_id = fields.Many2one(
        comodel_name="cs.approval",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    state = fields.Selection(related="approval_id.state", store=True)
    approver_id = fields.Many2one(
        comodel_name="res.users",
        string="Decided By",
        compute="_compute_approver_id",
        compute_sudo=True,
    )
    decided_at = fields.Datetime(related="approval_id.decided_at")
    decision_note = fields.Char(related="approval_id.decision_note")

    _pending_uniq = models.UniqueIndex(
        "(clock_id) WHERE state = 'pending'",
        "More time was asked for already; it waits for approval.",
    )

    @api.depends("approval_id.step_ids.decided_by_id")
    def _compute_approver_id(self):
        for extension in self:
            steps = extension.approval_id.step_ids.filtered("decided_by_id")
            extension.approver_id = steps[-1:].decided_by_id

    # === REQUEST === #

    @api.model
    def _cs_request(self, clock, until, reason):
        """Ask for more time; the deadline moves when this is approved.

        :param clock: an open ``cs.clock``
        :param until: stored moment (naive UTC), after the present deadline
        :raise UserError: nothing to extend, or no later date, or no reason
        """
        clock = clock.sudo()
        if clock.state not in OPEN_STATES:
            raise UserError(self.env._("The clock has stopped: nothing to extend."))
        if not (reason or "").strip():
            raise UserError(self.env._("Say why it takes longer."))
        if until <= max(clock.due_at, fields.Datetime.now()):
            raise UserError(self.env._("The new date has to be after the present one."))
        waiting = [("clock_id", "=", clock.id), ("state", "=", "pending")]
        if self.sudo().search_count(waiting, limit=1):
            raise UserError(
                self.env._("More time was asked for already; it waits for approval.")
            )
        extension = self._append(
            [
                {
                    "business_type_id": clock.business_type_id.id,
                    "res_model": clock.res_model,
                    "res_id": clock.res_id,
                    "company_id": clock.company_id.id,
                    "name": clock.display_name,
                    "clock_id": clock.id,
                    "commitment_id": clock.commitment_id.id,
                    "team_id": clock.team_id.id,
                    "old_due": clock.due_at,
                    "until": until,
                    "reason": reason,
                    "requester_id": self.env.uid,
                    "requested_at": fields.Datetime.now(),
                }
            ]
        ).with_env(self.env)
        approval = extension._cs_request_approval(KIND, reason=reason)
        extension._update({"approval_id": approval.id})
        return extension

    # === APPROVAL === #

    @api.model
    def _cs_approval_kinds(self):
        return [*super()._cs_approval_kinds(), (KIND, self.env._("Extension"))]

    def _cs_approval_values(self, kind):
        return {"clock": self.clock_id.id, "until": self.until, "reason": self.reason}

    def _cs_approval_group(self, kind):
        """Leads decide; of masked matters only who knows masked persons."""
        if kind != KIND:
            return super()._cs_approval_group(kind)
        return f"cs_base.group_{'masked' if self.masked else 'lead'}"

    def _cs_on_approved(self, approval):
        result = super()._cs_on_approved(approval)
        for extension in self:
            if extension.clock_id.state not in OPEN_STATES:
                raise UserError(self.env._("The clock has stopped: nothing to extend."))
            if extension.until <= fields.Datetime.now():
                raise UserError(
                    self.env._(
                        "The new date is over already: reject it, so that "
                        "another one is asked for."
                    )
                )
            extension.clock_id._cs_extend(extension.until)
        return result

    # === BUTTONS === #

    def action_open_approval(self):
        """Open the approval that decides."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "cs.approval",
            "res_id": self.sudo().approval_id.id,
            "views": [(False, "form")],
        }

import json

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, LockError, UserError
from odoo.fields import Domain

from ..tools import canonical
from .cs_approval_step import ACTIVITY_TYPE


class CsApproval(models.Model):
    """A request that another person approves: what, for how much, with which values.

    Rows change in the methods below only, whoever calls: requester and approver are
    two persons even for the superuser, and a value that changed after the request
    makes it void.
    """

    _name = "cs.approval"
    _description = "Approval"
    _inherit = ["cs.guarded", "cs.masked.thread", "mail.activity.mixin"]
    _order = "id desc"
    _mail_post_access = "read"

    name = fields.Char(string="Subject", readonly=True)
    kind = fields.Selection(
        selection=lambda self: self._selection_kind(),
        required=True,
        readonly=True,
        index=True,
    )
    res_model = fields.Char(string="Document Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Document",
        model_field="res_model",
        required=True,
        readonly=True,
        index=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(readonly=True)
    reason = fields.Text(readonly=True)
    requester_id = fields.Many2one(
        comodel_name="res.users", required=True, readonly=True, index=True
    )
    requested_at = fields.Datetime(required=True, readonly=True)
    values_json = fields.Text(string="Approved Values", required=True, readonly=True)
    values_hash = fields.Char(string="Fingerprint", required=True, readonly=True)
    state = fields.Selection(
        selection=[
            ("pending", "Waiting"),
            ("approved", "Approved"),
            ("rejected", "Rejected"),
            ("void", "Void"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        index=True,
    )
    step_ids = fields.One2many(
        comodel_name="cs.approval.step",
        inverse_name="approval_id",
        string="Steps",
        readonly=True,
    )
    current_step_id = fields.Many2one(
        comodel_name="cs.approval.step",
        compute="_compute_current_step_id",
        store=True,
    )
    decided_at = fields.Datetime(readonly=True)
    decision_note = fields.Char(readonly=True)
    waiting_for_me = fields.Boolean(
        compute="_compute_waiting_for_me", search="_search_waiting_for_me"
    )
    is_approver = fields.Boolean(
        compute="_compute_is_approver", search="_search_is_approver"
    )
    masked = fields.Boolean(readonly=True, help="The matter's person is hidden.")

    _pending_uniq = models.UniqueIndex(
        "(res_model, res_id, kind) WHERE state = 'pending'",
        "This document already waits for this approval.",
    )

    # === COMPUTE === #

    @api.model
    def _selection_kind(self):
        """Kinds of all documents that can be approved.

        Those of a removed app stay as their code: their history is still read.
        """
        rules = self.env["cs.approval.rule"]
        names = self.env.registry.descendants(["cs.approval.mixin"], "_inherit")
        kinds = {kind: kind for kind in rules._used_kinds()}
        for name in names:
            if not self.env[name]._abstract:
                kinds.update(self.env[name]._cs_approval_kinds())
        return sorted(kinds.items())

    @api.depends("state", "step_ids.decision")
    def _compute_current_step_id(self):
        for approval in self:
            open_steps = approval.step_ids.filtered(lambda step: not step.decision)
            pending = approval.state == "pending"
            approval.current_step_id = open_steps[:1] if pending else False

    @api.depends_context("uid")
    @api.depends("state", "current_step_id", "requester_id")
    def _compute_waiting_for_me(self):
        user = self.env.user
        for approval in self:
            approval.waiting_for_me = (
                approval.state == "pending" and not approval._refusal_for(user)
            )

    def _search_waiting_for_me(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain(
            [
                ("state", "=", "pending"),
                ("requester_id", "!=", self.env.uid),
                ("current_step_id", "any", self.env["cs.approval.step"]._mine_domain()),
                ("step_ids", "not any", [("decided_by_id", "=", self.env.uid)]),
            ]
        )

    @api.depends_context("uid")
    @api.depends("step_ids")
    def _compute_is_approver(self):
        principals = self.env.user._cs_approval_principals()
        for approval in self:
            approval.is_approver = any(
                step._accepts(user) for step in approval.step_ids for user in principals
            )

    def _search_is_approver(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("step_ids", "any", self.env["cs.approval.step"]._mine_domain())

    # === REQUEST === #

    @api.model
    def _request(self, record, kind, amount, reason, values):
        """Freeze the values of ``record`` and wait for the first step.

        The same request by the same person again is the one that waits already; any
        other one takes its place.
        """
        company = self._company(record)
        amount = company.currency_id.round(amount)
        frozen = self._freeze(record, kind, amount, values or {})
        if waiting := record.sudo()._cs_pending_approvals(kind):
            asked = (self.env.user, reason or False, frozen)
            if asked == (waiting.requester_id, waiting.reason, waiting.values_json):
                return waiting.sudo(self.env.su)
            waiting._close("void", self.env._("A newer request took its place."))
            waiting.flush_recordset()  # one waits at a time
        approval = self._append(
            [
                {
                    "name": record.display_name,
                    "kind": kind,
                    "res_model": record._name,
                    "res_id": record.id,
                    "company_id": company.id,
                    "amount": amount,
                    "reason": reason or False,
                    "requester_id": self.env.uid,
                    "requested_at": fields.Datetime.now(),
                    "values_json": frozen,
                    "values_hash": canonical.digest(frozen),
                    "state": "pending",
                    "masked": record.sudo()._cs_approval_is_masked(),
                    **self._scope_values(record, kind),
                }
            ]
        )
        approval._take_scopes()
        approval.step_ids._append_steps(approval, record)
        approval._log("request")
        approval.current_step_id._notify()
        return approval.sudo(self.env.su)

    @api.model
    def _company(self, record):
        company = record.company_id if "company_id" in record._fields else None
        return company or self.env.company

    @api.model
    def _freeze(self, record, kind, amount, request):
        own = record.sudo()._cs_approval_values(kind)
        frozen = {"record": own, "request": request, "amount": amount}
        return canonical.dumps(frozen | self._frozen_scopes(record, kind))

    def _cs_values(self):
        """What was asked for: the ``values`` of the request."""
        self.ensure_one()
        return json.loads(self.sudo().values_json)["request"]

    def _record(self):
        """The document, empty if it is gone."""
        self.ensure_one()
        if self.res_model not in self.env:
            return self.browse()
        return self.env[self.res_model].browse(self.res_id).exists()

    def _is_unchanged(self):
        """Whether the document still has the values of the request."""
        self.ensure_one()
        approval = self.sudo()
        record = approval._record()
        if not record:
            return False
        request = approval._cs_values()
        now = self._freeze(record, approval.kind, approval.amount, request)
        frozen = approval.values_json
        return now == frozen and canonical.digest(frozen) == approval.values_hash

    # === DECISION === #

    def action_approve(self, note=""):
        """Approve the current step of each approval, as the user who presses."""
        return self._decide("approved", note)

    def action_reject(self, note=""):
        """Reject with a reason; later steps are not asked any more."""
        if not (note or "").strip():
            raise UserError(self.env._("Say why you reject it."))
        return self._decide("rejected", note)

    def action_cancel(self):
        """Withdraw one's own request."""
        for approval in self:
            approval._lock_pending()
            if approval.requester_id != self.env.user:
                raise UserError(self.env._("Only the requester withdraws a request."))
            approval._close("cancelled", "")
            approval._log("cancel")
        return True

    def action_open_record(self):
        self.ensure_one()
        if not self._record():
            raise UserError(self.env._("The document does not exist any more."))
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }

    def _decide(self, decision, note):
        void = self.browse()
        for approval in self:
            approval._lock_pending()
            principal = approval._principal()
            if approval._is_unchanged():
                approval._apply(decision, principal, note)
            else:
                approval._close("void", self.env._("Values changed after the request."))
                approval._log("void")
                void += approval
        return self._void_message(void) if void else True

    def _lock_pending(self):
        """Lock the row, so that of two clicks one decides and one is told."""
        self.ensure_one()
        self.check_access("read")
        try:
            self.sudo().lock_for_update()
        except LockError as error:
            raise UserError(
                self.env._("Somebody else is deciding “%s” right now.", self.name)
            ) from error
        self.invalidate_recordset()
        if self.state != "pending":
            states = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "“%(name)s” is not waiting any more: %(state)s.",
                    name=self.name,
                    state=states[self.state],
                )
            )

    def _principal(self):
        """The approver in whose place the user decides; himself as a rule."""
        self.ensure_one()
        if refusal := self._refusal_for(self.env.user):
            raise AccessError(refusal)
        return self._principals(self.env.user)[:1]

    def _refusal_for(self, user):
        """Say why ``user`` may not decide now, or return an empty text."""
        self.ensure_one()
        approval = self.sudo()
        if user.id == SUPERUSER_ID:
            return self.env._("The system user approves nothing: use your own login.")
        if user == approval.requester_id:
            return self.env._("You requested this: another person must decide.")
        if user in approval.step_ids.decided_by_id:
            return self.env._("You decided an earlier step: another person must go on.")
        if not approval._principals(user):
            return self.env._("You are not an approver of this step.")
        return ""

    def _principals(self, user):
        approval = self.sudo()
        barred = approval.requester_id | approval.step_ids.decided_by_id
        barred |= approval.step_ids.on_behalf_id
        if approval.company_id not in user.company_ids:
            return user.browse()
        return user._cs_approval_principals().filtered(
            lambda principal: (
                principal not in barred and approval.current_step_id._accepts(principal)
            )
        )

    def _apply(self, decision, principal, note):
        user = self.env.user
        approval = self.sudo()
        approval.current_step_id._update(
            {
                "decision": decision,
                "decided_by_id": user.id,
                "on_behalf_id": principal.id if principal != user else False,
                "decided_at": fields.Datetime.now(),
                "note": note,
            }
        )
        approval._log(decision)
        approval._done_activities()
        if decision == "rejected":
            approval._close("rejected", note)
            approval._record()._cs_on_rejected(approval)
        elif approval.current_step_id:
            approval.current_step_id._notify()
        else:
            approval._close("approved", note)
            approval._record()._cs_on_approved(approval)

    def _close(self, state, note):
        self._update(
            {
                "state": state,
                "decided_at": fields.Datetime.now(),
                "decision_note": note,
            }
        )
        self._done_activities()

    def _void_message(self, void):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "message": self.env._(
                    "Void, as values changed after the request: %s. Request it again.",
                    ", ".join(void.mapped("name")),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # === NOTICES === #

    def _log(self, action):
        self.ensure_one()
        self.env["cs.event"]._cs_log(
            f"approval.{action}",
            self,
            details={
                "kind": self.kind,
                "model": self.res_model,
                "record": self.res_id,
                "values": self.values_hash,
            },
        )

    def _done_activities(self):
        self.sudo().activity_unlink([ACTIVITY_TYPE])

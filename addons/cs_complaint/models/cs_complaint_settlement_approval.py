from odoo import api, fields, models

from odoo.addons.cs_base.tools import canonical

ORDINARY = "settlement"
SEVERE = "settlement.severe"
REWARD = "reward"
KINDS = (ORDINARY, SEVERE, REWARD)


class CsComplaintSettlement(models.Model):
    """Who approves a settlement: by amount and severity, added up over the customer,
    the premises and the event, so that splitting it evades no limit."""

    _inherit = "cs.complaint.settlement"

    next_step = fields.Char(string="Waits For", compute="_compute_next_step")
    can_approve = fields.Boolean(
        compute="_compute_next_step", export_string_translation=False
    )

    @api.depends_context("uid", "lang")
    @api.depends("state")
    def _compute_next_step(self):
        approvals = self.env["cs.approval"].sudo()
        waiting = approvals.search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("state", "=", "pending"),
            ]
        ).grouped("res_id")
        for settlement in self:
            approval = waiting.get(settlement._origin.id, approvals)
            step = approval.current_step_id
            settlement.next_step = step.name or False
            settlement.can_approve = bool(
                approval and not approval._refusal_for(self.env.user)
            )

    @api.model
    def _cs_approval_kinds(self):
        return [
            *super()._cs_approval_kinds(),
            (ORDINARY, self.env._("Settlement of a Complaint")),
            (SEVERE, self.env._("Settlement of a Severe Complaint")),
            (REWARD, self.env._("Reward for a Report")),
        ]

    def _approval_kind(self):
        self.ensure_one()
        if "reward" in self.line_ids.mapped("kind"):
            return REWARD
        return SEVERE if self.sudo().complaint_id._cs_is_severe() else ORDINARY

    def _request_approval(self):
        """Ask in the name of who proposed it, so that the lead who picked it may
        decide and the proposer never does. Sudo."""
        self.ensure_one()
        reason = "" if self.complaint_id.masked else self.reason or ""
        asked = self.with_user(self.proposer_id).sudo()
        asked._cs_request_approval(
            self._approval_kind(),
            amount=self.amount,
            reason=reason,
            values={"picked_by": self.chosen_by_id.id},
        )

    def _cs_approval_group(self, kind):
        return (
            "cs_complaint.group_lead"
            if kind == ORDINARY
            else "cs_complaint.group_manager"
        )

    def _cs_approval_kind_group(self, kind):
        return "complaint.settlement"

    def _cs_approval_values(self, kind):
        self.ensure_one()
        return {
            "case": self.complaint_id.id,
            "severe": self.complaint_id._cs_is_severe(),
            "lines": [
                [
                    line.kind,
                    f"{line.amount:.2f}",
                    line.invoice_id.id,
                    canonical.digest(line.note or ""),
                ]
                for line in self.line_ids.sorted("id")
            ],
        }

    def _cs_approval_scopes(self, kind):
        """Customer, premises and event; nothing that names a masked person."""
        case = self.sudo().complaint_id
        scopes = {"event": case._cs_settlement_event()}
        if not case.masked:
            scopes |= {"customer": case._cs_partner(), "premises": case.premises_id}
        return {name: record for name, record in scopes.items() if record}

    def _cs_approval_is_masked(self):
        return self.sudo().complaint_id.masked

    def _cs_approval_is_used(self, approval):
        return self.approval_id == approval and self._is_begun()

    def _cs_on_approved(self, approval):
        self.write(
            {
                "state": "approved",
                "approval_id": approval.id,
                "approved_at": fields.Datetime.now(),
            }
        )
        others = self.complaint_id.settlement_ids - self
        for other in others.filtered(lambda other: other.state == "proposed"):
            other._end("dropped", self.env._("%s was picked.", self.name))
        self.line_ids._on_approved()
        self.complaint_id._cs_split_loss()

    def _cs_on_rejected(self, approval):
        self.write({"state": "rejected", "end_reason": approval.decision_note})

    def _close_approvals(self, note):
        """The approvals of these settlements, given or waiting, become void. Sudo."""
        self.env["cs.approval"].sudo().search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("kind", "in", KINDS),
                ("state", "in", ("pending", "approved")),
            ]
        )._close("void", note or "")

    def _check_approved(self):
        """Raise unless it is approved as it is now."""
        for settlement in self.sudo():
            settlement._cs_check_state("approved")
            settlement._cs_check_approved(settlement._approval_kind())

from odoo import api, fields, models
from odoo.exceptions import UserError

RULED = frozenset(
    {
        "opinion_at",
        "opinion_by_id",
        "withdraw_reason",
        "reopen_reason",
        "reopened_at",
        "reopened_by_id",
        "reopen_count",
    }
)


class CsComplaint(models.Model):
    """The course of a case: accepted, decided, closed, withdrawn, opened again.

    Investigation, settlement and answer are steps of other topics; what they still
    need before closing they say in ``_cs_open_points``.
    """

    _inherit = "cs.complaint"

    opinion = fields.Text(
        string="Consolidated Opinion",
        copy=False,
        help="What was found and what is decided, by who handles the case or a lead.",
    )
    opinion_by_id = fields.Many2one(
        comodel_name="res.users", string="Decided By", readonly=True, copy=False
    )
    opinion_at = fields.Datetime(string="Decided On", readonly=True, copy=False)
    withdraw_reason = fields.Text(readonly=True, copy=False)
    reopen_reason = fields.Text(readonly=True, copy=False)
    reopened_at = fields.Datetime(string="Re-opened On", readonly=True, copy=False)
    reopened_by_id = fields.Many2one(
        comodel_name="res.users", string="Re-opened By", readonly=True, copy=False
    )
    reopen_count = fields.Integer(string="Re-opened", readonly=True, copy=False)
    open_points = fields.Json(
        string="Still to Do", compute="_compute_open_points", compute_sudo=True
    )
    may_decide = fields.Boolean(
        compute="_compute_may_decide", export_string_translation=False
    )

    @api.model
    def _cs_is_closed(self, name):
        return name in RULED or super()._cs_is_closed(name)

    # === COMPUTE === #

    @api.depends("state", "judgement", "consent", "opinion")
    @api.depends_context("lang")
    def _compute_open_points(self):
        for case in self:
            going = case._origin and case.is_open and case.state != "new"
            case.open_points = case._origin._cs_open_points() if going else []

    @api.depends("state", "handler_id")
    @api.depends_context("uid")
    def _compute_may_decide(self):
        for case in self:
            case.may_decide = case._origin and case._origin._cs_may_decide()

    # === HOOKS OF THE TOPICS === #

    def _cs_open_tasks(self):
        """The investigation tasks that aren't signed yet; none without that topic."""
        self.ensure_one()
        return self.browse()

    def _cs_concerned_departments(self):
        """The departments that get a copy of the closed case."""
        self.ensure_one()
        return self.copy_department_ids

    def _cs_has_customer(self):
        """Whether there is anybody to whom something could be told."""
        self.ensure_one()
        identity = self.sudo().identity_ids
        return bool(identity.partner_id or any(identity.mapped("phone")))

    def _cs_needs_answer(self):
        """Whether the customer has to be told before closing.

        An anomaly sheet that names nobody is for the house alone.
        """
        self.ensure_one()
        return self.kind != "anomaly" or self._cs_has_customer()

    # === WHO === #

    def _cs_may_decide(self, user=None):
        """Whether ``user`` decides, closes, withdraws: the handler or a team lead.

        Severe cases and those with media: the handler or a manager.
        """
        self.ensure_one()
        user = user or self.env.user
        high = self.severity in ("severe", "media")
        group = f"cs_complaint.group_{'manager' if high else 'lead'}"
        return user == self.handler_id or user.has_group(group)

    def _cs_refuse_state(self, new):
        error = super()._cs_refuse_state(new)
        if error:
            return error
        if self.state == "closed" and new == "answering":
            if not self.env.user.has_group("cs_complaint.group_lead"):
                return self.env._(
                    "%s is opened again by a team lead.", self.display_name
                )
            return ""
        decides = new in ("answering", "closed", "withdrawn")
        if decides and not self._cs_may_decide():
            return self.env._(
                "%(case)s is decided and closed by who works on it (%(who)s), or by "
                "who leads.",
                case=self.display_name,
                who=self.handler_id.sudo().name or self.env._("nobody yet"),
            )
        return ""

    def _cs_transition_error(self, new):
        error = super()._cs_transition_error(new)
        if error:
            return error
        if new == "deciding" and self._cs_open_tasks():
            return self.env._(
                "The investigation of %s isn't finished: a department hasn't signed "
                "yet.",
                self.display_name,
            )
        if self.state == "deciding" and new == "answering":
            return self._cs_decision_error()
        return ""

    def _cs_decision_error(self):
        """What is missing for a decision; empty if it can be made."""
        if not (self.opinion or "").strip():
            return self.env._(
                "Write down the consolidated opinion on %s first.", self.display_name
            )
        if self.kind == "suggestion":
            return ""
        if not self.judgement:
            return self.env._(
                "Judge first whether %s is substantiated.", self.display_name
            )
        return ""

    # === CRUD === #

    def write(self, vals):
        if not self.env.su and "opinion" in vals:
            for case in self:
                if case.state != "deciding" or not case._cs_may_decide():
                    raise UserError(
                        self.env._(
                            "The opinion on %s is written while it is being decided, "
                            "by who works on it or a team lead.",
                            case.display_name,
                        )
                    )
        return super().write(vals)

    # === STATES === #

    def _cs_set_state(self, new, **vals):
        """What each state brings with it, whoever calls."""
        before = {case: case.state for case in self}
        result = super()._cs_set_state(new, **vals)
        if new in ("investigating", "deciding", "answering"):
            self._cs_verified()
        if new != "deciding":
            decided = self.filtered(lambda case: before[case] == "deciding")
            decided._cs_stop_clocks("complaint.opinion")
        if new == "closed":
            self.sudo()._cs_send_copies()
        return result

    # === STEPS === #

    def action_accept(self):
        """Accept the cases: the time to their closing runs; who has none takes it."""
        now = fields.Datetime.now()
        for case in self:
            case._cs_set_state("accepted", accepted_at=now)
            if not case.handler_id:
                case.sudo().handler_id = self.env.user
        return True

    def action_to_decide(self):
        """All facts are there, or none need be looked for: it can be decided."""
        return self._cs_set_state("deciding")

    def action_decide(self, opinion=None):
        """Decide by the consolidated opinion; next the customer is told.

        :param opinion: its text, if it isn't in the case yet
        """
        for case in self:
            case._cs_check_state("deciding")
            if opinion is not None:
                case.write({"opinion": (opinion or "").strip()})
            case._cs_set_state(
                "answering",
                opinion_by_id=self.env.uid,
                opinion_at=fields.Datetime.now(),
            )
        return True

    def action_back_to_decide(self):
        """Decide anew before the case is closed, e.g. on another settlement."""
        self._cs_check_state("answering")
        return self._cs_set_state("deciding")

    def action_close(self):
        """Close the cases of which nothing is left to do."""
        return self._cs_set_state("closed")

    def action_withdraw(self, reason):
        """End cases that their makers took back.

        :param reason: what the customer said
        """
        reason = self._cs_said(reason, self.env._("Say why it is withdrawn."))
        return self._cs_set_state("withdrawn", withdraw_reason=reason)

    def action_reopen(self, reason):
        """Go on with closed cases; by a team lead.

        :param reason: what isn't done yet
        """
        reason = self._cs_said(reason, self.env._("Say why it is opened again."))
        for case in self:
            case._cs_check_state("closed")
            case._cs_reopen(reason)
        return True

    def _cs_reopen(self, reason):
        """Go on with a closed case: an answer, a visit or a promise wasn't enough."""
        self.ensure_one()
        return self._cs_set_state(
            "answering",
            reopen_reason=reason,
            reopened_at=fields.Datetime.now(),
            reopened_by_id=self.env.uid,
            reopen_count=self.reopen_count + 1,
        )

    # === MENU === #

    def action_ask(self):
        """Open the dialog of the step named in the context (``complaint_step``)."""
        step = self.env.context.get("complaint_step")
        return self._cs_dialog("cs.complaint.step", {"complaint_id": self.id}, step)

    def _cs_ask(self, step):
        return self.with_context(complaint_step=step).action_ask()

    def action_ask_severity(self):
        """Ask how serious the case is now."""
        return self._cs_ask("severity")

    def action_ask_judge(self):
        """Ask whether the complaint is substantiated."""
        return self._cs_ask("judge")

    def action_ask_consent(self):
        """Ask how the customer took the explanation."""
        return self._cs_ask("consent")

    def action_ask_withdraw(self):
        """Ask why the case is withdrawn."""
        return self._cs_ask("withdraw")

    def action_ask_reopen(self):
        """Ask why the case is opened again."""
        return self._cs_ask("reopen")

    def _cs_menu(self):
        items = super()._cs_menu()
        if self.is_open and self.has_access("write"):
            items.append(
                ("action_ask_severity", self.env._("Change Severity"), "fa-thermometer")
            )
            if self.state == "answering" and self._cs_may_decide():
                items.append(
                    ("action_back_to_decide", self.env._("Decide Anew"), "fa-undo")
                )
            if self.state != "answering" and self._cs_may_decide():
                items.append(
                    ("action_ask_withdraw", self.env._("Withdraw"), "fa-times")
                )
        lead = self.env.user.has_group("cs_complaint.group_lead")
        if self.state == "closed" and lead:
            items.append(("action_ask_reopen", self.env._("Re-open"), "fa-folder-open"))
        return items

    # === WHAT IS SAID === #

    def _cs_summary(self):
        """Type, number, state and how serious: nothing personal."""
        summary = super()._cs_summary()
        if self.severity == "general":
            return summary
        return f"{summary} · {self._cs_severity_label()}"

    def _cs_notify_values(self):
        values = super()._cs_notify_values()
        for case in self.sudo():
            if not case.masked:
                values[case.id]["topic"] = case.subject
        return values

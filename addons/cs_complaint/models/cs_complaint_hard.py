from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

#: Cases that are hard without anybody saying so.
HARD_SEVERITIES = ("severe", "media")
RULED = frozenset(
    {
        "hard",
        "hard_reason",
        "hard_since",
        "hard_by_id",
        "meeting_decision",
        "meeting_at",
        "meeting_by_id",
    }
)


class CsComplaint(models.Model):
    """Hard cases (疑难投诉) for the weekly meeting of the team leads (班长会议).

    Somebody says that a case is hard, or it is late, was refused, was chased often, or
    is severe.
    """

    _inherit = "cs.complaint"

    hard = fields.Boolean(string="Marked as Hard", readonly=True, copy=False)
    hard_reason = fields.Text(readonly=True, copy=False)
    hard_since = fields.Datetime(readonly=True, copy=False)
    hard_by_id = fields.Many2one(comodel_name="res.users", readonly=True, copy=False)
    is_hard = fields.Boolean(
        string="Hard Case", compute="_compute_is_hard", search="_search_is_hard"
    )
    hard_text = fields.Char(string="Why Hard", compute="_compute_is_hard")
    next_step = fields.Char(compute="_compute_next_step", compute_sudo=True)
    meeting_decision = fields.Text(
        string="Decision of the Meeting", readonly=True, copy=False
    )
    meeting_at = fields.Datetime(string="Meeting", readonly=True, copy=False)
    meeting_by_id = fields.Many2one(comodel_name="res.users", readonly=True, copy=False)

    _hard_idx = models.Index("(company_id, id) WHERE is_open AND hard")

    @api.model
    def _cs_is_closed(self, name):
        return name in RULED or super()._cs_is_closed(name)

    # === COMPUTE === #

    @api.depends("is_open", "hard", "clock_state", "chase_count", "severity")
    @api.depends_context("lang")
    def _compute_is_hard(self):
        for case in self:
            reasons = case._cs_hard_reasons() if case.is_open else []
            case.is_hard = bool(reasons)
            case.hard_text = "; ".join(reasons) or False

    def _cs_hard_reasons(self):
        """Why this case is hard: a list of phrases, empty if it isn't."""
        reasons = []
        if self.hard:
            reasons.append(self.hard_reason or self.env._("marked"))
        if self.clock_state == "late":
            reasons.append(self.env._("late"))
        if self.chase_count >= self.company_id.sudo().cs_complaint_hard_chases:
            reasons.append(self.env._("chased %s times", self.chase_count))
        if self.severity in HARD_SEVERITIES:
            reasons.append(self._cs_severity_label())
        if self._cs_refused_before():
            reasons.append(self.env._("refused by the customer"))
        return reasons

    def _cs_refused_before(self):
        """Whether the customer refused an answer before: this is a later round."""
        return "round_no" in self._fields and self["round_no"] > 1

    def _search_is_hard(self, operator, value):
        if operator != "in":
            return NotImplemented
        chased = Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("chase_count", ">=", company.sudo().cs_complaint_hard_chases)
            for company in self.env.companies
        )
        hard = (
            Domain("hard", "=", True)
            | Domain("clock_state", "=", "late")
            | Domain("severity", "in", HARD_SEVERITIES)
            | chased
        )
        if "round_no" in self._fields:
            hard |= Domain("round_no", ">", 1)
        return Domain("is_open", "=", True) & hard

    @api.depends("state")
    @api.depends_context("lang")
    def _compute_next_step(self):
        """What comes next: for a case that is answered the first thing left to do."""
        steps = {
            "new": self.env._("Take Up"),
            "accepted": self.env._("Investigate or decide"),
            "investigating": self.env._("Reports of the departments"),
            "deciding": self.env._("Opinion and decision"),
        }
        for case in self:
            step = steps.get(case.state, False)
            if case.state == "answering":
                step = next(iter(case._cs_open_points()), self.env._("Close"))
            case.next_step = step

    # === STEPS === #

    def action_mark_hard(self, reason):
        """Put the cases on the list for the weekly meeting.

        :param reason: why they are hard
        """
        reason = self._cs_said(reason, self.env._("Say why it is hard."))
        self._cs_check_hard()
        return self.sudo().write(
            {
                "hard": True,
                "hard_reason": reason,
                "hard_since": fields.Datetime.now(),
                "hard_by_id": self.env.uid,
            }
        )

    def action_unmark_hard(self):
        """Take the cases off the list; what is late, severe or refused stays on it."""
        self._cs_check_hard()
        return self.sudo().write({"hard": False})

    def action_meeting(self, decision):
        """Write down what the meeting decided; by a team lead.

        :param decision: what is done now
        """
        decision = self._cs_said(decision, self.env._("Say what was decided."))
        self._cs_check_group("cs_complaint.group_lead")
        self._cs_check_hard()
        for case in self:
            case.sudo().write(
                {
                    "meeting_decision": decision,
                    "meeting_at": fields.Datetime.now(),
                    "meeting_by_id": self.env.uid,
                }
            )
            case.sudo()._cs_tell("complaint.meeting", case.handler_id, note=decision)
        return True

    def _cs_check_hard(self):
        self._cs_check_group("cs_complaint.group_user")
        for case in self:
            if not case.is_open:
                raise UserError(self.env._("%s is closed.", case.display_name))

    def action_ask_hard(self):
        """Ask why the case is hard."""
        return self._cs_ask("hard")

    def action_ask_meeting(self):
        """Ask what the meeting decided."""
        return self._cs_ask("meeting")

    def _cs_menu(self):
        items = super()._cs_menu()
        if not self.is_open or self.state == "new" or not self.has_access("write"):
            return items
        if self.hard:
            label = self.env._("No Longer Hard")
            items.append(("action_unmark_hard", label, "fa-flag-o"))
        else:
            items.append(("action_ask_hard", self.env._("Hard Case"), "fa-flag"))
        if self.is_hard and self.env.user.has_group("cs_complaint.group_lead"):
            label = self.env._("Decision of the Meeting")
            items.append(("action_ask_meeting", label, "fa-gavel"))
        return items

    # === WEEKLY NOTICE === #

    @api.model
    def _cron_hard_cases(self):
        """On the first working day of a week tell each lead how many hard cases
        his teams have; nobody twice in a week."""
        companies = self.env["res.company"].sudo()
        for company in companies.search([("active", "=", True)]):
            today = company._cs_today()
            earlier = range(1, today.weekday() + 1)
            days = [fields.Date.subtract(today, days=number) for number in earlier]
            first = not any(company._cs_is_workday(day) for day in days)
            if first and company._cs_is_workday(today):
                self.with_company(company)._cs_tell_leads(company, today)

    def _cs_tell_leads(self, company, today):
        teams = self.env["cs.team"].sudo().search([("company_id", "=", company.id)])
        led = {}
        for team, lead in teams._cs_leads(today).items():
            led.setdefault(lead, []).append(team.id)
        counts = {}
        for lead, team_ids in led.items():
            cases = self.with_user(lead).with_context(allowed_company_ids=company.ids)
            if cases.has_access("read"):
                domain = [("is_hard", "=", True), ("team_id", "in", team_ids)]
                counts[lead] = cases.search_count(domain)
        told = {lead: count for lead, count in counts.items() if count}
        if not told:
            return
        week = f"{today:%G-%V}"
        self.env["cs.notify"].sudo()._cs_notify(
            "complaint.hard",
            self.env["res.partner"].concat(*(lead.partner_id for lead in told)),
            users={lead.partner_id.id: lead for lead in told},
            values={lead.partner_id.id: {"count": str(n)} for lead, n in told.items()},
            key=f"hard,{company.id},{week}",
        )

import datetime

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

OUTCOMES = [
    ("satisfied", "Satisfied"),
    ("dissatisfied", "Dissatisfied"),
    ("unreachable", "Unreachable"),
    ("refused", "Refused"),
    ("done", "Done"),
]
#: A visit asks how the customer found it; the others are simply done.
VISIT_OUTCOMES = ("satisfied", "dissatisfied", "unreachable", "refused")
OTHER_OUTCOMES = ("done", "unreachable", "refused")


class CsFollowup(models.Model):
    """Somebody is going to ask or call the customer again, and what came of it.

    A visit after finished work, a periodic visit, or a promise to call back. Until it
    has an outcome its contact stays open.
    """

    _name = "cs.followup"
    _description = "Return Visit"
    _inherit = ["cs.matter.row", "cs.guarded"]
    _order = "due_at, id"
    _rec_name = "subject"

    # A periodic visit and a callback need no matter.
    business_type_id = fields.Many2one(required=False)
    res_model = fields.Char(required=False)
    res_id = fields.Many2oneReference(required=False)

    kind = fields.Selection(
        selection=[
            ("visit", "Return Visit"),
            ("periodic", "Periodic Visit"),
            ("callback", "Callback"),
        ],
        required=True,
        readonly=True,
    )
    subject = fields.Char(readonly=True, help="The matter in a line.")
    interaction_id = fields.Many2one(
        comodel_name="cs.interaction",
        string="Contact",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        readonly=True,
        index="btree_not_null",
    )
    premises_id = fields.Many2one(
        comodel_name="cs.premises", readonly=True, index="btree_not_null"
    )
    team_id = fields.Many2one(comodel_name="cs.team", readonly=True, index=True)
    user_id = fields.Many2one(
        comodel_name="res.users", string="Made By", readonly=True, index=True
    )
    barred_id = fields.Many2one(
        comodel_name="res.users",
        string="Not By",
        readonly=True,
        help="Did the work himself and doesn't ask about it.",
    )
    due_at = fields.Datetime(string="Due", required=True, readonly=True)
    tries = fields.Integer(string="Attempts Needed", readonly=True, default=3)
    try_days = fields.Integer(readonly=True, default=2)
    attempt_ids = fields.One2many(
        comodel_name="cs.followup.attempt",
        inverse_name="followup_id",
        string="Attempts",
        readonly=True,
    )
    state = fields.Selection(
        selection=[
            ("open", "To Do"),
            ("done", "Done"),
            ("cancelled", "Not Needed"),
        ],
        required=True,
        readonly=True,
        default="open",
    )
    outcome = fields.Selection(selection=OUTCOMES, readonly=True, index=True)
    note = fields.Text(readonly=True)
    done_at = fields.Datetime(readonly=True)
    done_by_id = fields.Many2one(comodel_name="res.users", readonly=True)
    masked = fields.Boolean(readonly=True)
    plan_id = fields.Many2one(
        comodel_name="cs.followup.plan",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    period = fields.Char(readonly=True, help="Which of the visits of its plan it is.")
    visited = fields.Float(
        compute="_compute_visited",
        store=True,
        aggregator="avg",
        help="Share of the visits to make that have an outcome: 100 % when complete.",
    )
    reminder_level = fields.Integer(
        readonly=True, default=-1, aggregator=None, export_string_translation=False
    )

    _open_idx = models.Index("(company_id, user_id, due_at) WHERE state = 'open'")
    _due_idx = models.Index("(company_id, due_at) WHERE state = 'open'")
    _contact_idx = models.Index("(interaction_id) WHERE state = 'open'")
    _period_uniq = models.UniqueIndex(
        "(plan_id, premises_id, period) WHERE plan_id IS NOT NULL",
        "These premises are visited once in each period of a plan.",
    )

    @api.depends("state")
    def _compute_visited(self):
        for followup in self:
            followup.visited = float(followup.state == "done")

    # === SCHEDULE === #

    @api.model
    def _cs_schedule(self, matters):
        """A visit for each of the finished ``matters``, by the rule of its type."""
        rules, vals_list = {}, []
        for matter in matters.sudo():
            scope = matter.business_type_id, matter.company_id
            if scope not in rules:
                rules[scope] = self.env["cs.followup.rule"]._cs_for(*scope)
            vals_list.append(self._cs_prepare(matter, rules[scope]))
        return self._append(vals_list)

    @api.model
    def _cs_prepare(self, matter, rule):
        contact = matter.interaction_id
        barred = (
            matter.handler_id if rule.not_by_handler else matter.handler_id.browse()
        )
        user = self._cs_who(matter, rule)
        if not user or user == barred:
            user = matter.team_id._cs_lead() if matter.team_id else user
        today = matter.company_id._cs_today()
        last = matter.company_id._cs_add_workdays(today, rule.days or 0)
        [ties] = self._cs_of(matter)
        return {
            **ties,
            "kind": "visit",
            "subject": matter._cs_summary(),
            "interaction_id": contact.id,
            "partner_id": matter._cs_partner().id if not matter.masked else False,
            "premises_id": matter.premises_id.id if not matter.masked else False,
            "team_id": contact.team_id.id or matter.team_id.id,
            "user_id": user.id if user != barred else False,
            "barred_id": barred.id,
            "due_at": self._cs_end_of(matter.company_id, last),
            "tries": rule.tries or 1,
            "try_days": rule.try_days or 1,
            "masked": matter.masked,
        }

    @api.model
    def _cs_who(self, matter, rule):
        users = {
            "first_owner": matter.interaction_id.first_owner_id,
            "steward": matter.premises_id.steward_id,
        }
        user = users.get(rule.who, matter.handler_id.browse())
        return user.filtered("active")

    @api.model
    def _cs_end_of(self, company, day):
        """The last second of ``day``, as stored."""
        return company._cs_day_bounds(day)[1] - datetime.timedelta(seconds=1)

    @api.model
    def _cs_open_of(self, matters):
        """Visits of ``matters`` that have no outcome yet."""
        return self.sudo().search(
            [*self._cs_domain_of(matters), ("state", "=", "open")]
        )

    def _cs_cancel(self):
        """What was to be asked about goes on: these visits are not needed."""
        self._update({"state": "cancelled", "done_at": fields.Datetime.now()})

    # === RECORD === #

    def action_try(self, note=""):
        """Write down an attempt that reached nobody.

        :param note: what was tried
        """
        for followup in self:
            followup._cs_check_may_record()
            self.env["cs.followup.attempt"]._append(
                [
                    {
                        "followup_id": followup.id,
                        "tried_at": fields.Datetime.now(),
                        "by_id": self.env.uid,
                        "note": note or False,
                    }
                ]
            )
        self.invalidate_recordset(["attempt_ids"])
        return True

    def action_record(self, outcome, note=""):
        """Write down the outcome; the matter then does what follows from it.

        :param outcome: for a visit ``satisfied``, ``dissatisfied``, ``unreachable``
            or ``refused``; for others ``done``, ``unreachable`` or ``refused``
        :param note: what the customer said; compulsory if he isn't satisfied
        """
        for followup in self:
            followup._cs_check_may_record()
            followup._cs_check_outcome(outcome, note)
            followup._update(
                {
                    "state": "done",
                    "outcome": outcome,
                    "note": note or False,
                    "done_at": fields.Datetime.now(),
                    "done_by_id": self.env.uid,
                }
            )
            matter = followup.sudo()._cs_matter()
            if matter:
                matter._cs_on_followup(followup.sudo())
        self.sudo().interaction_id._cs_recheck()
        return True

    def _cs_check_may_record(self):
        """Lock a visit that is still to be made, for somebody who may make it."""
        self.ensure_one()
        self.check_access("read")
        followup = self.sudo()
        if not followup.try_lock_for_update(allow_referencing=True):
            raise UserError(self.env._("Somebody else is writing this visit down."))
        self.invalidate_recordset()
        if followup.state != "open":
            raise UserError(self.env._("This visit has an outcome already."))
        if refusal := self._cs_record_refusal():
            raise AccessError(refusal)

    def _cs_record_refusal(self):
        """Why the user may not write the outcome down; empty if he may."""
        followup, user = self.sudo(), self.env.user
        if user == followup.barred_id:
            return self.env._("You did the work: somebody else asks the customer.")
        if user != followup.user_id and not self._cs_is_led_by(user):
            return self.env._(
                "%s makes this visit; the team lead can do it as well.",
                followup.user_id.name or followup.team_id.name or "–",
            )
        return ""

    def _cs_is_led_by(self, user):
        team = self.sudo().team_id
        return (
            user.has_group("cs_base.group_manager")
            or user in (team.lead_id | team.deputy_id)
            or (not team and user.has_group("cs_base.group_lead"))
            or (not self.sudo().user_id and user in team.member_ids)
        )

    def _cs_check_outcome(self, outcome, note):
        allowed = VISIT_OUTCOMES if self.kind == "visit" else OTHER_OUTCOMES
        if outcome not in allowed:
            raise UserError(self.env._("Choose what came of the visit."))
        if outcome in ("dissatisfied", "refused") and not (note or "").strip():
            raise UserError(self.env._("Write down what the customer said."))
        if outcome == "unreachable":
            self._cs_check_tried()

    def _cs_check_tried(self):
        followup = self.sudo()
        if not followup._cs_is_tried():
            moments, days = followup._cs_tried()
            raise UserError(
                self.env._(
                    "Unreachable after %(tries)s attempts on %(days)s days; so far "
                    "%(tried)s on %(on)s. Write down each attempt.",
                    tries=followup.tries,
                    days=followup.try_days,
                    tried=moments,
                    on=days,
                )
            )

    def _cs_tried(self):
        """How often it was tried, and on how many days of the company."""
        followup = self.sudo()
        moments = followup.attempt_ids.mapped("tried_at")
        days = {followup.company_id._cs_date(moment) for moment in moments}
        return len(moments), len(days)

    def _cs_is_tried(self):
        """Whether the customer counts as unreachable after these attempts."""
        moments, days = self._cs_tried()
        return moments >= self.sudo().tries and days >= self.sudo().try_days

    # === CALLBACK === #

    @api.model
    def _cs_promise(self, interaction, when, note):
        """Promise to call the customer of a contact back.

        :param when: the promised moment (naive UTC)
        :raise UserError: it lies behind, or later than the company allows
        """
        company = interaction.company_id
        now = fields.Datetime.now()
        limit = company.cs_callback_hours
        if when <= now:
            raise UserError(self.env._("The time to call back is over already."))
        if limit and when > now + datetime.timedelta(hours=limit):
            raise UserError(
                self.env._("A callback is promised within %s hours at most.", limit)
            )
        return self._append(
            [
                {
                    "kind": "callback",
                    "subject": note or interaction.topic or interaction.name,
                    "interaction_id": interaction.id,
                    "company_id": company.id,
                    "partner_id": interaction.partner_id.id,
                    "premises_id": interaction.premises_id.id,
                    "team_id": interaction.team_id.id,
                    "user_id": interaction.first_owner_id.id or self.env.uid,
                    "due_at": when,
                    "masked": interaction.masked,
                }
            ]
        )

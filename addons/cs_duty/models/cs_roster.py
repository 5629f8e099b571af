import datetime

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

LONGEST = 62
#: Broken rules shown in a refusal.
SHOWN = 8


class CsRoster(models.Model):
    """Who of a team works when: drafts are edited, published versions are locked."""

    _name = "cs.roster"
    _description = "Roster"
    _inherit = ["cs.ruled", "mail.thread"]
    _order = "date_from desc, team_id, version desc"
    _check_company_auto = True
    _cs_closed_fields = frozenset(
        {
            "state",
            "version",
            "company_id",
            "previous_id",
            "published_by_id",
            "published_at",
        }
    )

    team_id = fields.Many2one(
        comodel_name="cs.team", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="team_id.company_id", store=True, index=True, precompute=True
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: self._cs_next_month(),
    )
    date_to = fields.Date(
        string="To",
        required=True,
        default=lambda self: self._cs_next_month() + relativedelta(months=1, days=-1),
    )
    version = fields.Integer(
        default=1, required=True, readonly=True, copy=False, aggregator=None
    )
    previous_id = fields.Many2one(
        comodel_name="cs.roster",
        string="Version Before",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("published", "Published"),
            ("superseded", "Replaced"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
    )
    published_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, copy=False
    )
    published_at = fields.Datetime(readonly=True, copy=False)
    line_ids = fields.One2many(
        comodel_name="cs.roster.line",
        inverse_name="roster_id",
        string="Shifts",
        copy=True,
    )
    problems = fields.Text(compute="_compute_problems")
    note = fields.Text()

    _check_dates = models.Constraint(
        f"CHECK(date_to >= date_from AND date_to - date_from < {LONGEST})",
        f"A roster ends after it begins and has at most {LONGEST} days.",
    )
    _published_once = models.Constraint(
        "EXCLUDE USING gist (team_id WITH =, daterange(date_from, date_to, '[]') "
        "WITH &&) WHERE (state = 'published')",
        "The team has a published roster for some of these days. "
        "Make a new version of that one.",
    )

    @api.model
    def _cs_next_month(self):
        today = self.env.company._cs_today()
        return today.replace(day=1) + relativedelta(months=1)

    @api.depends("team_id", "date_from", "date_to", "version")
    def _compute_display_name(self):
        for roster in self:
            if not roster.team_id or not roster.date_from or not roster.date_to:
                roster.display_name = self.env._("New")
                continue
            days = f"{roster.date_from} – {roster.date_to}"
            if (
                roster.date_from.day == 1
                and roster.date_to
                == roster.date_from + relativedelta(months=1, days=-1)
            ):
                days = f"{roster.date_from:%Y-%m}"
            roster.display_name = f"{roster.team_id.name} · {days} · V{roster.version}"

    @api.depends("line_ids.date", "line_ids.shift_type_id", "line_ids.employee_id")
    def _compute_problems(self):
        for roster in self:
            saved = roster._origin
            broken = saved._cs_broken() if saved.state == "draft" else []
            roster.problems = "\n".join(saved._cs_messages(broken)) or False

    # === CRUD === #

    def write(self, vals):
        if not self.env.su and {"team_id", "date_from", "date_to"} & vals.keys():
            self._cs_check_state("draft")
        result = super().write(vals)
        if {"date_from", "date_to"} & vals.keys():
            self.line_ids._check_date()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        for roster in self:
            if roster.state != "draft":
                raise UserError(
                    self.env._("%s is published and stays.", roster.display_name)
                )

    # === PUBLISHING === #

    def action_publish(self):
        """Make drafts binding; broken rules stand in the way."""
        self._cs_check_leads()
        self._cs_lock()
        self._cs_check_state("draft")
        for roster in self:
            roster._cs_check_rules()
            if roster.previous_id.state == "published":
                roster.previous_id._cs_supersede()
            roster.sudo().write(
                {
                    "state": "published",
                    "published_by_id": self.env.uid,
                    "published_at": fields.Datetime.now(),
                }
            )
            self.env["cs.event"]._cs_log(
                "roster.publish",
                roster,
                details={"version": roster.version, "lines": len(roster.line_ids)},
            )
        return True

    def _cs_check_rules(self):
        broken = self._cs_broken()
        if not broken:
            return
        messages = self._cs_messages(broken)
        more = len(messages) - SHOWN
        text = "\n".join(f"- {line}" for line in messages[:SHOWN])
        if more > 0:
            text += "\n" + self.env._("and %s more", more)
        raise UserError(
            self.env._("The roster can't be published:\n%(problems)s", problems=text)
        )

    def _cs_supersede(self):
        """Another version takes the place of this one."""
        self._cs_lock()
        self.sudo().write({"state": "superseded"})
        self.flush_recordset()

    def action_new_version(self):
        """Copy a published roster into a draft that will replace it."""
        self.ensure_one()
        self._cs_check_leads()
        self._cs_lock()
        self._cs_check_state("published")
        waiting = self.sudo().search(
            [("previous_id", "=", self.id), ("state", "=", "draft")], limit=1
        )
        draft = waiting or self.sudo().copy()
        if not waiting:
            draft.write({"version": self.version + 1, "previous_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": draft.id,
            "view_mode": "form",
        }

    def _cs_check_leads(self):
        """Raise unless the user leads the teams, or is a manager."""
        self._cs_check_group("cs_duty.group_lead")
        user = self.env.user
        if self.env.su or user.has_group("cs_duty.group_manager"):
            return
        for team in self.team_id.sudo():
            if user not in team.lead_id | team.deputy_id:
                raise AccessError(
                    self.env._("Only who leads %s does this, or a manager.", team.name)
                )

    # === ASKING === #

    @api.model
    def _cs_on_duty(self, company, moment=None, teams=None):
        """Published lines whose shift is running.

        :param moment: naive UTC; now by default
        """
        moment = moment or fields.Datetime.now()
        domain = [
            ("company_id", "=", company.id),
            ("roster_state", "=", "published"),
            ("start_at", "<=", moment),
            ("start_at", ">", moment - datetime.timedelta(days=1)),
            ("stop_at", ">", moment),
        ]
        if teams is not None:
            domain.append(("team_id", "in", teams.ids))
        return self.env["cs.roster.line"].search(domain)

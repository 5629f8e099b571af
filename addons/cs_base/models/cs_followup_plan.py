from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ..tools import visit_periods as periods

BATCH = 1000
#: Nobody lives there, so nobody can be visited.
EMPTY = ("vacant", "unsold")
#: Whom a periodic visit is made to, the first there is.
ROLES = ("holder", "occupant", "tenant", "owner")


class CsFollowupPlan(models.Model):
    """Which premises are visited without an occasion, how often and by whom."""

    _name = "cs.followup.plan"
    _description = "Plan of Periodic Visits"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(
        default=True, help="Archive the plan to make no more visits of it."
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    cadence = fields.Selection(
        selection=[
            (periods.QUARTERLY, "Every Quarter"),
            (periods.YEARLY, "Every Year, at the Door"),
            (periods.FIRST_YEAR, "Every Month of the First Year"),
        ],
        string="How Often",
        required=True,
        default=periods.QUARTERLY,
    )
    area = fields.Char(help="Only premises of this area; empty: of all.")
    community = fields.Char(help="Only premises of this community; empty: of all.")
    who = fields.Selection(
        selection=[("steward", "Steward of the Premises"), ("user", "One Person")],
        string="Made By",
        required=True,
        default="steward",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Person",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Who makes the visits, or those of premises that have no steward.",
    )
    team_id = fields.Many2one(
        comodel_name="cs.team",
        check_company=True,
        index="btree_not_null",
        help="Empty: the team of who makes the visit.",
    )
    next_run = fields.Date(compute="_compute_next_run")
    example = fields.Char(compute="_compute_example")
    premises_count = fields.Integer(
        string="Premises Now", compute="_compute_premises_count"
    )

    # === COMPUTE === #

    @api.depends("cadence", "company_id", "active")
    def _compute_next_run(self):
        for plan in self:
            today = (plan.company_id or self.env.company)._cs_today()
            coming = periods.next_period(plan.cadence or periods.QUARTERLY, today)
            plan.next_run = coming.start if plan.active else False

    @api.depends("cadence", "who", "user_id", "company_id")
    @api.depends_context("lang")
    def _compute_example(self):
        for plan in self:
            today = (plan.company_id or self.env.company)._cs_today()
            period = periods.period_of(plan.cadence or periods.QUARTERLY, today)
            plan.example = self.env._(
                "Now: visit %(period)s, to make between %(start)s and %(end)s",
                period=period.key,
                start=period.start.isoformat(),
                end=period.end.isoformat(),
            )

    @api.depends("cadence", "area", "community", "company_id")
    def _compute_premises_count(self):
        for plan in self:
            period = plan._cs_period()
            plan.premises_count = (
                self.env["cs.premises"].search_count(plan._cs_premises(period))
                if plan.company_id
                else 0
            )

    @api.constrains("who", "user_id", "company_id")
    def _check_user(self):
        for plan in self:
            user = plan.user_id.sudo()
            if plan.who == "user" and not user:
                raise ValidationError(self.env._("Say who makes the visits."))
            if user and (user.share or plan.company_id not in user.company_ids):
                raise ValidationError(
                    self.env._("%s doesn't work for this company.", user.name)
                )

    # === VISITS === #

    def action_run(self):
        """Make the visits of the present period that are missing, now."""
        if not self.env.user.has_group("cs_base.group_manager"):
            raise AccessError(self.env._("Managers start plans of visits."))
        self.check_access("write")
        made = sum(len(plan._cs_run()) for plan in self.sudo())
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"message": self.env._("%s visits were added.", made)},
        }

    def action_visits(self):
        """Show the visits of this plan."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "cs.followup",
            "view_mode": "list,form,pivot,calendar",
            "domain": [("plan_id", "=", self.id)],
        }

    @api.model
    def _cron_run(self):
        """The visits of this period that are missing, plan by plan."""
        plans = self.sudo().search([("active", "=", True)])
        for done, plan in enumerate(plans, start=1):
            while len(plan._cs_run(BATCH)) == BATCH:
                if not self.env["ir.cron"]._commit_progress(1):
                    return
            self.env["ir.cron"]._commit_progress(1, remaining=len(plans) - done)

    def _cs_run(self, limit=None):
        """Append the missing visits of the present period, at most ``limit``.

        Premises that have one of this period are left out, so that it can be called
        as often as one likes.

        :return: the new visits
        """
        self.ensure_one()
        if not self.try_lock_for_update(allow_referencing=True):
            raise UserError(self.env._("The visits of this plan are being made."))
        visits = self.env["cs.followup"].sudo()
        period = self._cs_period()
        made = visits._search(
            [("plan_id", "=", self.id), ("period", "=", period.key)]
        ).subselect("premises_id")
        missing = Domain("id", "not in", made)
        premises = self.env["cs.premises"].search(
            self._cs_premises(period) & missing, order="id", limit=limit
        )
        return visits._append(self._cs_visit_vals(premises, period))

    def _cs_period(self):
        today = (self.company_id or self.env.company)._cs_today()
        return periods.period_of(self.cadence or periods.QUARTERLY, today)

    def _cs_premises(self, period):
        """Domain of the premises this plan visits in ``period``."""
        domain = Domain("company_id", "=", self.company_id.id)
        domain &= Domain("occupancy", "not in", EMPTY)
        if self.area:
            domain &= Domain("area", "=", self.area)
        if self.community:
            domain &= Domain("community", "=", self.community)
        if self.cadence == periods.FIRST_YEAR:
            first, last = periods.moved_in_between(period)
            moved_in = Domain("date_from", ">=", first)
            moved_in &= Domain("date_from", "<=", last)
            still = Domain("date_to", "=", False)
            still |= Domain("date_to", ">=", period.start)
            domain &= Domain("party_ids", "any", moved_in & still)
        return domain

    def _cs_visit_vals(self, premises, period):
        company = self.company_id
        users = self._cs_users(premises)
        everybody = self.env["res.users"].union(*users.values())
        teams = self.env["cs.team"]._cs_of(everybody, company)
        customers = self._cs_customers(premises)
        none = self.team_id.browse()
        return [
            {
                "kind": "periodic",
                "plan_id": self.id,
                "period": period.key,
                "subject": f"{self.name} · {period.key}",
                "company_id": company.id,
                "premises_id": one.id,
                "partner_id": customers.get(one.id, False),
                "user_id": users[one].id,
                "team_id": (self.team_id or teams.get(users[one].id, none)).id,
                "due_at": self.env["cs.followup"]._cs_end_of(company, period.end),
            }
            for one in premises
        ]

    def _cs_users(self, premises):
        """Who visits each of the premises: {premises: user, active or none}."""
        own = self.user_id.filtered("active")
        if self.who == "user":
            return dict.fromkeys(premises, own)
        return {one: one.steward_id.filtered("active") or own for one in premises}

    def _cs_customers(self, premises):
        """Who is visited at the premises today: {premises id: partner id}."""
        parties = self.env["cs.premises.party"]._on(
            premises, self.company_id._cs_today()
        )
        return {
            party.premises_id.id: party.partner_id.id
            for party in parties.sorted(
                lambda party: ROLES.index(party.role), reverse=True
            )
        }

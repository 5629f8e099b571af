import collections
import datetime

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import absence


class ResUsers(models.Model):
    """In which teams a user works, and whether he is there."""

    _inherit = "res.users"

    cs_team_ids = fields.Many2many(
        comodel_name="cs.team",
        relation="cs_team_member_rel",
        column1="user_id",
        column2="team_id",
        string="Teams",
    )

    # === TEAMS === #

    def _cs_team(self, company=None):
        """The user's usual team in ``company`` (the present one by default)."""
        self.ensure_one()
        company = company or self.env.company
        return self.env["cs.team"]._cs_of(self, company)[self.id]

    def _cs_led_teams(self):
        """The teams these users lead or lead as deputies."""
        leads = Domain("lead_id", "in", self.ids) | Domain("deputy_id", "in", self.ids)
        return self.env["cs.team"].sudo().search(leads).with_env(self.env)

    # === ABSENCE === #

    def _cs_is_absent(self, day=None):
        """Whether this user is archived or on leave for most of ``day``."""
        self.ensure_one()
        return bool(self._cs_absent(day))

    def _cs_absent(self, day=None):
        """Those of the users who are archived or on leave for most of ``day``.

        One query for any number of users. Leave is what stands in their calendar as
        employees, wherever it was entered.

        :param day: date on the clock of each user's company; today by default
        """
        days = self._cs_days(day)
        leaves = self._cs_leaves(days, 0)
        return self.filtered(
            lambda user: (
                not user.sudo().active
                or absence.is_away(leaves[user.id], *self._cs_bounds(user, days))
            )
        )

    def _cs_long_absent(self, day=None):
        """Those who are archived, or whose absence around ``day`` takes long.

        Long is more working days than the company's setting ``cs_absence_days``; the
        whole absence counts, also the part that is still to come: customers should
        not wait until it has lasted that long.
        """
        days = self._cs_days(day)
        longest = max(self.sudo().company_id.mapped("cs_absence_days"), default=0)
        leaves = self._cs_leaves(days, longest + 31)

        def is_long(user):
            company = user.sudo().company_id
            enough = company.cs_absence_days + 1

            def is_absent(day):
                return absence.is_away(leaves[user.id], *company._cs_day_bounds(day))

            return not user.sudo().active or (
                absence.run_length(
                    days[company], is_absent, company._cs_is_workday, enough
                )
                >= enough
            )

        return self.filtered(is_long)

    def _cs_days(self, day):
        companies = self.sudo().company_id
        return {company: day or company._cs_today() for company in companies}

    def _cs_bounds(self, user, days):
        company = user.sudo().company_id
        return company._cs_day_bounds(days[company])

    def _cs_leaves(self, days, margin):
        """Leaves of the users some days around: {user id: [(from, to), …]}."""
        leaves = collections.defaultdict(list)
        if not self.ids:
            return leaves
        around = datetime.timedelta(days=margin + 1)
        start = datetime.datetime.combine(min(days.values()), datetime.time()) - around
        end = datetime.datetime.combine(max(days.values()), datetime.time()) + around
        self.env["resource.resource"].flush_model(["user_id"])
        self.env["resource.calendar.leaves"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT resource.user_id, leave.date_from, leave.date_to
                     FROM resource_calendar_leaves leave
                     JOIN resource_resource resource
                       ON resource.id = leave.resource_id
                    WHERE resource.user_id = ANY(%s)
                      AND leave.time_type = 'leave'
                      AND leave.date_from < %s AND leave.date_to > %s""",
                list(self.ids),
                end + datetime.timedelta(days=1),
                start,
            )
        )
        for user_id, first, last in rows:
            leaves[user_id].append((first, last))
        return leaves

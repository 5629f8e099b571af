import datetime

from odoo import api, models
from odoo.tools import format_date

from ..tools.roster_facts import Facts, Leave, Rules
from ..tools.roster_rules import check_roster

#: Days around the checked ones that matter for rest and days in a row.
MARGIN = datetime.timedelta(days=7)


class CsRoster(models.Model):
    """The rules of the company, the facts they look at, and what they say."""

    _inherit = "cs.roster"

    @api.model
    def _cs_rules(self, company):
        """The :class:`Rules` of a company; a figure of 0 turns its rule off."""
        company = company.sudo()
        return Rules(
            rest_hours=company.cs_duty_rest_hours or None,
            max_days=company.cs_duty_max_days or None,
            home_is_work=company.cs_duty_home_is_work,
            swaps_a_month=company.cs_duty_swaps_a_month or None,
            count_colleague=company.cs_duty_count_colleague,
            count_cancelled=company.cs_duty_count_cancelled,
            notice_hours=company.cs_duty_notice_hours or None,
            same_team=company.cs_duty_same_team,
        )

    @api.model
    def _cs_facts(self, company, employees, first, last, drafts=None):
        """What the rules look at, in a fixed number of queries.

        :param employees: whose shifts, leaves and qualifications
        :param first: first and last day that is checked; a week around it is read
        :param drafts: rosters to take as if they were published instead of the
            versions they replace
        """
        first, last = first - MARGIN, last + MARGIN
        drafts = drafts or self.browse()
        lines = self.env["cs.roster.line"].sudo()
        published = lines.search(
            [
                ("employee_id", "in", employees.ids),
                ("date", ">=", first),
                ("date", "<=", last),
                ("roster_state", "=", "published"),
                ("roster_id", "not in", (drafts | drafts.previous_id).ids),
            ]
        )
        mine = drafts.sudo().line_ids.filtered("employee_id")
        profiles = self.env["cs.duty.profile"]
        start, stop = lines._cs_day_span(company, first, last)
        resources = employees.sudo().resource_id
        leaves, _general = resources._cs_leaves(start, stop)
        return Facts(
            assignments=(published | mine)._cs_assignments(),
            leaves=tuple(
                Leave(employee.id, *span)
                for employee in employees.sudo()
                for span in leaves[employee.resource_id.id]
            ),
            holidays=self._cs_holidays(company, first, last),
            qualifications=profiles._cs_qualifications(employees),
            tz=company._cs_tz(),
        )

    @api.model
    def _cs_holidays(self, company, first, last):
        """Announced days off (节假日), the company's own before the general ones."""
        days = (
            self.env["cs.workday"]
            .sudo()
            .search(
                [
                    ("date", ">=", first),
                    ("date", "<=", last),
                    ("company_id", "in", [company.id, False]),
                ]
            )
        )
        kinds = {}
        for day in days.sorted(lambda day: bool(day.company_id)):
            kinds[day.date] = day.kind
        return frozenset(day for day, kind in kinds.items() if kind == "off")

    def _cs_broken(self):
        """What is wrong with the rosters: [:class:`Violation`]."""
        found = []
        for roster in self:
            employees = roster.sudo().line_ids.employee_id
            if employees:
                facts = roster._cs_facts(
                    roster.company_id,
                    employees,
                    roster.date_from,
                    roster.date_to,
                    drafts=roster,
                )
                rules = roster._cs_rules(roster.company_id)
                days = {"first": roster.date_from, "last": roster.date_to}
                found += check_roster(facts, rules, **days)
        return found

    # === MESSAGES === #

    @api.model
    def _cs_messages(self, violations):
        """One sentence a violation, which names the rule and its figures."""
        people = {one.person for one in violations if one.person}
        employees = self.env["hr.employee"].sudo().browse(people)
        names = {employee.id: employee.name for employee in employees}
        texts = self._cs_rule_texts()
        return [
            texts[one.rule]
            % {
                **self._cs_words(dict(one.facts)),
                "who": names.get(one.person, ""),
                "day": one.day and format_date(self.env, one.day) or "",
            }
            for one in violations
        ]

    @api.model
    def _cs_words(self, facts):
        """The facts of a violation as they are written."""
        words = dict(facts)
        for name, value in facts.items():
            if isinstance(value, datetime.date):
                words[name] = format_date(self.env, value)
        if "minutes" in facts:
            hours, minutes = divmod(max(facts["minutes"], 0), 60)
            words["time"] = f"{hours}:{minutes:02d}"
        if "missing" in facts:
            kinds = self.env["cs.duty.qualification"].sudo().browse(facts["missing"])
            words["missing"] = ", ".join(kinds.mapped("name"))
        if "month" in facts:
            words["month"] = "{}-{:02d}".format(*facts["month"])
        return words

    @api.model
    def _cs_rule_texts(self):
        """{code of a rule: sentence with the names of its facts}."""
        return {
            "overlap": self.env._(
                "Double booking: %(who)s has %(shift)s on %(day)s while %(other)s of "
                "%(other_day)s is running."
            ),
            "rest": self.env._(
                "Rest: %(who)s has %(time)s hours between %(other)s of %(other_day)s "
                "and %(shift)s of %(day)s; %(wanted)s hours are due."
            ),
            "days": self.env._(
                "Days in a row: until %(day)s %(who)s works %(count)s of %(of_days)s "
                "days; at most %(wanted)s are allowed."
            ),
            "leave": self.env._("Leave: %(who)s is away on %(day)s (%(shift)s)."),
            "qualification": self.env._(
                "Qualification: %(who)s lacks %(missing)s for %(shift)s on %(day)s."
            ),
            "swap_same_person": self.env._("Nobody swaps with himself."),
            "swap_changed": self.env._(
                "Roster changed: %(shift)s on %(day)s isn't the shift of %(who)s any "
                "more."
            ),
            "swap_started": self.env._("Begun: %(shift)s on %(day)s has begun."),
            "swap_taken": self.env._(
                "Another swap: %(shift)s on %(day)s is in a swap that isn't decided "
                "yet."
            ),
            "swap_limit": self.env._(
                "Swaps a month: it would be swap %(count)s of %(who)s in %(month)s; at "
                "most %(wanted)s are allowed."
            ),
            "swap_adjacent": self.env._(
                "No swaps in a row: %(who)s has another swapped shift on "
                "%(other_day)s, next to %(day)s."
            ),
            "swap_double": self.env._(
                "No double shifts: on %(day)s %(who)s has %(other)s besides %(shift)s."
            ),
            "swap_holiday": self.env._(
                "Holiday: %(shift)s on %(day)s lies on a holiday (%(holiday)s)."
            ),
            "swap_on_leave": self.env._(
                "Leave: %(who)s has leave during %(shift)s on %(day)s."
            ),
            "swap_to_leave": self.env._(
                "Swapped shifts can't become leave: %(who)s has %(shift)s on %(day)s."
            ),
            "swap_notice": self.env._(
                "Notice: %(shift)s on %(day)s begins in %(time)s hours; %(wanted)s "
                "hours' notice is due."
            ),
            "swap_team": self.env._(
                "Team: %(who)s isn't in the team of %(shift)s on %(day)s."
            ),
            "swap_approver": self.env._(
                "Approval: %(who)s is one of the two and can't approve."
            ),
        }

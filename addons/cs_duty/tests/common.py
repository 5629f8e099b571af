import datetime

from odoo.tests import new_test_user

from odoo.addons.cs_base.tests.common import CsCommon

#: A Monday of a month without holidays.
MONDAY = datetime.date(2027, 3, 1)
PEOPLE = {
    "zhang": "cs_duty.group_user",
    "li": "cs_duty.group_user",
    "wang": "cs_duty.group_user",
    "leader": "cs_duty.group_lead",
    "stranger": "cs_duty.group_lead",
    "chief": "cs_duty.group_manager",
}


class DutyCommon(CsCommon):
    """A team of three with a lead; another lead; a manager."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users |= {
            login: new_test_user(
                cls.env, login=f"duty_{login}", name=login.title(), groups=groups
            )
            for login, groups in PEOPLE.items()
        }
        cls.employees = {
            login: cls.env["hr.employee"].create(
                {"name": login.title(), "user_id": cls.users[login].id}
            )
            for login in PEOPLE
        }
        members = [cls.users[login].id for login in ("zhang", "li", "wang")]
        cls.team = cls.env["cs.team"].create(
            {
                "name": "Hotline",
                "lead_id": cls.users["leader"].id,
                "member_ids": [(6, 0, members)],
            }
        )
        cls.kinds = {
            code: cls.env.ref(f"cs_duty.cs_shift_type_{code.lower()}") for code in "ABC"
        }
        cls.kinds["N"] = cls.env["cs.shift.type"].create(
            {"code": "N", "name": "Night", "hour_from": 22.0, "hour_to": 6.0}
        )

    @classmethod
    def _day(cls, offset):
        return MONDAY + datetime.timedelta(days=offset)

    @classmethod
    def _lines(cls, **rows):
        """Values of shifts: ``zhang="AA.B"`` from Monday on, . is free."""
        return [
            {
                "employee_id": cls.employees[login].id,
                "date": cls._day(offset),
                "shift_type_id": cls.kinds[code].id,
            }
            for login, codes in rows.items()
            for offset, code in enumerate(codes)
            if code != "."
        ]

    @classmethod
    def _roster(cls, login="leader", **rows):
        """A draft for March 2027 made by ``login``."""
        rosters = cls.env["cs.roster"].with_user(cls.users[login])
        return rosters.create(
            {
                "team_id": cls.team.id,
                "date_from": "2027-03-01",
                "date_to": "2027-03-31",
                "line_ids": [(0, 0, vals) for vals in cls._lines(**rows)],
            }
        )

    @classmethod
    def _published(cls, **rows):
        roster = cls._roster(**rows)
        roster.action_publish()
        return roster

    def _line(self, roster, login, offset=0):
        return roster.sudo().line_ids.filtered(
            lambda line: (
                line.employee_id == self.employees[login]
                and line.date == self._day(offset)
            )
        )

    def _leave(self, login, first, last=None):
        """Days off of an employee, from ``first`` to ``last`` (offsets)."""
        start, _end = self.company._cs_day_bounds(self._day(first))
        _start, end = self.company._cs_day_bounds(
            self._day(first if last is None else last)
        )
        return self.env["resource.calendar.leaves"].create(
            {
                "name": "Leave",
                "resource_id": self.employees[login].resource_id.id,
                "date_from": start,
                "date_to": end,
                "time_type": "leave",
            }
        )

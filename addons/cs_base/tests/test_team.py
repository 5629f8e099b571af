import datetime

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from ..tools import absence
from .common import CsCommon

FRIDAY = datetime.date(2026, 3, 6)
MONDAY = datetime.date(2026, 3, 9)


@tagged("post_install", "-at_install")
class TestTeam(CsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = [
            new_test_user(cls.env, login=f"cs_team_{n}", groups="cs_base.group_user")
            for n in range(4)
        ]
        cls.lead, cls.deputy, cls.one, cls.two = cls.people
        cls.employees = cls.env["hr.employee"].create(
            [{"name": user.name, "user_id": user.id} for user in cls.people]
        )
        cls.team = cls.env["cs.team"].create(
            {
                "name": "North Hall",
                "lead_id": cls.lead.id,
                "deputy_id": cls.deputy.id,
                "member_ids": [Command.set((cls.one + cls.two).ids)],
            }
        )

    def _leave(self, user, start, stop, **values):
        """A leave of ``user`` between two times of the company's clock."""
        employee = self.employees.filtered(lambda one: one.user_id == user)
        return self.env["resource.calendar.leaves"].create(
            {
                "name": "Away",
                "resource_id": employee.resource_id.id,
                "date_from": self.company._cs_to_utc(
                    fields.Datetime.to_datetime(start)
                ),
                "date_to": self.company._cs_to_utc(fields.Datetime.to_datetime(stop)),
                **values,
            }
        )

    # === ABSENCE === #

    def test_absent_by_hours_of_the_company(self):
        users = self.env["res.users"].union(*self.people)
        self._leave(self.one, "2026-03-06 08:00:00", "2026-03-06 17:00:00")
        self._leave(self.two, "2026-03-06 08:00:00", "2026-03-06 12:00:00")
        self._leave(
            self.lead, "2026-03-06 08:00:00", "2026-03-06 17:00:00", time_type="other"
        )
        self.assertEqual(users._cs_absent(FRIDAY), self.one)
        self.assertTrue(self.one._cs_is_absent(FRIDAY))
        self.assertFalse(self.one._cs_is_absent(MONDAY))
        # Two halves of a day are a day.
        self._leave(self.two, "2026-03-06 13:00:00", "2026-03-06 17:00:00")
        self.assertEqual(users._cs_absent(FRIDAY), self.one + self.two)
        with freeze_time("2026-03-05 16:30:00"):  # 00:30 of Friday there
            self.assertTrue(self.one._cs_is_absent())
        with freeze_time("2026-03-05 15:30:00"):
            self.assertFalse(self.one._cs_is_absent())

    def test_holidays_of_all_are_no_absence(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "New Year",
                "calendar_id": self.company.resource_calendar_id.id,
                "date_from": "2026-03-05 16:00:00",
                "date_to": "2026-03-06 16:00:00",
            }
        )
        self.assertFalse(self.one._cs_is_absent(FRIDAY))

    def test_archived_is_absent(self):
        self.two.active = False
        users = self.one + self.two
        self.assertEqual(users._cs_absent(FRIDAY), self.two)
        self.assertEqual(users._cs_long_absent(FRIDAY), self.two)

    def test_long_absence(self):
        self.company.cs_absence_days = 3
        self._leave(self.one, "2026-03-05 08:00:00", "2026-03-09 17:00:00")
        self._leave(self.two, "2026-03-05 08:00:00", "2026-03-06 17:00:00")
        self._leave(self.two, "2026-03-09 08:00:00", "2026-03-10 17:00:00")
        users = self.one + self.two
        for day in (5, 6, 9):
            with self.subTest(day=day):
                moment = datetime.date(2026, 3, day)
                # Three working days, and two times two around a week-end.
                self.assertEqual(users._cs_long_absent(moment), self.two)
        self.assertFalse(users._cs_long_absent(datetime.date(2026, 3, 11)))
        self.company.cs_absence_days = 2
        self.assertEqual(users._cs_long_absent(FRIDAY), users)

    def test_hours_of_overlapping_leaves_count_once(self):
        start = datetime.datetime(2026, 3, 6)
        hours = [(0, 4), (1, 3), (2, 5)]
        leaves = [
            tuple(start + datetime.timedelta(hours=hour) for hour in pair)
            for pair in hours
        ]
        end = start + absence.ONE_DAY
        self.assertFalse(absence.is_away(leaves, start, end))
        leaves.append((end - datetime.timedelta(hours=1), end + absence.ONE_DAY))
        self.assertTrue(absence.is_away(leaves, start, end))

    def test_absent_in_one_query(self):
        users = self.env["res.users"].union(*self.people)
        counts = []
        for some in (users[:1], users):
            some._cs_absent(FRIDAY)
            with self.assertQueryCount(1):
                some._cs_absent(FRIDAY)
            before = self.cr.sql_log_count
            some._cs_long_absent(FRIDAY)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    # === LEAD === #

    def test_lead_deputy_head_manager(self):
        head, manager = self.users["lead"], self.users["manager"]
        head_employee = self.env["hr.employee"].create(
            {"name": "Head", "user_id": head.id}
        )
        self.employees += head_employee
        self.assertEqual(self.team._cs_lead(FRIDAY), self.lead)
        self._leave(self.lead, "2026-03-06 08:00:00", "2026-03-06 17:00:00")
        self.assertEqual(self.team._cs_lead(FRIDAY), self.deputy)
        self.deputy.active = False
        self.assertEqual(self.team._cs_lead(FRIDAY), manager)
        self.team.department_id = self.env["hr.department"].create(
            {"name": "Service", "manager_id": head_employee.id}
        )
        self.assertEqual(self.team._cs_lead(FRIDAY), head)
        self.assertEqual(self.team._cs_lead(MONDAY), self.lead)
        with freeze_time("2026-03-06 02:00:00"):
            self.team.invalidate_recordset()
            self.assertEqual(self.team.acting_lead_id, head)

    def test_all_away_still_somebody(self):
        users = self.lead + self.deputy
        for user in users:
            self._leave(user, "2026-03-06 08:00:00", "2026-03-06 17:00:00")
        managers = self.team._cs_managers(self.company)[self.company]
        self.assertEqual(self.team._cs_lead(FRIDAY), managers[0])
        self.assertEqual(managers[0], self.users["manager"])
        self.patch(
            type(self.team),
            "_cs_managers",
            lambda self, companies: {
                company: self.env["res.users"] for company in companies
            },
        )
        self.assertEqual(self.team._cs_lead(FRIDAY), self.lead)

    def test_leads_of_many_in_constant_queries(self):
        teams = self.team + self.env["cs.team"].create(
            [
                {"name": f"T{n}", "lead_id": user.id}
                for n, user in enumerate(self.people)
            ]
        )
        counts = []
        for some in (teams[:2], teams):
            self.env.flush_all()
            self.env.invalidate_all()
            some._cs_leads(FRIDAY)  # groups of the users are kept
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            leads = some._cs_leads(FRIDAY)
            counts.append(self.cr.sql_log_count - before)
            self.assertEqual(set(leads), set(some))
        self.assertEqual(counts[0], counts[1])

    def test_usual_team(self):
        other = self.env["cs.team"].create(
            {
                "name": "South Hall",
                "sequence": 1,
                "lead_id": self.one.id,
                "member_ids": [Command.set(self.two.ids)],
            }
        )
        self.assertEqual(self.one._cs_team(self.company), self.team)
        self.assertEqual(self.two._cs_team(), other)
        self.assertEqual(self.deputy._cs_team(), self.team)
        self.assertFalse(self.two._cs_team(self.other_company))
        self.assertFalse(self.users["user"]._cs_team())
        self.assertEqual(self.two.cs_team_ids, other + self.team)
        self.assertEqual(self.one._cs_led_teams(), other)
        self.assertEqual(self.deputy._cs_led_teams(), self.team)

    # === RULES AND ACCESS === #

    def test_only_internal_users_of_the_company(self):
        portal = new_test_user(self.env, login="cs_portal", groups="base.group_portal")
        stranger = new_test_user(
            self.env,
            login="cs_stranger",
            groups="cs_base.group_user",
            company_id=self.other_company.id,
            company_ids=[Command.set(self.other_company.ids)],
        )
        for user in (portal, stranger):
            for values in (
                {"lead_id": user.id},
                {"deputy_id": user.id},
                {"member_ids": [Command.link(user.id)]},
            ):
                with (
                    self.subTest(user=user.login, values=values),
                    self.assertRaisesRegex(ValidationError, "internal users"),
                    self.cr.savepoint(),
                ):
                    self.team.write(values)
        with self.assertRaisesRegex(ValidationError, "deputy"), self.cr.savepoint():
            self.team.deputy_id = self.lead

    def test_roles(self):
        for role in ("plain", "user", "lead", "auditor"):
            self.assertTrue(self._rpc(role, "cs.team", "read", self.team.ids, ["name"]))
            with self.assertRaises(AccessError):
                self._rpc(role, "cs.team", "write", self.team.ids, {"area": "West"})
        self._rpc("manager", "cs.team", "write", self.team.ids, {"area": "West"})
        self.assertEqual(self.team.area, "West")

    def test_other_company(self):
        user = new_test_user(
            self.env,
            login="cs_second",
            groups="cs_base.group_manager",
            company_id=self.other_company.id,
            company_ids=[Command.set(self.other_company.ids)],
        )
        other = self.env["cs.team"].create(
            {
                "name": "Elsewhere",
                "company_id": self.other_company.id,
                "lead_id": user.id,
            }
        )
        Team = self.env["cs.team"]
        self.assertEqual(Team.with_user(user).search([]), other)
        self.assertNotIn(other, Team.with_user(self.users["manager"]).search([]))

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import DutyCommon


@tagged("post_install", "-at_install")
class TestRosterPlan(DutyCommon):
    """Patterns, coverage and the sheet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pattern = cls.env.ref("cs_duty.cs_roster_pattern_abc")

    def _draft(self, **values):
        roster = self._roster()
        roster.write({"pattern_id": self.pattern.id, **values})
        return roster

    # === PATTERN === #

    def test_filled_from_the_pattern(self):
        roster = self._draft()
        roster.action_generate()
        members = roster.member_ids
        self.assertEqual(members.mapped("week"), [1, 2, 3])
        codes = set(roster.line_ids.shift_type_id.mapped("code"))
        self.assertEqual(codes, {"A", "B", "C"})
        self.assertFalse(roster.line_ids.filtered(lambda line: not line.employee_id))
        hours = [line.date for line in roster.line_ids]
        self.assertGreaterEqual(min(map(hours.count, set(hours))), 2)
        self.assertFalse(roster.problems)
        count = len(roster.line_ids)
        roster.action_generate()
        self.assertEqual(len(roster.line_ids), count)
        roster.action_publish()
        with self.assertRaises(UserError):
            roster.action_generate()

    def test_leave_is_filled_or_stays_open(self):
        self._leave("zhang", 0, 4)
        self._leave("li", 0, 4)
        roster = self._draft()
        roster.action_generate()
        days = roster.line_ids.filtered(lambda line: line.date <= self._day(4))
        self.assertFalse(
            days.employee_id & (self.employees["zhang"] | self.employees["li"])
        )
        self.assertTrue(days.filtered(lambda line: not line.employee_id))
        self.assertFalse(roster.problems)

    def test_people_and_weeks_of_ones_own(self):
        roster = self._draft(
            member_ids=[
                (0, 0, {"employee_id": self.employees["wang"].id, "week": 1}),
                (0, 0, {"employee_id": self.employees["li"].id, "week": 0}),
            ]
        )
        roster.action_generate()
        self.assertEqual(
            roster.line_ids.employee_id & self.employees["zhang"],
            self.env["hr.employee"],
        )
        self.assertEqual(set(roster.line_ids.employee_id.mapped("name")), {"Wang"})

    def test_pattern_needs_a_week(self):
        with self.assertRaises(ValidationError):
            self.env["cs.roster.pattern"].create({"name": "Empty"})
        with self.assertRaises(UserError):
            self._roster().action_generate()

    def test_new_version_is_made_as_if_the_old_one_were_gone(self):
        roster = self._draft()
        roster.action_generate()
        shifts = len(roster.line_ids.filtered("employee_id"))
        roster.action_publish()
        draft = roster.browse(roster.action_new_version()["res_id"])
        draft = draft.with_user(self.users["leader"])
        draft.action_generate()
        self.assertEqual(len(draft.line_ids.filtered("employee_id")), shifts)
        draft.action_publish()

    # === COVERAGE === #

    def test_the_gap_shows(self):
        roster = self._roster(zhang="A", li="B", wang="C")
        self.assertIn("Enquiries 22:00–24:00: 0 of 1", roster.gaps)
        roster.write({"line_ids": [(0, 0, vals) for vals in self._lines(leader="N")]})
        first = [hole for hole in roster._cs_holes() if hole.day == self._day(0)]
        self.assertFalse(first)

    def test_the_night_before_the_month_counts(self):
        self.env["cs.duty.demand"].search([]).active = False
        self.env["cs.duty.demand"].create(
            {"name": "Night", "hour_from": 0.0, "hour_to": 6.0}
        )
        february = self.env["cs.roster"].create(
            {
                "team_id": self.team.id,
                "date_from": "2027-02-01",
                "date_to": "2027-02-28",
                "line_ids": [
                    (
                        0,
                        0,
                        {
                            "employee_id": self.employees["wang"].id,
                            "date": "2027-02-28",
                            "shift_type_id": self.kinds["N"].id,
                        },
                    )
                ],
            }
        )
        february.action_publish()
        holes = self._roster(zhang=".A")._cs_holes()
        self.assertEqual(holes[0].day, self._day(1))

    def test_somebody_of_middle_rank_on_holidays(self):
        self.env["cs.duty.special.day"].create(
            {"date": self._day(1), "name": "Heating begins"}
        )
        roster = self._roster(zhang="AA", li="BB")
        self.assertIn("Management on holidays", roster.gaps)
        self.env["cs.duty.profile"].create(
            {"employee_id": self.employees["zhang"].id, "rank": "2"}
        )
        roster.invalidate_recordset()
        self.assertNotIn("Management on holidays", roster.gaps)

    def test_gaps_do_not_hinder_publishing(self):
        roster = self._published(zhang="A")
        self.assertTrue(roster.gaps)

    def test_demand_of_another_team(self):
        other = self.team.copy({"name": "Desk"})
        self.env["cs.duty.demand"].search([]).team_id = other
        self.assertFalse(self._roster(zhang="A").gaps)

    def test_bad_demand(self):
        for values in ({"hour_to": 25}, {"people": 0}):
            with self.assertRaises(ValidationError):
                self.env["cs.duty.demand"].create({"name": "Bad", **values})

    # === SHEET === #

    def _cell(self, roster, login, offset):
        roster.invalidate_recordset()
        row = next(
            row for row in roster.grid["rows"] if row["id"] == self.employees[login].id
        )
        return row["cells"].get(self._day(offset).isoformat(), {"code": ""})

    def test_cells(self):
        roster = self._roster(zhang="NA", li="C")
        self.assertEqual(len(roster.grid["days"]), 31)
        self.assertEqual(len(roster.grid["rows"]), 3)
        self.assertIn("Rest", self._cell(roster, "zhang", 1)["bad"])
        self.assertTrue(self._cell(roster, "li", 0)["home"])
        employee, day = self.employees["zhang"].id, self._day(1).isoformat()
        roster.action_set_cell(employee, day, "B")
        self.assertEqual(self._cell(roster, "zhang", 1)["code"], "B")
        roster.action_set_cell(employee, day, "")
        self.assertEqual(self._cell(roster, "zhang", 1)["code"], "")
        with self.assertRaises(UserError):
            roster.action_set_cell(employee, day, "X")

    def test_cells_are_for_those_who_make_it(self):
        roster = self._roster(zhang="A")
        cell = [self.employees["zhang"].id, self._day(0).isoformat(), "B"]
        for login in ("zhang", "stranger"):
            with self.assertRaises(AccessError):
                self._rpc(login, "cs.roster", "action_set_cell", roster.ids, *cell)
        roster.action_publish()
        with self.assertRaises(UserError):
            self._rpc("leader", "cs.roster", "action_set_cell", roster.ids, *cell)
        seen = roster.with_user(self.users["zhang"])
        self.assertEqual(len(seen.grid["rows"]), 1)

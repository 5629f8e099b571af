import datetime

from psycopg2.errors import CheckViolation, ExclusionViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools.roster_facts import ROSTER_CODES
from .common import DutyCommon

UTC = datetime.timezone.utc


@tagged("post_install", "-at_install")
class TestRoster(DutyCommon):
    # === SHIFTS === #

    def test_shipped_shifts(self):
        a, c = self.kinds["A"], self.kinds["C"]
        self.assertEqual((a.hour_from, a.hour_to, a.at_home), (9, 17, False))
        self.assertEqual((c.hours, c.at_home), (2, True))
        self.assertEqual(self.kinds["N"].hours, 8)

    def test_hours_are_of_a_day(self):
        with self.assertRaises(ValidationError):
            self.kinds["N"].hour_to = 25
        with self.assertRaises(ValidationError):
            self.kinds["N"].hour_from = 24

    def test_used_hours_stay(self):
        self.kinds["N"].hour_to = 7
        self._roster(zhang="N")
        with self.assertRaises(UserError):
            self.kinds["N"].hour_to = 8
        self.kinds["N"].name = "Owl"

    def test_span_in_the_zone_of_the_company(self):
        line = self._roster(zhang="N").line_ids
        self.assertEqual(line.start_at, datetime.datetime(2027, 3, 1, 14))
        self.assertEqual(line.stop_at, datetime.datetime(2027, 3, 1, 22))

    def test_span_in_another_zone(self):
        self.company.resource_calendar_id.tz = "Europe/Berlin"
        line = self._roster(zhang="A").line_ids
        self.assertEqual(line.start_at, datetime.datetime(2027, 3, 1, 8))

    # === ROSTER === #

    def test_lead_makes_and_publishes(self):
        roster = self._published(zhang="AA.B", li="BB", wang="CC")
        self.assertEqual(roster.state, "published")
        self.assertEqual(roster.published_by_id, self.users["leader"])
        self.assertEqual(roster.display_name, "Hotline · 2027-03 · V1")
        roster.action_new_version()
        with self.assertRaises(UserError):
            roster.action_publish()

    def test_line_outside_the_days(self):
        roster = self._roster(zhang="A")
        with self.assertRaises(ValidationError):
            roster.line_ids.date = "2027-04-01"
        with self.assertRaises(ValidationError):
            roster.date_from = "2027-03-02"
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            roster.date_to = "2027-06-30"
            roster.flush_recordset()

    def test_published_is_locked(self):
        roster = self._published(zhang="A")
        line = roster.line_ids
        leader = self.users["leader"]
        with self.assertRaises(UserError):
            line.with_user(leader).employee_id = self.employees["li"]
        with self.assertRaises(UserError):
            line.with_user(leader).unlink()
        with self.assertRaises(UserError):
            roster.write({"line_ids": [(0, 0, self._lines(li="A")[0])]})
        with self.assertRaises(UserError):
            roster.date_to = "2027-03-30"
        with self.assertRaises(UserError):
            roster.unlink()
        draft = self._roster("chief", li="A")
        with self.assertRaises(UserError):
            draft.line_ids.roster_id = roster

    def test_state_is_refused_from_outside(self):
        roster = self._roster(zhang="A")
        for values in ({"state": "published"}, {"version": 7}):
            with self.assertRaises(UserError):
                self._rpc("leader", "cs.roster", "write", roster.ids, values)
        with self.assertRaises(UserError):
            self._rpc(
                "leader",
                "cs.roster.line",
                "write",
                roster.line_ids.ids,
                {"start_at": "2027-03-01 00:00:00"},
            )
        forged = self.env["cs.roster"].with_user(self.users["leader"])
        made = forged.with_context(default_state="published").create(
            {
                "team_id": self.team.id,
                "date_from": "2027-04-01",
                "date_to": "2027-04-30",
            }
        )
        self.assertEqual(made.state, "draft")

    def test_new_version_replaces(self):
        first = self._published(zhang="AA", li="BB")
        action = first.action_new_version()
        self.assertEqual(first.action_new_version()["res_id"], action["res_id"])
        draft = first.browse(action["res_id"])
        self.assertEqual((draft.version, draft.state), (2, "draft"))
        self.assertEqual(len(draft.line_ids), 4)
        draft.line_ids[0].employee_id = self.employees["wang"]
        self.assertFalse(draft.problems)
        draft.action_publish()
        self.assertEqual((first.state, draft.state), ("superseded", "published"))

    def test_two_published_rosters_of_a_team(self):
        self._published(zhang="A")
        second = self._roster(li="B")
        with mute_logger("odoo.sql_db"), self.assertRaises(ExclusionViolation):
            second.action_publish()

    # === RULES === #

    def _assertRefused(self, roster, word):
        self.assertIn(word, roster.problems)
        with self.assertRaises(UserError) as caught:
            roster.action_publish()
        self.assertIn(word, str(caught.exception))
        self.assertEqual(roster.state, "draft")

    def test_broken_rules_are_named(self):
        texts = self.env["cs.roster"]._cs_rule_texts()
        self.assertLessEqual(set(ROSTER_CODES), set(texts))
        roster = self._roster(zhang="NA")
        self._assertRefused(roster, "Rest: Zhang has 3:00 hours between N")
        roster.line_ids.filtered(lambda line: line.date == self._day(1)).unlink()
        roster.invalidate_recordset()
        self.assertFalse(roster.problems)

    def test_double_booking(self):
        roster = self._roster(zhang="A")
        twice = self._lines(zhang="B")[0]
        roster.write({"line_ids": [(0, 0, twice)]})
        self._assertRefused(roster, "Double booking: Zhang has B")

    def test_seven_days(self):
        self._assertRefused(self._roster(zhang="AAAAAAA"), "works 7 of 7 days")
        self.company.cs_duty_max_days = 0
        self._published(li="AAAAAAA")

    def test_leave(self):
        self._leave("zhang", 0)
        self._assertRefused(self._roster(zhang="A"), "Zhang is away")

    def test_qualification(self):
        skill = self.env["cs.duty.qualification"].create({"name": "Gas Desk"})
        self.kinds["A"].qualification_ids = skill
        roster = self._roster(zhang="A")
        self._assertRefused(roster, "Zhang lacks Gas Desk")
        profile = self.env["cs.duty.profile"].create(
            {
                "employee_id": self.employees["zhang"].id,
                "holder_ids": [
                    (0, 0, {"qualification_id": skill.id, "valid_until": "2027-02-28"})
                ],
            }
        )
        roster.invalidate_recordset()
        self._assertRefused(roster, "Zhang lacks Gas Desk")
        profile.holder_ids.valid_until = "2027-03-01"
        roster.invalidate_recordset()
        roster.action_publish()

    def test_rest_over_the_end_of_the_month(self):
        roster = self.env["cs.roster"].create(
            {
                "team_id": self.team.id,
                "date_from": "2027-02-01",
                "date_to": "2027-02-28",
                "line_ids": [
                    (
                        0,
                        0,
                        {
                            "employee_id": self.employees["zhang"].id,
                            "date": "2027-02-28",
                            "shift_type_id": self.kinds["N"].id,
                        },
                    )
                ],
            }
        )
        roster.action_publish()
        self._assertRefused(self._roster(zhang="A"), "Rest: Zhang")

    def test_another_team_counts(self):
        other = self.team.copy({"name": "Desk", "lead_id": self.users["chief"].id})
        self._published(zhang="A")
        roster = self._roster("chief", zhang="B")
        roster.team_id = other
        roster.invalidate_recordset()
        self._assertRefused(roster, "Double booking")

    # === ACCESS === #

    def test_drafts_are_for_those_who_make_them(self):
        roster = self._roster(zhang="A")
        seen = self.env["cs.roster.line"].with_user(self.users["zhang"])
        self.assertFalse(seen.search([("roster_id", "=", roster.id)]))
        roster.action_publish()
        self.assertTrue(seen.search([("roster_id", "=", roster.id)]))
        line = seen.search([("roster_id", "=", roster.id)])
        self.assertEqual(line.employee_id.name, "Zhang")
        for values in ({"employee_id": False}, {"date": "2027-03-02"}):
            with self.assertRaises(AccessError):
                line.write(values)

    def test_only_who_leads_the_team(self):
        with self.assertRaises(AccessError):
            self._roster("stranger", zhang="A")
        roster = self._roster(zhang="A")
        with self.assertRaises(AccessError):
            roster.with_user(self.users["stranger"]).action_publish()
        with self.assertRaises(AccessError):
            self._rpc("zhang", "cs.roster", "action_publish", roster.ids)
        roster.with_user(self.users["chief"]).action_publish()

    def test_other_company(self):
        roster = self._published(zhang="A")
        user = self.users["wang"]
        user.write(
            {
                "company_ids": [(6, 0, self.other_company.ids)],
                "company_id": self.other_company.id,
            }
        )
        self.assertFalse(
            self.env["cs.roster"].with_user(user).search([("id", "=", roster.id)])
        )

    # === AVAILABILITY === #

    def _hours(self, login, first, last):
        resource = self.employees[login].resource_id
        start = datetime.datetime.combine(self._day(first), datetime.time())
        stop = datetime.datetime.combine(self._day(last), datetime.time())
        found = resource._cs_available_intervals(
            self.company._cs_to_utc(start), self.company._cs_to_utc(stop)
        )[resource.id]
        return [(f"{one:%d %H:%M}", f"{two:%d %H:%M}") for one, two in found]

    def test_available_as_the_roster_says(self):
        before = self._hours("zhang", 0, 3)
        roster = self._roster(zhang="N..A")
        self.assertEqual(self._hours("zhang", 0, 3), before)
        roster.action_publish()
        self.assertEqual(self._hours("zhang", 0, 2), [("01 22:00", "02 06:00")])
        self.assertEqual(self._hours("zhang", 1, 2), [("02 00:00", "02 06:00")])
        self.assertEqual(self._hours("zhang", 2, 4), [("04 09:00", "04 17:00")])
        self.assertTrue(before)
        self.assertEqual(self._hours("li", 0, 3), before)

    def test_days_outside_the_roster_are_as_usual(self):
        self._published(zhang="A")
        usual = self._hours("li", 30, 33)
        self.assertEqual(self._hours("zhang", 31, 33), usual[-len(usual) + 2 :])
        self.assertTrue(self._hours("zhang", 31, 33))

    def test_leave_takes_from_a_shift(self):
        roster = self._published(zhang="A")
        self._leave("zhang", 0)
        self.assertEqual(self._hours("zhang", 0, 1), [])
        self.assertEqual(roster.state, "published")

    def test_on_duty_now(self):
        roster = self._published(zhang="N", li="A")
        at = self.company._cs_to_utc(datetime.datetime(2027, 3, 2, 5))
        found = roster._cs_on_duty(self.company, at)
        self.assertEqual(found.employee_id, self.employees["zhang"])
        late = self.company._cs_to_utc(datetime.datetime(2027, 3, 2, 6))
        self.assertFalse(roster._cs_on_duty(self.company, late))

    # === SPEED === #

    def test_queries_do_not_grow_with_the_lines(self):
        def count(roster):
            roster.env.invalidate_all()
            before = self.env.cr.sql_log_count
            roster._cs_broken()
            return self.env.cr.sql_log_count - before

        small = self._roster("chief", zhang="A")
        large = self._roster("chief", zhang="AAAAA..", li="BBBBB..", wang="CCCCC..")
        count(small)
        self.assertLessEqual(count(large), count(small) + 3)

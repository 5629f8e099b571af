import datetime
import random
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .common import CsCommon

FAR = 2090  # a year of the tests' own


def day(text):
    return datetime.date.fromisoformat(text)


class WorkdayCommon(CsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Day = cls.env["cs.workday"]
        cls.Year = cls.env["cs.workday.year"]

    def _year(self, number):
        return self.Year.search([("year", "=", number)])

    def _new_year(self, *days):
        """A provisional year with days off, and make-up days that end in ``+``."""
        year = self.Year.create({"year": FAR})
        self.Day.create(
            [
                {
                    "date": text.rstrip("+"),
                    "kind": "makeup" if text.endswith("+") else "off",
                    "name": "X",
                }
                for text in days
            ]
        )
        return year

    def _events(self, action):
        return self.env["cs.event"].search([("action", "=", action)])


@tagged("post_install", "-at_install")
class TestWorkday(WorkdayCommon):
    def test_installed_years(self):
        for number in (2025, 2026):
            year = self._year(number)
            self.assertEqual(year.state, "official")
            self.assertTrue(year.confirmed_at)
            self.assertFalse(year.confirmed_by_id)
        year = self._year(2026)
        self.assertEqual((year.makeup_count, year.workday_count), (6, 248))
        with freeze_time("2026-11-22 04:00:00"):
            self.Year._cs_ensure()
        following = self._year(2027)
        self.assertEqual(following.state, "provisional")
        self.assertTrue(following.off_count)

    def test_three_working_days(self):
        for received, due in (
            ("2026-02-13", "2026-02-25"),
            ("2026-05-08", "2026-05-12"),
            ("2026-09-18", "2026-09-22"),
            ("2026-09-30", "2026-10-10"),
        ):
            self.assertEqual(self.company._cs_add_workdays(day(received), 3), day(due))
        self.assertEqual(
            self.company._cs_add_workdays(day("2026-02-15"), 1), day("2026-02-24")
        )

    def test_year_without_days_is_weekends_only(self):
        self.assertFalse(self._year(2095))
        self.assertTrue(self.company._cs_is_workday(day("2095-10-03")))  # Monday
        self.assertFalse(self.company._cs_is_workday(day("2095-10-02")))
        self.assertFalse(self.company._cs_workdays().is_official(2095))

    def test_changes_are_seen_at_once(self):
        monday = day("2090-10-02")
        self.assertTrue(self.company._cs_is_workday(monday))
        row = self.Day.create({"date": monday, "name": "X"})
        self.assertFalse(self.company._cs_is_workday(monday))
        row.date = "2090-10-03"
        self.assertTrue(self.company._cs_is_workday(monday))
        self.assertFalse(self.company._cs_is_workday(day("2090-10-03")))
        row.unlink()
        self.assertTrue(self.company._cs_is_workday(day("2090-10-03")))

    def test_state_of_the_year_is_seen_at_once(self):
        year = self._new_year("2090-10-02", "2090-10-07+")
        self.assertFalse(self.company._cs_workdays().is_official(FAR))
        year.action_confirm()
        self.assertTrue(self.company._cs_workdays().is_official(FAR))
        year.action_reopen()
        self.assertFalse(self.company._cs_workdays().is_official(FAR))
        year.unlink()
        self.assertTrue(self.company._cs_is_workday(day("2090-10-02")))

    def test_own_days_go_before_the_general_ones(self):
        self._new_year("2090-10-02", "2090-10-07+")
        self.Day.create(
            [
                {"date": text, "kind": kind, "name": "X", "company_id": company.id}
                for text, kind, company in (
                    ("2090-10-02", "makeup", self.company),
                    ("2090-10-07", "off", self.company),
                    ("2090-10-09", "off", self.company),
                )
            ]
        )
        for company, worked in (
            (self.company, [True, True, False]),
            (self.other_company, [False, True, True]),
        ):
            days = map(day, ("2090-10-02", "2090-10-03", "2090-10-09"))
            self.assertEqual([company._cs_is_workday(one) for one in days], worked)
        saturday = day("2090-10-07")
        self.assertFalse(self.company._cs_is_workday(saturday))
        self.assertTrue(self.other_company._cs_is_workday(saturday))

    def test_a_date_stands_once_per_company(self):
        self.Day.create({"date": "2090-10-02", "name": "X"})
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            with self.cr.savepoint():
                self.Day.create({"date": "2090-10-02", "name": "Y", "kind": "off"})

    def test_general_makeup_days_are_on_weekends(self):
        with self.assertRaises(ValidationError):
            self.Day.create({"date": "2090-10-02", "name": "X", "kind": "makeup"})

    def test_year_follows_the_date(self):
        row = self.Day.create({"date": "2090-10-02", "name": "X"})
        self.assertEqual(row.year_id.year, 2090)
        row.date = "2091-10-02"
        self.assertEqual(row.year_id.year, 2091)
        self.assertEqual(row.year_id.state, "provisional")
        with self.assertRaises(UserError):
            row.year_id.year = 2092

    def test_days_entered_in_the_form_of_a_year(self):
        year = self._new_year()
        with Form(year) as form, form.day_ids.new() as line:
            line.date = "2090-10-02"
            line.name = "X"
        self.assertEqual(year.day_ids.year_id, year)
        self.assertEqual(year.workday_count, 260 - 1)

    def test_queries_do_not_grow(self):
        self.company._cs_workdays()
        with self.assertQueryCount(0):
            for _n in range(50):
                self.company._cs_add_workdays(day("2026-02-13"), 3)
        self.env.registry.clear_cache()
        self.env.invalidate_all()
        with self.assertQueryCount(2):
            self.company._cs_workdays()

    def test_name_search(self):
        found = [row_id for row_id, _name in self.Year.name_search("2026")]
        self.assertEqual(found, self._year(2026).ids)
        self.assertEqual(self._year(2026).display_name, "2026")

    def test_shading_of_the_calendar(self):
        days = self._rpc(
            "user", "cs.workday", "get_unusual_days", "2026-02-13", "2026-02-16"
        )
        self.assertEqual(
            days,
            {
                "2026-02-13": False,
                "2026-02-14": False,
                "2026-02-15": True,
                "2026-02-16": True,
            },
        )
        with self.assertRaises(UserError):
            self._rpc(
                "user", "cs.workday", "get_unusual_days", "2000-01-01", "2099-01-01"
            )


@tagged("post_install", "-at_install")
class TestWorkdayYear(WorkdayCommon):
    def _watch_clocks(self):
        """The companies whose deadlines were computed anew from here on."""
        seen = []
        model = self.env.registry["cs.clock"]
        self.startPatcher(
            patch.object(
                model,
                "_cs_recompute_open",
                lambda clocks, company: seen.append(company),
            )
        )
        return seen

    def test_confirming_moves_the_deadlines_of_all_companies(self):
        seen = self._watch_clocks()
        year = self._new_year("2090-10-02", "2090-10-07+")
        self.assertEqual(seen, [])
        year.with_user(self.users["manager"]).action_confirm()
        self.assertEqual(year.state, "official")
        self.assertEqual(year.confirmed_by_id, self.users["manager"])
        self.assertEqual(set(seen), set(self.env["res.company"].search([])))
        self.assertEqual(
            len(
                self._events("workday.confirm").filtered(
                    lambda event: event.res_id == year.id
                )
            ),
            1,
        )
        with self.assertRaises(UserError):
            year.action_confirm()

    def test_changes_of_a_confirmed_year_are_logged_and_move_deadlines(self):
        year = self._new_year("2090-10-02", "2090-10-07+")
        year.action_confirm()
        seen = self._watch_clocks()
        first = year.day_ids[0]
        first.name = "Y"
        self.assertEqual(seen, [])
        self.assertEqual(self._events("workday.change").mapped("field_names"), ["name"])
        first.date = "2090-10-03"
        own = self.Day.create(
            {"date": "2090-10-04", "name": "X", "company_id": self.company.id}
        )
        self.assertEqual(seen[-1], self.company)
        self.assertEqual(len(seen), len(self.env["res.company"].search([])) + 1)
        own.unlink()
        self.assertEqual(seen[-1], self.company)
        for action, number in (("add", 1), ("change", 2), ("remove", 1)):
            self.assertEqual(len(self._events(f"workday.{action}")), number)
        details = self._events("workday.change")[0].details
        self.assertIn('"date": "2090-10-02"', details)
        self.assertIn('"new_date": "2090-10-03"', details)

    def test_a_day_moved_into_a_confirmed_year_is_logged(self):
        self._new_year("2090-10-02", "2090-10-07+").action_confirm()
        row = self.Day.create({"date": "2091-10-02", "name": "X"})
        self.assertFalse(self._events("workday.add"))
        seen = self._watch_clocks()
        row.date = "2090-10-03"
        self.assertEqual(len(self._events("workday.add")), 1)
        self.assertTrue(seen)

    def test_incomplete_years_are_not_confirmed(self):
        year = self._new_year()
        with self.assertRaisesRegex(UserError, "no day off"):
            year.action_confirm()
        self.Day.create({"date": "2090-10-02", "name": "X"})
        with self.assertRaisesRegex(UserError, "no make-up workday"):
            year.action_confirm()
        year.no_makeup = True
        year.action_confirm()
        self.assertEqual(year.state, "official")

    def test_confirmed_years_stay(self):
        year = self._new_year("2090-10-02", "2090-10-07+")
        year.action_confirm()
        with self.assertRaises(UserError):
            year.unlink()

    def test_only_managers_decide(self):
        year = self._new_year("2090-10-02", "2090-10-07+")
        for role in ("plain", "user", "lead", "auditor"):
            for method in ("action_confirm", "action_reopen", "action_fill"):
                with self.subTest(role=role, method=method):
                    with self.assertRaises(AccessError):
                        self._rpc(role, "cs.workday.year", method, year.ids)
            with self.assertRaises(AccessError):
                self._rpc(
                    role, "cs.workday", "create", [{"date": "2090-10-03", "name": "X"}]
                )
            with self.assertRaises(AccessError):
                self._rpc(role, "cs.workday", "unlink", year.day_ids.ids)
        self.assertEqual(year.state, "provisional")

    def test_state_is_not_writable(self):
        year = self._new_year("2090-10-02", "2090-10-07+")
        for vals in (
            {"state": "official"},
            {"confirmed_by_id": self.users["lead"].id},
            {"confirmed_at": "2026-01-01 00:00:00"},
        ):
            with self.assertRaises(UserError):
                self._rpc("manager", "cs.workday.year", "write", year.ids, vals)
            with self.assertRaises(UserError):
                self._rpc(
                    "manager", "cs.workday.year", "create", [{"year": 2091, **vals}]
                )

    def test_own_days_of_another_company_are_invisible(self):
        row = self.Day.create(
            {"date": "2090-10-02", "name": "X", "company_id": self.other_company.id}
        )
        found = self.Day.with_user(self.users["manager"]).search([("id", "=", row.id)])
        self.assertFalse(found)

    # === YEARS THAT MUST BE THERE === #

    def test_missing_years_are_added_and_others_stay(self):
        self._year(2026).day_ids.filtered(
            lambda row: row.date == day("2026-10-01")
        ).unlink()
        with freeze_time("2094-03-01 04:00:00"):
            self.Year._cs_ensure()
        for number in (2093, 2094, 2095):
            self.assertEqual(self._year(number).state, "provisional")
            self.assertTrue(self._year(number).off_count)
        self.assertEqual(self._year(2026).off_count, 33 - 1)

    def test_announced_year_with_days_is_left_to_the_manager(self):
        year = self._year(2025)
        year.action_reopen()
        self.Year._cs_ensure()
        self.assertEqual(year.state, "provisional")

    @freeze_time("2090-10-31 15:59:59")
    def test_no_reminder_before_november(self):
        self.Year._cron_workdays()
        self.assertFalse(self._year(2091).activity_ids)

    def test_managers_are_reminded_once(self):
        english = new_test_user(
            self.env, login="cs_manager_2", groups="cs_base.group_manager"
        )
        with freeze_time("2090-10-31 16:00:00"):  # 1 November in Shanghai
            self.Year._cron_workdays()
            year = self._year(2091)
            users = year.activity_ids.user_id
            self.assertLessEqual(self.users["manager"] | english, users)
            self.assertNotIn(self.env.ref("base.user_root"), users)
            self.assertNotIn(self.users["lead"], users)
            number = len(year.activity_ids)
            self.Year._cron_workdays()
            self.assertEqual(len(year.activity_ids), number)
            year.no_makeup = True
            year.action_confirm()
        self.assertFalse(year.activity_ids)

    def test_no_reminder_of_a_confirmed_year(self):
        self._new_year("2090-10-02", "2090-10-07+").action_confirm()
        with freeze_time("2089-11-22 04:00:00"):
            self.Year._cron_workdays()
        self.assertFalse(self._year(FAR).activity_ids)

    # === FILLING IN === #

    def _open_wizard(self, year):
        action = self._rpc("manager", "cs.workday.year", "action_fill", year.ids)
        return (
            self.env[action["res_model"]]
            .with_user(self.users["manager"])
            .browse(action["res_id"])
        )

    def test_fill_in_an_empty_year(self):
        year = self._new_year()
        wizard = self._open_wizard(year)
        self.assertEqual(set(wizard.line_ids.mapped("change")), {"add"})
        self.assertFalse(wizard.has_makeup)
        wizard.action_apply()
        names = year.day_ids.mapped("name")
        self.assertIn("国庆节", names)
        self.assertEqual(year.state, "provisional")
        again = self._open_wizard(year)
        self.assertEqual(set(again.line_ids.mapped("change")), {"same"})
        self.assertFalse(any(again.line_ids.mapped("is_applied")))

    def test_differences(self):
        year = self._year(2026)
        year.action_reopen()
        by_date = {row.date: row for row in year.day_ids}
        by_date[day("2026-02-14")].kind = "off"
        by_date[day("2026-10-01")].unlink()
        self.Day.create(
            [
                {"date": "2026-03-02", "name": "Ours", "source": "board"},
                {"date": "2026-03-03", "name": "Guess", "source": "holidays 0.1"},
                {"date": "2026-03-04", "name": "X", "company_id": self.company.id},
            ]
        )
        wizard = self._open_wizard(year)
        changes = {
            line.date.isoformat(): (line.change, line.is_applied)
            for line in wizard.line_ids
            if line.change != "same"
        }
        self.assertEqual(
            changes,
            {
                "2026-02-14": ("change", True),
                "2026-03-02": ("remove", False),
                "2026-03-03": ("remove", True),
                "2026-10-01": ("add", True),
            },
        )
        wizard.action_apply()
        dates = year.day_ids.mapped("date")
        self.assertIn(day("2026-03-02"), dates)
        self.assertNotIn(day("2026-03-03"), dates)
        self.assertIn(day("2026-03-04"), dates)
        self.assertIn(day("2026-10-01"), dates)
        self.assertEqual(by_date[day("2026-02-14")].kind, "makeup")

    def test_ticks_off_are_respected(self):
        year = self._new_year()
        wizard = self._open_wizard(year)
        wizard.line_ids.is_applied = False
        wizard.line_ids[0].is_applied = True
        wizard.action_apply()
        self.assertEqual(year.day_ids.date, wizard.line_ids[0].date)


@tagged("post_install", "-at_install")
class TestAvailability(WorkdayCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls._calendar(
            cls.company, "Hall", [(8.5, 12.0), (13.5, 17.5)], range(5)
        )
        cls.company.resource_calendar_id = cls.calendar
        cls.resources = cls.env["resource.resource"].create(
            [
                {"name": f"R{n}", "company_id": cls.company.id, "tz": "UTC"}
                for n in range(4)
            ]
        )
        cls.resources.calendar_id = cls.calendar

    @classmethod
    def _calendar(cls, company, name, hours, weekdays, **values):
        return cls.env["resource.calendar"].create(
            {
                "name": name,
                "company_id": company.id,
                "tz": "Asia/Shanghai",
                "attendance_ids": [(5, 0, 0)]
                + [
                    (
                        0,
                        0,
                        {
                            "name": "X",
                            "dayofweek": str(weekday),
                            "hour_from": start,
                            "hour_to": end,
                        },
                    )
                    for weekday in weekdays
                    for start, end in hours
                ],
                **values,
            }
        )

    def _leave(self, start, end, **values):
        return self.env["resource.calendar.leaves"].create(
            {
                "name": "X",
                "date_from": self._utc(start),
                "date_to": self._utc(end),
                "calendar_id": False,
                **values,
            }
        )

    def _utc(self, text):
        return self.company._cs_to_utc(datetime.datetime.fromisoformat(text))

    def _available(self, resources, start, stop):
        found = resources._cs_available_intervals(self._utc(start), self._utc(stop))
        return {
            resource_id: [
                (f"{one:%m-%d %H:%M}", f"{two:%m-%d %H:%M}") for one, two in spans
            ]
            for resource_id, spans in found.items()
        }

    def test_hours_on_working_days(self):
        found = self._available(self.resources[0], "2026-02-13", "2026-02-25")
        self.assertEqual(
            found[self.resources[0].id],
            [
                (f"02-{number} {start}", f"02-{number} {end}")
                for number in (13, 14, 24)
                for start, end in (("08:30", "12:00"), ("13:30", "17:30"))
            ],
        )

    def test_clipped_to_what_is_asked(self):
        found = self._available(
            self.resources[0], "2026-05-08T09:00", "2026-05-08T14:00"
        )
        self.assertEqual(
            found[self.resources[0].id],
            [("05-08 09:00", "05-08 12:00"), ("05-08 13:30", "05-08 14:00")],
        )
        nothing = self._available(self.resources, "2026-05-08", "2026-05-08")
        self.assertEqual(nothing, {resource.id: [] for resource in self.resources})

    def test_leaves(self):
        one, two, three, _four = self.resources
        self._leave("2026-05-08T08:00", "2026-05-08T10:00", resource_id=one.id)
        self._leave("2026-05-08T00:00", "2026-05-08T23:59:59", resource_id=two.id)
        self._leave("2026-05-08T15:00", "2026-05-08T16:00")  # the whole company
        self._leave(
            "2026-05-08T09:00",
            "2026-05-08T12:00",
            resource_id=three.id,
            time_type="other",
        )
        found = self._available(self.resources, "2026-05-08", "2026-05-09")
        afternoon = [("05-08 13:30", "05-08 15:00"), ("05-08 16:00", "05-08 17:30")]
        self.assertEqual(found[one.id], [("05-08 10:00", "05-08 12:00"), *afternoon])
        self.assertEqual(found[two.id], [])
        self.assertEqual(found[three.id], [("05-08 08:30", "05-08 12:00"), *afternoon])

    def test_general_leave_of_one_calendar_or_company(self):
        shift = self._calendar(self.company, "Shift", [(8.0, 20.0)], range(5))
        self.resources[1].calendar_id = shift
        self._leave("2026-05-08T12:00", "2026-05-08T13:00", calendar_id=shift.id)
        self._leave(
            "2026-05-08T08:00",
            "2026-05-08T20:00",
            calendar_id=self.other_company.resource_calendar_id.id,
        )
        found = self._available(self.resources[:2], "2026-05-08", "2026-05-09")
        self.assertEqual(len(found[self.resources[0].id]), 2)
        self.assertEqual(
            found[self.resources[1].id],
            [("05-08 08:00", "05-08 12:00"), ("05-08 13:00", "05-08 20:00")],
        )

    def test_calendars_without_hours(self):
        flexible = self._calendar(
            self.company, "Free", [], [], schedule_type="flexible"
        )
        self.resources[0].calendar_id = flexible
        self.resources[1].calendar_id = False
        found = self._available(self.resources[:3], "2026-05-08", "2026-05-09")
        self.assertEqual(len({tuple(spans) for spans in found.values()}), 1)
        self.calendar.attendance_ids.unlink()
        found = self._available(self.resources[2], "2026-05-08", "2026-05-11")
        self.assertEqual(
            found[self.resources[2].id], [("05-08 00:00", "05-10 00:00")]
        )  # Friday and the make-up Saturday

    def test_until_midnight(self):
        late = self._calendar(self.company, "Late", [(16.0, 24.0)], range(5))
        hours = self.company._cs_service_hours(late)
        self.assertEqual(f"{hours.close(day('2026-05-08')):%m-%d %H:%M}", "05-09 00:00")

    def test_two_weeks(self):
        calendar = self._calendar(self.company, "Two", [(9.0, 12.0)], range(5))
        calendar.switch_calendar_type()
        second = calendar.attendance_ids.filtered(
            lambda line: line.week_type == "1" and not line.display_type
        )
        second.hour_to = 11.0
        hours = self.company._cs_service_hours(calendar)
        closes = {
            f"{hours.close(day(text)):%H}" for text in ("2026-03-02", "2026-03-09")
        }
        self.assertEqual(closes, {"11", "12"})

    def test_calendar_change_is_seen_at_once(self):
        friday = day("2026-05-08")
        self.company._cs_service_hours().intervals(friday)
        self.calendar.attendance_ids.filtered(
            lambda line: line.hour_to == 17.5
        ).hour_to = 18.0
        close = self.company._cs_service_hours().close(friday)
        self.assertEqual(f"{close:%H:%M}", "18:00")

    def test_hours_are_on_the_clock_of_the_company(self):
        self.calendar.tz = "Asia/Shanghai"
        foreign = self._calendar(self.company, "Foreign", [(9.0, 12.0)], range(5))
        foreign.tz = "UTC"
        [(start, _end)] = self.company._cs_service_hours(foreign).intervals(
            day("2026-05-08")
        )
        self.assertEqual(start.isoformat(), "2026-05-08T09:00:00+08:00")

    def test_contracts_change_the_calendar(self):
        early = self._calendar(self.company, "Early", [(6.0, 14.0)], range(5))
        employee = self.env["hr.employee"].create(
            {
                "name": "E",
                "company_id": self.company.id,
                "tz": "Asia/Shanghai",
                "resource_calendar_id": self.calendar.id,
                "contract_date_start": "2026-05-06",
                "contract_date_end": "2026-05-07",
                "date_version": "2026-05-06",
            }
        )
        employee.create_version(
            {
                "date_version": "2026-05-08",
                "contract_date_start": "2026-05-08",
                "contract_date_end": False,
                "resource_calendar_id": early.id,
            }
        )
        resource = employee.resource_id
        found = self._available(resource, "2026-05-04", "2026-05-10")
        self.assertEqual(
            found[resource.id],
            [
                ("05-06 08:30", "05-06 12:00"),
                ("05-06 13:30", "05-06 17:30"),
                ("05-07 08:30", "05-07 12:00"),
                ("05-07 13:30", "05-07 17:30"),
                ("05-08 06:00", "05-08 14:00"),
                ("05-09 06:00", "05-09 14:00"),
            ],
        )

    def test_properties(self):
        """No overlap, inside the hours, outside leaves, alone as together."""
        rng = random.Random(2026)
        first = datetime.datetime(2026, 1, 1)
        for resource in self.resources | self.env["resource.resource"]:
            for _n in range(12):
                start = first + datetime.timedelta(minutes=rng.randrange(365 * 1440))
                end = start + datetime.timedelta(minutes=rng.randrange(1, 5000))
                self.env["resource.calendar.leaves"].create(
                    {
                        "name": "X",
                        "date_from": start,
                        "date_to": end,
                        "resource_id": rng.choice([resource.id, False]),
                        "calendar_id": rng.choice([self.calendar.id, False]),
                    }
                )
        leaves = self.env["resource.calendar.leaves"].search(
            [("resource_id", "in", [*self.resources.ids, False])]
        )
        served = self.company._cs_service_hours()
        for _round in range(30):
            start = first + datetime.timedelta(minutes=rng.randrange(365 * 1440))
            stop = start + datetime.timedelta(minutes=rng.randrange(1, 40000))
            together = self.resources._cs_available_intervals(start, stop)
            for resource in self.resources:
                spans = together[resource.id]
                alone = resource._cs_available_intervals(start, stop)
                self.assertEqual(alone[resource.id], spans)
                self.assertEqual(spans, sorted(spans))
                last = None
                for one, two in spans:
                    self.assertLess(one, two)
                    self.assertTrue(last is None or last <= one)
                    last = two
                    hours = served.intervals(one.date())
                    self.assertTrue(any(a <= one and two <= b for a, b in hours))
                    self._assert_outside(leaves, resource, one, two)

    def _assert_outside(self, leaves, resource, one, two):
        one, two = self.company._cs_to_utc(one), self.company._cs_to_utc(two)
        for leave in leaves:
            concerned = leave.resource_id == resource or (
                not leave.resource_id
                and leave.company_id == self.company
                and leave.calendar_id in (self.calendar, leave.calendar_id.browse())
            )
            if concerned:
                self.assertFalse(leave.date_from < two and one < leave.date_to)

    def test_queries_do_not_grow(self):
        many = self.env["resource.resource"].create(
            [{"name": f"M{n}", "company_id": self.company.id} for n in range(40)]
        )
        for resource in many:
            self._leave("2026-05-08T08:00", "2026-05-08T10:00", resource_id=resource.id)
        counts = []
        for resources in (many[:2], many):
            self.env.flush_all()
            self.env.invalidate_all()
            self.company._cs_workdays()
            before = self.cr.sql_log_count
            resources._cs_available_intervals(
                self._utc("2026-05-01"), self._utc("2026-06-01")
            )
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

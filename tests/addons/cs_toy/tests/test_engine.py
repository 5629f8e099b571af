import datetime
import random
from fractions import Fraction
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user
from odoo.tools import mute_logger

from .common import ToyCommon

NAIVE = "%Y-%m-%d %H:%M:%S"


class ClockCommon(ToyCommon):
    """A toy request is answered by a commitment; moments are on the company's clock."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.cs_profile = "gas"
        cls.company.resource_calendar_id = cls.env["resource.calendar"].create(
            {
                "name": "Hall",
                "tz": "Asia/Shanghai",
                "company_id": cls.company.id,
                "attendance_ids": [
                    Command.create(
                        {
                            "name": f"{weekday}",
                            "dayofweek": str(weekday),
                            "hour_from": start,
                            "hour_to": end,
                            "day_period": period,
                        }
                    )
                    for weekday in range(5)
                    for start, end, period in (
                        (8.5, 12, "morning"),
                        (13.5, 17.5, "afternoon"),
                    )
                ],
            }
        )
        cls.env["cs.commitment"].search([("code", "=like", "toy.%")]).active = False
        cls.ladder = cls.env["cs.escalation"].create(
            {
                "name": "Ladder",
                "step_ids": [
                    Command.create(
                        {
                            "level": 1,
                            "when": "before",
                            "quantity": 2,
                            "to_handler": True,
                            "notice_code": "clock.warn",
                        }
                    ),
                    Command.create(
                        {
                            "level": 2,
                            "when": "at",
                            "quantity": 0,
                            "to_lead": True,
                            "notice_code": "clock.due",
                        }
                    ),
                    Command.create(
                        {
                            "level": 3,
                            "when": "after",
                            "quantity": 4,
                            "group_id": cls.env.ref("cs_base.group_manager").id,
                            "notice_code": "clock.late",
                        }
                    ),
                ],
            }
        )
        cls.answer = cls._commitment("toy.answer", "workday", 3, profile="gas")
        cls.reason = cls.env.ref("cs_base.cs_pause_reason_documents")
        cls.nature = cls.env.ref("cs_base.cs_pause_reason_nature")
        cls.manager = cls.users["manager"]

    @classmethod
    def _commitment(cls, code, unit, quantity, **vals):
        return cls.env["cs.commitment"].create(
            {
                "name": code,
                "code": code,
                "unit": unit,
                "quantity": quantity,
                "warn_percent": 0,
                "escalation_id": cls.ladder.id,
                **vals,
            }
        )

    def _at(self, text):
        """2026-``text`` on the company's clock, as stored."""
        local = datetime.datetime.fromisoformat(f"2026-{text}")
        return self.company._cs_to_utc(local)

    def _freeze(self, text):
        freezer = freeze_time(self._at(text))
        self.addCleanup(freezer.stop)
        return freezer.start()

    def _move(self, freezer, text):
        freezer.move_to(self._at(text))

    def _clock(self, matter, code="toy.answer"):
        return (
            self.env["cs.clock"]
            .search([("res_model", "=", matter._name), ("res_id", "=", matter.id)])
            .filtered(lambda clock: clock.code == code)
        )

    def _start(self, text, **vals):
        freezer = self._freeze(text)
        matter = self._request(handler_id=self.clerk.id, **vals)
        return freezer, matter, self._clock(matter)

    def _notices(self, clock, code=None):
        domain = [("res_model", "=", clock.res_model), ("res_id", "=", clock.res_id)]
        if code:
            domain.append(("code", "=", code))
        return self.env["cs.notify"].search(domain, order="id")

    def _run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("cs_base.ir_cron_clock_alarms").method_direct_trigger()
        self.env.invalidate_all()


class TestClockDates(ClockCommon):
    def test_three_working_days_of_2026(self):
        for received, due in (
            ("02-13 16:00", "02-25"),
            ("05-08 16:00", "05-12"),
            ("09-18 16:00", "09-22"),
            ("09-30 16:00", "10-10"),
        ):
            with self.subTest(received), freeze_time(self._at(received)):
                matter = self._request()
                self.assertEqual(matter.due_at, self._at(f"{due} 23:59:59"))
                self.assertEqual(matter.clock_state, "running")

    def test_fifteen_calendar_days(self):
        self.answer.write({"unit": "day", "quantity": 15, "calendar": "always"})
        _freezer, matter, clock = self._start("09-30 16:00")
        self.assertEqual(clock.due_at, self._at("10-15 23:59:59"))
        self.assertEqual(matter.due_at, clock.due_at)

    def test_close_of_business_and_own_hours(self):
        self.answer.day_end = "close"
        _freezer, _matter, clock = self._start("09-30 16:00")
        self.assertEqual(clock.due_at, self._at("10-10 17:30"))

    def test_a_due_date_of_next_year_is_provisional(self):
        _freezer, _matter, clock = self._start("12-30 16:00")
        self.assertTrue(clock.provisional)

    def test_changing_the_commitment_leaves_running_clocks(self):
        _freezer, matter, clock = self._start("09-30 16:00")
        self.answer.quantity = 10
        clock._cs_refresh()
        self.assertEqual(clock.due_at, self._at("10-10 23:59:59"))
        self.assertEqual(matter.due_at, clock.due_at)


class TestClockStart(ClockCommon):
    def test_each_code_once(self):
        freezer, matter, clock = self._start("09-30 10:00")
        matter.sudo()._cs_start_clocks("created")
        self.assertEqual(self._clock(matter), clock)
        clock._cs_cancel()
        matter.sudo()._cs_start_clocks("created")
        self.assertEqual(len(self._clock(matter)), 2)
        self.assertEqual(matter.clock_state, "running")
        self._move(freezer, "09-30 11:00")

    def test_no_commitment_no_clock(self):
        self.answer.active = False
        matter = self._request()
        self.assertFalse(self._clock(matter))
        self.assertEqual(matter.clock_state, "none")

    def test_start_by_the_event_of_the_commitment(self):
        self._commitment("toy.fit", "hour", 2, start_event="documents")
        matter = self._request()
        clocks = self.env["cs.clock"]
        received = datetime.datetime(2026, 9, 30, 2)
        complete = datetime.datetime(2026, 9, 30, 5, 30)
        asked = {"received": received}
        self.assertFalse(clocks._cs_start([(matter, "toy.fit", [], asked)]))
        asked["documents"] = complete
        clock = clocks._cs_start([(matter, "toy.fit", [], asked)])
        self.assertEqual(clock.started_at, complete)
        self.assertEqual(clock.due_at, self._at("09-30 15:30"))

    def test_the_next_of_several_deadlines(self):
        self._commitment("toy.visit", "hour", 1)
        freezer, matter, answer = self._start("10-08 10:00")
        start = self._at("10-08 10:00")
        requests = [(matter, "toy.visit", [self.clerk], start)]
        visit = self.env["cs.clock"]._cs_start(requests)
        self.assertEqual(matter.due_at, visit.due_at)
        self._move(freezer, "10-08 10:30")
        visit._cs_stop()
        self.assertEqual(matter.due_at, answer.due_at)
        self.assertEqual(matter.clock_state, "running")
        self._move(freezer, "10-20 10:30")
        answer._cs_stop()
        self.assertEqual(matter.clock_state, "missed")

    def test_work_done_earlier(self):
        freezer, _matter, clock = self._start("10-08 10:00")
        self._move(freezer, "10-20 10:00")
        clock._cs_stop(self._at("10-12 15:00"))
        self.assertEqual((clock.state, clock.breached_at), ("met", False))


class TestClockPause(ClockCommon):
    def setUp(self):
        super().setUp()
        self.answer.write({"unit": "hour", "quantity": 8})

    def test_pause_over_the_holiday_and_direct_close(self):
        freezer, matter, clock = self._start("09-30 10:00")
        self._move(freezer, "09-30 11:00")
        clock._cs_pause(self.nature)
        self.assertEqual((clock.state, matter.clock_state), ("paused", "paused"))
        self.assertEqual(clock.due_at, self._at("10-08 10:30"))
        self._move(freezer, "10-08 09:00")
        clock._cs_stop()
        for later in ("10-08 12:00", "12-31 12:00"):
            self._move(freezer, later)
            self._run_cron()
            clock._cs_refresh()
            self.assertEqual((clock.state, clock.used_seconds), ("met", 3600))
            self.assertFalse(clock.breached_at)
            self.assertEqual(matter.clock_state, "met")
        self.assertFalse(self._notices(clock))

    def test_reopened_goes_on(self):
        freezer, matter, clock = self._start("09-30 10:00")
        self._move(freezer, "09-30 11:00")
        clock._cs_stop()
        self._move(freezer, "10-08 08:30")
        clock._cs_reopen()
        self.assertEqual(clock.due_at, self._at("10-08 17:00"))
        self.assertEqual(matter.clock_state, "running")
        self._move(freezer, "10-08 09:30")
        clock._cs_stop()
        self.assertEqual(clock.used_seconds, 7200)
        self.assertEqual(sum(clock.share_ids.mapped("seconds")), 7200)

    def test_cancelled_is_not_met(self):
        _freezer, matter, clock = self._start("09-30 10:00")
        clock._cs_cancel()
        self.assertEqual(clock.state, "cancelled")
        self.assertEqual((matter.clock_state, matter.due_at), ("none", False))

    def test_the_customer_must_have_been_asked(self):
        _freezer, _matter, clock = self._start("09-30 10:00")
        with self.assertRaisesRegex(UserError, "asked"):
            clock._cs_pause(self.reason)
        tomorrow = datetime.date(2026, 10, 1)
        with self.assertRaisesRegex(UserError, "to come"):
            clock._cs_pause(self.reason, requested_on=tomorrow)
        clock._cs_pause(self.reason, requested_on=datetime.date(2026, 9, 30))
        fact = clock.fact_ids.filtered(lambda fact: fact.kind == "pause")
        self.assertEqual(fact.requested_on, datetime.date(2026, 9, 30))
        self.assertEqual(fact.reason_id, self.reason)

    def test_the_longest_pause(self):
        self.answer.max_pause_days = 3
        freezer, matter, clock = self._start("10-08 10:00")
        clock._cs_pause(self.nature)
        self.assertEqual(clock.pause_ends_at, self._at("10-11 23:59:59"))
        self.assertEqual(clock.next_alarm_at, clock.pause_ends_at)
        self._move(freezer, "10-12 00:05")
        self._run_cron()
        self.assertEqual((clock.state, matter.clock_state), ("running", "running"))
        self.assertEqual(clock.due_at, self._at("10-13 09:00"))

    def test_the_earliest_end_counts(self):
        _freezer, _matter, clock = self._start("10-08 10:00")
        until = self._at("10-09 12:00")
        clock._cs_pause(self.nature, until=until)
        self.assertEqual(clock.pause_ends_at, until)
        clock._cs_resume()
        self.reason.max_days = 1
        asked = datetime.date(2026, 10, 8)
        later = self._at("10-30 12:00")
        clock._cs_pause(self.reason, until=later, requested_on=asked)
        self.assertEqual(clock.pause_ends_at, self._at("10-09 23:59:59"))
        with self.assertRaisesRegex(UserError, "over already"):
            clock._cs_pause(self.nature, until=self._at("10-08 09:00"))


class TestClockLimits(ClockCommon):
    def setUp(self):
        super().setUp()
        self.steep = self.ladder.copy({"name": "Steep"})
        self.media = self._commitment(
            "toy.answer.media",
            "minute",
            24 * 60,
            calendar="always",
            escalation_id=self.steep.id,
        )

    def test_severity_raised_in_time(self):
        freezer, matter, clock = self._start("10-08 10:00")
        self._move(freezer, "10-09 06:00")
        clock._cs_relimit("toy.answer.media")
        self.assertEqual(clock.commitment_id, self.media)
        self.assertEqual(clock.due_at, self._at("10-09 10:00"))
        self.assertEqual(clock.used_seconds, 20 * 3600)
        self.assertEqual((clock.state, matter.clock_state), ("running", "running"))
        kinds = clock.fact_ids.mapped("kind")
        self.assertIn("limit", kinds)

    def test_severity_raised_too_late_is_late_at_once_and_for_ever(self):
        freezer, matter, clock = self._start("10-08 10:00")
        self._move(freezer, "10-09 10:30")
        clock._cs_relimit("toy.answer.media")
        self.assertEqual(matter.clock_state, "late")
        self.assertEqual(clock.breached_at, self._at("10-09 10:30"))
        clock._cs_relimit("toy.answer")
        self.assertEqual(clock.due_at, self._at("10-12 23:59:59"))
        self.assertEqual(matter.clock_state, "late")
        clock._cs_stop()
        self.assertEqual((clock.state, matter.clock_state), ("missed", "missed"))

    def test_unknown_code_changes_nothing(self):
        _freezer, _matter, clock = self._start("10-08 10:00")
        due = clock.due_at
        clock._cs_relimit("nothing.at.all")
        self.assertEqual((clock.due_at, clock.commitment_id), (due, self.answer))


class TestClockShares(ClockCommon):
    def test_every_order_keeps_the_sum(self):
        department = self.env["hr.department"].create({"name": "Engineering"})
        holders = [self.clerk, self.second, self.lead, department]
        self._commitment("toy.answer.media", "hour", 5)
        for seed in range(25):
            rng = random.Random(seed)
            with self.subTest(seed=seed), freeze_time(self._at("09-28 09:00")) as now:
                matter = self._request(handler_id=self.clerk.id)
                clock = self._clock(matter)
                for _number in range(rng.randint(1, 15)):
                    now.tick(datetime.timedelta(minutes=rng.choice((0, 1, 50, 700))))
                    self._random_step(rng, clock, holders)
                clock._cs_stop()
                result = clock._cs_results()[clock]
                self.assertEqual(result.used, sum(result.shares.values()))
                self.assertEqual(clock.used_seconds, result.used)
                exact = [Fraction(share.exact) for share in clock.share_ids]
                self.assertEqual(sum(exact), result.used)
                seconds = sum(clock.share_ids.mapped("seconds"))
                self.assertEqual(seconds, result.used)

    def _random_step(self, rng, clock, holders):
        steps = ("hold", "pause", "resume", "limit", "extend", "stop", "reopen")
        step = rng.choice(steps)
        if step == "hold":
            clock._cs_hold(rng.sample(holders, rng.randint(0, 4)))
        elif step == "pause":
            clock._cs_pause(self.nature)
        elif step == "resume":
            clock._cs_resume()
        elif step == "limit":
            clock._cs_relimit(rng.choice(("toy.answer", "toy.answer.media")))
        elif step == "extend":
            clock._cs_extend(
                clock.due_at + datetime.timedelta(hours=rng.randint(1, 90))
            )
        elif step == "stop":
            clock._cs_stop()
        else:
            clock._cs_reopen()

    def test_who_burnt_the_days(self):
        department = self.env["hr.department"].create({"name": "Engineering"})
        own = self.env["hr.department"].create({"name": "Hall"})
        self.env["hr.employee"].create(
            {"name": "Clerk", "user_id": self.clerk.id, "department_id": own.id}
        )
        freezer, _matter, clock = self._start("10-08 09:00")
        self._move(freezer, "10-08 10:00")
        clock._cs_hold([self.clerk, department, self.second])
        self._move(freezer, "10-08 11:00")
        clock._cs_hold([])
        self._move(freezer, "10-08 11:30")
        clock._cs_stop()
        hours = {share.holder_name: share.seconds for share in clock.share_ids}
        self.assertEqual(
            hours,
            {
                self.clerk.name: 3600 + 1200,
                "Engineering": 1200,
                self.second.name: 1200,
                "Nobody": 1800,
            },
        )
        departments = clock.share_ids.grouped("department_id")
        self.assertEqual(departments[own].user_id, self.clerk)
        self.assertEqual(departments[department].seconds, 1200)
        self._move(freezer, "10-08 13:30")
        clock._cs_reopen()
        self._move(freezer, "10-08 14:00")
        clock._cs_stop()
        self.assertEqual(sum(clock.share_ids.mapped("seconds")), clock.used_seconds)

    def test_the_handler_of_the_matter_holds_its_time(self):
        freezer, matter, clock = self._start("10-08 09:00")
        self._move(freezer, "10-08 10:00")
        matter.handler_id = self.second
        self.assertEqual(clock.user_id, self.second)
        self._move(freezer, "10-08 10:30")
        clock._cs_stop()
        users = {share.user_id: share.seconds for share in clock.share_ids}
        self.assertEqual(users, {self.clerk: 3600, self.second: 1800})


class TestClockAlarm(ClockCommon):
    def test_each_level_once_and_not_at_night(self):
        freezer, matter, clock = self._start("10-08 10:00")
        self.assertEqual(clock.due_at, self._at("10-12 23:59:59"))
        self.assertEqual(clock.next_alarm_at, self._at("10-12 15:30"))
        self._move(freezer, "10-12 15:35")
        self._run_cron()
        self._run_cron()
        warned = self._notices(clock)
        self.assertEqual(warned.mapped("code"), ["clock.warn"])
        self.assertEqual((warned.user_id, clock.level), (self.clerk, 1))
        self._move(freezer, "10-13 00:01")
        self._run_cron()
        self.assertEqual(matter.clock_state, "late")
        self.assertEqual(clock.breached_at, self._at("10-12 23:59:59"))
        self.assertEqual(self._notices(clock), warned)
        self.assertEqual(clock.next_alarm_at, self._at("10-13 08:00"))
        self._move(freezer, "10-13 08:01")
        self._run_cron()
        self.assertEqual(self._notices(clock, "clock.due").user_id, self.lead)
        self._move(freezer, "10-13 17:30")
        self._run_cron()
        self.assertEqual(clock.level, 3)
        late = self._notices(clock, "clock.late").user_id
        self.assertIn(self.manager, late)
        self.assertFalse(clock.next_alarm_at)
        count = len(self._notices(clock))
        clock._cs_pause(self.nature)
        clock._cs_resume()
        self._move(freezer, "10-30 10:00")
        self._run_cron()
        self.assertEqual(len(self._notices(clock)), count)

    def test_the_customer_hears_of_it_once(self):
        self.customer.write({"email": "zhang@example.com"})
        self.company.phone = "021-60000000"
        freezer, _matter, clock = self._start("10-08 10:00")
        self._move(freezer, "10-13 09:00")
        self._run_cron()
        told = self._notices(clock, "clock.progress")
        self.assertEqual(told.partner_id, self.customer)
        self.assertIn("2026-10-16", told.text)
        self.assertEqual(clock.promised_at, self._at("10-16 17:30"))

    def test_not_to_somebody_on_leave(self):
        deputy = new_test_user(self.env, login="cs_deputy", groups="cs_base.group_lead")
        self.team.deputy_id = deputy
        for user in (self.clerk, self.lead):
            employee = self.env["hr.employee"].create(
                {"name": user.name, "user_id": user.id}
            )
            self.env["resource.calendar.leaves"].create(
                {
                    "name": "Leave",
                    "resource_id": employee.resource_id.id,
                    "calendar_id": employee.resource_calendar_id.id,
                    "date_from": self._at("10-12 00:00"),
                    "date_to": self._at("10-13 23:59:59"),
                    "time_type": "leave",
                }
            )
        freezer, _matter, clock = self._start("10-08 10:00")
        self._move(freezer, "10-12 16:00")
        self._run_cron()
        self.assertEqual(self._notices(clock, "clock.warn").user_id, deputy)
        self._move(freezer, "10-13 09:00")
        self._run_cron()
        self.assertEqual(self._notices(clock, "clock.due").user_id, deputy)

    def test_emergencies_do_not_wait_and_come_to_the_minute(self):
        commitment = self._commitment(
            "toy.leak", "minute", 30, calendar="always", respect_quiet=False
        )
        freezer, matter, _clock = self._start("10-08 23:00")
        start = self._at("10-08 23:00")
        clock = self.env["cs.clock"]._cs_start([(matter, "toy.leak", [], start)])
        self.assertEqual(clock.commitment_id, commitment)
        cron = self.env.ref("cs_base.ir_cron_clock_alarms")
        calls = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self.assertTrue(calls)
        self._move(freezer, "10-08 23:31")
        self._run_cron()
        self.assertEqual(clock.breached_at, self._at("10-08 23:30"))
        self.assertEqual(self._notices(clock, "clock.due").user_id, self.lead)
        self.assertFalse(self._notices(clock, "clock.warn"))  # over already

    def test_phases_reach_the_matter(self):
        seen = []
        freezer, matter, _clock = self._start("10-08 10:00")
        hook = lambda self, clock, phase: seen.append((self.id, phase))
        self.answer.warn_percent = 50
        with patch.object(self.registry["cs.toy.request"], "_cs_on_clock", hook):
            for moment in ("10-12 10:00", "10-12 16:00", "10-13 09:00", "10-13 18:00"):
                self._move(freezer, moment)
                matter.sudo()._cs_clocks()._cs_refresh()
                self._run_cron()
        phases = [phase for _matter, phase in seen]
        self.assertEqual(phases, ["warn", "warn", "due", "due", "late"])

    def test_one_that_fails_does_not_stop_the_others(self):
        freezer, matter, clock = self._start("10-08 10:00")
        other = self._request(handler_id=self.second.id)
        notify = self.registry["cs.notify"]._cs_notify

        def fail_for_one(self, code, records, **values):
            if records.id == matter.id:
                raise ValueError("no text")
            return notify(self, code, records, **values)

        self._move(freezer, "10-12 16:00")
        failing = patch.object(self.registry["cs.notify"], "_cs_notify", fail_for_one)
        with failing, mute_logger("odoo.addons.cs_base.models.cs_clock_alarm"):
            self._run_cron()
        self.assertTrue(self._notices(self._clock(other), "clock.warn"))
        self.assertEqual(clock.alarm_error, "ValueError: no text")
        self.assertEqual(clock.next_alarm_at, self._at("10-12 16:15"))
        self._move(freezer, "10-12 16:16")
        self._run_cron()
        self.assertFalse(clock.alarm_error)
        self.assertTrue(self._notices(clock, "clock.warn"))


class TestClockExtension(ClockCommon):
    def _ask(self, matter, until, user=None):
        wizard = self.env["cs.clock.extend"].with_user(user or self.clerk)
        context = {"default_res_model": matter._name, "default_res_id": matter.id}
        wizard = wizard.with_context(**context).create(
            {"reason": "A part is ordered", "until": self._at(until)}
        )
        wizard.action_request()
        clock = self._clock(matter)
        return self.env["cs.extension"].search([("clock_id", "=", clock.id)], limit=1)

    def test_nothing_moves_before_the_approval(self):
        freezer, matter, clock = self._start("10-08 10:00")
        due = clock.due_at
        extension = self._ask(matter, "10-20 17:30")
        self.assertEqual((extension.state, clock.due_at), ("pending", due))
        self.assertEqual((extension.requester_id, extension.old_due), (self.clerk, due))
        with self.assertRaisesRegex(UserError, "already"):
            self._ask(matter, "10-21 17:30")
        approval = extension.approval_id
        with self.assertRaises(AccessError):
            approval.with_user(self.clerk).action_approve()
        approval.with_user(self.lead).action_approve()
        self.assertEqual(
            (extension.state, extension.approver_id), ("approved", self.lead)
        )
        self.assertEqual(clock.due_at, self._at("10-20 17:30"))
        self.assertEqual(matter.due_at, clock.due_at)
        self._move(freezer, "10-19 10:00")
        clock._cs_pause(self.nature)
        self._move(freezer, "10-21 10:00")
        clock._cs_resume()
        self.assertEqual(clock.due_at, self._at("10-22 17:30"))
        self.assertFalse(clock.breached_at)

    def test_rejected(self):
        _freezer, matter, clock = self._start("10-08 10:00")
        due = clock.due_at
        extension = self._ask(matter, "10-20 17:30")
        extension.approval_id.with_user(self.lead).action_reject("No")
        self.assertEqual((extension.state, clock.due_at), ("rejected", due))
        self.assertTrue(self._ask(matter, "10-21 17:30"))

    def test_a_breach_stays(self):
        freezer, matter, clock = self._start("10-08 10:00")
        extension = self._ask(matter, "10-20 17:30")
        self._move(freezer, "10-14 10:00")
        extension.approval_id.with_user(self.lead).action_approve()
        self.assertEqual(clock.due_at, self._at("10-20 17:30"))
        self.assertEqual(clock.breached_at, self._at("10-12 23:59:59"))
        self.assertEqual(matter.clock_state, "late")

    def test_what_can_not_be_extended(self):
        freezer, matter, clock = self._start("10-08 10:00")
        with self.assertRaisesRegex(UserError, "after the present"):
            self._ask(matter, "10-09 10:00")
        extension = self._ask(matter, "10-20 17:30")
        self._move(freezer, "10-21 10:00")
        over = self.assertRaisesRegex(UserError, "over already")
        with over, self.env.cr.savepoint():
            extension.approval_id.with_user(self.lead).action_approve()
        clock._cs_stop()
        with self.assertRaisesRegex(UserError, "stopped"), self.env.cr.savepoint():
            extension.approval_id.with_user(self.lead).action_approve()

    def test_the_proposal_is_a_working_day(self):
        _freezer, matter, _clock = self._start("09-29 10:00")
        action = matter.action_extend()
        wizard = self.env[action["res_model"]].with_user(self.clerk)
        form = Form(wizard.with_context(**action["context"]))
        self.assertEqual(form.commitment_id, self.answer)
        form.reason = "Part"
        wizard = form.save()
        self.assertEqual(wizard.old_due, self._at("10-09 23:59:59"))
        self.assertEqual(wizard.until, self._at("10-12 23:59:59"))


class TestClockCalendar(ClockCommon):
    def test_open_clocks_follow_the_calendar_closed_ones_do_not(self):
        freezer, matter, clock = self._start("11-19 10:00")
        closed = self._request()
        self._clock(closed)._cs_stop()
        before = self._clock(closed).due_at
        self.assertEqual(clock.due_at, self._at("11-24 23:59:59"))
        year = self.env["cs.workday.year"].search([("year", "=", 2026)])
        self.env["cs.workday"].create(
            {
                "year_id": year.id,
                "date": "2026-11-20",
                "kind": "off",
                "name": "Flood",
                "company_id": self.company.id,
            }
        )
        self.assertEqual(clock.due_at, self._at("11-25 23:59:59"))
        self.assertEqual(matter.due_at, clock.due_at)
        self.assertEqual(self._clock(closed).due_at, before)
        events = self.env["cs.event"].search([("action", "=", "clock.recompute")])
        self.assertIn(clock.id, events.mapped("res_id"))
        self.assertNotIn(self._clock(closed).id, events.mapped("res_id"))
        self.assertFalse(self.env["cs.clock"]._cs_recompute_open(self.company))
        self._move(freezer, "11-20 10:00")

    def test_a_breach_stays_when_a_holiday_is_declared_afterwards(self):
        freezer, _matter, clock = self._start("11-19 10:00")
        self._move(freezer, "11-25 10:00")
        clock._cs_refresh()
        breached = clock.breached_at
        self.assertTrue(breached)
        year = self.env["cs.workday.year"].search([("year", "=", 2026)])
        self.env["cs.workday"].create(
            {"year_id": year.id, "date": "2026-11-20", "kind": "off", "name": "Flood"}
        )
        self.env["cs.clock"]._cs_recompute_open(self.company)
        self.assertEqual(clock.breached_at, breached)
        clock._cs_stop()
        self.assertEqual(clock.state, "missed")


class TestClockQueries(ClockCommon):
    def _queries(self, count):
        matters = self.env["cs.toy.request"].create(
            [{"wish": "Tea", "handler_id": self.clerk.id} for _number in range(count)]
        )
        clocks = matters.sudo()._cs_clocks()
        clocks._cs_refresh()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(len(clocks), count)
        start = self.cr.sql_log_count
        clocks._cs_refresh()
        self.env.flush_all()
        return self.cr.sql_log_count - start

    def test_reading_does_not_grow(self):
        with freeze_time(self._at("10-08 10:00")):
            self._queries(3)
            few, many = self._queries(10), self._queries(300)
        self.assertEqual(few, many)
        self.assertLessEqual(many, 5)


class TestClockAccess(ClockCommon):
    def setUp(self):
        super().setUp()
        self.freezer, self.matter, self.clock = self._start("10-08 10:00")

    def test_nobody_writes_the_engine(self):
        for role in ("user", "lead", "manager", "auditor"):
            for model in (
                "cs.clock",
                "cs.clock.fact",
                "cs.clock.share",
                "cs.extension",
            ):
                with self.subTest(role=role, model=model):
                    with self.assertRaises(AccessError):
                        self._rpc(role, model, "create", [{"res_model": "x"}])
        forged = {"state": "met", "due_at": "2030-01-01 00:00:00"}
        for role in ("user", "lead", "manager"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._rpc(role, "cs.clock", "write", self.clock.ids, forged)
        with self.assertRaises(AccessError):
            self.clock.sudo().write(forged)
        with self.assertRaises(AccessError):
            self.clock.sudo().fact_ids.write({"moment": "2020-01-01 00:00:00"})
        with self.assertRaises(AccessError):
            self.clock.sudo().fact_ids._update({"moment": "2020-01-01 00:00:00"})
        with self.assertRaises(AccessError):
            self.clock.sudo().fact_ids.unlink()

    def test_clerks_see_no_clock_by_any_path(self):
        for model in ("cs.clock", "cs.clock.fact", "cs.clock.share"):
            for method, args in (
                ("search_read", ([],)),
                ("formatted_read_group", ([], [], ["__count"])),
                ("name_search", ("",)),
                ("search_count", ([],)),
            ):
                with self.subTest(model=model, method=method):
                    with self.assertRaises(AccessError):
                        self._rpc("user", model, method, *args)
        self.clerk.group_ids += self.env.ref("base.group_allow_export")
        with self.assertRaises(AccessError):
            self._rpc("user", "cs.clock", "export_data", self.clock.ids, ["state"])
        self.assertEqual(self.matter.with_user(self.clerk).clock_state, "running")
        self.assertTrue(self.matter.with_user(self.clerk).clock_text)

    def test_leads_read(self):
        for role in ("lead", "manager", "auditor"):
            with self.subTest(role=role):
                rows = self._rpc(role, "cs.clock", "read", self.clock.ids, ["due_at"])
                self.assertEqual(len(rows), 1)
                self.assertTrue(self._rpc(role, "cs.clock.fact", "search", []))

    def test_other_companies_are_out_of_sight(self):
        stranger = new_test_user(
            self.env,
            login="cs_stranger",
            groups="cs_base.group_lead",
            company_id=self.other_company.id,
            company_ids=[Command.set(self.other_company.ids)],
        )
        clocks = self.env["cs.clock"].with_user(stranger)
        self.assertFalse(clocks.search([("id", "=", self.clock.id)]))
        facts = self.env["cs.clock.fact"].with_user(stranger)
        self.assertFalse(facts.search([("clock_id", "=", self.clock.id)]))

    def test_facts_of_masked_matters(self):
        self.clock._update({"masked": True})
        for role, sees in (("lead", False), ("auditor", False), ("masked", True)):
            if role not in self.users:
                continue
            with self.subTest(role=role):
                user = self.users[role]
                user.group_ids += self.env.ref("cs_base.group_lead")
                user.group_ids -= self.env.ref("cs_base.group_manager")
                facts = self.env["cs.clock.fact"].with_user(user)
                found = facts.search([("clock_id", "=", self.clock.id)])
                self.assertEqual(bool(found), sees)

    def test_extensions_are_the_requesters_and_the_leads(self):
        extension = (
            self.env["cs.extension"]
            .with_user(self.clerk)
            ._cs_request(self.clock, self._at("10-20 10:00"), "Part")
        )
        for user, sees in ((self.clerk, 1), (self.second, 0), (self.lead, 1)):
            with self.subTest(user=user.login):
                found = self.env["cs.extension"].with_user(user)
                self.assertEqual(found.search_count([("id", "=", extension.id)]), sees)

    def test_only_who_may_write_the_matter_pauses_and_extends(self):
        for model in ("cs.clock.pause", "cs.clock.extend"):
            for name, res_id in (
                (self.matter._name, self.matter.id),
                ("res.users", self.clerk.id),
            ):
                with self.subTest(model=model, name=name):
                    wizard = self.env[model].with_user(self.users["plain"])
                    with self.assertRaises(UserError):
                        wizard.with_context(
                            default_res_model=name, default_res_id=res_id
                        ).create(self._wizard_values(model))._cs_matter()

    def _wizard_values(self, model):
        if model == "cs.clock.pause":
            return {"reason_id": self.nature.id}
        return {"reason": "Part", "until": self._at("10-20 10:00")}

    def test_pause_by_the_wizard(self):
        action = self.matter.with_user(self.clerk).action_pause_clock()
        wizard = self.env[action["res_model"]].with_user(self.clerk)
        wizard = wizard.with_context(**action["context"]).create(
            {
                "reason_id": self.reason.id,
                "requested_on": "2026-10-08",
                "until": "2026-10-12",
                "note": "Certificate",
            }
        )
        self.assertIn("2026-10-13", wizard.effect)
        wizard.action_pause()
        self.assertEqual(self.clock.state, "paused")
        with self.assertRaisesRegex(UserError, "No clock is running"):
            wizard.action_pause()
        self.matter.with_user(self.clerk).action_resume_clock()
        self.assertEqual(self.clock.state, "running")
        with self.assertRaises(AccessError):
            self.matter.with_user(self.users["plain"]).action_resume_clock()

    def test_private_methods_are_not_for_clients(self):
        for method in ("_cs_stop", "_cs_cancel", "_cs_refresh", "_cron_alarms"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                self._rpc("manager", "cs.clock", method, self.clock.ids)

    def test_clocks_go_with_their_matter(self):
        self._move(self.freezer, "10-08 11:00")
        self.clock._cs_stop()
        facts, shares = self.clock.fact_ids, self.clock.share_ids
        self.assertTrue(facts and shares)
        self.env.flush_all()
        self.matter.sudo().unlink()
        self.env.invalidate_all()
        self.assertFalse((self.clock.exists(), facts.exists(), shares.exists())[0])
        self.assertFalse(facts.exists() or shares.exists())

import datetime
import random
from fractions import Fraction

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import warmup

from .test_course import CourseCommon

MINUTES = (0, 1, 50, 700, 3000)


@tagged("post_install", "-at_install")
class ClockCommon(CourseCommon):
    """The shipped commitments over the real calendar of 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
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
        cls.nature = cls.env.ref("cs_base.cs_pause_reason_nature")

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

    def _due(self, case, code):
        return case._cs_clocks_of(code).due_at


class TestDates(ClockCommon):
    def test_gas_three_working_days(self):
        """H-001: three working days, from the next day, with make-up workdays."""
        for received, due in (
            ("02-13 16:00", "02-25"),
            ("05-08 16:00", "05-12"),
            ("09-18 16:00", "09-22"),
            ("09-30 16:00", "10-10"),
        ):
            with self.subTest(received), freeze_time(self._at(received)):
                case = self._complaint()
                self.assertEqual(
                    self._due(case, "complaint.answer"), self._at(f"{due} 23:59:59")
                )
                self.assertFalse(case._cs_clocks_of("complaint.verify"))

    def test_received_counts_not_typed_in(self):
        with freeze_time(self._at("09-18 16:00")):
            case = self._complaint(received_at=self._at("09-17 10:00"))
            due = self._due(case, "complaint.answer")
            self.assertEqual(due, self._at("09-21 23:59:59"))

    def test_property_three_days_and_the_same_day(self):
        self.company.cs_profile = "property"
        freezer = self._freeze("09-30 16:00")
        case = self._complaint()
        self.assertEqual(
            self._due(case, "complaint.answer"), self._at("10-03 23:59:59")
        )
        verify = case._cs_clocks_of("complaint.verify")
        self.assertEqual(verify.due_at, self._at("09-30 23:59:59"))
        case.action_accept()
        self.assertEqual(verify.state, "running")
        self._move(freezer, "09-30 17:00")
        case.action_judge("substantiated")
        self.assertEqual(verify.state, "met")

    def test_closing_from_acceptance(self):
        with freeze_time(self._at("09-30 16:00")):
            case = self._taken()
            due = self._due(case, "complaint.close")
            self.assertEqual(due, self._at("10-15 23:59:59"))
            abroad = self._taken(abroad=True)
            due = self._due(abroad, "complaint.close")
            self.assertEqual(due, self._at("10-20 23:59:59"))

    def test_media_is_shorter_suggestions_are_longer(self):
        with freeze_time(self._at("10-12 10:00")):
            media = self._complaint(channel="media", external_ref="M 1")
            self.assertEqual(
                self._due(media, "complaint.answer"), self._at("10-13 23:59:59")
            )
            idea = self._complaint(kind="suggestion")
            self.assertEqual(
                self._due(idea, "complaint.answer"), self._at("10-26 23:59:59")
            )

    def test_outside_body_by_its_own_date(self):
        freezer = self._freeze("10-12 10:00")
        wanted = self._at("10-14 12:00")
        case = self._complaint(external_due=wanted)
        external = case._cs_clocks_of("complaint.external")
        self.assertEqual(external.due_at, wanted)
        self.assertEqual(case.due_at, wanted)
        case.write({"external_due": self._at("10-15 09:00")})
        self.assertEqual(external.due_at, self._at("10-15 09:00"))
        plain = self._complaint()
        plain.write({"external_due": wanted})
        self.assertEqual(self._due(plain, "complaint.external"), wanted)
        self._move(freezer, "10-13 12:00")
        case._cs_answered()
        self.assertEqual(external.state, "met")
        self.assertEqual(case._cs_clocks_of("complaint.answer").state, "met")

    def test_opinion_within_a_day_each_time(self):
        freezer = self._freeze("10-12 10:00")
        case = self._taken()
        case.action_judge("substantiated")
        case.action_to_decide()
        first = case._cs_clocks_of("complaint.opinion")
        self.assertEqual(first.due_at, self._at("10-13 23:59:59"))
        self._move(freezer, "10-13 10:00")
        case.action_decide("Came late.")
        self.assertEqual(first.state, "met")
        self._move(freezer, "10-15 10:00")
        case.action_back_to_decide()
        second = case._cs_clocks_of("complaint.opinion") - first
        self.assertEqual(second.due_at, self._at("10-16 23:59:59"))
        self._move(freezer, "10-19 10:00")
        case.action_decide()
        self.assertEqual(second.state, "missed")

    def test_an_answer_stops_only_its_clocks(self):
        case = self._taken()
        case._cs_stop_clocks("complaint.answer")
        self.assertEqual(case._cs_clocks_of("complaint.answer").state, "met")
        self.assertEqual(case._cs_clocks_of("complaint.close").state, "running")


class TestSeverityClock(ClockCommon):
    def test_raising_keeps_what_is_used(self):
        """Late at once if the shorter limit is over, and for ever."""
        freezer = self._freeze("10-12 10:00")
        case = self._taken()
        answer = case._cs_clocks_of("complaint.answer")
        self._move(freezer, "10-14 10:00")
        case.action_change_severity("media", evidence="TV came")
        self.assertEqual(answer.due_at, self._at("10-13 23:59:59"))
        self.assertTrue(answer.breached_at)
        self.assertEqual(case.clock_state, "late")
        case.action_change_severity("general", reason="No TV")
        case._cs_pending_approvals("severity").with_user(self.chief).action_approve()
        self.assertEqual(case.severity, "general")
        self.assertEqual(answer.due_at, self._at("10-15 23:59:59"))
        self.assertTrue(answer.breached_at)
        case._cs_answered()
        self.assertEqual(answer.state, "missed")

    def test_raising_in_time_moves_the_date(self):
        freezer = self._freeze("10-12 10:00")
        case = self._taken()
        self._move(freezer, "10-12 15:00")
        case.action_change_severity("media", evidence="TV came")
        answer = case._cs_clocks_of("complaint.answer")
        self.assertEqual(answer.due_at, self._at("10-13 23:59:59"))
        self.assertFalse(answer.breached_at)


class TestLadder(ClockCommon):
    def _run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("cs_base.ir_cron_clock_alarms").method_direct_trigger()
        self.env.invalidate_all()

    def test_before_at_and_after(self):
        """Handler and first owner, then the lead, then the managers; the customer
        hears once, with a new date."""
        self.company.phone = "021-60000000"
        freezer = self._freeze("10-08 10:00")
        case = self._complaint(handler_id=self.agent2.id)
        self._name(case)
        answer = case._cs_clocks_of("complaint.answer")
        told = {}
        for moment in ("10-12 14:00", "10-13 08:05", "10-13 14:05", "10-14 09:05"):
            self._move(freezer, moment)
            self._run_cron()
            rows = self.env["cs.notify"].search(
                [("res_id", "=", case.id), ("res_model", "=", case._name)]
            )
            told[moment] = set(rows.mapped("code"))
        self.assertIn("clock.warn", told["10-12 14:00"])
        self.assertIn("clock.due", told["10-13 08:05"])
        self.assertIn("clock.progress", told["10-13 08:05"])
        self.assertIn("clock.late", told["10-13 14:05"])
        self.assertIn("clock.urgent", told["10-14 09:05"])
        progress = rows.filtered(lambda row: row.code == "clock.progress")
        self.assertEqual(progress.partner_id, self.customer)
        self.assertIn("2026-10-16", progress.text)
        urgent = rows.filtered(lambda row: row.code == "clock.urgent")
        self.assertIn(self.chief, urgent.user_id)
        self.assertEqual(answer.promised_at, self._at("10-16 17:30"))


class TestShares(ClockCommon):
    def test_any_order_keeps_the_sum(self):
        """Pause, resume, severity, re-open, hand-over in any order: the shares are
        the time of the case, exactly."""
        points = self.registry["cs.complaint"]
        self.patch(points, "_cs_open_points", lambda case: [])
        for seed in range(20):
            rng = random.Random(seed)
            with self.subTest(seed=seed), freeze_time(self._at("09-28 09:00")) as now:
                case = self._taken()
                case.action_judge("substantiated")
                for _number in range(rng.randint(4, 14)):
                    now.tick(datetime.timedelta(minutes=rng.choice(MINUTES)))
                    self._random_step(rng, case.sudo())
                now.tick(datetime.timedelta(minutes=rng.choice(MINUTES)))
                clocks = case._cs_clocks()
                clocks._cs_stop()
                self.assertGreaterEqual(len(clocks), 2)
                for clock, result in clocks._cs_results().items():
                    exact = [Fraction(share.exact) for share in clock.share_ids]
                    self.assertEqual(sum(exact), result.used)
                    seconds = sum(clock.share_ids.mapped("seconds"))
                    self.assertEqual(seconds, clock.used_seconds)

    def _random_step(self, rng, case):
        step = rng.choice(("pause", "resume", "severity", "hand", "next", "next"))
        if step == "pause":
            case._cs_open_clocks()._cs_pause(self.nature)
        elif step == "resume":
            case.action_resume_clock()
        elif step == "hand":
            people = self.agent | self.agent2 | self.leader
            case.handler_id = rng.choice((*people, self.env["res.users"]))
        elif step == "severity" and case.is_open:
            severity = rng.choice(("general", "influential", "severe", "media"))
            if severity != case.severity:
                case._cs_change_severity(
                    severity, False, "", "", case.severity_file_ids
                )
        elif step == "next":
            self._next(rng, case)

    def _next(self, rng, case):
        if case.state == "closed":
            return case._cs_reopen("Not done")
        if case.state == "deciding" and not case.opinion:
            case.opinion = "Late."
        if case.state == "answering":
            case._cs_answered()
        return case._cs_set_state(
            {
                "accepted": rng.choice(("investigating", "deciding")),
                "investigating": "deciding",
                "deciding": rng.choice(("answering", "investigating")),
                "answering": rng.choice(("closed", "closed", "deciding")),
            }[case.state]
        )


class TestClockRights(ClockCommon):
    def test_clerks_ask_for_more_time(self):
        """More time is approved by somebody else; until then nothing moves."""
        self._freeze("10-12 10:00")
        case = self._taken()
        answer = case._cs_clocks_of("complaint.answer")
        before = answer.due_at
        until = self._at("10-20 17:00")
        extensions = self.env["cs.extension"].with_user(self.agent)
        extension = extensions._cs_request(answer, until, "A part is on its way")
        self.assertEqual(answer.due_at, before)
        approval = extension.sudo()._cs_pending_approvals(
            extension._cs_approval_kinds()[0][0]
        )
        with self.assertRaises(UserError):
            approval.with_user(self.agent).action_approve()
        approval.with_user(self.chief).action_approve()
        self.assertEqual(answer.due_at, until)

    @warmup
    def test_many_cases_at_once(self):
        """Queries of taking in cases grow by what is written only."""

        def take(count):
            values = {"subject": "Late", "content": "Late"}
            cases = self.env["cs.complaint"].with_user(self.agent)
            start = self.cr.sql_log_count
            cases.create([dict(values) for _number in range(count)])
            self.env.flush_all()
            return self.cr.sql_log_count - start

        take(2)
        few, many = take(5), take(25)
        self.assertLess((many - few) / 20, 12)

import datetime

from freezegun import freeze_time

from odoo.tests import tagged

from .test_followup_screen import VisitCommon

#: Wednesday; the visit is due at the end of Monday, 2026-11-30.
FINISHED = "2026-11-25 02:00:00"


@tagged("post_install", "-at_install")
class TestFollowupReminder(VisitCommon):
    def setUp(self):
        super().setUp()
        with freeze_time(FINISHED):
            self.visit = self.env["cs.followup"]._cs_open_of(self._done())

    def _told(self):
        """(code, login) of all reminders, in their order."""
        rows = self.env["cs.notify"].search(
            [("res_model", "=", "cs.followup"), ("res_id", "=", self.visit.id)],
            order="id",
        )
        return [(row.code, row.user_id.login) for row in rows]

    def _remind(self, *moments):
        for moment in moments:
            with freeze_time(moment):
                self._run_cron("ir_cron_followup_remind")

    def test_once_at_each_level(self):
        self._remind("2026-11-27 02:00:00")
        self.assertEqual(self._told(), [])
        self._remind("2026-11-30 01:00:00", "2026-11-30 03:00:00")
        due = [("followup.due", "cs_user")]
        self.assertEqual(self._told(), due)
        self._remind("2026-12-01 01:00:00", "2026-12-01 09:00:00")
        late = [*due, ("followup.late", "cs_user")]
        self.assertEqual(self._told(), late)
        self._remind("2026-12-02 01:00:00")
        self.assertEqual(len(self._told()), 4)
        self.assertEqual(
            set(self._told()[2:]),
            {("followup.late", "cs_user"), ("followup.late", "cs_lead")},
        )
        self._remind("2026-12-02 05:00:00")
        self.assertEqual(len(self._told()), 4)

    def test_quiet_hours_and_days_off(self):
        self._remind("2026-11-30 14:00:00")  # 22:00 in Shanghai
        self.assertEqual(self._told(), [])
        self._remind("2026-12-05 02:00:00")  # a Saturday
        self.assertEqual(self._told(), [])
        self._remind("2026-12-07 02:00:00")
        self.assertEqual(len(self._told()), 2)  # late by then: the lead as well

    def test_nobody_is_reminded_of_what_is_done(self):
        self.visit.with_user(self.clerk).action_satisfied()
        self._remind("2026-12-02 01:00:00")
        self.assertEqual(self._told(), [])

    def test_absent_owner_means_the_lead(self):
        self.clerk.active = False
        self._remind("2026-11-30 01:00:00")
        self.assertEqual(self._told(), [("followup.due", "cs_lead")])

    def test_callback_an_hour_before_and_on_any_day(self):
        with freeze_time("2026-11-27 08:00:00"):  # Friday
            contact = self._contact()
            when = datetime.datetime(2026, 11, 28, 4)
            contact.action_promise_callback(when, "Price of a meter")
        self.visit = self.env["cs.followup"].search(
            [("interaction_id", "=", contact.id)]
        )
        self._remind("2026-11-28 02:30:00")
        self.assertEqual(self._told(), [])
        self._remind("2026-11-28 03:30:00", "2026-11-28 03:50:00")
        self.assertEqual(self._told(), [("callback.due", "cs_user")])
        self._remind("2026-11-28 04:30:00")
        self.assertEqual(self._told()[1:], [("followup.late", "cs_user")])

    def test_masked_reminders_say_nothing_of_the_person(self):
        values = self.visit._cs_notify_values()[self.visit.id]
        self.assertEqual(values["customer"], self.customer.name)
        self.visit._update({"masked": True})
        values = self.visit._cs_notify_values()[self.visit.id]
        self.assertFalse({"customer", "phone", "premises"} & set(values))

    def test_queries_do_not_grow(self):
        """Visits of which everybody was reminded cost the next run nothing."""

        def run(number):
            with freeze_time(FINISHED):
                for _ in range(number):
                    self._done()
            self._remind("2026-11-30 01:00:00")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._remind("2026-11-30 03:00:00")
            return self.env.cr.sql_log_count - before

        run(1)
        few = run(2)
        self.assertLessEqual(run(10), few)

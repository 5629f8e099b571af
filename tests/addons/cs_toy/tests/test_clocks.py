import datetime

from freezegun import freeze_time

from .common import ToyCommon

DAY = datetime.date


class TestClocks(ToyCommon):
    def _due(self, request):
        return self.company._cs_date(request.due_at)

    def test_three_working_days_with_make_up_workdays(self):
        for received, due in (
            (DAY(2026, 2, 13), DAY(2026, 2, 25)),
            (DAY(2026, 5, 8), DAY(2026, 5, 12)),
            (DAY(2026, 9, 18), DAY(2026, 9, 22)),
            (DAY(2026, 9, 30), DAY(2026, 10, 10)),
        ):
            with self.subTest(received), freeze_time(f"{received} 08:00:00"):
                request = self._request()
                self.assertEqual(self._due(request), due)
                self.assertEqual(request.clock_state, "running")

    def test_day_is_the_company_s(self):
        with freeze_time("2026-05-07 15:30:00"):  # 23:30 in Shanghai
            late = self._request()
        with freeze_time("2026-05-07 16:10:00"):  # 00:10 on the 8th
            early = self._request()
        self.assertEqual(self._due(late), DAY(2026, 5, 11))
        self.assertEqual(self._due(early), DAY(2026, 5, 12))

    def test_closed_in_time_and_late(self):
        with freeze_time("2026-11-02 02:00:00"):
            first, second = self._request(), self._request()
            first.action_work()
        with freeze_time("2026-11-04 02:00:00"):
            first.action_done()
            self._close(first)
        with freeze_time("2026-11-06 02:00:00"):
            second.action_work()
            second.action_done()
            self._close(second)
        self.assertEqual(first.clock_state, "met")
        self.assertEqual(second.clock_state, "missed")

    def _close(self, request):
        visits = self.env["cs.followup"]._cs_open_of(request)
        visits.with_user(self.users["manager"]).action_record("satisfied")
        request.action_close()

    def test_cancelled_is_neither(self):
        request = self._request()
        request._cs_set_state("cancelled")
        self.assertEqual(request._cs_clocks().state, "cancelled")
        self.assertEqual(request.clock_state, "none")

    def test_opened_again_it_goes_on(self):
        with freeze_time("2026-11-02 02:00:00"):
            request = self._request()
            request.action_work()
            request.action_done()
            self._close(request)
        with freeze_time("2026-11-16 02:00:00"):
            request.action_work()
        self.assertEqual(request.clock_state, "running")
        self.assertEqual(self._due(request), DAY(2026, 11, 18))

    def test_time_goes_to_whoever_holds_it(self):
        with freeze_time("2026-11-02 01:00:00"):
            request = self._request(handler_id=self.clerk.id)
        with freeze_time("2026-11-03 01:00:00"):
            request.handler_id = self.second
        with freeze_time("2026-11-04 01:00:00"):
            request._cs_set_state("work")
            request.action_done()
            self._close(request)
        clock = request._cs_clocks()
        self.assertEqual(clock.share_ids.user_id, self.clerk | self.second)
        self.assertEqual(sum(clock.share_ids.mapped("seconds")), clock.used_seconds)

    def test_another_limit_keeps_what_is_used(self):
        with freeze_time("2026-11-02 02:00:00"):
            request = self._request()
        with freeze_time("2026-11-04 02:00:00"):
            request._cs_clocks()._cs_relimit("toy.answer.urgent")
        self.assertEqual(self._due(request), DAY(2026, 11, 3))
        self.assertEqual(request.clock_state, "late")

    def test_deleted_matters_take_their_clocks_along(self):
        request = self._request()
        clock = request._cs_clocks()
        request.sudo().unlink()
        self.assertFalse(clock.exists())

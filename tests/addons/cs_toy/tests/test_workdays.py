import datetime

from freezegun import freeze_time

from .common import ToyCommon

DAY = datetime.date


class TestWorkdays(ToyCommon):
    """Deadlines into a year whose days become known later."""

    def _due(self, request):
        return self.company._cs_date(request.due_at)

    def _add(self, date, kind, **vals):
        return self.env["cs.workday"].create(
            {"date": date, "kind": kind, "name": "X", **vals}
        )

    def test_confirming_a_year_moves_open_deadlines(self):
        with freeze_time("2090-09-29 08:00:00"):  # Friday; 1 October is a Sunday
            year = self.env["cs.workday.year"].create({"year": 2090})
            request = self._request()
            self.assertEqual(self._due(request), DAY(2090, 10, 4))
            for date in range(1, 8):
                self._add(DAY(2090, 10, date), "off")
            self._add(DAY(2090, 9, 30), "makeup")
            self.assertEqual(self._due(request), DAY(2090, 10, 4))
            year.action_confirm()
            self.assertEqual(self._due(request), DAY(2090, 10, 10))

    def test_a_change_of_a_confirmed_year_moves_open_deadlines(self):
        with freeze_time("2026-09-30 08:00:00"):
            request = self._request()
            self.assertEqual(self._due(request), DAY(2026, 10, 10))
            own = self._add(DAY(2026, 10, 9), "off", company_id=self.company.id)
            self.assertEqual(self._due(request), DAY(2026, 10, 12))
            own.unlink()
            self.assertEqual(self._due(request), DAY(2026, 10, 10))

    def test_days_of_another_company_move_nothing(self):
        with freeze_time("2026-09-30 08:00:00"):
            request = self._request()
            self._add(DAY(2026, 10, 9), "off", company_id=self.other_company.id)
            self.assertEqual(self._due(request), DAY(2026, 10, 10))

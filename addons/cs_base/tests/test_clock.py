import datetime

from odoo.tests import freeze_time, tagged

from .common import CsCommon


@tagged("post_install", "-at_install")
class TestClock(CsCommon):
    @freeze_time("2026-12-31 15:59:59")
    def test_before_midnight(self):
        self.assertEqual(self.company._cs_today(), datetime.date(2026, 12, 31))

    @freeze_time("2026-12-31 16:00:00")
    def test_new_year_starts_at_home(self):
        self.assertEqual(self.company._cs_today(), datetime.date(2027, 1, 1))
        self.assertEqual(self.company._cs_now().hour, 0)

    def test_user_zone_does_not_matter(self):
        moment = datetime.datetime(2026, 10, 9, 23, 0)
        company = self.company.with_context(tz="America/New_York")
        self.assertEqual(company._cs_to_local(moment).hour, 7)
        self.assertEqual(company._cs_date(moment), datetime.date(2026, 10, 10))

    def test_day_bounds(self):
        start, end = self.company._cs_day_bounds(datetime.date(2026, 10, 10))
        self.assertEqual(start, datetime.datetime(2026, 10, 9, 16, 0))
        self.assertEqual(end, datetime.datetime(2026, 10, 10, 16, 0))

    def test_day_bounds_with_summer_time(self):
        self.company.resource_calendar_id.tz = "Europe/Berlin"
        start, end = self.company._cs_day_bounds(datetime.date(2026, 3, 29))
        self.assertEqual(end - start, datetime.timedelta(hours=23))

    def test_new_chinese_company(self):
        self.assertEqual(str(self.other_company._cs_tz()), "Asia/Shanghai")

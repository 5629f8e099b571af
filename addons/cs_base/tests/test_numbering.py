import datetime

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .common import CsCommon

CODE = "test.document"


@tagged("post_install", "-at_install")
class TestNumbering(CsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._create_rule()
        cls.numbering = cls.env["cs.numbering"]

    @classmethod
    def _create_rule(cls, **values):
        return cls.env["cs.numbering.rule"].create(
            {
                "name": "Test",
                "code": CODE,
                "prefix": "%(yy)s%(mm)s",
                "digits": 4,
                "period": "month",
                "company_id": False,
                **values,
            }
        )

    def _next(self, *moment, company=None):
        moment = datetime.datetime(*moment) if moment else None
        return self.numbering.next(CODE, company or self.company, moment)

    def test_month_changes_at_company_midnight(self):
        self.assertEqual(self._next(2026, 10, 31, 15, 59), "26100001")
        self.assertEqual(self._next(2026, 10, 31, 16, 0), "26110001")
        self.assertEqual(self._next(2026, 10, 31, 15, 59), "26100002")

    def test_year_changes_at_company_midnight(self):
        self.assertEqual(self._next(2026, 12, 31, 15, 59), "26120001")
        self.assertEqual(self._next(2026, 12, 31, 16, 0), "27010001")

    def test_date_is_a_company_date(self):
        day = datetime.date(2026, 12, 31)
        number = self.numbering.next(CODE, self.company, day)
        self.assertEqual(number, "26120001")

    @freeze_time("2026-09-30 20:00:00")
    def test_now_by_default(self):
        self.assertEqual(self._next(), "26100001")

    def test_each_year(self):
        self.rule.write({"period": "year", "prefix": "A%(yyyy)s-"})
        self.assertEqual(self._next(2026, 1, 1), "A2026-0001")
        self.assertEqual(self._next(2026, 12, 1), "A2026-0002")
        self.assertEqual(self._next(2027, 1, 1), "A2027-0001")

    def test_never(self):
        self.rule.write({"period": "none", "prefix": False, "digits": 6})
        self.assertEqual(self._next(2026, 1, 1), "000001")
        self.assertEqual(self._next(2027, 1, 1), "000002")

    def test_digits_overflow_goes_on(self):
        self.rule.digits = 1
        numbers = self.numbering._next_many(CODE, self.company, None, 11)
        self.assertEqual(numbers[-1][-2:], "11")

    def test_companies_count_apart(self):
        self.assertEqual(self._next(2026, 10, 1), "26100001")
        number = self._next(2026, 10, 1, company=self.other_company)
        self.assertEqual(number, "26100001")

    def test_own_rule_before_general_one(self):
        self._create_rule(company_id=self.other_company.id, prefix="B%(yy)s%(mm)s")
        number = self._next(2026, 10, 1, company=self.other_company)
        self.assertEqual(number, "B26100001")
        self.assertEqual(self._next(2026, 10, 1), "26100001")

    def test_many_in_two_statements(self):
        self._next(2026, 10, 1)
        with self.assertQueryCount(4):  # with the savepoint around the insert
            numbers = self.numbering._next_many(
                CODE, self.company, datetime.date(2026, 10, 2), 500
            )
        self.assertEqual(numbers[0], "26100002")
        self.assertEqual(numbers[-1], "26100501")
        self.assertEqual(len(set(numbers)), 500)

    def test_none_asked(self):
        self.assertEqual(self.numbering._next_many(CODE, self.company, None, 0), [])

    def test_rollback_gives_the_number_back(self):
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self._next(2026, 10, 1)
            raise ZeroDivisionError
        self.assertEqual(self._next(2026, 10, 1), "26100001")

    def test_unknown_code(self):
        with self.assertRaisesRegex(UserError, "no.such"):
            self.numbering.next("no.such", self.company)

    def test_prefix_must_be_readable(self):
        for prefix in ("%(week)s", "%", "%s"):
            with self.subTest(prefix=prefix), self.assertRaises(ValidationError):
                self.rule.prefix = prefix

    def test_restart_needs_period_in_prefix(self):
        for period, prefix in (("month", "%(yy)s"), ("month", ""), ("year", "X")):
            with self.subTest(prefix=prefix), self.assertRaises(ValidationError):
                self.rule.write({"period": period, "prefix": prefix})

    def test_not_over_rpc(self):
        with self.assertRaises(AccessError):
            self._rpc("manager", "cs.numbering", "next", CODE)
        with self.assertRaises(AccessError):
            self._rpc("manager", "cs.numbering", "create", [{"code": CODE}])

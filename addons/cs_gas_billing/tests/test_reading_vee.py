"""What the rules find in readings, from file to bill."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import READING_HEADER, GasCommon


@tagged("post_install", "-at_install")
class TestReadingVee(GasCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accounts = cls.make_accounts(12)  # mean 40, register 1000, five digits

    def codes(self, record):
        return {
            reading.account_id.code: (reading.state, reading.vee_codes or "")
            for reading in record.reading_ids
        }

    def test_codes(self):
        record = self.read_meters({1: 1040, 2: 1121, 3: 999, 4: 1000, 5: 1007, 6: 1120})
        self.assertEqual(
            self.codes(record),
            {
                "T000001": ("validated", ""),
                "T000002": ("held", "HIGH"),
                "T000003": ("held", "NEG"),
                "T000004": ("validated", "ZERO"),
                "T000005": ("validated", "LOW"),
                "T000006": ("validated", ""),  # exactly 3 × is no hit
            },
        )
        self.assertEqual((record.ok_count, record.held_count), (6, 2))
        high = record.reading_ids.filtered(lambda r: r.vee_codes == "HIGH")
        self.assertEqual((high.usage, high.mean), (121, 40))
        self.assertIn("3.0", high.findings)

    def test_previous_of_the_file_is_not_ours(self):
        row = self.reading_row(1, 1040, previous="1001")
        record = self.load("gas.reading.import", self.to_csv(READING_HEADER, [row]))
        self.assertEqual(self.codes(record), {"T000001": ("held", "PREV")})
        self.assertIn("1001", record.line_ids.message)
        self.assertIn("1001", record.reading_ids.findings)

    def test_rollover_is_accepted_with_a_flag(self):
        self.make_accounts(1, first=20, 期初读数="99980")
        row = self.reading_row(20, 15, previous="99980")
        record = self.load("gas.reading.import", self.to_csv(READING_HEADER, [row]))
        self.assertEqual(self.codes(record), {"T000020": ("validated", "ROLL")})
        self.assertEqual(record.reading_ids.usage, 35)

    def test_two_values_in_one_file_hold_both(self):
        rows = [self.reading_row(1, 1040), self.reading_row(1, 1041)]
        record = self.load("gas.reading.import", self.to_csv(READING_HEADER, rows))
        self.assertEqual(record.reading_ids.mapped("state"), ["held", "held"])
        self.assertEqual(record.reading_ids.mapped("vee_codes"), ["DUP", "DUP"])
        self.assertEqual(set(record.reading_ids.mapped("usage")), {40, 41})

    def test_another_value_of_the_day_is_known(self):
        first = self.read_meters({1: 1040}).reading_ids
        second = self.read_meters({1: 1042}).reading_ids
        self.assertEqual((second.state, second.vee_codes), ("held", "DUP"))
        self.assertEqual((second.prev_value, second.usage), (1000, 42))
        self.assertEqual((first.state, first.vee_codes), ("held", "DUP"))

    def test_another_value_of_a_billed_day(self):
        first = self.read_meters({1: 1040}).reading_ids
        self.bill()
        second = self.read_meters({1: 1042}).reading_ids
        self.assertEqual((first.state, second.state), ("billed", "held"))
        with self.assertRaisesRegex(UserError, "billed"):
            second.with_user(self.users["clerk"]).action_accept("sure")

    def test_two_months_in_one_file(self):
        rows = [
            self.reading_row(1, 1085, previous="1040", day="2026-11-20"),
            self.reading_row(1, 1040),
        ]
        record = self.load("gas.reading.import", self.to_csv(READING_HEADER, rows))
        later, first = record.reading_ids.sorted("read_date", reverse=True)
        self.assertEqual((first.usage, later.usage), (40, 45))
        self.assertEqual(later.previous_id, first)
        self.assertEqual(later.state, "validated")

    def test_earlier_than_the_last_reading(self):
        self.read_meters({1: 1040})
        record = self.read_meters({1: 1030}, day="2026-10-10")
        self.assertEqual(record.line_ids.code, "DATE")
        self.assertFalse(record.reading_ids)

    def test_long_period_and_stopped_account(self):
        record = self.read_meters({1: 1060}, day="2026-11-20")
        self.assertEqual(self.codes(record)["T000001"], ("validated", "LONG"))
        self.accounts[1].state = "stopped"
        record = self.read_meters({2: 1030})
        self.assertEqual(self.codes(record)["T000002"], ("validated", "STOP"))
        self.assertTrue(self.accounts[1].activity_ids)

    def test_mean_of_six_bills(self):
        months = [("2026-10", 1100), ("2026-11", 1200), ("2026-12", 1300)]
        months += [("2027-01", 1400), ("2027-02", 1500), ("2027-03", 1600)]
        self.make_accounts(1, first=30, 月均用量="100")
        previous, since = 1000, "2026-09-20"
        for period, value in months:
            day = f"{period}-20"
            self.read_meters({30: value}, day=day, previous=previous)
            self.bill(period=period, first=since, last=day)
            previous, since = value, day
        self.env["gas.service.point"].search(
            [("code", "=", "T000030")]
        ).opening_mean = 1
        reading = self.read_meters(
            {30: 1700}, day="2027-04-20", previous=1600
        ).reading_ids
        self.assertEqual((reading.mean, reading.vee_codes), (100, False))
        history = reading.history
        self.assertEqual(
            [month["period"] for month in history["months"]],
            [period for period, _value in months],
        )
        self.assertEqual({month["volume"] for month in history["months"]}, {100.0})

    # === THREE TIMES ZERO, TASKS ===#

    def test_zero_three_times(self):
        account = self.accounts[0]
        since = "2026-09-20"
        for period in ("2026-10", "2026-11", "2026-12"):
            day = f"{period}-20"
            self.assertFalse(account.activity_ids)
            self.read_meters({1: 1000}, day=day)
            self.bill(period=period, first=since, last=day)
            since = day
        self.assertEqual(len(account.activity_ids), 1)
        self.read_meters({1: 1000}, day="2027-01-20")
        self.assertEqual(len(account.activity_ids), 1, "the same task is not repeated")

    # === ENTRY BY HAND ===#

    def test_form(self):
        form = Form(
            self.env["gas.reading"].with_user(self.users["clerk"]),
            "cs_gas_billing.gas_reading_view_form",
        )
        form.account_id = self.accounts[0]
        self.assertEqual(form.install_id.meter_id.serial, "TM000001")
        self.assertEqual(form.prev_value, 1000)
        form.read_date = "2026-10-20"
        form.value = 1035
        self.assertEqual(form.usage, 35)
        form.value = 1400
        self.assertEqual(form.vee_codes, "HIGH")
        form.note = "behind the shed"
        reading = form.save()
        self.assertEqual((reading.state, reading.source), ("held", "manual"))
        self.assertEqual(reading.reader, self.users["clerk"].name)
        self.assertEqual(reading.previous_id.source, "opening")

    def test_entry_by_account(self):
        readings = self.env["gas.reading"].with_user(self.users["clerk"])
        values = {"read_date": "2026-10-20", "value": 1040}
        reading = readings.create({"account_id": self.accounts[0].id, **values})
        self.assertEqual((reading.state, reading.usage), ("validated", 40))
        for wrong in (
            {"account_id": self.accounts[0].id, **values},  # the same day again
            {"account_id": self.accounts[1].id, **values, "value": -1},
            {"account_id": self.accounts[1].id, **values, "value": 100000},
            {"account_id": self.accounts[1].id, **values, "source": "opening"},
            {"account_id": self.accounts[1].id, **values, "state": "billed"},
            values,
        ):
            with self.assertRaises(UserError, msg=wrong), self.env.cr.savepoint():
                readings.create(wrong)

    def test_forged_defaults(self):
        readings = self.env["gas.reading"].with_user(self.users["clerk"])
        forged = readings.with_context(
            default_state="billed", default_decision="accepted", default_usage=1
        )
        reading = forged.create(
            {
                "account_id": self.accounts[0].id,
                "read_date": "2026-10-20",
                "value": 1400,
            }
        )
        self.assertEqual((reading.state, reading.decision), ("held", False))
        self.assertEqual(reading.usage, 400)

    def test_reader_enters_his_own_books_only(self):
        mine, foreign = self.accounts[0], self.accounts[1]
        foreign.book_id = self.env["gas.book"].create({"code": "T99"})
        mine.book_id.reader_id = self.users["reader"]
        readings = self.env["gas.reading"].with_user(self.users["reader"])
        values = {"read_date": "2026-10-20", "value": 1040}
        reading = readings.create({"account_id": mine.id, **values})
        self.assertEqual(reading.state, "validated")
        install = self.env["gas.meter.install"].search(
            [("meter_id.serial", "=", "TM000002")]
        )
        for wrong in ({"account_id": foreign.id}, {"install_id": install.id}):
            with self.assertRaises(AccessError):
                readings.create({**wrong, **values})
        self.assertEqual(readings.search([("source", "=", "manual")]), reading)

    def test_a_reading_is_not_changed(self):
        reading = self.read_meters({1: 1040}).reading_ids
        manager = reading.with_user(self.users["manager"])
        for values in ({"value": 5}, {"state": "held"}, {"usage": 1}, {"photo": False}):
            with self.assertRaises(UserError):
                manager.write(values)
        manager.note = "ladder needed"
        with self.assertRaises(AccessError):
            manager.unlink()
        account = self.accounts[0].with_user(self.users["clerk"])
        for command in ((1, reading.id, {"value": 1}), (2, reading.id), (5,)):
            with self.assertRaises(UserError):
                account.write({"reading_ids": [command]})

    # === QUERIES ===#

    def test_queries_do_not_grow_with_lines(self):
        self.make_accounts(400, first=1000)

        def count(numbers, day):
            rows = [self.reading_row(number, 1040, day=day) for number in numbers]
            data = self.to_csv(READING_HEADER, rows)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            record = self.load("gas.reading.import", data)
            self.assertEqual(record.ok_count, len(rows))
            return self.env.cr.sql_log_count - before

        count(range(1000, 1002), "2026-10-18")  # caches
        few = count(range(1000, 1040), "2026-10-20")
        many = count(range(1040, 1400), "2026-10-20")
        self.assertLessEqual(many, few + 5, f"{few} queries for 40, {many} for 360")

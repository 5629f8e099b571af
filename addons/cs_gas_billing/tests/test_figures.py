"""The month's figures: as they stood on a day, with the rows behind each."""

import io
import json

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from odoo.addons.cs_base.tests.common import RpcCase

from ..models.account_move import GAS_KEY
from ..models.gas_figures import COMPARED
from .test_hall import HallCommon

MONTH_END = "2026-10-31"
LATER = "2027-01-31"


class FiguresCommon(HallCommon):
    """October: 120.15, 80.10 and 106.80; what happens to it later."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second, cls.third = cls.accounts[1:]

    def figures(self, cut_off, period="2026-10", role="manager"):
        return (
            self.env["gas.dashboard"].with_user(self.users[role]).get(period, cut_off)
        )

    def rows(self, figure, cut_off, key=None, period="2026-10", role="manager"):
        """Return the records that the screen shows behind a figure."""
        action = (
            self.env["gas.dashboard"]
            .with_user(self.users[role])
            .open_rows(figure, period, cut_off, key)
        )
        # as the client gets and gives it back
        action = json.loads(json.dumps(action, default=str))
        self.env.invalidate_all()
        records = self.env[action["res_model"]].with_user(self.users[role])
        return records.with_context(**action["context"]).search(action["domain"])

    def correct(self, bill, value):
        correction = (
            self.env["gas.correction"]
            .with_user(self.users["clerk"])
            .create({"bill_id": bill.id, "kind": "reading", "reason": "misread"})
        )
        row = correction.reading_ids.filtered(
            lambda row: row.reading_id in bill.reading_ids
        )
        correction.write(
            {"reading_ids": [Command.update(row.id, {"new_value": value})]}
        )
        correction.action_request()
        correction.with_user(self.users["manager"]).action_approve()
        return correction.sudo().new_bill_ids

    def tell_story(self):
        """Pay in time, misread and rebilled in November, pay late, bill again."""
        with freeze_time("2026-10-28 02:00:00"):
            self.collect()
        with freeze_time("2026-11-10 02:00:00"):
            self.correct(self.account.bill_ids, 1035)
        with freeze_time("2026-11-12 02:00:00"):
            self.collect(account=self.second)


@tagged("post_install", "-at_install", "gas_figures")
class TestFigures(FiguresCommon):
    def assertMonth(self, cut_off, billed, collected, rate, count=3):
        month = self.figures(cut_off)["month"]
        self.assertEqual(
            (month["billed"], month["collected"], month["rate"], month["count"]),
            (billed, collected, rate, count),
        )

    def test_by_hand(self):
        """Billed, collected and rate on every day of the story."""
        self.tell_story()
        self.assertMonth("2026-10-24", 0, 0, None, count=0)
        self.assertMonth("2026-10-27", 307.05, 0, 0)
        self.assertMonth("2026-10-28", 307.05, 120.15, 39.1)
        self.assertMonth("2026-11-09", 307.05, 120.15, 39.1)
        # 35 m³ instead of 45: 93.45; the money pays the new bill
        self.assertMonth("2026-11-10", 280.35, 93.45, 33.3)
        self.assertMonth("2026-11-12", 280.35, 173.55, 61.9)

    def test_closed_month_stays(self):
        """Whatever comes later, the figures up to a day are what they were."""
        with freeze_time("2026-10-28 02:00:00"):
            self.collect()
        before = self.figures(MONTH_END)
        shown = self.rows("bucket", MONTH_END, "d30") | self.rows("open", MONTH_END)
        with freeze_time("2026-11-10 02:00:00"):
            self.correct(self.account.bill_ids, 1035)
        with freeze_time("2026-11-12 02:00:00"):
            self.collect(account=self.second)
        self.bill_next_month()
        with freeze_time("2026-11-30 02:00:00"):
            self.collect(account=self.third)
        after = self.figures(MONTH_END)
        for key in ("month", "open", "aging", "reading", "tiers", "books", "trend"):
            self.assertEqual(after[key], before[key], key)
        self.assertEqual(self.rows("open", MONTH_END), shown)

    def test_credit_counts_when_it_pays(self):
        """Money in advance is collected on the day there is a bill for it."""
        with freeze_time("2026-10-28 02:00:00"):
            self.collect(500, keep_credit=True)
        self.bill_next_month()
        november = self.figures(LATER, period="2026-11")["month"]
        self.assertEqual(november["collected"], 90.78)
        early = self.figures("2026-11-19", period="2026-11")["month"]
        self.assertEqual((early["billed"], early["collected"]), (0, 0))

    def test_receipt_taken_back(self):
        """A receipt that was reversed collected nothing, not even on its day."""
        with freeze_time("2026-10-28 02:00:00"):
            receipt = self.collect()
            receipt.with_user(self.users["cashier"]).action_reverse("wrong account")
        self.assertMonth("2026-10-28", 307.05, 0, 0)

    def test_undone_later_is_kept(self):
        """A matching undone on a later day keeps its days in the figures."""
        with freeze_time("2026-10-28 02:00:00"):
            receipt = self.collect()
        with freeze_time("2026-11-03 02:00:00"):
            matches = self.account.bill_ids.move_line_id.matched_credit_ids
            matches.with_context(gas_key=GAS_KEY).unlink()
        self.assertMonth("2026-10-28", 307.05, 120.15, 39.1)
        self.assertMonth("2026-11-02", 307.05, 120.15, 39.1)
        self.assertMonth("2026-11-03", 307.05, 0, 0)
        trace = self.env["gas.settlement.undone"].search([])
        self.assertEqual(
            (trace.bill_id, trace.amount, str(trace.date), str(trace.undone_on)),
            (receipt.line_ids.bill_id, 120.15, "2026-10-28", "2026-11-03"),
        )

    def test_aging_counts_from_the_first_due_date(self):
        """A bill made again later is as old as the one it replaces."""
        due = self.account.bill_ids.date_due
        with freeze_time("2026-12-10 02:00:00"):
            new = self.correct(self.account.bill_ids, 1035)
            new.date_due = "2027-01-31"
        rows = self.rows("open", "2027-01-31")
        row = rows.filtered(lambda row: row.bill_id == new)
        self.assertEqual(row.date_due, due)
        self.assertEqual((row.days, row.bucket), (92, "d180"))

    def test_buckets(self):
        for day, bucket in (
            ("2026-10-30", "not_due"),
            ("2026-10-31", "d30"),
            ("2026-11-30", "d30"),
            ("2026-12-01", "d60"),
            ("2027-01-29", "d90"),
            ("2027-01-30", "d180"),
            ("2027-10-31", "d365"),
            ("2027-11-01", "older"),
        ):
            with self.subTest(day=day):
                aging = self.figures(day)["aging"]
                self.assertEqual(
                    {row["bucket"]: row["amount"] for row in aging if row["amount"]},
                    {bucket: 307.05},
                )
                self.assertEqual(
                    self.rows("bucket", day, bucket).mapped("bucket"), [bucket] * 3
                )

    def test_rows_behind_every_figure(self):
        """Count and sum of the rows are the figure that was clicked."""
        self.tell_story()
        for day in (MONTH_END, "2026-11-30"):
            data = self.figures(day)
            month = data["month"]
            for figure, column, amount in (
                ("billed", "amount", month["billed"]),
                ("collected", "collected", month["collected"]),
                ("unpaid", "open", month["open"]),
                ("open", "open", data["open"]["amount"]),
            ):
                with self.subTest(day=day, figure=figure):
                    rows = self.rows(figure, day)
                    self.assertAlmostEqual(sum(rows.mapped(column)), amount, 2)
            self.assertEqual(len(self.rows("billed", day)), month["count"])
            self.assertEqual(len(self.rows("open", day)), data["open"]["count"])
            for row in data["aging"]:
                rows = self.rows("bucket", day, row["bucket"])
                self.assertEqual(len(rows), row["count"])
            for figure, group in (("book", "books"), ("community", "communities")):
                for row in data[group]:
                    rows = self.rows(figure, day, row["key"])
                    self.assertEqual(len(rows), row["count"])
                    self.assertAlmostEqual(sum(rows.mapped("open")), row["open"], 2)
            for row in data["tiers"]:
                lines = self.rows("tier", day, row["tier"])
                self.assertEqual(len(lines), row["count"])
                self.assertAlmostEqual(sum(lines.mapped("amount")), row["amount"], 2)

    def test_account_rows_are_the_bills(self):
        self.tell_story()
        aging = self.env["gas.aging"].with_user(self.users["clerk"])
        for day in (MONTH_END, LATER):
            self.env.invalidate_all()
            records = aging.with_context(gas_as_of=day).search([])
            data = self.figures(day)
            self.assertAlmostEqual(
                sum(records.mapped("open")), data["open"]["amount"], 2
            )
            for row in data["aging"]:
                total = sum(records.mapped(row["bucket"]))
                self.assertAlmostEqual(total, row["amount"], 2)
            for record in records:
                action = record.action_positions()
                bills = self.env["gas.position"].with_context(**action["context"])
                self.assertEqual(
                    bills.search_count(action["domain"]), record.bill_count
                )

    def test_rate_of_a_group_is_that_of_its_sums(self):
        self.tell_story()
        [group] = (
            self.env["gas.position"]
            .with_context(gas_as_of=MONTH_END)
            ._read_group(
                [("period", "=", "2026-10")],
                ["period"],
                ["amount:sum", "collected:sum", "rate:avg"],
            )
        )
        self.assertEqual(group, ("2026-10", 307.05, 120.15, 39.1))

    def test_reading_rate(self):
        """Four meters due in November: read, held, missed and estimated."""
        with freeze_time("2026-11-20 02:00:00"):
            self.read_meters({1: 1079}, day="2026-11-20", previous=1045)
            self.read_meters({2: 5000}, day="2026-11-20", previous=1030)
            run = self.bill(period="2026-11", first="2026-11-01", last="2026-11-30")
        reading = self.figures("2026-11-30", period="2026-11")["reading"]
        self.assertEqual(
            (reading["due"], reading["read"], reading["held"], reading["missed"]),
            (3, 2, 1, 1),
        )
        self.assertEqual(reading["rate"], 66.7)
        for kind in ("held", "missed"):
            rows = self.rows(kind, "2026-11-30", period="2026-11")
            self.assertEqual(rows.mapped("kind"), [kind])
            self.assertEqual(rows.run_id, run)
        # billed in December for November: missed on the last of November still
        with freeze_time("2026-12-05 02:00:00"):
            self.read_meters({3: 1080}, day="2026-11-25", previous=1040)
            again = self.make_run(
                period="2026-11", first="2026-11-01", last="2026-11-30"
            )
            again.accounting_date = "2026-12-05"
            self.bill(run=again)
        self.assertEqual(len(self.rows("missed", "2026-11-30", period="2026-11")), 1)
        self.assertFalse(self.rows("missed", "2026-12-31", period="2026-11"))
        reading = self.figures("2026-12-31", period="2026-11")["reading"]
        self.assertEqual((reading["due"], reading["missed"]), (3, 0))

    def test_usage_drop(self):
        """A commercial month below 60 % of the mean of at least three before."""
        self.make_accounts(2, first=11, 用户类别="公建", 气价="T-COM", 月均用量="100")
        self.env["gas.meter"].search([("serial", "in", ("TM000011", "TM000012"))])[
            :2
        ].qmax = 100
        registers = {11: [1100, 1200, 1300, 1359], 12: [1100, 1200, 1300, 1360]}
        for number, day in enumerate(
            ("2026-10-21", "2026-11-21", "2026-12-21", "2027-01-21")
        ):
            with freeze_time(f"{day} 02:00:00"):
                for meter, values in registers.items():
                    before = values[number - 1] if number else 1000
                    self.read_meters({meter: values[number]}, day=day, previous=before)
                self.env["gas.reading"].search([("state", "=", "held")]).sudo().write(
                    {"state": "validated"}
                )
                self.bill(period=day[:7], first=f"{day[:7]}-01", last=f"{day[:7]}-28")
        drops = self.figures("2027-01-31", period="2027-01")["drops"]
        self.assertEqual(drops["count"], 1)
        self.assertEqual(
            [(row["code"], row["volume"], row["mean"]) for row in drops["rows"]],
            [("T000011", 59, 100)],
        )
        rows = self.rows("drop", "2027-01-31", period="2027-01")
        self.assertEqual((rows.account_id.code, rows.months), ("T000011", 3))
        self.assertFalse(self.rows("drop", "2026-12-31", period="2026-12"))

    def test_default_month_and_day(self):
        with freeze_time("2026-11-05 02:00:00"):
            data = self.figures(None, period=None)
            self.assertEqual(
                (data["period"], data["cut_off"]), ("2026-10", "2026-11-05")
            )
        with freeze_time("2026-10-27 02:00:00"):
            self.assertEqual(self.figures(None)["cut_off"], MONTH_END)

    def test_empty_company(self):
        company = self.env["res.company"].create({"name": "Other Gas"})
        self.users["clerk"].write(
            {"company_ids": [Command.set(company.ids)], "company_id": company.id}
        )
        data = self.figures(None, period=None, role="clerk")
        self.assertTrue(data["empty"])
        self.assertEqual(data["open"], {"amount": 0, "count": 0})

    def test_bad_month_and_day_are_refused(self):
        for period, day in (
            ("2026-13", None),
            ("x", None),
            ("2026-10", "31.10.2026"),
            ("2026-10", "2026-02-30"),
        ):
            with self.assertRaises(UserError):
                self.figures(day, period=period)
        with self.assertRaises(UserError):
            self.rows("nothing", MONTH_END)
        positions = self.env["gas.position"].with_context(gas_as_of="today'")
        with self.assertRaises(UserError):
            positions.search([])

    def test_queries_do_not_grow(self):
        """The figures take as many statements for many bills as for few."""

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.figures(MONTH_END)
            return self.env.cr.sql_log_count - before

        self.figures(MONTH_END)
        few = count()
        self.make_accounts(30, first=101)
        with freeze_time("2026-10-25 02:00:00"):
            self.read_meters({number: 1040 for number in range(101, 131)})
            self.bill()
        self.assertLessEqual(count(), few + 1)
        self.assertLess(few, 40)
        self.assertLessEqual(len(self.figures(MONTH_END)["books"]), COMPARED)


@tagged("post_install", "-at_install", "gas_figures")
class TestFiguresAccess(FiguresCommon, RpcCase):
    def test_roles(self):
        for role in ("clerk", "manager", "accountant", "auditor"):
            self.assertEqual(self.figures(MONTH_END, role=role)["month"]["count"], 3)
            self.assertEqual(len(self.rows("billed", MONTH_END, role=role)), 3)
            self.assertEqual(len(self.rows("tier", MONTH_END, 1, role=role)), 3)
            self.assertFalse(self.rows("missed", MONTH_END, role=role))
        for role in ("reader", "cashier"):
            with self.assertRaises(AccessError):
                self.figures(MONTH_END, role=role)
            with self.assertRaises(AccessError):
                self.rows("billed", MONTH_END, role=role)
            for model in ("gas.position", "gas.aging", "gas.usage.drop"):
                with self.assertRaises(AccessError):
                    self.env[model].with_user(self.users[role]).search([])

    def test_services_are_closed(self):
        """The services behind the screen can't be called by a client."""
        for model, method in (
            ("gas.figures", "_get_bills"),
            ("gas.statement.lines", "_get_statements"),
            ("gas.settlement.undone", "_keep"),
        ):
            self.assertNoAccess("manager", model, method)

    def test_companies_are_apart(self):
        company = self.env["res.company"].create({"name": "Other Gas"})
        clerk = self.users["clerk"]
        clerk.write(
            {"company_ids": [Command.set(company.ids)], "company_id": company.id}
        )
        self.assertEqual(self.figures(MONTH_END, role="clerk")["month"]["count"], 0)
        for model in ("gas.position", "gas.aging", "gas.usage.drop"):
            self.assertFalse(self.env[model].with_user(clerk).search([]))

    def test_workbook(self):
        """The workbook has numbers that can be added up, and is for the same people."""
        self.authenticate("gas_manager", "gas_manager")
        url = f"/cs_gas/figures.xlsx?period=2026-10&cut_off={MONTH_END}"
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, 200)
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        self.assertEqual(len(book.sheetnames), 4)
        rates = list(book.worksheets[1].values)
        self.assertEqual(sum(row[5] for row in rates[1:]), 307.05)
        aging = list(book.worksheets[2].values)
        self.assertEqual(
            [row[8] for row in aging[1:]], [120.15, 80.1, 106.8], "in walking order"
        )
        self.assertTrue(all("****" in row[4] for row in aging[1:]))
        self.assertEqual(aging[1][7].date().isoformat(), MONTH_END)
        self.assertEqual(self.url_open(f"{url}x").status_code, 404)
        self.authenticate("gas_cashier", "gas_cashier")
        self.assertEqual(self.url_open(url).status_code, 404)

    def test_dashboard_tour(self):
        manager = self.users["manager"]
        self.tell_story()
        with freeze_time("2026-11-30 02:00:00"):
            self.start_tour("/odoo/gas-dashboard", "gas_dashboard", login=manager.login)

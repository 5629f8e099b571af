import base64
import io

from pypdf import PdfReader

from odoo.tests import HttpCase, tagged

from ..report.qr import qr_data_uri
from .common import GasCommon

REPORT = "cs_gas_billing.gas_bill_report"


@tagged("post_install", "-at_install")
class TestBillPdf(GasCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accounts = cls.make_accounts(3, 户名="王小明")
        cls.bill_months = {}
        for period, day, values in (
            ("2026-10", "2026-10-20", {1: 1380, 2: 1020, 3: 1000}),
            ("2026-11", "2026-11-20", {1: 1400}),
        ):
            previous = "1380" if period == "2026-11" else "1000"
            done = cls.read_meters(values, day=day, 上期读数=previous)
            held = cls.env["gas.reading"].search(
                [("import_id", "=", done.id), ("state", "=", "held")]
            )
            held.sudo().write({"state": "validated"})
            run = cls.bill(period=period, first=f"{period}-01", last=f"{period}-28")
            cls.bill_months[period] = run.sudo().bill_ids.sorted("book_seq")

    def facts(self, bill, role="cashier"):
        report = self.env["report.cs_gas_billing.report_gas_bill"]
        return report.with_user(self.users[role])._get_report_values(bill.ids)["facts"][
            bill.id
        ]

    def render(self, bills, role="cashier", force=True):
        report = self.env["ir.actions.report"].with_user(self.users[role])
        report = report.with_context(force_report_rendering=force)
        return report._render_qweb_pdf(REPORT, bills.ids)[0]

    def test_pdf_has_chinese_text_and_amounts(self):
        bill = self.bill_months["2026-10"][0]
        pages = PdfReader(io.BytesIO(self.render(bill))).pages
        self.assertEqual(len(pages), 1)
        text = pages[0].extract_text()
        for wanted in (
            bill.name,
            "T000001",
            "王小明",
            "测试苑",
            "TM000001",
            "2026-10-20",
            "1380",
            f"{bill.amount_total:.2f}",
            *(f"{line.amount:.2f}" for line in bill.line_ids),
        ):
            self.assertIn(wanted, text)
        self.assertEqual(len(bill.line_ids), 2, "two tiers are printed")
        width, height = (float(side) / 72 * 25.4 for side in pages[0].mediabox[2:])
        self.assertAlmostEqual(width, 148, delta=1)
        self.assertAlmostEqual(height, 210, delta=1)

    def test_many_bills_are_one_document_in_order(self):
        bills = self.bill_months["2026-10"]
        pages = PdfReader(io.BytesIO(self.render(bills, "clerk"))).pages
        self.assertEqual(len(pages), 3)
        for page, bill in zip(pages, bills, strict=True):
            self.assertIn(bill.name, page.extract_text())

    def test_arrears_and_total_due(self):
        bill = self.bill_months["2026-11"]
        before = self.bill_months["2026-10"][0]
        facts = self.facts(bill)
        self.assertAlmostEqual(facts["arrears"], before.amount_total)
        self.assertAlmostEqual(
            facts["total_due"], before.amount_total + bill.amount_total
        )
        self.assertEqual(
            [m["period"] for m in facts["history"]], ["2026-10", "2026-11"]
        )
        self.assertEqual(self.facts(before)["arrears"], 0)

    def test_tiers_left_after_the_bill(self):
        first, second, _zero = self.bill_months["2026-10"]
        self.assertEqual(self.facts(first)["tiers"]["left"], "220")
        tiers = self.facts(second)["tiers"]
        self.assertEqual((tiers["tier"], tiers["left"]), (1, "340"))
        self.assertIn("340", self.facts(second)["texts"]["left"])

    def test_late_fee_rule_in_words(self):
        text = self.facts(self.bill_months["2026-10"][0])["texts"]["fee"]
        for wanted in ("2026-11-21", "0.3", "0.5"):
            self.assertIn(wanted, text)

    def test_printing_by_book_and_order(self):
        run = self.bill_months["2026-10"].run_id
        action = run.with_user(self.users["clerk"]).action_print_bills()
        self.assertEqual(
            action["context"]["active_ids"], self.bill_months["2026-10"].ids
        )

    def test_qr_is_a_picture_without_a_request(self):
        uri = qr_data_uri("GASBILL:2610000001")
        kind, _comma, data = uri.partition(",")
        self.assertEqual(kind, "data:image/svg+xml;base64")
        self.assertIn("GASBILL:2610000001", base64.b64decode(data).decode())

    def test_facts_take_few_queries_for_many_bills(self):
        report = self.env["report.cs_gas_billing.report_gas_bill"]
        bills = self.bill_months["2026-10"]

        def count(ids):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            report._get_report_values(ids)
            return self.env.cr.sql_log_count - before

        count(bills.ids)
        self.assertLessEqual(count(bills.ids), count(bills[:1].ids) + 3)

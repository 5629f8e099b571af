"""Out to the handheld and back, and the reader's sign-off list."""

import csv
import io

import openpyxl

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from .common import GasCommon


@tagged("post_install", "-at_install")
class TestReadingRoute(GasCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accounts = cls.make_accounts(4)
        cls.book = cls.accounts.book_id
        cls.book.reader_id = cls.users["reader"]
        cls.other_book = cls.env["gas.book"].create({"code": "T02"})
        cls.accounts[3].book_id = cls.other_book
        for user in cls.users.values():
            user.password = user.login

    def fetch(self, role, books, **options):
        self.authenticate(f"gas_{role}", f"gas_{role}")
        ids = ",".join(map(str, books.ids)) if books else ""
        query = "".join(f"&{key}={value}" for key, value in options.items())
        return self.url_open(f"/cs_gas/route?books={ids}{query}")

    def rows(self, response):
        text = response.content.decode("gb18030")
        return list(csv.DictReader(io.StringIO(text)))

    def test_route_in_walking_order(self):
        self.accounts[0].book_seq = 9
        self.accounts[1].partner_id.name = "=HYPERLINK(1)"
        response = self.fetch("reader", self.book)
        self.assertEqual(response.status_code, 200)
        self.assertIn("attachment", response.headers["Content-Disposition"])
        rows = self.rows(response)
        self.assertEqual(
            [row["用户编号"] for row in rows], ["T000002", "T000003", "T000001"]
        )
        self.assertEqual(rows[0]["户名"], "'=HYPERLINK(1)")
        self.assertEqual(rows[0]["上期读数"], "1000")
        self.assertEqual(rows[0]["抄表员"], self.users["reader"].name)
        self.assertNotIn("138", response.content.decode("gb18030"), "no phones")
        event = self.env["cs.event"].sudo().search([], limit=1)
        self.assertEqual(
            (event.action, event.res_id), ("gas.route.export", self.book.id)
        )

    def test_route_comes_back_as_a_reading_file(self):
        response = self.fetch("clerk", self.book)
        text = response.content.decode("gb18030")
        header, *lines = list(csv.reader(io.StringIO(text)))
        for line in lines[:2]:
            line[header.index("本期读数")] = "1040"
            line[header.index("抄表日期")] = "2026-10-20"
        buffer = io.StringIO()
        csv.writer(buffer).writerows([header, *lines])
        record = self.load("gas.reading.import", buffer.getvalue().encode("gb18030"))
        self.assertEqual((record.ok_count, record.rejected_count), (2, 1))
        self.assertEqual(
            record.line_ids.filtered(lambda l: l.state == "rejected").code, "UNREAD"
        )
        again = self.rows(self.fetch("clerk", self.book))
        self.assertEqual([row["上期读数"] for row in again], ["1040", "1040", "1000"])

    def test_spreadsheet(self):
        response = self.fetch("clerk", self.book | self.other_book, filetype="xlsx")
        sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
        self.assertEqual(sheet.max_row, 5)
        self.assertEqual((sheet["A2"].value, sheet["E2"].value), ("T000001", 1000))

    def test_who_may(self):
        self.assertEqual(self.fetch("reader", self.other_book).status_code, 403)
        self.assertEqual(
            self.fetch("reader", self.book | self.other_book).status_code, 403
        )
        for role in ("cashier", "accountant", "auditor"):
            self.assertEqual(self.fetch(role, self.book).status_code, 403, role)
        self.assertEqual(self.fetch("manager", self.book).status_code, 200)
        self.assertEqual(self.fetch("clerk", None).status_code, 404)
        self.assertEqual(
            self.fetch("clerk", self.book, filetype="exe").status_code, 404
        )
        self.authenticate(None, None)
        response = self.url_open(f"/cs_gas/route?books={self.book.id}")
        self.assertIn("/web/login", response.url)

    def test_book_buttons(self):
        action = self.book.action_export_route()
        self.assertIn(f"books={self.book.id}", action["url"])
        self.assertEqual(self.book.action_signoff()["res_model"], "gas.signoff")

    # === SIGN-OFF LIST ===#

    def signoff(self, role="clerk", **values):
        return self.env["gas.signoff"].with_user(self.users[role]).create(values)

    def pages(self, wizard):
        report = self.env["report.cs_gas_billing.report_gas_signoff"]
        return report.with_env(wizard.env)._get_report_values(wizard.ids)["pages"]

    def test_signoff_list(self):
        record = self.read_meters({1: 1200, 2: 1040, 3: 1000, 4: 1050})
        pages = self.pages(self.signoff(import_id=record.id))
        self.assertEqual([page["book"] for page in pages], [self.book, self.other_book])
        first, second = pages
        self.assertEqual(first["counts"], {"all": 3, "exceptions": 2, "held": 1})
        self.assertEqual(
            [section["kind"] for section in first["sections"]], ["exceptions", "all"]
        )
        self.assertEqual([section["kind"] for section in second["sections"]], ["all"])
        self.assertEqual((second["number"], second["total"]), (2, 2))

    def test_signoff_list_of_many_readings_has_pages(self):
        self.make_accounts(60, first=100)
        record = self.read_meters({n: 1000 if n % 2 else 1040 for n in range(100, 160)})
        pages = self.pages(self.signoff(import_id=record.id))
        self.assertGreater(len(pages), 3)
        shown = [
            row[1].id
            for page in pages
            for section in page["sections"]
            if section["kind"] == "all"
            for row in section["rows"]
        ]
        self.assertEqual(len(shown), 60)
        self.assertEqual(len(set(shown)), 60)
        self.assertEqual([bool(page.get("signature")) for page in pages][-1], True)

    def test_signoff_list_by_days_and_rights(self):
        self.read_meters({1: 1200, 4: 1050})
        days = {"date_from": "2026-10-01", "date_to": "2026-10-31"}
        self.assertEqual(self.signoff(**days).reading_count, 2)
        self.assertEqual(self.signoff("reader", **days).reading_count, 1)
        self.assertEqual(self.signoff(**days, exceptions_only=True).reading_count, 1)
        with self.assertRaises(UserError):
            self.signoff(date_from="2020-01-01", date_to="2020-01-02").action_print()

    def test_signoff_document(self):
        record = self.read_meters({1: 1200, 2: 1040})
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html(
                "cs_gas_billing.report_gas_signoff",
                self.signoff(import_id=record.id).ids,
            )[0]
            .decode()
        )
        for text in ("T000001", "TM000002", "1200"):
            self.assertIn(text, html)

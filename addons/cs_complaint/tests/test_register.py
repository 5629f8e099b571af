import datetime
import io

import openpyxl
from lxml import etree
from pypdf import PdfReader

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from .common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestRegister(ComplaintCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls._complaint("agent", subject="=1+1", premises_id=cls.premises.id)
        cls.secret = cls._complaint("agent", subject="About an inspector")
        identities = cls.env["cs.complaint.identity"].sudo()
        identities.search(
            [("complaint_id", "in", (cls.case + cls.secret).ids)]
        ).unlink()
        for case in cls.case + cls.secret:
            identities.create(
                {
                    "complaint_id": case.id,
                    "partner_id": cls.customer.id,
                    "phone": "13800001234",
                }
            )
        cls.secret.sudo().write({"masked": True})
        cls.env.flush_all()

    def _register(self, login, **values):
        ids = self._rpc(login, "cs.complaint.register", "create", [values])
        registers = self.env["cs.complaint.register"].with_user(self.users[login])
        return registers.browse(ids)

    def _html(self, report, records):
        reports = self.env["ir.actions.report"].with_user(records.env.user)
        html, _kind = reports._render_qweb_html(f"cs_complaint.{report}", records.ids)
        return html.decode()

    def test_paper(self):
        """The register names who may be known, phones masked, with room to sign."""
        html = self._html("cs_complaint_register_report", self._register("leader"))
        self.assertIn(self.case.name, html)
        self.assertIn("Zhang San", html)
        self.assertIn("138****1234", html)
        self.assertNotIn("13800001234", html)
        self.assertIn("=1+1", html)

    def test_pdf(self):
        """Real pages: no column slips where a cell is empty; two sheets are two."""
        reports = self.env["ir.actions.report"].with_context(
            force_report_rendering=True
        )
        self.case.sudo().premises_id = False
        register = self._register("leader")
        html = self._html("cs_complaint_register_report", register)
        root = etree.fromstring(html, etree.HTMLParser())
        grid = root.xpath("//table[contains(@class, 'grid')]")[0]
        counts = {len(row.xpath("./td|./th")) for row in grid.iter("tr")}
        self.assertEqual(len(counts), 1, counts)
        self.case.sudo().write({"state": "closed", "is_open": False})
        other = self._complaint("agent", subject="Another")
        sheets = (self.case + other).ids
        pdf, _kind = reports._render_qweb_pdf(
            "cs_complaint.cs_complaint_sheet_report", sheets
        )
        self.assertEqual(len(PdfReader(io.BytesIO(pdf)).pages), 2)

    def test_masked(self):
        """Nobody masked is named on paper, not even for those who know him."""
        for login in ("masked", "leader", "auditor"):
            register = self._register(login)
            cases = self.secret.with_user(self.users[login])
            if not cases.with_context(active_test=False)._filtered_access("read"):
                continue
            row = register._get_rows(cases)[0]
            self.assertNotIn("Zhang", row["complainant"])
            self.assertEqual((row["phone"], row["content"]), ("", ""))
            if self.secret in register._get_cases():
                html = self._html("cs_complaint_sheet_report", cases)
                self.assertNotIn("Zhang San", html)

    def test_rights(self):
        """Who has no role in complaints has no register of them, nor a sheet."""
        for login in ("accused", "accountant"):
            with self.assertRaises(AccessError):
                self._register(login)
            with self.assertRaises(AccessError):
                self._html(
                    "cs_complaint_sheet_report", self.case.with_user(self.users[login])
                )

    def test_period(self):
        """The days are the company's: late in the evening belongs to its day."""
        company = self.env.company
        day = datetime.date(2019, 3, 31)
        late = company._cs_day_bounds(day)[1] - datetime.timedelta(minutes=1)
        self.case.sudo().write({"received_at": late})
        register = self._register("leader", date_from=day, date_to=day)
        self.assertEqual(register._get_cases().ids, self.case.ids)
        register = self._register(
            "leader", date_from="2019-04-01", date_to="2019-04-30"
        )
        self.assertFalse(register._get_cases())
        with self.assertRaises(UserError):
            self._rpc("leader", register._name, "action_print", register.ids)

    def test_workbook(self):
        """Real moments, texts as texts; nobody else's register can be fetched."""
        register = self._register("leader")
        self.authenticate("complaint_leader", "complaint_leader")
        response = self.url_open(f"/cs_complaint/register/{register.id}.xlsx")
        self.assertEqual(response.status_code, 200)
        sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
        rows = {row[0].value: row for row in sheet.iter_rows(min_row=2)}
        row = rows[self.case.name]
        self.assertIsInstance(row[2].value, datetime.datetime)
        self.assertEqual(row[7].value, "=1+1")
        self.assertEqual(row[7].data_type, "s")
        for login in ("agent", "accused"):
            self.authenticate(f"complaint_{login}", f"complaint_{login}")
            response = self.url_open(f"/cs_complaint/register/{register.id}.xlsx")
            self.assertEqual(response.status_code, 404)

    def test_sheet(self):
        """All steps of a case with room to sign; what is kept of it is internal."""
        html = self._html(
            "cs_complaint_sheet_report", self.case.with_user(self.users["leader"])
        )
        for number in range(5):
            self.assertTrue(self.case._cs_sheet_sections()[number]["sign"])
        self.assertIn(self.case.name, html)
        report = self.env.ref("cs_complaint.cs_complaint_sheet_report")
        streams = {self.case.id: {"stream": io.BytesIO(b"%PDF"), "attachment": None}}
        self.case.sudo().write({"state": "closed"})
        rows = report._prepare_pdf_report_attachment_vals_list(report, streams)
        self.assertTrue(rows)
        self.assertTrue(all(vals["cs_internal"] for vals in rows))

    def test_queries(self):
        """More cases on paper cost no more queries."""
        register = self._register("leader")
        register._get_rows(register._get_cases())

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            register._get_rows(register._get_cases())
            return self.env.cr.sql_log_count - start

        few = count()
        for _number in range(6):
            self._complaint("agent", received_at=fields.Datetime.now())
        self.assertLessEqual(count(), few + 1)

"""Account statements: every ledger item in words, to the cent."""

import io

import openpyxl
from pypdf import PdfReader

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, freeze_time, tagged

from ..models.account_move import GAS_KEY
from .test_figures import FiguresCommon

REPORT = "cs_gas_billing.gas_statement_report"


@tagged("post_install", "-at_install", "gas_figures")
class TestStatement(FiguresCommon, HttpCase):
    def wizard(self, accounts=None, role="clerk", **values):
        accounts = accounts or self.account
        return (
            self.env["gas.statement"]
            .with_user(self.users[role])
            .create(
                {
                    "account_ids": [Command.set(accounts.ids)],
                    "date_from": "2026-10-01",
                    "date_to": "2026-12-31",
                    **values,
                }
            )
        )

    def statement(self, *args, **values):
        [statement] = self.wizard(*args, **values)._get_statements()
        return statement

    def ledger(self, account, day="2026-12-31"):
        """What the books say the account owes."""
        lines = self.env["account.move.line"].search(
            [
                ("gas_account_id", "=", account.id),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("date", "<=", day),
            ]
        )
        return round(sum(lines.mapped("balance")), 2)

    def render(self, wizard, role="clerk"):
        report = self.env["ir.actions.report"].with_user(self.users[role])
        report = report.with_context(force_report_rendering=True)
        return PdfReader(io.BytesIO(report._render_qweb_pdf(REPORT, wizard.ids)[0]))

    def get_text(self, page):
        return "".join(page.extract_text().split())

    def test_opens_from_an_account(self):
        """The gear menu of an account brings the account along."""
        wizard = self.env["gas.statement"].with_user(self.users["clerk"])
        wizard = wizard.with_context(
            active_model="gas.account", active_ids=self.account.ids
        )
        spec = {"account_ids": {"fields": {"display_name": {}}}, "closing": {}}
        values = wizard.onchange({}, [], spec)["value"]
        [command] = values["account_ids"]
        self.assertEqual(command[1], self.account.id)

    def test_story(self):
        """Bill, payment, red bill and its successor, in order, with the balance."""
        self.tell_story()
        statement = self.statement()
        rows = [
            (
                row["date"].isoformat(),
                row["charge"] and float(row["charge"]),
                row["payment"] and float(row["payment"]),
                float(row["balance"]),
                row["red"],
            )
            for row in statement["rows"]
        ]
        self.assertEqual(
            rows,
            [
                ("2026-10-25", 120.15, None, 120.15, False),
                ("2026-10-28", None, 120.15, 0.0, False),
                ("2026-11-10", -120.15, None, -120.15, True),
                ("2026-11-10", 93.45, None, -26.70, False),
            ],
        )
        self.assertEqual(float(statement["charges"]), 93.45)
        self.assertEqual(float(statement["payments"]), 120.15)
        self.assertEqual(float(statement["closing"]), self.ledger(self.account))
        old = self.account.bill_ids.filtered(lambda bill: bill.state == "cancelled")
        new = self.account.bill_ids - old
        receipt = self.receipts()
        self.assertEqual(
            [row["document"] for row in statement["rows"]],
            [old.name, receipt.name, old.name, new.name],
        )
        texts = [row["text"] for row in statement["rows"]]
        self.assertIn("2026-10", texts[0])
        self.assertIn("Cash", texts[1])
        self.assertIn("Cancelled", texts[2])

    def test_opening_and_closing_meet(self):
        """Two statements one after the other: the one's end is the other's start."""
        self.tell_story()
        self.bill_next_month()
        for account in self.accounts:
            for day, after in (
                ("2026-10-24", "2026-10-25"),
                ("2026-10-31", "2026-11-01"),
                ("2026-11-10", "2026-11-11"),
            ):
                first = self.statement(account, date_to=day)
                second = self.statement(account, date_from=after)
                self.assertEqual(first["closing"], second["opening"])
                self.assertEqual(float(first["closing"]), self.ledger(account, day))
                self.assertEqual(float(second["closing"]), self.ledger(account))

    def test_late_fee_and_waiver(self):
        with freeze_time("2026-11-30 02:00:00"):
            waiver = (
                self.env["gas.latefee.waiver"]
                .with_user(self.users["clerk"])
                .create(
                    {
                        "bill_id": self.account.bill_ids.id,
                        "amount": 1.0,
                        "reason": "in hospital",
                    }
                )
            )
            waiver.action_request()
            approval = waiver.sudo().cs_approval_ids
            approval.with_user(self.users["manager"]).action_approve()
            self.collect()
        statement = self.statement()
        self.assertEqual(
            sorted(float(row["charge"] or 0) for row in statement["rows"]),
            [0, 2.5, 120.15],
        )
        self.assertEqual(statement["closing"], 0)
        self.assertEqual(
            [(float(row["amount"]), row["reason"]) for row in statement["waivers"]],
            [(1.0, "in hospital")],
        )

    def test_reversed_receipt_is_red(self):
        with freeze_time("2026-10-28 02:00:00"):
            receipt = self.collect()
            receipt.with_user(self.users["cashier"]).action_reverse("wrong account")
        statement = self.statement()
        self.assertEqual(
            [(row["payment"] and float(row["payment"]), row["red"])
             for row in statement["rows"]],
            [(None, False), (120.15, False), (-120.15, True)],
        )  # fmt: skip
        self.assertEqual(float(statement["closing"]), 120.15)

    def test_everybody_in_one_document(self):
        """Order of the numbers; each account's pages count from 1."""
        self.tell_story()
        wizard = self.wizard(self.accounts)
        statements = wizard._get_statements()
        self.assertEqual(
            [row["account"].code for row in statements],
            ["T000001", "T000002", "T000003"],
        )
        self.assertEqual(
            round(wizard.closing, 2), round(sum(map(self.ledger, self.accounts)), 2)
        )
        pages = self.render(wizard).pages
        self.assertEqual(len(pages), 3)
        text = self.get_text(pages[0])
        for wanted in ("T000001", "客户1", "测试苑", "120.15", "-26.70", "1/1"):
            self.assertIn(wanted, text)
        self.assertNotIn("T000002", text)

    def test_many_rows_go_on_numbered_pages(self):
        self.take_one_by_one(72)
        reader = self.render(self.wizard())
        pages = [self.get_text(page) for page in reader.pages]
        self.assertEqual(len(pages), 3)
        for number, page in enumerate(pages, 1):
            self.assertIn(f"{number}/3", page)
        self.assertIn("48.15", pages[2], "the balance stands at the end")

    def take_one_by_one(self, count):
        """Book so many payments of 1 yuan in one entry, an item each."""
        journal = self.company.gas_cash_journal_id
        item = {
            "account_id": self.account.bill_ids.move_line_id.account_id.id,
            "partner_id": self.account.partner_id.id,
            "gas_account_id": self.account.id,
            "balance": -1.0,
        }
        cash = {"account_id": journal.default_account_id.id, "balance": count}
        move = (
            self.env["account.move"]
            .with_context(gas_key=GAS_KEY)
            .create(
                {
                    "date": "2026-10-26",
                    "journal_id": journal.id,
                    "line_ids": [
                        Command.create(row) for row in [cash, *[item] * count]
                    ],
                }
            )
        )
        move.action_post()

    def test_workbook_adds_up(self):
        self.tell_story()
        wizard = self.wizard(self.accounts[:2])
        wizard.action_xlsx()
        self.authenticate("gas_clerk", "gas_clerk")
        answer = self.url_open(f"/cs_gas/statement/{wizard.id}.xlsx")
        self.assertEqual(answer.status_code, 200)
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        self.assertEqual(book.sheetnames, ["T000001", "T000002"])
        rows = list(book["T000001"].values)[5:]
        charges = sum(row[3] or 0 for row in rows[:-1])
        payments = sum(row[4] or 0 for row in rows[:-1])
        self.assertAlmostEqual(charges - payments, rows[-1][5], 2)
        self.assertEqual(rows[-1][5], -26.7)
        self.assertEqual(rows[1][0].date().isoformat(), "2026-10-25")
        self.authenticate("gas_reader", "gas_reader")
        answer = self.url_open(f"/cs_gas/statement/{wizard.id}.xlsx")
        self.assertEqual(answer.status_code, 404)

    def test_roles(self):
        for role in ("cashier", "clerk", "manager", "accountant", "auditor"):
            wizard = self.wizard(role=role)
            self.assertEqual(wizard.action_print()["type"], "ir.actions.report")
            self.assertEqual(wizard.closing, 120.15)
        with self.assertRaises(AccessError):
            self.wizard(role="reader")

    def test_accounts_of_others_are_refused(self):
        company = self.env["res.company"].create({"name": "Other Gas"})
        clerk = self.users["clerk"]
        wizard = self.wizard()
        clerk.write(
            {"company_ids": [Command.set(company.ids)], "company_id": company.id}
        )
        self.env.invalidate_all()
        with self.assertRaises(UserError):
            wizard.action_print()
        self.assertEqual(wizard._get_statements(), [])

    def test_wrong_choices_are_told(self):
        with self.assertRaises(UserError):
            self.wizard(date_from="2027-01-01").action_print()
        empty = self.wizard()
        empty.account_ids = False
        with self.assertRaises(UserError):
            empty.action_print()

    def test_statements_of_many_in_few_queries(self):
        """Statements of more accounts take no more statements of the ledger."""
        self.tell_story()

        def count(accounts):
            wizard = self.wizard(accounts)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            wizard._get_statements()
            return self.env.cr.sql_log_count - before

        count(self.account)
        self.assertLessEqual(count(self.accounts), count(self.account) + 1)

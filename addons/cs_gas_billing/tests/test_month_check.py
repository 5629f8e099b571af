import io

import openpyxl

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, freeze_time, tagged

from .debit_common import ANSWERED_ON, LATE, DebitCommon

COMPARED = (
    "revenue",
    "vat",
    "items",
    "fees",
    "receivable",
    "unassigned",
    "stored",
    "debit",
    "cash",
    "transfer",
    "qr",
)


class MonthCommon(DebitCommon):
    """A month with bills, debits, cash, QR, credit, a refund and a late fee."""

    COUNT = 4

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debit = cls.batch()
        cls.load_result(cls.answer(cls.debit, {cls.accounts[3]: "1001"}))
        with freeze_time(ANSWERED_ON):
            cls.cash = cls.make_accounts(3, first=21)
            cls.read_meters({21: 1045, 22: 1030, 23: 1040}, day="2026-10-20")
            cls.run_2 = cls.make_run()
            cls.run_2.accounting_date = "2026-11-05"
            cls.bill(run=cls.run_2)
            cls.take(cls.cash[0], 200, "cash", keep_credit=True)
            cls.take(cls.cash[1], 80.1, "qr")
            refund = (
                cls.env["gas.credit.refund"]
                .with_user(cls.users["clerk"])
                .create(
                    {
                        "account_id": cls.cash[0].id,
                        "amount": 50,
                        "reason": "客户要求退款",
                    }
                )
            )
            refund.action_request()
            refund.sudo().cs_approval_ids.with_user(
                cls.users["manager"]
            ).action_approve()
            refund.with_user(cls.users["cashier"]).action_pay()
            cls.refund = refund.sudo()
        with freeze_time(LATE):
            cls.take(cls.cash[2], 200, "cash")
            reversed_one = cls.take(cls.accounts[3], 10, "transfer")
            reversed_one.with_user(cls.users["cashier"]).action_reverse("错收")

    def check(self, period="2026-11", user="accountant", moment=LATE):
        with freeze_time(moment):
            return (
                self.env["gas.month.check"]
                .with_user(self.users[user])
                .create({"period": period})
            )

    def line(self, code, **values):
        check = self.check(**values)
        return check.line_ids.filtered(lambda line: line.code == code)

    def rows(self, code, **values):
        """Return the rows of a comparison as a person gets them with a click."""
        line = self.line(code, **values)
        action = line.action_rows()
        rows = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(len(rows), line.count)
        return rows

    def falsify(self, sql, *args):
        """Change the database behind everybody's back."""
        self.env.flush_all()
        self.env.cr.execute(sql, args)
        self.assertTrue(self.env.cr.rowcount)
        self.env.invalidate_all()

    def assertOnly(self, check, *codes):
        wrong = check.compare_ids.filtered("count").mapped("code")
        self.assertEqual(set(wrong), set(codes))


@tagged("post_install", "-at_install", "gas_month")
class TestMonthCheck(MonthCommon):
    def test_a_normal_month_is_all_zero(self):
        for period in ("2026-10", "2026-11", "2026-07"):
            check = self.check(period)
            with self.subTest(period=period):
                self.assertEqual(tuple(check.compare_ids.mapped("code")), COMPARED)
                self.assertOnly(check)
                self.assertFalse(check.difference_count)
                self.assertFalse(any(check.compare_ids.mapped("difference")))

    def test_figures(self):
        check = self.check()
        figures = {line.code: line.document for line in check.compare_ids}
        bills = self.run_2.bill_ids
        self.assertEqual(figures["revenue"], round(sum(bills.mapped("amount_base")), 2))
        self.assertEqual(figures["vat"], round(sum(bills.mapped("amount_tax")), 2))
        takings = self.env["gas.takings"].search(
            [
                ("company_id", "=", self.company.id),
                ("date", ">=", "2026-11-01"),
                ("date", "<=", "2026-11-30"),
            ]
        )
        for method in ("cash", "qr", "transfer"):
            amounts = takings.filtered(lambda row, name=method: row.method == name)
            self.assertEqual(figures[method], round(sum(amounts.mapped("amount")), 2))
        self.assertEqual(sum(takings.mapped("amount_refunded")), 50)
        fees = self.env["gas.receipt"].search([]).mapped("amount_fee")
        self.assertEqual([figures["fees"]], [fee for fee in fees if fee])
        self.assertEqual(figures["debit"], self.debit.sudo().amount_open)

    def test_a_falsified_bill(self):
        bill = self.run_2.bill_ids[0]
        self.falsify(
            "UPDATE gas_bill SET amount_total = amount_total + 1, "
            "amount_base = amount_base + 1 WHERE id = %s",
            bill.id,
        )
        check = self.check()
        self.assertOnly(check, "revenue", "items", "receivable")
        self.assertEqual(self.rows("items").bill_id, bill)
        self.assertEqual(self.rows("receivable").account_id, bill.account_id)
        self.assertEqual(self.rows("revenue").run_id, self.run_2)
        self.assertEqual(self.rows("items").difference, -1)

    def test_a_bill_without_its_item(self):
        bill = self.run_2.bill_ids[0]
        self.falsify("UPDATE gas_bill SET move_line_id = NULL WHERE id = %s", bill.id)
        row = self.rows("items")
        self.assertEqual(row.bill_id, bill)
        self.assertEqual(row.ledger, 0)

    def test_a_foreign_entry_in_the_gas_journal(self):
        income = self.company.gas_income_account_id
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self.company.gas_sale_journal_id.id,
                "date": "2026-11-10",
                "line_ids": [
                    Command.create({"account_id": income.id, "balance": -33.0}),
                    Command.create(
                        {
                            "account_id": self.company.gas_opening_account_id.id,
                            "balance": 33.0,
                        }
                    ),
                ],
            }
        )
        self.assertTrue(self.line("drafts").count)
        move.action_post()
        self.assertFalse(self.line("drafts").count)
        self.assertOnly(self.check(), "revenue")
        row = self.rows("revenue")
        self.assertEqual(row.move_id, move)
        self.assertEqual(row.difference, 33)

    def test_a_bill_cancelled_without_red_entry(self):
        bill = self.run_2.bill_ids[0]
        self.falsify(
            "UPDATE gas_bill SET state = 'cancelled', cancelled_date = '2026-11-20' "
            "WHERE id = %s",
            bill.id,
        )
        self.assertEqual(self.rows("revenue").bill_id, bill)
        self.assertTrue(self.line("vat").count)

    def test_a_stored_open_amount(self):
        bill = self.accounts[3].bill_ids
        self.falsify(
            "UPDATE gas_bill SET amount_residual = amount_residual - 5 WHERE id = %s",
            bill.id,
        )
        self.assertOnly(self.check(), "stored")
        row = self.rows("stored")
        self.assertEqual((row.bill_id, row.difference), (bill, 5))

    def test_money_that_lost_its_account(self):
        line = self.env["account.move.line"].search(
            self.cash[0]._get_open_credit_domain()
        )
        self.falsify(
            "UPDATE account_move_line SET gas_account_id = NULL WHERE id = %s", line.id
        )
        self.assertIn(
            "unassigned", self.check().compare_ids.filtered("count").mapped("code")
        )
        self.assertEqual(self.rows("unassigned").move_id, line.move_id)

    def test_a_match_across_accounts(self):
        partial = self.cash[1].bill_ids.move_line_id.matched_credit_ids
        other = self.accounts[3].bill_ids.move_line_id
        self.falsify(
            "UPDATE account_partial_reconcile SET debit_move_id = %s WHERE id = %s",
            other.id,
            partial.id,
        )
        accounts = self.rows("receivable").account_id
        self.assertEqual(accounts, self.cash[1] | self.accounts[3])

    def test_a_batch_with_other_lines_than_its_entry(self):
        line = self.debit.sudo().line_ids.filtered(lambda row: row.state == "accepted")
        self.falsify(
            "UPDATE gas_debit_line SET amount = amount + 7 WHERE id = %s", line[0].id
        )
        self.assertOnly(self.check(), "debit")
        row = self.rows("debit")
        self.assertEqual((row.batch_id.id, row.difference), (self.debit.id, -7))

    def test_an_entry_on_the_account_in_transit(self):
        account = self.profile._get_transit_account(self.profile._get_journal())
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": "2026-11-10",
                "line_ids": [
                    Command.create({"account_id": account.id, "balance": 9.0}),
                    Command.create(
                        {
                            "account_id": self.company.gas_opening_account_id.id,
                            "balance": -9.0,
                        }
                    ),
                ],
            }
        )
        move.action_post()
        self.assertOnly(self.check(), "debit")
        self.assertEqual(self.rows("debit").move_id, move)

    def test_a_falsified_receipt(self):
        receipt = self.env["gas.receipt"].search([("method", "=", "qr")], limit=1)
        self.falsify(
            "UPDATE gas_receipt SET amount = amount - 1 WHERE id = %s", receipt.id
        )
        self.assertOnly(self.check(), "qr")
        self.assertEqual(self.rows("qr").receipt_id, receipt)

    def test_money_without_a_receipt(self):
        partner = self.env["res.partner"].create({"name": "路人"})
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": partner.id,
                "amount": 12,
                "date": "2026-11-12",
                "journal_id": self.company.gas_cash_journal_id.id,
            }
        )
        payment.action_post()
        self.assertOnly(self.check(), "cash")
        self.assertEqual(self.rows("cash").move_id, payment.move_id)

    def test_a_falsified_refund(self):
        self.falsify(
            "UPDATE gas_credit_refund SET amount = 60 WHERE id = %s", self.refund.id
        )
        self.assertOnly(self.check(), "cash")
        row = self.rows("cash")
        self.assertEqual((row.refund_id, row.difference), (self.refund, 10))

    def test_a_falsified_late_fee(self):
        receipt = self.env["gas.receipt"].search([("amount_fee", ">", 0)], limit=1)
        self.falsify(
            "UPDATE gas_receipt SET amount_fee = amount_fee + 0.01 WHERE id = %s",
            receipt.id,
        )
        self.assertOnly(self.check(), "fees")
        self.assertEqual(self.rows("fees").receipt_id, receipt)

    def test_a_closed_month_stays_as_it_was(self):
        """Payments, corrections and unmatching afterwards don't move October."""

        def october():
            check = self.check("2026-10", moment="2027-01-15 02:00:00")
            return {
                line.code: (line.ledger, line.document)
                for line in check.compare_ids
                if line.code != "stored"
            }

        before = october()
        self.assertGreater(before["receivable"][0], 0)
        with freeze_time(LATE):
            self.take(self.accounts[3], 500, "cash", keep_credit=True)
        returned = self.debit.sudo().line_ids[0]
        with freeze_time("2027-01-10 02:00:00"):
            returned.with_user(self.users["manager"]).action_return("退票")
        self.assertEqual(october(), before)
        self.assertOnly(self.check("2027-01", moment="2027-01-15 02:00:00"))
        self.assertOnly(self.check("2026-11", moment="2027-01-15 02:00:00"))

    def test_a_correction_counts_in_its_month(self):
        bill = self.cash[1].bill_ids
        with freeze_time(LATE):
            correction = (
                self.env["gas.correction"]
                .with_user(self.users["clerk"])
                .create({"bill_id": bill.id, "kind": "cancel", "reason": "错误"})
            )
            correction.action_request()
            correction.sudo().cs_approval_ids.with_user(
                self.users["manager"]
            ).action_approve()
        self.assertEqual(bill.state, "cancelled")
        check = self.check()
        self.assertOnly(check)
        revenue = check.compare_ids.filtered(lambda line: line.code == "revenue")
        wanted = sum((self.run_2.bill_ids - bill).mapped("amount_base"))
        self.assertEqual(revenue.document, round(wanted, 2))

    def test_open_points(self):
        with freeze_time(LATE):
            self.read_meters({21: 1900}, day="2026-11-20", previous=1045)
        check = self.check()
        self.assertFalse(check.difference_count)
        held = check.open_ids.filtered(lambda line: line.code == "held")
        self.assertEqual(held.count, 1)
        action = held.action_rows()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found.state, "held")

    def test_who_sees_it(self):
        for role in ("reader", "cashier", "clerk"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.check(user=role)
        for role in ("accountant", "auditor", "manager"):
            with self.subTest(role=role):
                self.assertOnly(self.check(user=role))

    def test_own_company_only(self):
        company = self.env["res.company"].create({"name": "Other Gas"})
        with self.assertRaises(AccessError):
            self.env["gas.month.check"].with_user(self.users["accountant"]).create(
                {"company_id": company.id, "period": "2026-11"}
            )
        check = self.check()
        check.company_id = company
        with self.assertRaises(AccessError):
            check.line_ids[:1].action_rows()
        with self.assertRaises(AccessError):
            check.action_refresh()

    def test_rows_lead_to_the_document(self):
        bill = self.run_2.bill_ids[0]
        self.falsify(
            "UPDATE gas_bill SET amount_total = amount_total + 1 WHERE id = %s", bill.id
        )
        action = self.rows("items").action_open()
        self.assertEqual((action["res_model"], action["res_id"]), ("gas.bill", bill.id))
        row = self.rows("receivable").with_user(self.users["auditor"])
        self.assertEqual(row.sudo().action_open()["res_model"], "account.move.line")


@tagged("post_install", "-at_install", "gas_month")
class TestMonthPaper(MonthCommon, HttpCase):
    def test_workbook_and_print(self):
        bill = self.run_2.bill_ids[0]
        self.falsify(
            "UPDATE gas_bill SET amount_total = amount_total + 1 WHERE id = %s", bill.id
        )
        check = self.check()
        self.authenticate("gas_accountant", "gas_accountant")
        answer = self.url_open(f"/cs_gas/month/{check.id}.xlsx")
        self.assertEqual(answer.status_code, 200)
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        sheet = book.worksheets[0]
        self.assertEqual(sheet.max_row, 1 + len(COMPARED))
        self.assertIsInstance(sheet["C2"].value, (int, float))
        rows = [row for page in book.worksheets[2:] for row in page.values]
        self.assertIn(bill.name, [row[0] for row in rows])
        html = self.env["ir.actions.report"]._render_qweb_html(
            "cs_gas_billing.gas_month_check_report", check.ids
        )[0]
        self.assertIn(b"2026-11", html)
        self.authenticate("gas_cashier", "gas_cashier")
        self.assertEqual(
            self.url_open(f"/cs_gas/month/{check.id}.xlsx").status_code, 404
        )

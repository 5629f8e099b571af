from contextlib import contextmanager
from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from .common import GasCommon

#: Before the late fee of the first bill (bill month 2026-10) starts on 11-21.
EARLY = "2026-11-05 02:00:00"
LATE = "2026-11-30 02:00:00"


class HallCommon(GasCommon):
    """Accounts with bills of October and November, and a cashier's screen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_cashier = new_test_user(
            cls.env,
            login="gas_cashier_2",
            groups="cs_gas_billing.group_cashier",
            company_id=cls.company.id,
        )
        with freeze_time("2026-10-25 02:00:00"):
            cls.accounts = cls.make_accounts(3)
            cls.account = cls.accounts[0]
            cls.read_meters({1: 1045, 2: 1030, 3: 1040})
            cls.bill()

    @classmethod
    def bill_next_month(cls):
        """Bill November too: 34 m³ for the first account."""
        with freeze_time("2026-11-20 02:00:00"):
            for number, before, value in ((1, 1045, 1079), (2, 1030, 1060)):
                cls.read_meters({number: value}, day="2026-11-20", previous=before)
            cls.bill(period="2026-11", first="2026-10-20", last="2026-11-20")

    def load_account(self, account=None):
        return self.hall().load_account((account or self.account).id)

    def collect(self, tendered=None, account=None, **more):
        return self.take(account or self.account, tendered, **more)

    @contextmanager
    def at(self, moment):
        with freeze_time(moment):
            yield

    def receipts(self, account=None):
        return self.env["gas.receipt"].search(
            [("account_id", "=", (account or self.account).id)]
        )

    def open_items(self, account=None):
        """What the ledger says the account owes."""
        lines = self.env["account.move.line"].search(
            [
                ("gas_account_id", "=", (account or self.account).id),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ]
        )
        return self.company.currency_id.round(sum(lines.mapped("amount_residual")))


@tagged("post_install", "-at_install", "gas_hall")
class TestHallCollect(HallCommon):
    @freeze_time(EARLY)
    def test_exact_cash(self):
        receipt = self.collect()
        bill = self.account.bill_ids
        self.assertEqual(bill.amount_total, 120.15)
        self.assertEqual(receipt.amount, 120.15)
        self.assertEqual(receipt.change, 0)
        self.assertEqual(receipt.cashier_id, self.users["cashier"])
        self.assertRegex(receipt.name, r"^S261105\d{6}$")
        self.assertFalse(bill.amount_residual)
        self.assertTrue(bill.fee_settled)
        self.assertEqual(receipt.payment_id.state, "paid")
        self.assertEqual(
            receipt.payment_id.journal_id, self.company.gas_cash_journal_id
        )
        self.assertIn(receipt.name, receipt.payment_id.memo)
        receivable = receipt.payment_id.move_id.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        self.assertEqual(receivable.gas_account_id, self.account)
        self.assertTrue(receivable.reconciled)
        self.assertEqual(self.open_items(), 0)

    @freeze_time(EARLY)
    def test_cash_gives_change(self):
        receipt = self.collect(200)
        self.assertEqual((receipt.amount, receipt.change), (120.15, 79.85))
        self.assertEqual(receipt.tendered, 200)
        self.assertFalse(self.account.amount_credit)

    @freeze_time(EARLY)
    def test_change_kept_as_credit_pays_the_next_bill(self):
        receipt = self.collect(250, keep_credit=True)
        self.assertEqual((receipt.amount, receipt.change), (250, 0))
        self.assertEqual(receipt.amount_credit, 129.85)
        self.assertEqual(receipt.credit_balance, 129.85)
        self.assertEqual(self.account.amount_credit, 129.85)
        self.bill_next_month()
        bill = self.account.bill_ids.filtered(lambda b: b.period == "2026-11")
        self.assertEqual(bill.amount_total, 90.78)
        self.assertFalse(bill.amount_residual)
        self.assertTrue(bill.fee_settled)
        self.account.invalidate_recordset()
        self.assertEqual(self.account.amount_credit, 39.07)

    @freeze_time(EARLY)
    def test_transfer_and_qr_give_no_change(self):
        for number, method in enumerate(("transfer", "qr")):
            account = self.accounts[number]
            owed = account.amount_due
            receipt = self.collect(
                200, account=account, method=method, reference="TX 1"
            )
            self.assertEqual(receipt.change, 0)
            self.assertAlmostEqual(receipt.amount_credit, 200 - owed)
            self.assertEqual(receipt.payment_id.state, "in_process")
            self.assertIn("TX 1", receipt.payment_id.memo)

    @freeze_time(EARLY)
    def test_part_payment(self):
        receipt = self.collect(100)
        bill = self.account.bill_ids
        self.assertEqual(receipt.amount, 100)
        self.assertEqual(bill.amount_residual, 20.15)
        self.assertFalse(bill.fee_settled)
        self.assertEqual(self.load_account()["total"], 20.15)

    @freeze_time(EARLY)
    def test_oldest_bill_first(self):
        """Worked example A01."""
        self.bill_next_month()
        receipt = self.collect(200)
        rows = [(line.period, line.principal, line.fee) for line in receipt.line_ids]
        self.assertEqual(rows, [("2026-10", 120.15, 0), ("2026-11", 79.85, 0)])
        self.assertEqual(self.open_items(), 10.93)

    @freeze_time(EARLY)
    def test_manual_choice_is_logged(self):
        self.bill_next_month()
        later = self.account.bill_ids.filtered(lambda bill: bill.period == "2026-11")
        receipt = self.collect(100, bill_ids=later.ids)
        self.assertEqual(receipt.line_ids.bill_id, later)
        self.assertEqual((receipt.amount, receipt.change), (90.78, 9.22))
        self.assertTrue(
            self.env["cs.event"].search_count(
                [("action", "=", "gas.receipt.choice"), ("res_id", "=", receipt.id)]
            )
        )

    @freeze_time(EARLY)
    def test_money_in_advance(self):
        self.collect()
        with self.assertRaisesRegex(UserError, "Nothing is owed"):
            self.collect(50)
        receipt = self.collect(50, keep_credit=True)
        self.assertEqual(receipt.amount_credit, 50)
        self.assertEqual(self.open_items(), -50)

    @freeze_time(LATE)
    def test_credit_pays(self):
        """Own credit that lies beside an open late fee is used when asked for."""
        self.collect(120.15)
        self.collect(10, keep_credit=True, bill_ids=[])
        values = self.load_account()
        self.assertEqual((values["credit"], values["total"]), (10, 3.5))
        receipt = self.collect(0, use_credit=True)
        self.assertEqual(receipt.method, "credit")
        self.assertEqual((receipt.amount, receipt.amount_credit_used), (0, 3.5))
        self.assertFalse(receipt.payment_id)
        self.assertEqual(receipt.fee_move_id.payment_state, "paid")
        self.account.invalidate_recordset()
        self.assertEqual(self.account.amount_credit, 6.5)
        receipt.with_user(self.users["cashier"]).action_reverse("wrong account")
        self.account.invalidate_recordset()
        self.assertEqual(self.account.amount_credit, 10)
        self.assertEqual(self.load_account()["fee"], 3.5)

    @freeze_time(EARLY)
    def test_nonsense_amounts(self):
        for amount, message in (
            (-1, "negative"),
            (0, "Enter the amount"),
            (1.234, "two decimals"),
            (26110000123, "scanned"),
            (float("nan"), "can't be read"),
            ("abc", "can't be read"),
            (2000, "change"),
        ):
            with self.assertRaisesRegex(UserError, message):
                self.collect(amount)
        with self.assertRaisesRegex(UserError, "cash, transfer or QR"):
            self.collect(10, method="cheque")
        self.assertFalse(self.receipts())

    @freeze_time(EARLY)
    def test_token_books_once(self):
        values = self.load_account()
        arguments = (self.account.id, "cash", 120.15, self.seen(values))
        first = self.hall().collect(*arguments, token="t-1")
        again = self.hall().collect(*arguments, token="t-1")
        self.assertEqual(first["id"], again["id"])
        late = self.hall().collect(self.account.id, "cash", 0, {}, token="t-1")
        self.assertEqual(first["id"], late["id"])
        self.assertEqual(len(self.receipts()), 1)
        with self.assertRaisesRegex(UserError, "another account"):
            self.hall().collect(self.accounts[1].id, "cash", 80.1, {}, token="t-1")

    @freeze_time(EARLY)
    def test_second_cashier_is_told(self):
        values = self.load_account()
        self.collect(user=self.other_cashier)
        with self.assertRaisesRegex(UserError, "gas_cashier_2 .*120.15"):
            self.hall().collect(
                self.account.id, "cash", 120.15, self.seen(values), token="t-2"
            )
        self.assertEqual(len(self.receipts()), 1)

    @freeze_time(LATE)
    def test_credit_that_changed_meanwhile(self):
        self.collect(120.15)
        self.collect(10, keep_credit=True, bill_ids=[])
        seen = self.seen(self.load_account())
        self.collect(5, keep_credit=True, bill_ids=[])
        with self.assertRaisesRegex(UserError, "Nothing was booked"):
            self.collect(0, use_credit=True, seen=seen)
        shown = self.load_account()
        self.assertEqual((shown["credit"], shown["fee"]), (15, 3.5))

    @freeze_time(EARLY)
    def test_credit_pays_the_oldest_bill(self):
        self.bill_next_month()
        self.collect(100, keep_credit=True, bill_ids=[])
        self.env["gas.allocator"].sudo()._use_credits(self.account)
        bills = self.account.bill_ids.sorted("period")
        self.assertEqual(bills.mapped("amount_residual"), [20.15, 90.78])

    def test_fee_that_grew_meanwhile(self):
        with freeze_time("2026-11-29 15:00:00"):
            seen = self.seen(self.load_account())
        with freeze_time("2026-11-29 17:00:00"):  # the next day in Shanghai
            with self.assertRaisesRegex(UserError, "late fees"):
                self.collect(123.35, seen=seen)
        self.assertFalse(self.receipts())

    @freeze_time(EARLY)
    def test_locked_period(self):
        self.company.fiscalyear_lock_date = date(2026, 11, 30)
        with self.assertRaisesRegex(UserError, "books are locked"):
            self.collect()
        self.assertFalse(self.receipts())

    @freeze_time(EARLY)
    def test_opening_money_of_another_chart_of_payers(self):
        """The payment goes to the receivable account of the bills."""
        receivable = self.account.bill_ids.move_line_id.account_id
        other = receivable.copy({"code": "112299", "name": "Other receivable"})
        self.account.partner_id.property_account_receivable_id = other
        receipt = self.collect(130)
        self.assertEqual(receipt.payment_id.destination_account_id, receivable)
        self.assertEqual(self.open_items(), 0)

    @freeze_time(LATE)
    def test_queries_do_not_grow_with_accounts(self):
        self.collect(account=self.accounts[2])
        values = self.load_account(self.accounts[0])
        self.env.invalidate_all()
        with self.assertQueryCount(80):
            self.hall().load_account(self.accounts[0].id)
        self.assertTrue(values["fee"])
        counts = []
        for account in (self.accounts[0], self.accounts[1]):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.collect(account=account)
            counts.append(self.cr.sql_log_count - before)
            with freeze_time("2026-10-26 02:00:00"):
                if not self.env["gas.account"].search_count([("code", "=", "T000200")]):
                    self.make_accounts(30, first=200)
        self.assertLessEqual(counts[1], counts[0] + 5)


@tagged("post_install", "-at_install", "gas_hall")
class TestHallFees(HallCommon):
    @freeze_time(LATE)
    def test_fee_is_invoiced_when_collected(self):
        """Worked example L04: 120.15 × 0.3 % × 10 days = 3.6045, floored to 3.50."""
        values = self.load_account()
        self.assertEqual((values["principal"], values["fee"]), (120.15, 3.5))
        receipt = self.collect()
        self.assertEqual((receipt.amount, receipt.amount_fee), (123.65, 3.5))
        move = receipt.fee_move_id
        self.assertEqual(move.move_type, "out_invoice")
        self.assertEqual(move.payment_state, "paid")
        self.assertEqual((move.amount_untaxed, move.amount_tax), (3.21, 0.29))
        income = move.invoice_line_ids.account_id
        self.assertEqual(income, self.company.gas_fee_account_id)
        self.assertEqual(
            move.line_ids.filtered("gas_account_id").gas_account_id, self.account
        )
        self.assertFalse(move.line_ids.gas_bill_id)
        self.assertTrue(self.account.bill_ids.fee_settled)
        self.assertFalse(self.load_account()["bills"])

    @freeze_time(LATE)
    def test_principal_before_fee(self):
        receipt = self.collect(121)
        line = receipt.line_ids
        self.assertEqual((line.principal, line.fee), (120.15, 0.85))
        bill = self.account.bill_ids
        self.assertFalse(bill.amount_residual)
        self.assertFalse(bill.fee_settled)
        values = self.load_account()
        self.assertEqual((values["principal"], values["fee"]), (0, 2.65))
        self.assertEqual(values["bills"][0]["id"], bill.id)

    def test_fee_of_a_paid_bill_stands_still(self):
        with freeze_time(LATE):
            self.collect(120.15)
        with freeze_time("2026-12-20 02:00:00"):
            self.assertEqual(self.load_account()["fee"], 3.5)
            receipt = self.collect()
            self.assertEqual((receipt.amount_principal, receipt.amount_fee), (0, 3.5))
            self.assertTrue(self.account.bill_ids.fee_settled)
            self.assertFalse(self.load_account()["bills"])

    def test_part_payment_lowers_the_base(self):
        """Worked example L09, moved to this bill month."""
        with freeze_time("2026-11-25 02:00:00"):
            self.collect(60)
        with freeze_time("2026-12-05 02:00:00"):
            self.assertEqual(self.load_account()["fee"], 3.5)

    @freeze_time(LATE)
    def test_commercial_rate(self):
        with freeze_time("2026-10-26 02:00:00"):
            account = self.make_accounts(
                first=50, 用户类别="公建", 气价="T-COM", 人口数="0"
            )
            self.read_meters({50: 1100})
            self.bill()
        values = self.load_account(account)
        self.assertEqual((values["principal"], values["fee"]), (415, 20.5))
        receipt = self.collect(account=account)
        invoice = account.bill_ids.move_id
        self.assertEqual(invoice.move_type, "out_invoice")
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(receipt.amount, 435.5)

    @freeze_time(LATE)
    def test_waiver(self):
        bill = self.account.bill_ids
        with self.assertRaisesRegex(UserError, "more can't be waived"):
            self.hall().request_waiver(bill.id, 99, "meter defect")
        with self.assertRaisesRegex(UserError, "Say why"):
            self.hall().request_waiver(bill.id, 3.5, " ")
        waiver_id = self.hall().request_waiver(bill.id, 2.5, "meter defect")
        with self.assertRaisesRegex(UserError, "waits for its approval"):
            self.hall().request_waiver(bill.id, 1, "once more")
        shown = self.load_account()
        self.assertEqual(shown["fee"], 3.5)
        self.assertEqual(shown["bills"][0]["waiver"]["state"], "requested")
        waiver = self.env["gas.latefee.waiver"].browse(waiver_id)
        approval = waiver.cs_approval_ids
        with self.assertRaises(UserError):
            approval.with_user(self.users["cashier"]).action_approve()
        approval.with_user(self.users["manager"]).action_approve()
        self.assertEqual(waiver.state, "approved")
        shown = self.load_account()
        self.assertEqual(shown["fee"], 1)
        receipt = self.collect()
        self.assertEqual((receipt.amount_principal, receipt.amount_fee), (120.15, 1))
        self.assertTrue(bill.fee_settled)

    @freeze_time(LATE)
    def test_waiver_of_a_paid_bill_settles_it(self):
        bill = self.account.bill_ids
        self.collect(120.15)
        waiver_id = self.hall().request_waiver(bill.id, 3.5, "meter defect")
        waiver = self.env["gas.latefee.waiver"].browse(waiver_id)
        waiver.cs_approval_ids.with_user(self.users["manager"]).action_approve()
        self.assertTrue(bill.fee_settled)
        self.assertFalse(self.load_account()["bills"])

    @freeze_time(LATE)
    def test_gas_entries_are_guarded(self):
        receipt = self.collect()
        for move in receipt.payment_id.move_id, receipt.fee_move_id:
            for attempt in (move.button_draft, move._reverse_moves):
                with self.assertRaisesRegex(UserError, "gas document"):
                    attempt()
        with self.assertRaisesRegex(UserError, "hall receipt"):
            receipt.payment_id.action_draft()


@tagged("post_install", "-at_install", "gas_hall")
class TestHallReversal(HallCommon):
    @freeze_time(LATE)
    def test_everything_is_taken_back_in_red(self):
        due = self.account.bill_ids.date_due
        receipt = self.collect(150)
        receipt.with_user(self.users["cashier"]).action_reverse("wrong account")
        self.assertEqual(receipt.state, "reversed")
        self.assertEqual(receipt.reversed_by_id, self.users["cashier"])
        bill = self.account.bill_ids
        self.assertEqual(bill.amount_residual, 120.15)
        self.assertEqual(bill.move_line_id.date_maturity, due)
        self.assertFalse(bill.fee_settled)
        self.assertEqual(self.load_account()["total"], 123.65)
        self.assertEqual(self.open_items(), 120.15)
        self.assertEqual(receipt.payment_id.state, "canceled")
        self.assertEqual(receipt.fee_move_id.payment_state, "reversed")
        for move in receipt.payment_id.move_id, receipt.fee_move_id:
            red = move.reversal_move_ids
            self.assertEqual(red.date, receipt.date)
            self.assertEqual(red.state, "posted")
            if self.company.account_storno:
                self.assertTrue(all(red.line_ids.mapped("is_storno")))
                self.assertFalse(red.line_ids.filtered(lambda line: line.debit > 0))
                self.assertFalse(red.line_ids.filtered(lambda line: line.credit > 0))
        with self.assertRaisesRegex(UserError, "already"):
            receipt.with_user(self.users["cashier"]).action_reverse("again")
        again = self.collect()
        self.assertEqual(again.amount, 123.65)

    @freeze_time(EARLY)
    def test_transfer_leaves_nothing_in_transit(self):
        receipt = self.collect(method="transfer")
        receipt.with_user(self.users["cashier"]).action_reverse("wrong amount")
        lines = (
            receipt.payment_id.move_id | receipt.payment_id.move_id.reversal_move_ids
        ).line_ids
        self.assertFalse(any(lines.mapped("amount_residual")))

    @freeze_time(EARLY)
    def test_who_may(self):
        receipt = self.collect()
        with self.assertRaisesRegex(AccessError, "Only a manager"):
            receipt.with_user(self.other_cashier).action_reverse("mine now")
        for role in ("clerk", "accountant", "auditor"):
            with self.assertRaises(AccessError):
                receipt.with_user(self.users[role]).action_reverse("no")
        with self.assertRaisesRegex(UserError, "Say why"):
            receipt.with_user(self.users["cashier"]).action_reverse("  ")
        self.assertTrue(receipt.with_user(self.users["cashier"]).can_reverse)
        self.assertFalse(receipt.with_user(self.other_cashier).can_reverse)
        receipt.with_user(self.users["manager"]).action_reverse("asked by customer")
        self.assertEqual(receipt.reversed_by_id, self.users["manager"])

    def test_same_company_day_only(self):
        with freeze_time("2026-11-05 15:30:00"):  # 23:30 in Shanghai
            receipt = self.collect()
        with freeze_time("2026-11-05 16:30:00"):  # 00:30 of the next day
            with self.assertRaisesRegex(UserError, "same day"):
                receipt.with_user(self.users["manager"]).action_reverse("too late")
        self.assertEqual(receipt.state, "posted")
        self.assertEqual(self.open_items(), 0)

    @freeze_time(EARLY)
    def test_locked_period(self):
        receipt = self.collect()
        self.company.fiscalyear_lock_date = date(2026, 11, 30)
        with self.assertRaisesRegex(UserError, "locked"):
            receipt.with_user(self.users["cashier"]).action_reverse("typo")
        self.assertEqual(receipt.state, "posted")

    @freeze_time(EARLY)
    def test_credit_used_later_comes_first(self):
        first = self.collect(130, keep_credit=True)
        self.bill_next_month_with_credit_free()
        second = self.collect(use_credit=True, tendered=100)
        self.assertEqual(second.amount_credit_used, 9.85)
        with self.assertRaisesRegex(UserError, second.name):
            first.with_user(self.users["cashier"]).action_reverse("typo")
        second.with_user(self.users["cashier"]).action_reverse("typo")
        first.with_user(self.users["cashier"]).action_reverse("typo")
        self.assertEqual(self.open_items(), 120.15 + 90.78)

    def bill_next_month_with_credit_free(self):
        """Bill November, but leave the credit unused, as after a manual unmatching."""
        self.bill_next_month()
        bill = self.account.bill_ids.filtered(lambda b: b.period == "2026-11")
        bill.move_line_id.remove_move_reconcile()

    @freeze_time(EARLY)
    def test_credit_used_by_a_bill_run_is_freed(self):
        receipt = self.collect(130, keep_credit=True)
        self.bill_next_month()
        bill = self.account.bill_ids.filtered(lambda b: b.period == "2026-11")
        self.assertEqual(bill.amount_residual, 80.93)
        receipt.with_user(self.users["cashier"]).action_reverse("typo")
        self.assertEqual(bill.amount_residual, 90.78)
        self.account.invalidate_recordset()
        self.assertFalse(self.account.amount_credit)


@tagged("post_install", "-at_install", "gas_hall")
class TestHallRights(HallCommon):
    @freeze_time(EARLY)
    def test_roles(self):
        seen = self.seen(self.load_account())
        for role in ("reader", "clerk", "accountant", "auditor"):
            hall = self.hall(self.users[role])
            for call in (
                lambda hall=hall: hall.search_accounts("T000001"),
                lambda hall=hall: hall.load_account(self.account.id),
                lambda hall=hall: hall.load_desk(),
                lambda hall=hall: hall.collect(self.account.id, "cash", 120.15, seen),
                lambda hall=hall: hall.request_waiver(
                    self.account.bill_ids.id, 1, "why not"
                ),
            ):
                with self.assertRaises(AccessError):
                    call()
        self.assertFalse(self.receipts())

    @freeze_time(EARLY)
    def test_receipts_only_from_the_hall(self):
        receipt = self.collect()
        cashier = self.users["cashier"]
        with self.assertRaises(UserError):
            receipt.with_user(cashier).write({"amount": 1})
        with self.assertRaises(UserError):
            receipt.with_user(cashier).copy()
        with self.assertRaises(UserError):
            receipt.with_user(self.users["manager"]).unlink()
        with self.assertRaises(UserError):
            receipt.unlink()
        with self.assertRaises(AccessError):
            receipt.payment_id.with_user(cashier).read(["amount"])

    @freeze_time(EARLY)
    def test_other_company(self):
        other = self.env["res.company"].create({"name": "Other gas"})
        cashier = new_test_user(
            self.env,
            login="gas_cashier_other",
            groups="cs_gas_billing.group_cashier",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        hall = self.env["gas.hall"].with_user(cashier).with_company(other)
        self.assertFalse(hall.search_accounts(self.account.code))
        with self.assertRaises(AccessError):
            hall.load_account(self.account.id)

    @freeze_time(EARLY)
    def test_takings(self):
        first = self.collect(account=self.accounts[0])
        self.collect(account=self.accounts[1], method="qr")
        self.collect(account=self.accounts[2], user=self.other_cashier)
        first.with_user(self.users["cashier"]).action_reverse("typo")
        desk = self.hall().load_desk()
        by_method = {row["method"]: row["amount"] for row in desk["methods"]}
        self.assertEqual(by_method, {"cash": 0, "transfer": 0, "qr": 80.1})
        self.assertEqual((desk["receipt_count"], desk["reversed_count"]), (2, 1))
        self.assertEqual(desk["amount_reversed"], 120.15)
        self.assertEqual(len(desk["receipts"]), 2)
        takings = self.env["gas.takings"].with_user(self.users["cashier"]).search([])
        self.assertEqual(takings.cashier_id, self.users["cashier"])
        takings = self.env["gas.takings"].with_user(self.users["accountant"])
        self.assertEqual(len(takings.search([]).cashier_id), 2)

    @freeze_time(EARLY)
    def test_cash_day(self):
        """The paper equals the desk journals' entries of the day."""
        first = self.collect(account=self.accounts[0])
        self.collect(200, account=self.accounts[1], method="transfer")
        self.collect(account=self.accounts[2], user=self.other_cashier)
        first.with_user(self.users["manager"]).action_reverse("typo")
        Day = self.env["gas.cash.day"]
        with self.assertRaises(AccessError):
            Day.with_user(self.users["cashier"]).create(
                {"cashier_id": False}
            ).action_print()
        company = self.env["res.company"].create({"name": "另一家燃气"})
        with self.assertRaises(AccessError):
            Day.with_user(self.users["accountant"]).create(
                {"company_id": company.id, "cashier_id": False}
            ).action_print()
        for user, cashier, total in (
            (self.users["cashier"], self.users["cashier"], 200),
            (self.users["accountant"], self.env["res.users"], 306.8),
        ):
            day = Day.with_user(user).create({"cashier_id": cashier.id})
            parser = self.env["report.cs_gas_billing.gas_cash_day_template"]
            values = parser.with_user(user)._get_report_values(day.ids)
            figures = values["figures"][day.id]
            self.assertAlmostEqual(figures["amount"], total)
            self.assertAlmostEqual(figures["ledger"], total)
            self.assertFalse(figures["difference"])
            self.assertEqual(figures["reversed"], first)
            self.assertEqual(figures["first"], first.name)
            day.action_print()
        self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.account.partner_id.id,
                "amount": 5,
                "date": date(2026, 11, 5),
                "journal_id": self.company.gas_cash_journal_id.id,
            }
        ).action_post()
        figures = values["figures"] and parser._get_figures(day)
        self.assertEqual((figures["others"], figures["difference"]), (5, -5))

    @freeze_time(EARLY)
    def test_receipt_on_paper(self):
        receipt = self.collect(250, keep_credit=True)
        self.assertEqual(receipt._get_amount_text(), "贰佰伍拾元整")
        hall = self.hall()
        for paper in ("a5", "thermal", "a5"):
            name = hall.print_receipt(receipt.id, paper)
            html, _kind = self.env["ir.actions.report"]._render_qweb_html(
                name, receipt.ids
            )
            text = html.decode()
            for word in (
                receipt.name,
                self.account.code,
                "120.15",
                "129.85",
                "138****0001",
                self.account.address,
            ):
                self.assertIn(word, text)
            self.assertNotIn("13800000001", text)
        self.assertEqual(receipt.print_count, 3)
        self.assertIn("Copy", text)

    def test_moments_are_the_company_s(self):
        with freeze_time("2026-11-04 17:00:00"):  # 01:00 on the 5th in Shanghai
            receipt = self.collect()
        self.assertEqual(receipt.date, date(2026, 11, 5))
        self.assertEqual(receipt.payment_id.date, date(2026, 11, 5))
        self.assertEqual(receipt._get_local_moment(), "2026-11-05 01:00")
        self.assertTrue(receipt.moment - timedelta(hours=1))

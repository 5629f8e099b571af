from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from .debit_common import ANSWERED_ON, LATE, SENT_ON, DebitCommon


@tagged("post_install", "-at_install", "gas_debit")
class TestDebitEdge(DebitCommon):
    """Paths beside the straight one; afterwards ledger and documents agree."""

    def setUp(self):
        super().setUp()
        self.sent = self.batch()
        self.debt = self.account.bill_ids
        self.due = self.debt.amount_residual
        self.line = self.sent.sudo().line_ids.filtered(
            lambda line: line.account_id == self.account
        )

    def assertMonthAgrees(self, period="2026-11", moment=LATE):
        with freeze_time(moment):
            check = (
                self.env["gas.month.check"]
                .with_user(self.users["accountant"])
                .create({"period": period})
            )
        wrong = check.compare_ids.filtered("count")
        self.assertEqual({row.code: row.difference for row in wrong}, {})

    def refund(self, amount, moment=ANSWERED_ON):
        with freeze_time(moment):
            refund = (
                self.env["gas.credit.refund"]
                .with_user(self.users["clerk"])
                .create(
                    {"account_id": self.account.id, "amount": amount, "reason": "退"}
                )
            )
            refund.action_request()
            refund.sudo().cs_approval_ids.with_user(
                self.users["manager"]
            ).action_approve()
            refund.with_user(self.users["cashier"]).action_pay()
        return refund.sudo()

    def cancel_bill(self):
        run = self.env["gas.bill.run"].search([], order="id desc", limit=1)
        with freeze_time(SENT_ON):
            self.env["gas.bill.reverser"].sudo()._reverse(run, self.debt)

    def take_back(self):
        with freeze_time(LATE):
            self.line.with_user(self.users["manager"]).action_return("退票")
        self.account.invalidate_recordset()

    # === MONEY THAT WENT ON ===#

    def test_refunded_money_that_the_bank_takes_back_is_owed(self):
        """The bank's money became credit and was refunded: the hall collects it."""
        self.cancel_bill()
        self.load_result(self.answer(self.sent))
        refund = self.refund(self.due)
        self.take_back()
        self.assertEqual(self.receivable(self.account), self.due)
        self.assertEqual(self.account.amount_due, self.due)
        self.assertMonthAgrees()
        self.assertIn(f"{self.due:.2f}", str(self.account.activity_ids.mapped("note")))
        hall = self.env["gas.hall"].with_user(self.users["cashier"])
        [owed] = hall.load_account(self.account.id)["owed_back"]
        self.assertEqual((owed["name"], owed["amount"]), (refund.name, self.due))
        receipt = self.collect(self.account, self.due, LATE, keep_credit=True)
        self.account.invalidate_recordset()
        self.assertEqual((self.account.amount_due, self.account.amount_credit), (0, 0))
        self.assertEqual(receipt.credit_balance, 0)
        self.assertFalse(hall.load_account(self.account.id)["owed_back"])
        self.assertMonthAgrees()
        with freeze_time(LATE):
            receipt.with_user(self.users["cashier"]).action_reverse("错收")
        self.account.invalidate_recordset()
        self.assertEqual(self.account.amount_due, self.due)
        self.assertMonthAgrees()

    def test_credit_pays_back_before_bills(self):
        self.cancel_bill()
        self.load_result(self.answer(self.sent))
        self.refund(50)
        self.take_back()
        self.assertEqual(self.account.amount_due, 50)
        self.collect(self.account, 70, LATE, keep_credit=True)
        self.account.invalidate_recordset()
        self.assertEqual((self.account.amount_due, self.account.amount_credit), (0, 20))
        self.assertMonthAgrees()

    def test_cash_refunded_then_debit_returned(self):
        self.collect(self.account, self.due, "2026-11-03 02:00:00", keep_credit=True)
        self.load_result(self.answer(self.sent))
        self.refund(self.due)
        self.take_back()
        self.assertEqual(self.debt.amount_residual, self.due)
        self.assertEqual(self.receivable(self.account), self.due)
        self.assertMonthAgrees()

    def test_cash_refunded_at_the_bank_then_refused(self):
        self.collect(self.account, self.due, "2026-11-03 02:00:00", keep_credit=True)
        self.refund(self.due, "2026-11-03 03:00:00")
        self.load_result(self.answer(self.sent, {self.account: "1001"}))
        self.assertEqual(self.debt.amount_residual, self.due)
        self.assertMonthAgrees()

    def test_returned_money_had_paid_another_bill(self):
        self.cancel_bill()
        self.load_result(self.answer(self.sent))
        with freeze_time(LATE):
            self.read_meters({1: 1090}, day="2026-11-20", previous=1045)
            self.bill(period="2026-11", first="2026-10-20", last="2026-11-20")
        posted = self.account.bill_ids.filtered(lambda bill: bill.state == "posted")
        self.assertEqual(posted.amount_residual, 0)
        self.take_back()
        self.assertEqual(posted.amount_residual, self.due)
        self.assertEqual(self.receivable(self.account), self.due)
        self.assertMonthAgrees()

    # === THE ENTRIES ===#

    def test_return_meets_the_account_of_its_debit(self):
        """The journal was changed meanwhile: nothing is left on either account."""
        self.load_result(self.answer(self.sent))
        transit = self.sent.sudo().open_line_id.account_id
        other = self.env["account.journal"].create(
            {"name": "另一家银行", "code": "BK2", "type": "bank"}
        )
        other.inbound_payment_method_line_ids[:1].payment_account_id = transit.copy(
            {"code": "101299", "reconcile": True}
        )
        self.profile.journal_id = other
        self.take_back()
        [back] = self.line.return_move_id.line_ids.filtered(
            lambda item: item.account_type != "asset_receivable"
        )
        self.assertEqual(back.account_id, transit)
        self.assertMonthAgrees()

    def test_return_is_not_booked_before_its_debit(self):
        self.load_result(self.answer(self.sent, day="2026-11-05"))
        content = self.answer(
            self.sent, {self.account: "9001"}, rows=self.line, day="2026-11-04"
        )
        self.load_result(content, moment=LATE)
        self.assertEqual(self.line.state, "returned")
        self.assertEqual(str(self.line.return_move_id.date), "2026-11-05")

    def test_items_of_entries_are_guarded(self):
        self.load_result(self.answer(self.sent))
        user = new_test_user(
            self.env,
            login="gas_books",
            groups="cs_gas_billing.group_accountant,account.group_account_manager",
            company_id=self.company.id,
        )
        credit = self.line.move_line_id
        transit = self.sent.sudo().open_line_id
        other = self.accounts[1]
        elsewhere = transit.account_id.copy({"code": "101298"})
        for record, values in (
            (credit, {"gas_account_id": other.id}),
            (credit, {"gas_bill_id": self.debt.id}),
            (credit, {"partner_id": other.partner_id.id}),
            (transit, {"account_id": elsewhere.id}),
            (transit.move_id, {"gas_debit_batch_id": False}),
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                record.with_user(user).write(values)

    def test_entries_are_not_forged(self):
        """Nobody makes an entry that looks like that of a batch or a bill."""
        user = new_test_user(
            self.env,
            login="gas_books",
            groups="cs_gas_billing.group_accountant,account.group_account_manager",
            company_id=self.company.id,
        )
        moves = self.env["account.move"].with_user(user)
        money, owed = (
            self.env["account.account"].search(
                [("company_ids", "in", self.company.ids), ("account_type", "=", kind)],
                limit=1,
            )
            for kind in ("asset_cash", "asset_receivable")
        )
        lines = [
            Command.create({"account_id": money.id, "balance": 5}),
            Command.create({"account_id": owed.id, "balance": -5}),
        ]
        values = {
            "journal_id": self.company.gas_debit_journal_id.id,
            "line_ids": lines,
        }
        batch = {"gas_debit_batch_id": self.sent.id}
        mine = moves.create(values)
        for attempt in (
            lambda: moves.create(values | batch),
            lambda: moves.with_context(default_gas_locked=True).create(values),
            lambda: mine.write(batch),
            lambda: mine.line_ids[0].write({"gas_bill_id": self.debt.id}),
            lambda: mine.write(
                {
                    "line_ids": [
                        Command.update(
                            mine.line_ids[0].id, {"gas_bill_id": self.debt.id}
                        )
                    ]
                }
            ),
        ):
            with self.assertRaisesRegex(UserError, "gas document"):
                attempt()

    def test_strangers_learn_nothing_of_a_bill_by_its_buttons(self):
        stranger = new_test_user(self.env, "gas_stranger", "base.group_user")
        for button in ("action_account", "action_run", "action_move"):
            with self.subTest(button=button), self.assertRaises(AccessError):
                getattr(self.debt.with_user(stranger), button)()

    # === THE FILE ===#

    def test_file_older_than_the_batch(self):
        for day in ("20250104", "00010101", "20261101"):
            content = self.answer(self.sent).replace(b"20261104", day.encode())
            result = self.load_result(content, import_it=False)
            self.assertEqual(
                (result.state, result.line_ids.code), ("refused", "EARLY"), day
            )
            self.assertIn(self.sent.name, result.message)

    def test_cancelled_between_check_and_import(self):
        result = self.load_result(self.answer(self.sent), import_it=False)
        self.sent.with_user(self.users["manager"]).action_cancel("银行未收")
        with self.assertRaisesRegex(UserError, self.sent.name):
            result.with_user(self.users["clerk"]).action_import()
        self.assertEqual(result.state, "checked")

    def in_background(self):
        """Take over a part; return the result and its worker."""
        self.company.gas_inline_limit = 0
        self.company.gas_chunk_size = 2
        result = self.load_result(self.answer(self.sent))
        worker = result._as_worker()
        worker._work_chunk()
        return result, worker

    def lock(self, day):
        self.company.sudo().fiscalyear_lock_date = day

    @freeze_time(ANSWERED_ON)
    def test_booked_answers_are_kept(self):
        result, worker = self.in_background()
        self.lock("2026-11-04")
        worker._work_chunk()
        self.assertEqual(result.state, "checked")
        with self.assertRaises(UserError):
            result.with_user(self.users["manager"]).unlink()

    @freeze_time(ANSWERED_ON)
    def test_period_locked_before_the_end(self):
        """What is left is one open item: it is booked on the day of the work."""
        result, worker = self.in_background()
        worker._work_chunk()
        self.lock("2026-11-04")
        worker._work_chunk()
        self.assertEqual((result.state, self.sent.state), ("done", "closed"))
        [item] = self.transit()
        self.assertEqual(str(item.date), "2026-11-05")
        self.assertEqual(item.amount_residual, self.sent.amount_total)

    @freeze_time(ANSWERED_ON)
    def test_everything_locked_before_the_end(self):
        """The work stops with a reason, and ends when accounting has opened."""
        result, worker = self.in_background()
        worker._work_chunk()
        self.lock("2026-11-05")
        worker._work_chunk()
        self.assertEqual(result.state, "checked")
        self.assertIn("2026-11-05", result.message)
        self.lock(False)
        result.with_user(self.users["clerk"]).action_import()
        while worker._work_chunk():
            pass
        self.assertEqual((result.state, self.sent.state), ("done", "closed"))
        self.assertEqual(self.transit().amount_residual, self.sent.amount_total)

    def test_dispute_of_nonsense(self):
        for amount in ("abc", float("nan"), None, 1e300):
            with self.subTest(amount=amount), self.assertRaises(UserError):
                self.debt.with_user(self.users["clerk"]).action_dispute(amount, "x")

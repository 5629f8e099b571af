import base64
import hashlib

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .debit_common import ANSWERED_ON, LATE, PREPARED, SENT_ON, DebitCommon


@tagged("post_install", "-at_install", "gas_debit")
class TestDebitBatch(DebitCommon):
    def test_nothing_is_posted_at_sending(self):
        moves = self.env["account.move"].search_count([])
        batch = self.batch()
        self.assertEqual(self.env["account.move"].search_count([]), moves)
        self.assertEqual(batch.state, "sent")
        self.assertEqual(batch.line_count, 4)
        self.assertEqual(
            round(batch.amount_total, 2),
            round(sum(self.bills.mapped("amount_total")), 2),
        )
        self.assertRegex(batch.name, r"^DK2611\d{4}$")
        data = batch.sudo().with_context(bin_size=False)
        content = base64.b64decode(data.file)
        self.assertEqual(batch.file_hash, hashlib.sha256(content).hexdigest())
        self.assertEqual(content.count(b"\r\n"), 5)
        self.assertEqual(
            self.bills.debit_line_id, batch.line_ids, "every bill is locked"
        )
        self.assertEqual(set(batch.line_ids.mapped("state")), {"sent"})

    def test_accepted_ends_in_one_open_item(self):
        self.company.gas_chunk_size = 2
        batch = self.batch()
        total = batch.amount_total
        result = self.load_result(self.answer(batch))
        self.assertEqual(result.state, "done", result.message)
        self.assertEqual(
            (result.line_count, result.ok_count, result.refused_count), (4, 4, 0)
        )
        self.assertEqual(result.batch_id, batch)
        self.assertEqual(batch.state, "closed")
        [item] = self.transit()
        self.assertEqual(item, batch.sudo().open_line_id)
        self.assertEqual(item.name, batch.name)
        self.assertEqual(item.amount_residual, total)
        self.assertEqual(str(item.date), "2026-11-04")
        self.assertEqual(set(self.bills.mapped("amount_residual")), {0.0})
        self.assertTrue(all(self.bills.mapped("fee_settled")))
        self.assertFalse(self.bills.debit_line_id)
        self.assertEqual(self.receivable(), 0)
        self.assertTrue(all(self.bills.move_line_id.mapped("reconciled")))
        for line in batch.line_ids.sudo():
            self.assertEqual(line.state, "accepted")
            credit = line.move_line_id
            self.assertEqual(credit.gas_account_id, line.account_id)
            self.assertEqual(credit.balance, -line.amount)
            self.assertEqual(
                credit.matched_debit_ids.debit_move_id, line.bill_id.move_line_id
            )
            self.assertTrue(credit.full_reconcile_id)
        self.assertEqual(batch.amount_open, total)

    def test_commercial_invoice_is_paid(self):
        values = {"气价": "T-COM", "用户类别": "公建", "月均用量": "750"}
        with freeze_time(PREPARED):
            account = self.make_accounts(
                1,
                first=31,
                最大流量="10",
                缴费方式="银行代扣",
                银行账号="62220212345",
                **values,
            )
            self.read_meters({31: 1700})
            self.bill()
        account.mandate_ids.sudo().date_from = "2026-01-01"
        invoice = account.bill_ids.sudo().move_id
        self.assertEqual(invoice.move_type, "out_invoice")
        batch = self.batch()
        self.load_result(self.answer(batch))
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))
        self.assertEqual(
            (invoice.amount_residual, account.bill_ids.amount_residual), (0, 0)
        )
        line = batch.line_ids.filtered(lambda row: row.account_id == account)
        with freeze_time(LATE):
            line.with_user(self.users["manager"]).action_return("退票")
        self.assertEqual(invoice.payment_state, "not_paid")
        self.assertEqual(invoice.amount_residual, account.bill_ids.amount_total)

    def test_two_bills_of_an_account_in_small_chunks(self):
        """Chunks never split an account; its bills are matched one by one."""
        with freeze_time("2026-11-20 02:00:00"):
            self.read_meters({1: 1085}, day="2026-11-20", previous=1045)
            self.bill(period="2026-11", first="2026-10-20", last="2026-11-20")
        self.company.gas_chunk_size = 1
        batch = self.batch(moment="2026-11-21 02:00:00")
        self.assertEqual(len(batch.line_ids), 5)
        result = self.load_result(
            self.answer(batch, {self.accounts[3]: "1001"}, day="2026-11-22"),
            moment="2026-11-22 02:00:00",
        )
        self.assertEqual(result.state, "done", result.message)
        self.assertEqual(set(self.account.bill_ids.mapped("amount_residual")), {0.0})
        self.assertEqual(self.account.amount_credit, 0)
        [item] = self.transit()
        self.assertEqual(item.amount_residual, batch.amount_accepted)

    def test_second_file_joins_the_first_item(self):
        batch = self.batch()
        lines = batch.sudo().line_ids
        self.load_result(self.answer(batch, rows=lines[:1]))
        self.assertEqual(batch.state, "answered")
        first = batch.sudo().open_line_id
        self.assertEqual(first.amount_residual, lines[0].amount)
        self.load_result(self.answer(batch, rows=lines[1:], day="2026-11-05"))
        self.assertEqual(batch.state, "closed")
        [item] = self.transit()
        self.assertEqual(item, batch.sudo().open_line_id)
        self.assertTrue(first.reconciled)
        self.assertEqual(item.amount_residual, batch.amount_total)

    def test_item_on_a_statement_stays_apart(self):
        batch = self.batch()
        lines = batch.sudo().line_ids
        self.load_result(self.answer(batch, rows=lines[:1]))
        first = batch.sudo().open_line_id
        self.pay_by_statement(first)
        self.assertTrue(first.reconciled)
        self.load_result(self.answer(batch, rows=lines[1:]))
        [item] = self.transit()
        self.assertEqual(
            item.amount_residual, round(sum(lines[1:].mapped("amount")), 2)
        )

    def pay_by_statement(self, item):
        bank = self.env["account.account"].search(
            [("account_type", "=", "asset_cash")], limit=1
        )
        move = self.env["account.move"].create(
            {
                "journal_id": item.journal_id.id,
                "line_ids": [
                    (0, 0, {"account_id": bank.id, "balance": item.balance}),
                    (
                        0,
                        0,
                        {"account_id": item.account_id.id, "balance": -item.balance},
                    ),
                ],
            }
        )
        move.action_post()
        (
            item | move.line_ids.filtered(lambda l: l.account_id == item.account_id)
        ).reconcile()

    def test_refused_lines_are_unlocked_and_presented_again(self):
        batch = self.batch()
        refused, stopped = self.accounts[1], self.accounts[2]
        result = self.load_result(
            self.answer(batch, {refused: "1001", stopped: "2001"})
        )
        self.assertEqual((result.ok_count, result.refused_count), (2, 2))
        self.assertEqual(batch.state, "closed")
        self.assertFalse(self.bills.debit_line_id)
        line = batch.line_ids.filtered(lambda l: l.account_id == refused)
        self.assertEqual((line.state, line.code), ("refused", "1001"))
        self.assertIn("余额不足", line.message)
        for account in refused | stopped:
            tasks = account.activity_ids
            self.assertEqual(len(tasks), 1)
            self.assertEqual(str(tasks.date_deadline), "2026-12-05")
            self.assertIn(account.bill_ids.name, str(tasks.note))
        self.assertFalse(refused.mandate_ids.blocked_on)
        self.assertEqual(str(stopped.mandate_ids.blocked_on), "2026-11-04")
        again = self.batch(moment=ANSWERED_ON)
        self.assertEqual(again.line_ids.account_id, refused)
        excluded = again.exclusion_ids
        self.assertEqual(excluded.account_id, stopped)
        self.assertEqual(excluded.reason, "blocked")
        stopped.mandate_ids.with_user(self.users["clerk"]).action_renew()
        third = self.batch(send=False, moment=ANSWERED_ON)
        self.assertEqual(third.line_ids.account_id, stopped)

    def test_new_number_renews_the_mandate(self):
        mandate = self.account.mandate_ids
        mandate.sudo()._block("2001 已销户", self.day("2026-11-04"))
        mandate.with_user(self.users["clerk"]).account_masked = "6222020000000099"
        self.assertFalse(mandate.blocked_on)
        with self.assertRaises(AccessError):
            mandate.with_user(self.users["clerk"]).write({"blocked_on": False})

    def test_who_is_left_out_and_why(self):
        without, blocked, disputed, rare = self.accounts
        without.mandate_ids.unlink()
        blocked.mandate_ids.sudo()._block("2001", self.day("2026-10-30"))
        bill = disputed.bill_ids
        bill.with_user(self.users["clerk"]).action_dispute(
            bill.amount_residual, "读数有异议"
        )
        self.profile.encoding = "gbk"
        rare.mandate_ids.holder = "𠮷田"
        batch = self.batch(send=False)
        self.assertFalse(batch.line_ids)
        reasons = {row.account_id: row.reason for row in batch.exclusion_ids}
        self.assertEqual(
            reasons,
            {
                without: "no_mandate",
                blocked: "blocked",
                disputed: "disputed",
                rare: "data",
            },
        )
        with self.assertRaises(UserError):
            batch.action_send()

    def test_amount_is_open_less_credit_less_dispute(self):
        """A03: open − credit − disputed."""
        bill = self.account.bill_ids
        self.collect(self.account, 0.5, "2026-10-30 02:00:00", bill_ids=[bill.id])
        open_amount = bill.amount_residual
        bill.with_user(self.users["clerk"]).action_dispute(20, "争议")
        batch = self.batch()
        line = batch.line_ids.filtered(lambda l: l.bill_id == bill)
        self.assertEqual(line.amount, round(open_amount - 20, 2))
        self.load_result(self.answer(batch))
        self.assertEqual(bill.amount_residual, 20)

    def test_dispute_needs_reason_and_open_amount(self):
        bill = self.account.bill_ids.with_user(self.users["clerk"])
        for amount, reason in ((10, ""), (99999, "x"), (-1, "x"), (0.005, "x")):
            with self.assertRaises(UserError):
                bill.action_dispute(amount, reason)
        for role in ("cashier", "reader", "accountant", "auditor"):
            with self.assertRaises(AccessError):
                bill.with_user(self.users[role]).action_dispute(1, "x")

    def test_bill_paid_before_sending_is_left_out(self):
        batch = self.batch(send=False)
        bill = self.account.bill_ids
        self.collect(self.account, bill.amount_residual, SENT_ON)
        with freeze_time(SENT_ON):
            batch.action_send()
        self.assertNotIn(bill, batch.line_ids.bill_id)
        self.assertEqual(batch.line_count, 3)
        [note] = batch.exclusion_ids
        self.assertEqual((note.bill_id, note.reason), (bill, "changed"))
        self.assertEqual(batch.line_ids.mapped("number"), [1, 2, 3])

    def test_bill_is_in_one_batch_only(self):
        first = self.batch(send=False)
        second = self.batch(send=False)
        self.assertEqual(len(first.line_ids), 4)
        self.assertFalse(second.line_ids)
        self.assertEqual(set(second.exclusion_ids.mapped("reason")), {"at_bank"})

    def test_several_batches_by_lines_of_a_file(self):
        self.profile.max_lines = 3
        batch = (
            self.env["gas.debit.batch"]
            .with_user(self.users["clerk"])
            .create({"profile_id": self.profile.id})
        )
        action = batch.action_pick()
        batches = self.env["gas.debit.batch"].search(action["domain"])
        self.assertEqual(sorted(batches.mapped("line_count")), [1, 3])

    def test_only_the_banks_own_mandates(self):
        self.profile.bank_name = "工商"
        self.account.mandate_ids.bank_name = "工商银行瑞安支行"
        self.accounts[1:3].mandate_ids.bank_name = "建设银行"
        self.accounts[3].mandate_ids.bank_name = False
        batch = self.batch(send=False)
        self.assertEqual(batch.line_ids.account_id, self.account)
        [left] = batch.exclusion_ids
        self.assertEqual((left.account_id, left.reason), (self.accounts[3], "no_bank"))

    def test_cancelled_batch_frees_its_bills(self):
        batch = self.batch()
        with self.assertRaises(AccessError):
            batch.action_cancel("银行未收")
        manager = batch.with_user(self.users["manager"])
        with self.assertRaises(UserError):
            manager.action_cancel(" ")
        manager.action_cancel("银行未收")
        self.assertEqual(batch.state, "cancelled")
        self.assertFalse(self.bills.debit_line_id)
        self.assertEqual(len(self.batch(send=False).line_ids), 4)
        result = self.load_result(self.answer(batch))
        self.assertEqual(result.state, "refused")

    def test_missing_lines_wait_for_the_manager(self):
        batch = self.batch()
        lines = batch.sudo().line_ids
        self.load_result(self.answer(batch, rows=lines[:3]))
        self.assertEqual((batch.state, batch.waiting_count), ("answered", 1))
        self.assertEqual(lines[3].state, "sent")
        self.assertTrue(lines[3].bill_id.debit_line_id)
        with self.assertRaises(AccessError):
            batch.action_close("银行未回")
        batch.with_user(self.users["manager"]).action_close("银行未回")
        self.assertEqual((batch.state, lines[3].state), ("closed", "missing"))
        self.assertFalse(lines[3].bill_id.debit_line_id)
        late = self.load_result(self.answer(batch, rows=lines[3:]))
        self.assertEqual(late.line_ids.code, "CLOSED")
        self.assertEqual(len(self.batch(send=False).line_ids), 1)


@tagged("post_install", "-at_install", "gas_debit")
class TestDebitReturn(DebitCommon):
    def setUp(self):
        super().setUp()
        self.sent = self.batch()
        self.load_result(self.answer(self.sent))
        self.line = self.sent.sudo().line_ids[0]
        self.bill = self.line.bill_id
        self.due = self.bill.date_due

    def check_open_again(self):
        self.assertEqual(self.line.state, "returned")
        self.assertEqual(self.bill.amount_residual, self.bill.amount_total)
        self.assertEqual(self.bill.move_line_id.date_maturity, self.due)
        self.assertFalse(self.bill.fee_settled)
        self.assertEqual(self.receivable(), self.bill.amount_total)
        others = (self.bills - self.bill).mapped("amount_residual")
        self.assertEqual(set(others), {0.0})
        red = self.transit() - self.sent.sudo().open_line_id
        self.assertEqual(red.balance, -self.line.amount)
        self.assertEqual(red.name, self.sent.name)
        if self.company.account_storno:
            self.assertTrue(all(red.move_id.line_ids.mapped("is_storno")))
            self.assertLess(red.debit, 0)
        self.assertEqual(
            self.sent.amount_open, self.sent.amount_total - self.line.amount
        )

    def test_return_by_hand(self):
        with self.assertRaises(AccessError):
            self.line.with_user(self.users["clerk"]).action_return("退票")
        manager = self.line.with_user(self.users["manager"])
        with self.assertRaises(UserError):
            manager.action_return("")
        with freeze_time(LATE):
            manager.action_return("退票")
        self.check_open_again()
        with freeze_time(LATE):
            fees = self.env["gas.latefee.policy"]._get_fees(
                self.bill, self.company._cs_today()
            )
        # 120.15 × 0.3 % × 10 days, floored to 0.50: the clock never stopped
        self.assertEqual(str(fees[self.bill]), "3.50")
        with self.assertRaises(UserError), freeze_time(LATE):
            manager.action_return("退票")

    def test_return_by_file(self):
        content = self.answer(
            self.sent, {self.line.account_id: "9001"}, rows=self.line, day="2026-11-28"
        )
        result = self.load_result(content, moment=LATE)
        self.assertEqual((result.state, result.returned_count), ("done", 1))
        self.check_open_again()
        self.assertEqual(str(self.line.return_move_id.date), "2026-11-28")
        again = self.batch(moment=LATE)
        self.assertEqual(again.line_ids.bill_id, self.bill)

    def test_return_of_what_was_not_debited(self):
        batch = self.batch(moment=LATE, send=False)
        self.assertFalse(batch.line_ids)
        content = self.answer(
            self.sent, {self.line.account_id: "9001"}, rows=self.line, day="2026-11-28"
        )
        self.load_result(content, moment=LATE)
        twice = self.load_result(content + b" ", moment=LATE)
        self.assertEqual(twice.line_ids.code, "ANSWERED")


@tagged("post_install", "-at_install", "gas_debit")
class TestCashAtTheBank(DebitCommon):
    def setUp(self):
        super().setUp()
        self.sent = self.batch()
        self.bill = self.account.bill_ids
        self.due = self.bill.amount_residual

    def test_screen_tells_where_the_bill_is(self):
        hall = self.env["gas.hall"].with_user(self.users["cashier"])
        values = hall.load_account(self.account.id)
        self.assertEqual(values["bills"], [])
        [locked] = values["at_bank"]
        self.assertEqual(locked["batch"], self.sent.name)
        self.assertEqual(locked["principal"], self.due)

    def take_cash(self, moment="2026-11-03 02:00:00"):
        receipt = self.collect(self.account, self.due, moment, keep_credit=True)
        self.assertEqual(receipt.amount_credit, self.due)
        self.assertFalse(receipt.line_ids)
        self.assertIn(self.sent.name, receipt.bank_note)
        self.assertEqual(self.bill.amount_residual, self.due)
        return receipt

    def test_accepted_then_the_cash_stays_credit(self):
        self.take_cash()
        self.load_result(self.answer(self.sent))
        self.assertEqual(self.bill.amount_residual, 0)
        self.assertEqual(self.account.amount_credit, self.due)

    def test_refused_then_the_cash_pays_at_its_date(self):
        receipt = self.take_cash("2026-11-23 02:00:00")
        self.load_result(
            self.answer(self.sent, {self.account: "1001"}, day="2026-11-29"),
            moment=LATE,
        )
        self.assertEqual(self.bill.amount_residual, 0)
        self.assertEqual(self.account.amount_credit, 0)
        match = self.bill.move_line_id.matched_credit_ids
        self.assertEqual(match.credit_move_id.move_id, receipt.payment_id.move_id)
        with freeze_time(LATE):
            fees = self.env["gas.latefee.policy"]._get_fees(
                self.bill, self.company._cs_today()
            )
        # three days until the cash, not ten until the bank's answer: 1.08135 → 1.00
        self.assertEqual(str(fees[self.bill]), "1.00")
        self.assertFalse(self.account.activity_ids, "nothing is left to remind of")

    def test_locked_bill_is_never_paid_by_credit(self):
        self.take_cash()
        self.env["gas.allocator"].sudo()._use_credits(self.account)
        self.assertEqual(self.bill.amount_residual, self.due)

    def test_bill_cannot_be_chosen_at_the_hall(self):
        with self.assertRaises(UserError):
            self.collect(self.account, self.due, ANSWERED_ON, bill_ids=[self.bill.id])

from odoo.exceptions import UserError
from odoo.tests import HttpCase, freeze_time, tagged

from odoo.addons.cs_gas_billing.tests.debit_common import (
    ANSWERED_ON,
    LATE,
    DebitCommon,
)

from .common import StatementMixin


class BatchCommon(StatementMixin, DebitCommon):
    """A batch that the bank debited, and the accountant of the bank statement."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank = cls.env["account.journal"].create(
            {"name": "工行基本户", "code": "ICBC1", "type": "bank"}
        )
        cls.debit = cls.batch()
        cls.load_result(cls.answer(cls.debit))
        cls.item = cls.debit.sudo().open_line_id
        cls.total = cls.item.amount_residual

    def press_bank_fees(self, line):
        """Choose the button of the reconciliation screen."""
        button = self.env["account.reconcile.model"].search(
            [("company_id", "=", self.company.id), ("trigger", "=", "manual")]
        )
        fees = button.filtered(
            lambda model: model.line_ids.account_id.code.startswith("5603")
        )
        line.manual_model_id = fees[:1]
        line._onchange_manual_model_id()
        return fees


@tagged("post_install", "-at_install", "gas_statement")
class TestBatch(BatchCommon):
    @freeze_time(ANSWERED_ON)
    def test_lump_sum(self):
        line = self.import_line(f"代扣入账 {self.debit.name}", self.total)
        self.assertTrue(line.is_reconciled)
        self.assertTrue(self.item.reconciled)
        self.assertFalse(self.debit.amount_open)

    @freeze_time(ANSWERED_ON)
    def test_the_number_is_a_whole_word(self):
        name = self.debit.name
        for text in (
            f"{name}1",
            f"X{name}",
            name[:-1],
            name[2:],
            f"{name}-2",
            "1",
            "",
            "代扣",
        ):
            with self.subTest(text=text):
                line = self.import_line(text, self.total)
                self.assertFalse(line.is_reconciled)
                self.assertFalse(line._get_chosen_items())
        self.assertFalse(self.item.reconciled)

    @freeze_time(ANSWERED_ON)
    def test_texts_around_the_number(self):
        for text in ("批次{}代扣", "ICBC-{}", "{}，共4笔", "({})", "/{}/"):
            with self.subTest(text=text):
                line = self.import_line(text.format(self.debit.name), self.total)
                self.assertTrue(line.is_reconciled)
                line.unreconcile_bank_line()
                self.assertFalse(self.item.reconciled)

    @freeze_time(ANSWERED_ON)
    def test_net_of_fees(self):
        """One click chooses the fees, one reconciles."""
        line = self.import_line(f"代扣 {self.debit.name}", self.total - 12.5)
        self.assertFalse(line.is_reconciled)
        self.assertFalse(self.item.reconciled)
        self.assertEqual(line._get_chosen_items(), self.item)
        self.press_bank_fees(line)
        self.assertTrue(line.can_reconcile)
        line.reconcile_bank_line()
        self.assertTrue(self.item.reconciled)
        fee = line.move_id.line_ids.filtered(
            lambda row: row.account_id.code.startswith("5603")
        )
        self.assertEqual(fee.balance, 12.5)
        self.assertFalse(self.debit.amount_open)

    @freeze_time(LATE)
    def test_late_return_inside(self):
        """The bank keeps what it returned: both items are proposed together."""
        returned = self.debit.line_ids[0].sudo()
        returned.with_user(self.users["manager"]).action_return("退票")
        net = self.total - returned.amount
        line = self.import_line(self.debit.name, net)
        self.assertTrue(line.is_reconciled)
        self.assertFalse(self.transit())

    @freeze_time(LATE)
    def test_return_after_the_statement(self):
        """The whole sum came first; the return is taken off on another day."""
        line = self.import_line(self.debit.name, self.total)
        self.assertTrue(line.is_reconciled)
        returned = self.debit.line_ids[0].sudo()
        returned.with_user(self.users["manager"]).action_return("退票")
        back = self.import_line(f"退票 {self.debit.name}", -returned.amount)
        self.assertTrue(back.is_reconciled)
        self.assertFalse(self.transit())
        self.assertEqual(returned.bill_id.amount_residual, returned.amount)

    @freeze_time(LATE)
    def test_lump_sum_comes_late(self):
        """The return was booked before: each transaction finds its own item."""
        returned = self.debit.line_ids[0].sudo()
        returned.with_user(self.users["manager"]).action_return("退票")
        back = self.import_line(f"退票 {self.debit.name}", -returned.amount)
        self.assertTrue(back.is_reconciled)
        self.assertEqual(self.transit(), self.item)
        line = self.import_line(self.debit.name, self.total)
        self.assertTrue(line.is_reconciled)
        self.assertFalse(self.transit())

    @freeze_time(LATE)
    def test_lump_sum_and_return_in_one_file(self):
        returned = self.debit.line_ids[0].sudo()
        returned.with_user(self.users["manager"]).action_return("退票")
        line = self.import_line(self.debit.name, self.total)
        self.assertTrue(line.is_reconciled)
        back = self.import_line(f"退票 {self.debit.name}", -returned.amount)
        self.assertTrue(back.is_reconciled)
        self.assertFalse(self.transit())

    @freeze_time(ANSWERED_ON)
    def test_a_rule_takes_no_batch(self):
        """A rule for everything would write the lump sum off as something else."""
        self.env["account.reconcile.model"].create(
            {
                "name": "所有",
                "trigger": "auto_reconcile",
                "line_ids": [
                    (0, 0, {"account_id": self.company.gas_fee_account_id.id})
                ],
            }
        )
        other = self.import_line("利息", 3)
        self.assertTrue(other.is_reconciled)
        line = self.import_line(self.debit.name, self.total)
        self.assertTrue(self.item.reconciled)
        self.assertTrue(line.is_reconciled)
        part = self.import_line(self.debit.name, self.total)
        self.assertTrue(part.is_reconciled, "the rule takes what is no open batch")

    @freeze_time(ANSWERED_ON)
    def test_a_batch_is_paid_once(self):
        lines = (
            self.env["account.bank.statement.line"]
            .with_user(self.accountant)
            .create(
                [
                    {
                        "journal_id": self.bank.id,
                        "date": "2026-11-05",
                        "payment_ref": self.debit.name,
                        "amount": self.total,
                    }
                    for _number in range(2)
                ]
            )
        )
        self.assertEqual(lines.mapped("is_reconciled"), [True, False])

    @freeze_time(ANSWERED_ON)
    def test_two_batches_in_one_text_are_left_to_a_person(self):
        later = self.make_debit_accounts(1, first=31)
        self.read_meters({31: 1040})
        self.bill(run=self.make_run())
        second = self.batch(moment=ANSWERED_ON)
        self.load_result(self.answer(second, day="2026-11-05"))
        self.assertTrue(later.bill_ids)
        line = self.import_line(f"{self.debit.name} {second.name}", self.total)
        self.assertFalse(line.is_reconciled)

    @freeze_time(ANSWERED_ON)
    def test_a_bill_at_the_bank_is_not_paid_by_hand(self):
        later = self.make_debit_accounts(1, first=31)
        self.read_meters({31: 1040})
        self.bill(run=self.make_run())
        batch = self.batch(moment=ANSWERED_ON)
        bill = later.bill_ids
        self.assertTrue(bill.debit_line_id)
        line = self.import_line(
            "燃气费", bill.amount_total, partner_id=later.partner_id.id
        )
        line._add_account_move_line(bill.move_line_id.with_env(line.env), True)
        with self.assertRaises(UserError) as caught:
            line.reconcile_bank_line()
        self.assertIn(batch.name, str(caught.exception))
        with self.assertRaisesRegex(UserError, "no open gas bill"):
            line.action_gas_oldest_first()

    @freeze_time(ANSWERED_ON)
    def test_unreconcile_opens_the_batch_again(self):
        line = self.import_line(self.debit.name, self.total)
        line.unreconcile_bank_line()
        self.assertFalse(self.item.reconciled)
        self.assertEqual(self.debit.amount_open, self.total)
        self.assertFalse(any(self.bills.mapped("amount_residual")))

    def test_set_up_makes_one_button(self):
        known = self.env["account.reconcile.model"].search_count([])
        self.env["gas.setup"]._setup_company(self.company)
        self.assertEqual(self.env["account.reconcile.model"].search_count([]), known)

    @freeze_time(ANSWERED_ON)
    def test_queries_do_not_grow_with_open_items(self):
        """Ten transactions ask the database as often for the batches as one."""
        values = {
            "journal_id": self.bank.id,
            "date": "2026-11-05",
            "payment_ref": "货款",
            "amount": 7,
        }
        lines = self.env["account.bank.statement.line"].create([values] * 10)

        def count(part):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            part._do_auto_reconcile_invoices()
            return self.env.cr.sql_log_count - before

        count(lines[0])
        one, ten = count(lines[0]), count(lines)
        self.assertLessEqual(ten, one, (one, ten))


@tagged("post_install", "-at_install", "gas_tour")
class TestBatchTour(BatchCommon, HttpCase):
    def test_bank_file_to_statement(self):
        with freeze_time(ANSWERED_ON):
            line = self.import_line(f"代扣 {self.debit.name}", self.total - 12.5)
        self.assertFalse(line.is_reconciled)
        self.start_tour(
            "/odoo/gas-bank",
            "cs_gas_statement_tour",
            login="gas_bookkeeper",
        )
        line.invalidate_recordset()
        self.assertTrue(line.is_reconciled)
        self.assertTrue(self.item.reconciled)

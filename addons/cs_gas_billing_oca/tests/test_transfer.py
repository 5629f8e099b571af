from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from odoo.addons.cs_gas_billing.models.account_move import GAS_KEY

from .common import DAY, StatementCommon


@tagged("post_install", "-at_install", "gas_statement")
class TestTransfer(StatementCommon):
    """One transfer of a customer with several accounts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.payer = cls.account.partner_id
        cls.accounts[1].sudo().partner_id = cls.payer
        cls.bill_2.move_line_id.with_context(gas_key=GAS_KEY).partner_id = cls.payer

    def choose(self, line, *bills):
        for bill in bills:
            line._add_account_move_line(
                bill.move_line_id.with_env(line.env), keep_current=True
            )

    @freeze_time(DAY)
    def test_several_bills_of_several_accounts(self):
        line = self.import_line("燃气费", 250.25, partner_id=self.payer.id)
        self.choose(line, self.bill_2, self.bill_1)
        self.assertTrue(line.can_reconcile)
        line.reconcile_bank_line()
        self.assertEqual(self.bill_1.amount_residual, 0)
        self.assertEqual(self.bill_2.amount_residual, 0)
        self.assertTrue(self.bill_1.fee_settled)
        self.assertEqual(self.account.amount_credit, 50)
        self.assertEqual(self.accounts[1].amount_credit, 0)
        line.unreconcile_bank_line()
        self.assertEqual(self.bill_1.amount_residual, 120.15)
        self.assertEqual(self.bill_2.amount_residual, 80.10)
        self.assertEqual(self.account.amount_credit, 0)

    @freeze_time(DAY)
    def test_keep_mode(self):
        """The journal's other mode books a second entry; the accounts are the same."""
        self.bank.reconcile_mode = "keep"
        self.bank.suspense_account_id.reconcile = True
        line = self.import_line("燃气费", 200.25, partner_id=self.payer.id)
        self.choose(line, self.bill_2, self.bill_1)
        line.reconcile_bank_line()
        self.assertEqual(
            (self.bill_1.amount_residual, self.bill_2.amount_residual), (0, 0)
        )

    @freeze_time(DAY)
    def test_oldest_first(self):
        self.bill_next_month()
        line = self.import_line("燃气费", 250.25, partner_id=self.payer.id)
        line.action_gas_oldest_first()
        line.reconcile_bank_line()
        self.assertEqual(self.bill_1.amount_residual, 0)
        self.assertEqual(self.bill_2.amount_residual, 0)
        november = (self.accounts[0] | self.accounts[1]).bill_ids.filtered(
            lambda bill: bill.period == "2026-11"
        )
        first = november.sorted(lambda bill: (bill.date_due, bill.id))[0]
        self.assertAlmostEqual(first.amount_residual, first.amount_total - 50, places=2)
        credits = (self.accounts[0] | self.accounts[1]).mapped("amount_credit")
        self.assertEqual(credits, [0, 0])

    @freeze_time(DAY)
    def test_a_rest_of_several_accounts_is_asked_for(self):
        line = self.import_line("燃气费", 10, partner_id=self.payer.id)
        with self.assertRaises(UserError) as caught:
            line.reconcile_bank_line()
        self.assertIn("2 gas accounts", str(caught.exception))

    @freeze_time(DAY)
    def test_a_customer_with_one_account_needs_no_bill(self):
        line = self.import_line("燃气费", 10, partner_id=self.accounts[2].partner_id.id)
        line.reconcile_bank_line()
        self.assertEqual(self.accounts[2].amount_credit, 10)

    @freeze_time(DAY)
    def test_oldest_first_says_what_is_missing(self):
        line = self.import_line("燃气费", 10)
        with self.assertRaisesRegex(UserError, "Choose the customer first"):
            line.action_gas_oldest_first()
        line.partner_id = self.env["res.partner"].create({"name": "没有燃气"})
        with self.assertRaisesRegex(UserError, "no open gas bill"):
            line.action_gas_oldest_first()

    @freeze_time(DAY)
    def test_only_accountants_reconcile(self):
        line = self.import_line("燃气费", 10, partner_id=self.payer.id)
        for role, user in self.users.items():
            with self.subTest(role=role), self.assertRaises(AccessError):
                line.with_user(user).action_gas_oldest_first()
        self.assertFalse(line.is_reconciled)

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .test_hall import HallCommon

DAY = "2026-11-05 02:00:00"


@tagged("post_install", "-at_install", "gas_matching")
class TestMatchingByHand(HallCommon):
    """An accountant matches payments in Odoo's own screens."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls.make_bookkeeper()
        cls.bills = cls.accounts.bill_ids.sorted("id")
        cls.bill_1, cls.bill_2, cls.bill_3 = (
            account.bill_ids for account in cls.accounts
        )

    def make_money(self, amount, partner=None):
        """Return the receivable line of a native entry that took money."""
        bank = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1
        )
        receivable = self.company.gas_receivable_account_id
        partner = partner or self.account.partner_id
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": bank.id,
                "date": "2026-11-05",
                "line_ids": [
                    Command.create(
                        {
                            "account_id": receivable.id,
                            "partner_id": partner.id,
                            "name": "money",
                            "balance": -amount,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": bank.default_account_id.id,
                            "name": "bank",
                            "balance": amount,
                        }
                    ),
                ],
            }
        )
        move.action_post()
        line = move.line_ids.filtered(lambda row: row.account_id == receivable)
        return line.with_user(self.accountant)

    def match(self, money, *bills):
        lines = money
        for bill in bills:
            lines |= bill.move_line_id.with_user(self.accountant)
        lines.reconcile()

    @freeze_time(DAY)
    def test_money_takes_the_gas_account_and_its_rest_is_credit(self):
        money = self.make_money(150)
        self.match(money, self.bill_1)
        self.assertEqual(money.sudo().gas_account_id, self.account)
        self.assertEqual(self.bill_1.amount_residual, 0)
        self.assertTrue(self.bill_1.fee_settled)
        self.assertEqual(self.account.amount_credit, 29.85)
        self.assertEqual(self.load_account()["credit"], 29.85)

    @freeze_time(DAY)
    def test_part_of_a_bill_leaves_it_open(self):
        self.match(self.make_money(100), self.bill_1)
        self.assertEqual(self.bill_1.amount_residual, 20.15)
        self.assertFalse(self.bill_1.fee_settled)

    @freeze_time("2026-12-05 02:00:00")
    def test_late_money_leaves_the_late_fee(self):
        money = self.make_money(120.15)
        money.sudo().move_id.button_draft()
        money.sudo().move_id.date = "2026-12-05"
        money.sudo().move_id.action_post()
        self.match(money, self.bill_1)
        self.assertEqual(self.bill_1.amount_residual, 0)
        self.assertFalse(self.bill_1.fee_settled)
        # 120.15 × 0.3 % × 15 days = 5.40675, floored to 0.50
        self.assertEqual(self.load_account()["fee"], 5)

    @freeze_time(DAY)
    def test_unmatching_gives_everything_back(self):
        money = self.make_money(150)
        self.match(money, self.bill_1)
        money.remove_move_reconcile()
        self.assertFalse(money.sudo().gas_account_id)
        self.assertFalse(money.sudo().gas_account_taken)
        self.assertEqual(self.bill_1.amount_residual, 120.15)
        self.assertFalse(self.bill_1.fee_settled)
        self.assertEqual(self.account.amount_credit, 0)
        self.match(money, self.bill_2)
        self.assertEqual(money.sudo().gas_account_id, self.accounts[1])

    @freeze_time(DAY)
    def test_the_rest_pays_no_other_account(self):
        money = self.make_money(200)
        self.match(money, self.bill_1)
        with self.assertRaisesRegex(UserError, "T000001.*T000002"):
            self.match(money, self.bill_2)

    @freeze_time(DAY)
    def test_one_line_pays_one_account(self):
        money = self.make_money(500)
        with self.assertRaises(UserError) as caught:
            self.match(money, self.bill_1, self.bill_2)
        self.assertIn("several gas accounts", str(caught.exception))
        self.assertEqual(self.bill_1.amount_residual, self.bill_1.amount_total)

    @freeze_time(DAY)
    def test_credit_of_an_account_stays_there(self):
        self.collect(500, keep_credit=True)
        credit = self.env["account.move.line"].search(
            self.account._get_open_credit_domain()
        )
        with self.assertRaisesRegex(UserError, "T000001"):
            self.match(credit.with_user(self.accountant), self.bill_2)

    @freeze_time(DAY)
    def test_lines_of_several_accounts_meet_their_own(self):
        """Chosen together, each money line pays the bill of its own account."""
        first, second = self.make_money(80.1), self.make_money(120.15)
        (first | second).sudo().write({"gas_account_taken": True})
        first.sudo().gas_account_id = self.accounts[1]
        second.sudo().gas_account_id = self.account
        self.match(first | second, self.bill_1, self.bill_2)
        self.assertEqual(
            (self.bill_1.amount_residual, self.bill_2.amount_residual), (0, 0)
        )
        for bill, money in ((self.bill_1, second), (self.bill_2, first)):
            self.assertEqual(
                bill.move_line_id.matched_credit_ids.credit_move_id, money.sudo()
            )

    @freeze_time(DAY)
    def test_what_a_receipt_paid_stays_paid(self):
        receipt = self.collect()
        line = self.bill_1.move_line_id.with_user(self.accountant)
        with self.assertRaisesRegex(UserError, receipt.name):
            line.remove_move_reconcile()
        partial = self.bill_1.move_line_id.matched_credit_ids
        with self.assertRaisesRegex(UserError, receipt.name):
            partial.with_user(self.accountant).unlink()
        self.assertEqual(self.bill_1.amount_residual, 0)
        receipt.with_user(self.users["cashier"]).action_reverse("typo")
        self.assertEqual(self.bill_1.amount_residual, 120.15)

    @freeze_time(DAY)
    def test_credit_used_by_itself_is_set_free(self):
        self.collect(500, keep_credit=True)
        self.bill_next_month()
        later = self.account.bill_ids.filtered(lambda bill: bill.period == "2026-11")
        self.assertEqual(later.amount_residual, 0)
        before = self.account._get_open_credit()[self.account.id]
        later.move_line_id.with_user(self.accountant).remove_move_reconcile()
        self.assertEqual(later.amount_residual, later.amount_total)
        self.assertFalse(later.fee_settled)
        self.assertAlmostEqual(
            self.account._get_open_credit()[self.account.id],
            before + later.amount_total,
            places=2,
        )

    @freeze_time(DAY)
    def test_other_money_is_left_alone(self):
        """Invoices and payments without gas are matched as always."""
        money = self.make_money(50)
        debt = self.make_money(-50)
        (money | debt).reconcile()
        self.assertTrue(money.reconciled)
        self.assertFalse(money.sudo().gas_account_id)
        money.remove_move_reconcile()
        self.assertFalse(money.reconciled)

    @freeze_time(DAY)
    def test_gas_roles_match_nothing(self):
        money = self.make_money(120.15)
        for role, user in self.users.items():
            with self.subTest(role=role), self.assertRaises(AccessError):
                (money | self.bill_1.move_line_id).with_user(user).reconcile()
        self.assertEqual(self.bill_1.amount_residual, 120.15)

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..models.account_move import GAS_KEY
from .test_hall import EARLY, LATE, HallCommon


@tagged("post_install", "-at_install", "gas_hall")
class TestLatefee(HallCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policies = cls.env["gas.latefee.policy"]
        cls.policy = cls.policies.search(
            [("company_id", "=", cls.company.id), ("category", "=", "resident")]
        )

    def fee(self, day, account=None):
        bills = (account or self.account).bill_ids
        fees = self.policies._get_fees(bills, self.day(day))
        return float(sum(fees.values()))

    def test_worked_examples(self):
        """L01 to L05, of a bill of 120.15, one bill month later."""
        for day, fee in (
            ("2026-11-20", 0),
            ("2026-11-21", 0),
            ("2026-11-22", 0.5),
            ("2026-11-30", 3.5),
            ("2027-01-15", 20),
        ):
            self.assertEqual(self.fee(day), fee, day)

    def test_channel_has_its_own_policy(self):
        self.policies.create(
            {
                "company_id": self.company.id,
                "category": "resident",
                "pay_channel": "debit",
                "rate": 0.3,
                "month_offset": 2,
            }
        )
        self.assertEqual(self.fee("2026-11-30"), 3.5)
        self.account.pay_channel = "debit"
        self.assertEqual(self.fee("2026-11-30"), 0)
        self.assertEqual(self.fee("2026-12-30"), 3.5)

    def test_no_policy_no_fee(self):
        self.policy.unlink()
        self.assertEqual(self.fee("2027-01-15"), 0)
        with freeze_time("2027-01-15 02:00:00"):
            self.collect()
        self.assertTrue(self.account.bill_ids.fee_settled)

    def test_one_policy_per_category_and_channel(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.policy.copy()
            self.env.flush_all()

    def test_who_keeps_policies(self):
        for role in ("cashier", "clerk", "accountant"):
            with self.assertRaises(AccessError):
                self.policy.with_user(self.users[role]).rate = 0.1
        self.policy.with_user(self.users["manager"]).rate = 0.1

    def test_a_bill_opened_again_is_charged_again(self):
        with freeze_time(EARLY):
            receipt = self.collect()
            bill = self.account.bill_ids
            self.assertTrue(bill.fee_settled)
            receipt.with_user(self.users["cashier"]).action_reverse("typo")
        self.assertFalse(bill.fee_settled)
        self.assertEqual(self.fee("2026-11-30"), 3.5)

    def test_unmatched_by_accounting(self):
        """The mark of a settled fee doesn't count while principal is open."""
        with freeze_time(EARLY):
            self.collect()
        bill = self.account.bill_ids
        bill.move_line_id.with_context(gas_key=GAS_KEY).remove_move_reconcile()
        self.assertTrue(bill.fee_settled)
        self.assertEqual(self.fee("2026-11-30"), 3.5)

    @freeze_time(LATE)
    def test_waiver_state_is_not_written(self):
        Waiver = self.env["gas.latefee.waiver"].with_user(self.users["cashier"])
        values = {"bill_id": self.account.bill_ids.id, "amount": 1, "reason": "r"}
        with self.assertRaises(UserError):
            Waiver.create({**values, "state": "approved"})
        waiver = Waiver.create(values)
        with self.assertRaises(UserError):
            waiver.state = "approved"
        waiver.action_request()
        with self.assertRaises(UserError):
            waiver.amount = 3
        waiver.sudo().cs_approval_ids.with_user(self.users["manager"]).action_reject(
            "no reason"
        )
        self.assertEqual(waiver.state, "rejected")
        self.assertEqual(self.fee("2026-11-30"), 3.5)

    @freeze_time(LATE)
    def test_waiver_of_a_fee_collected_meanwhile(self):
        waiver_id = self.hall().request_waiver(self.account.bill_ids.id, 3.5, "late")
        self.collect()
        waiver = self.env["gas.latefee.waiver"].browse(waiver_id)
        approval = waiver.cs_approval_ids.with_user(self.users["manager"])
        with self.assertRaises(UserError) as caught:
            approval.action_approve()
        self.assertIn("collected meanwhile", str(caught.exception))
        approval.action_reject("paid")
        self.assertEqual(waiver.state, "rejected")

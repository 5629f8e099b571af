from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from odoo.addons.cs_base.tests.common import RpcCase

from .common import ROLES
from .test_hall import HallCommon

DAY = "2026-11-05 02:00:00"


class RefundCommon(HallCommon):
    """An account with credit: 500 paid on a bill of 120.15."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time(DAY):
            cls.take(cls.account, 500, keep_credit=True)
        cls.account.invalidate_recordset()

    def ask(self, amount=300, user="clerk", **values):
        refund = (
            self.env["gas.credit.refund"]
            .with_user(self.users[user])
            .create(
                {
                    "account_id": self.account.id,
                    "amount": amount,
                    "reason": "客户要求退款",
                    **values,
                }
            )
        )
        refund.action_request()
        return refund

    def approve(self, refund, user="manager"):
        approval = refund.sudo().cs_approval_ids.filtered(
            lambda row: row.state == "pending"
        )
        approval.with_user(self.users[user]).action_approve()
        return refund

    def pay(self, refund, user="cashier"):
        refund.with_user(self.users[user]).action_pay()
        return refund


@tagged("post_install", "-at_install", "gas_refund")
class TestRefund(RefundCommon):
    @freeze_time(DAY)
    def test_cash(self):
        self.assertEqual(self.account.amount_credit, 379.85)
        refund = self.approve(self.ask())
        self.assertEqual(refund.state, "approved")
        self.assertEqual(self.account.amount_credit, 379.85)
        self.pay(refund)
        self.assertEqual(refund.state, "paid")
        self.assertRegex(refund.name, r"^T2611\d{5}$")
        self.assertEqual(refund.cashier_id, self.users["cashier"])
        self.assertEqual(refund.credit_after, 79.85)
        self.assertEqual(self.account._get_open_credit()[self.account.id], 79.85)
        payment = refund.sudo().payment_id
        self.assertEqual(payment.payment_type, "outbound")
        self.assertEqual(payment.state, "paid")
        self.assertEqual(payment.journal_id, self.company.gas_cash_journal_id)
        self.assertEqual(self.open_items(), -79.85)

    def test_credit_is_bound_to_its_account(self):
        """Other apps leave it alone: it is refunded here, with its own approval."""
        lines = self.env["account.move.line"].search(
            [("gas_account_id", "=", self.account.id), ("amount_residual", "<", 0)]
        )
        self.assertTrue(lines)
        bound = self.env["res.partner"]._cs_bound_credit()
        self.assertEqual(lines.filtered_domain(bound), lines)

    @freeze_time(DAY)
    def test_transfer_waits_for_the_statement(self):
        refund = self.ask(
            379.85,
            method="transfer",
            bank_holder="客户1",
            bank_masked="6222000011112222",
        )
        self.pay(self.approve(refund), "clerk")
        payment = refund.sudo().payment_id
        self.assertEqual(payment.journal_id, self.company.gas_transfer_journal_id)
        transit = payment.move_id.line_ids.filtered("credit")
        self.assertTrue(transit.account_id.reconcile)
        self.assertFalse(transit.reconciled)
        self.assertEqual(self.open_items(), 0)
        self.assertEqual(refund.with_user(self.users["clerk"]).bank_masked[-4:], "2222")
        self.assertIn("*", refund.with_user(self.users["clerk"]).bank_masked)

    @freeze_time(DAY)
    def test_refunded_money_is_not_given_back_by_the_receipt(self):
        """Else the customer had it twice."""
        refund = self.pay(self.approve(self.ask()))
        receipt = self.env["gas.receipt"].search(
            [("account_id", "=", self.account.id)], limit=1
        )
        with self.assertRaisesRegex(UserError, refund.name):
            receipt.with_user(self.users["manager"]).action_reverse("错收")
        self.assertEqual(receipt.state, "posted")

    @freeze_time(DAY)
    def test_not_more_than_the_credit(self):
        with self.assertRaises(UserError) as caught:
            self.ask(379.86)
        self.assertIn("379.85", str(caught.exception))
        with self.assertRaises(UserError) as caught:
            self.ask(10, method="transfer")
        self.assertIn("bank account", str(caught.exception))
        with self.assertRaisesRegex(UserError, "holder"):
            self.ask(10, method="transfer", bank_masked="6222000011112222")

    @freeze_time(DAY)
    def test_credit_is_promised_once(self):
        first = self.ask(300)
        with self.assertRaises(UserError) as caught:
            self.ask(80)
        self.assertIn("79.85", str(caught.exception))
        first.action_cancel()
        self.assertEqual(self.ask(80).state, "requested")

    @freeze_time(DAY)
    def test_shrunken_credit_is_refused_at_payment(self):
        refund = self.approve(self.ask(379.85))
        self.bill_next_month()
        left = self.account._get_open_credit()[self.account.id]
        self.assertLess(left, 379.85)
        with self.assertRaises(UserError) as caught:
            self.pay(refund)
        self.assertIn(f"{left:.2f}", str(caught.exception))
        self.assertEqual(refund.state, "approved")

    @freeze_time(DAY)
    def test_paid_once(self):
        refund = self.pay(self.approve(self.ask()))
        with self.assertRaisesRegex(UserError, "already"):
            self.pay(refund)
        self.assertEqual(self.open_items(), -79.85)

    @freeze_time(DAY)
    def test_not_without_approval(self):
        refund = self.ask()
        with self.assertRaisesRegex(UserError, "not approved"):
            self.pay(refund)
        self.approve(refund)
        refund.sudo().amount = 379
        with self.assertRaisesRegex(UserError, "approval"):
            self.pay(refund)

    @freeze_time(DAY)
    def test_approved_for_one_bank_account(self):
        refund = self.ask(
            100, method="transfer", bank_holder="x", bank_masked="6222000011112222"
        )
        self.approve(refund)
        refund.sudo().bank_number = "6222000033334444"
        with self.assertRaisesRegex(UserError, "approval"):
            self.pay(refund, "clerk")
        self.assertEqual(self.open_items(), -379.85)

    @freeze_time(DAY)
    def test_who_withdraws(self):
        refund = self.ask()
        with self.assertRaisesRegex(AccessError, "requester or a manager"):
            refund.with_user(self.other_clerk).action_cancel()
        self.assertEqual(refund.state, "requested")
        refund.with_user(self.users["manager"]).action_cancel()
        self.assertEqual(refund.state, "cancelled")

    @freeze_time(DAY)
    def test_paid_in_its_own_company(self):
        refund = self.approve(self.ask())
        other = self.env["res.company"].create({"name": "Other Gas"})
        cashier = self.users["cashier"]
        cashier.company_ids |= other
        refund = refund.with_user(cashier)
        both = [other.id, self.company.id]
        with self.assertRaisesRegex(AccessError, "The refund is of"):
            refund.with_context(allowed_company_ids=both).action_pay()
        self.assertEqual(refund.state, "approved")

    @freeze_time(DAY)
    def test_a_manager_does_not_approve_his_own(self):
        refund = self.ask(user="manager")
        with self.assertRaisesRegex(AccessError, "another person"):
            self.approve(refund)
        self.assertEqual(refund.state, "requested")

    @freeze_time(DAY)
    def test_rejected(self):
        refund = self.ask()
        approval = refund.sudo().cs_approval_ids
        approval.with_user(self.users["manager"]).action_reject("no")
        self.assertEqual(refund.state, "rejected")
        with self.assertRaisesRegex(UserError, "not approved"):
            self.pay(refund)
        self.assertEqual(self.ask(379.85).state, "requested")

    @freeze_time(DAY)
    def test_withdrawn_request_is_not_approved(self):
        refund = self.ask()
        refund.action_cancel()
        self.assertEqual(refund.sudo().cs_approval_ids.state, "cancelled")
        with self.assertRaises(UserError):
            refund.action_cancel()

    @freeze_time(DAY)
    def test_who_does_what(self):
        refund = self.approve(self.ask())
        for role in ("reader", "clerk", "accountant", "auditor"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.pay(refund, role)
        transfer = self.approve(
            self.ask(50, method="transfer", bank_holder="x", bank_masked="62220001")
        )
        for role in ("reader", "cashier", "accountant", "auditor"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.pay(transfer, role)
        self.assertEqual(self.open_items(), -379.85)

    @freeze_time(DAY)
    def test_a_refund_stays_matched(self):
        refund = self.pay(self.approve(self.ask()))
        line = refund.sudo().payment_id.move_id.line_ids.filtered("gas_account_id")
        with self.assertRaisesRegex(UserError, "gas document"):
            line.remove_move_reconcile()
        with self.assertRaisesRegex(UserError, "refund of credit"):
            refund.sudo().payment_id.action_draft()

    @freeze_time(DAY)
    def test_takings_count_it(self):
        self.pay(self.approve(self.ask()))
        day = self.company._cs_today()
        figures = self.env["gas.takings"]._get_figures(
            self.company, day, self.users["cashier"]
        )
        self.assertEqual(figures["amount_received"], 500)
        self.assertEqual(figures["amount_refunded"], 300)
        self.assertEqual(figures["amount"], 200)
        report = self.env["report.cs_gas_billing.gas_cash_day_template"]
        form = self.env["gas.cash.day"].create(
            {"date": day, "cashier_id": self.users["cashier"].id}
        )
        values = report.sudo()._get_figures(form)
        self.assertEqual(values["ledger"], 200)
        self.assertEqual(values["difference"], 0)
        form.cashier_id = False
        self.assertEqual(report.sudo()._get_figures(form)["others"], 0)

    @freeze_time(DAY)
    def test_receipt(self):
        refund = self.ask()
        with self.assertRaises(UserError):
            refund.action_print()
        self.pay(self.approve(refund))
        cashier = refund.with_user(self.users["cashier"])
        self.assertEqual(cashier.action_print()["type"], "ir.actions.report")
        self.assertEqual(refund.print_count, 1)
        html = self.env["ir.actions.report"]._render_qweb_html(
            "cs_gas_billing.gas_credit_refund_report", refund.ids
        )[0]
        self.assertIn(refund.name.encode(), html)
        self.assertIn("叁佰元".encode(), html)

    @freeze_time(DAY)
    def test_events(self):
        refund = self.pay(self.approve(self.ask()))
        codes = self.env["cs.event"].search([("model", "=", refund._name)])
        self.assertLessEqual(
            {"gas.refund.request", "gas.refund.pay"}, set(codes.mapped("action"))
        )


@tagged("post_install", "-at_install", "gas_refund")
class TestRefundOverRpc(RefundCommon, RpcCase):
    @freeze_time(DAY)
    def test_what_nobody_may(self):
        refund = self.ask()
        model = refund._name
        for role in ROLES:
            for values in (
                {"state": "approved"},
                {"amount": 1},
                {"approved_by_id": 1},
                {"payment_id": 1},
                {"name": "x"},
            ):
                with self.subTest(role=role, values=values):
                    self.assertRefused(role, model, "write", refund.ids, values)
            values = {
                "account_id": self.account.id,
                "amount": 1,
                "reason": "x",
                "state": "approved",
            }
            with self.subTest(role=role):
                self.assertRefused(role, model, "create", [values])
                self.assertRefused(role, model, "unlink", refund.ids)
                self.assertRefused(role, model, "action_pay", refund.ids)
        self.assertEqual(refund.state, "requested")

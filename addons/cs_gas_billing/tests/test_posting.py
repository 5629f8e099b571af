from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import CUSTOMER_HEADER, GasCommon


@tagged("post_install", "-at_install")
class TestPosting(GasCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accounts = cls.make_accounts(2)

    def bill_of(self, number):
        return self.env["gas.bill"].search(
            [("account_id.code", "=", f"T{number:06d}")], limit=1
        )

    def test_commercial_bill_is_an_invoice(self):
        self.make_accounts(
            1, first=31, 气价="T-COM", 用户类别="公建", 月均用量="750", 最大流量="10"
        )
        self.read_meters({31: 1753, 1: 1010})
        run = self.bill()
        bill = self.bill_of(31)
        invoice = bill.move_line_id.move_id
        self.assertEqual(invoice.move_type, "out_invoice")
        self.assertEqual(invoice.amount_total, 3124.95)
        self.assertEqual(bill.amount_residual, 3124.95)
        self.assertEqual(bill.move_line_id.date_maturity, run.date_due)
        self.assertEqual(self.bill_of(1).move_line_id.move_id.move_type, "entry")

    def test_switch_makes_an_invoice_of_every_bill(self):
        self.company.gas_invoice_each = True
        self.read_meters({1: 1045, 2: 1010})
        run = self.bill()
        moves = run.bill_ids.move_line_id.move_id
        self.assertEqual(len(moves), 2)
        self.assertEqual(set(moves.mapped("move_type")), {"out_invoice"})
        self.assertEqual(sorted(moves.mapped("amount_total")), [26.7, 120.15])

    def test_payment_of_the_line_closes_the_bill(self):
        """The ERP's own reconciliation is what counts, whoever does it."""
        self.read_meters({1: 1045})
        self.bill()
        bill = self.bill_of(1)
        journal = self.company.gas_cash_journal_id
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_id": bill.partner_id.id,
                "amount": 100.0,
                "journal_id": journal.id,
            }
        )
        payment.action_post()
        line = payment.move_id.line_ids.filtered(
            lambda row: row.account_type == "asset_receivable"
        )
        (line | bill.move_line_id).reconcile()
        self.assertEqual(bill.amount_residual, 20.15)

    def test_gas_entries_are_guarded(self):
        """Neither draft, cancel, reversal, deletion nor line edits by an accountant."""
        self.read_meters({1: 1045})
        self.bill()
        bill = self.bill_of(1)
        move = bill.move_line_id.move_id
        attempts = [
            move.button_draft,
            move.button_cancel,
            lambda: move._reverse_moves([{}], cancel=True),
            lambda: (
                self.env["account.move.reversal"]
                .with_context(active_model="account.move", active_ids=move.ids)
                .create({"journal_id": move.journal_id.id})
                .reverse_moves()
            ),
            lambda: move.write({"date": "2026-01-01"}),
            lambda: move.write({"state": "draft"}),
            lambda: bill.move_line_id.write({"balance": 1.0}),
            lambda: bill.move_line_id.write({"gas_account_id": False}),
            move.unlink,
        ]
        for attempt in attempts:
            with self.assertRaisesRegex(UserError, "gas (document|bill)"):
                attempt()
        for key in (True, "GAS_KEY", [1]):
            with self.assertRaisesRegex(UserError, "gas document"):
                move.with_context(gas_key=key).button_draft()
        self.assertEqual(move.state, "posted")
        self.assertEqual(bill.amount_residual, 120.15)

    def test_opening_arrears_and_credit(self):
        """Opening arrears are open bills; opening credit pays the next bill."""
        header = [*CUSTOMER_HEADER, "期初欠费", "欠费月份", "期初预存"]
        rows = [
            self.customer_row(41, 期初欠费="88.80", 欠费月份="2026-08"),
            self.customer_row(42, 期初预存="50"),
        ]
        done = self.load("gas.customer.import", self.to_csv(header, rows))
        self.assertEqual(done.ok_count, 2)
        arrears = self.bill_of(41)
        self.assertEqual(arrears.kind, "opening")
        self.assertEqual(arrears.amount_residual, 88.8)
        self.assertEqual(str(arrears.date_due), "2026-08-31")
        self.assertEqual(arrears.account_id.amount_due, 88.8)
        account = self.env["gas.account"].search([("code", "=", "T000042")])
        self.assertEqual(account.amount_credit, 50.0)
        self.read_meters({42: 1045})
        self.bill()
        self.assertEqual(self.bill_of(42).amount_residual, 70.15)
        account.invalidate_recordset()
        self.assertEqual(account.amount_credit, 0.0)

    def test_billed_tariff_is_immutable(self):
        self.read_meters({1: 1045})
        self.bill()
        version = self.tariff.version_ids
        attempts = [
            lambda: version.write({"date_from": "2026-02-01"}),
            lambda: version.step_ids[0].write({"price": 1.0}),
            version.step_ids[0].unlink,
            version.unlink,
            lambda: version.create(
                {
                    "tariff_id": self.tariff.id,
                    "date_from": "2026-10-10",
                    "step_ids": [(0, 0, {"is_last": True, "price": 3.0})],
                }
            ),
            lambda: self.env["gas.tariff.allowance"].create(
                {"tariff_id": self.tariff.id, "extra": 10}
            ),
        ]
        for attempt in attempts:
            with self.assertRaises(UserError), self.env.cr.savepoint():
                attempt()
        version.create(
            {
                "tariff_id": self.tariff.id,
                "date_from": "2026-10-21",
                "step_ids": [(0, 0, {"is_last": True, "price": 3.0})],
            }
        )

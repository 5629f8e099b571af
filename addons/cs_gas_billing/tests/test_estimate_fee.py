from odoo.fields import Date
from odoo.tests import freeze_time, tagged

from .test_estimate import EstimateCommon

#: The estimate of 2026-10 is 40 m³, 106.80; late from 2026-11-21 on.
AMOUNT = 106.8
#: Day on which it is paid late, with 21.00 late fee (66 days).
PAID = "2027-01-25"


class FeeCommon(EstimateCommon):
    """Estimated bills, late fees taken on them, and the reading that ends them."""

    CODES = ("revenue", "vat", "items", "fees", "receivable", "unassigned", "cash")

    def at(self, day):
        return freeze_time(f"{day} 02:00:00")

    def fee_due(self, day=None):
        """Return the late fee due on the account's bills."""
        day = Date.to_date(day) or self.company._cs_today()
        fees = self.env["gas.latefee.policy"]._get_fees(self.account.bill_ids, day)
        return float(sum(fees.values()))

    def fee_booked(self):
        """Return the late fee that the books say the account has paid, with VAT."""
        lines = self.env["account.move.line"].search(
            [
                ("gas_account_id", "=", self.account.id),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                (
                    "move_id.line_ids.account_id",
                    "=",
                    self.company.gas_fee_account_id.id,
                ),
            ]
        )
        return self.company.currency_id.round(sum(lines.mapped("balance")))

    def assert_closed(self, *periods):
        """The month check is zero, row by row."""
        for period in periods:
            check = (
                self.env["gas.month.check"]
                .with_user(self.users["accountant"])
                .create({"period": period})
            )
            lines = check.line_ids.filtered(lambda line: line.code in self.CODES)
            self.assertEqual(set(lines.mapped("code")), set(self.CODES))
            wrong = lines.filtered("difference")
            self.assertFalse(
                wrong,
                [(period, row.code, row.ledger, row.document) for row in wrong],
            )

    def balance(self):
        """Return what is owed less what is credit; the books say the same."""
        self.env.invalidate_all()
        owed = self.account.amount_due - self.account.amount_credit
        self.assertAlmostEqual(self.book_balance(), owed, 2)
        self.assertFalse(self.account.amount_due and self.account.amount_credit)
        return self.company.currency_id.round(owed)

    def true_up(self, month, value, day=None):
        with self.at(day or f"{month}-25"):
            return self.month(month, value)


@tagged("post_install", "-at_install")
class TestEstimateFee(FeeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.gas_high_ratio = 1000

    def estimated(self, *months):
        bills = self.env["gas.bill"]
        for month in months or ("2026-10",):
            with self.at(f"{month}-25"):
                bills |= self.month(month)
        return bills

    def pay(self, day=PAID, amount=None, method="cash"):
        with self.at(day):
            more = {} if amount is None else {"keep_credit": True}
            return self.take(self.account, amount, method, **more)

    def test_paid_late_and_lower(self):
        """Nobody would have been late: the whole fee is credit, by any method."""
        for method in ("cash", "transfer", "qr"):
            with self.subTest(method=method), self.env.cr.savepoint() as savepoint:
                estimate = self.estimated()
                receipt = self.pay(method=method)
                self.assertEqual((receipt.amount_fee, self.fee_booked()), (21.0, 21.0))
                bill = self.true_up("2027-02", 1010)
                self.assertEqual(
                    (estimate.state, bill.amount_total), ("cancelled", 26.7)
                )
                self.assertEqual(self.fee_booked(), 0)
                self.assertEqual(estimate.fee_returned, 21.0)
                self.assertEqual(bill.fee_carried, 0)
                self.assertTrue(bill.fee_settled)
                self.assertEqual(self.balance(), round(26.7 - AMOUNT - 21, 2))
                note = estimate.fee_note_id
                self.assertEqual(str(note.date), "2027-02-25")
                self.assertEqual(
                    set(note.line_ids.mapped("is_storno")),
                    {self.company.account_storno},
                )
                with self.at("2027-03-01"):
                    self.assert_closed("2026-10", "2027-01", "2027-02")
                savepoint.rollback()
                self.env.invalidate_all()

    def test_as_if_nobody_had_estimated(self):
        """Whatever the reading, the account owes the bill less what was paid."""
        for value, estimates in (
            (1000, 1),
            (1010, 1),
            (1040, 1),
            (1075, 1),
            (1010, 2),
            (1060, 2),
            (1120, 2),
        ):
            with (
                self.subTest(value=value, estimates=estimates),
                self.env.cr.savepoint() as savepoint,
            ):
                self.estimated(*("2026-10", "2026-11")[:estimates])
                paid = self.pay().amount
                bill = self.true_up("2027-02", value)
                self.assertEqual(self.fee_booked(), 0)
                self.assertEqual(self.balance(), round(bill.amount_total - paid, 2))
                self.assertEqual(self.fee_due("2027-03-20"), 0)
                rate = bill.amount_residual * 0.003 * 10
                self.assertEqual(self.fee_due("2027-03-30"), rate // 0.5 * 0.5)
                with self.at("2027-03-01"):
                    self.assert_closed("2026-10", "2026-11", "2027-01", "2027-02")
                savepoint.rollback()
                self.env.invalidate_all()

    def test_fee_of_the_actual_bill_is_kept(self):
        """Posted when it is late itself: its own fee is kept, the rest goes back."""
        self.estimated()
        self.pay("2026-12-25", 50)
        with self.at("2027-01-28"):
            self.take(self.account)
        paid = self.fee_booked()
        bill = self.true_up("2026-12", 1030, "2027-02-10")
        self.assertEqual(bill.fee_month, False)
        right = self.env["gas.latefee.policy"]._get_accrued(
            bill, Date.to_date("2027-02-10")
        )[bill]
        self.assertGreater(right, 0)
        self.assertLess(float(right), paid)
        self.assertEqual(self.fee_booked(), float(right))
        self.assertEqual(bill.fee_carried, float(right))
        self.assertTrue(bill.fee_settled)
        note = self.env["gas.bill"].search([("fee_note_id", "!=", False)]).fee_note_id
        self.assertEqual(str(note.date), "2027-01-28", "not before the fee")
        with self.at("2027-03-01"):
            self.assert_closed("2026-10", "2026-12", "2027-01", "2027-02")

    def test_higher_is_not_late_before_its_posting(self):
        self.estimated()
        run = self.make_run(**self.window("2026-11"))
        run.accounting_date = "2027-02-10"
        with self.at("2027-02-10"):
            self.enter("2026-11", 1100)
            self.bill(run=run)
        bill = run.sudo().bill_ids
        self.assertEqual((bill.period, bill.fee_month), ("2026-11", "2027-02"))
        self.assertEqual(self.fee_due("2027-03-20"), 0)
        self.assertGreater(self.fee_due("2027-03-31"), 0)

    def test_waived_fee_is_neither_paid_back_nor_counted_on(self):
        estimate = self.estimated()
        with self.at(PAID):
            waivers = self.env["gas.latefee.waiver"].with_user(self.users["cashier"])
            waiver = waivers.create(
                {"bill_id": estimate.id, "amount": 15, "reason": "Ill"}
            )
            waiver.action_request()
            waiver.sudo().cs_approval_ids.with_user(
                self.users["manager"]
            ).action_approve()
        receipt = self.pay()
        self.assertEqual(receipt.amount_fee, 6.0)
        bill = self.true_up("2027-02", 1060)
        self.assertEqual(self.fee_booked(), 0)
        self.assertEqual(bill.fee_waived, 0)
        self.assertEqual(self.balance(), round(160.2 - AMOUNT - 6, 2))
        self.assertEqual(self.fee_due("2027-04-30"), 5.5)

    def test_reversed_before(self):
        """A fee that was taken back already isn't given back."""
        estimate = self.estimated()
        with self.at(PAID):
            receipt = self.take(self.account)
            receipt.with_user(self.users["cashier"]).action_reverse("typo")
        bill = self.true_up("2027-02", 1010)
        self.assertEqual((estimate.fee_returned, self.fee_booked()), (0, 0))
        self.assertFalse(estimate.fee_note_id)
        self.assertEqual(self.balance(), bill.amount_total)

    def test_reversed_after(self):
        """The receipt goes back whole, and with it the note of its fee."""
        estimates = self.estimated("2026-10", "2026-11")
        with self.at("2027-02-20"):
            first = self.take(self.account, AMOUNT * 2 + 10, keep_credit=True)
            second = self.take(self.account)
        self.assertTrue(first.amount_fee and second.amount_fee)
        bill = self.true_up("2027-02", 1010, "2027-02-20")
        fees = first.amount_fee + second.amount_fee
        self.assertEqual(sum(estimates.mapped("fee_returned")), fees)
        paid = first.amount + second.amount
        for receipt in (second, first):
            with self.at("2027-02-20"):
                receipt.with_user(self.users["cashier"]).action_reverse("typo")
            fees -= receipt.amount_fee
            paid -= receipt.amount
            self.assertAlmostEqual(sum(estimates.mapped("fee_returned")), fees, 2)
            self.assertEqual(self.fee_booked(), 0)
            self.assertEqual(bill.fee_carried, 0)
            self.assertEqual(self.balance(), round(bill.amount_total - paid, 2))
            with self.at("2027-03-01"):
                self.assert_closed("2026-10", "2026-11", "2027-02")
        self.assertEqual(bill.amount_residual, bill.amount_total)
        self.assertFalse(bill.fee_settled)
        reds = self.env["account.move"].search(
            [("reversed_entry_id.move_type", "=", "out_refund")]
        )
        self.assertEqual(len(reds), 2, "the note, and what was left of it")
        self.assertEqual(set(reds.line_ids.mapped("is_storno")), {False})

    def test_corrected_afterwards(self):
        """A correction of the actual bill finds nothing to give back again."""
        self.estimated()
        self.pay()
        bill = self.true_up("2027-02", 1030)
        balance = self.balance()
        with self.at("2027-02-26"):
            correction = (
                self.env["gas.correction"]
                .with_user(self.users["clerk"])
                .create({"bill_id": bill.id, "reason": "misread"})
            )
            correction.reading_ids.filtered(
                lambda row: row.reading_id in bill.reading_ids
            ).new_value = 1020
            correction.action_request()
            correction.with_user(self.users["manager"]).action_approve()
        self.assertEqual(self.fee_booked(), 0)
        self.assertEqual(self.balance(), round(balance - 26.7, 2))


@tagged("post_install", "-at_install")
class TestCheckAgain(EstimateCommon):
    """An unbilled reading is checked again when the register before it changes."""

    def correct(self, bill, value):
        with freeze_time("2026-12-25 02:00:00"):
            correction = (
                self.env["gas.correction"]
                .with_user(self.users["clerk"])
                .create({"bill_id": bill.id, "reason": "misread"})
            )
            correction.reading_ids.filtered(
                lambda row: row.reading_id in bill.reading_ids
            ).new_value = value
            correction.action_request()
            correction.with_user(self.users["manager"]).action_approve()

    def test_usage_that_became_high_is_held(self):
        bill = self.month("2026-10", 1300, accept="meter was broken")
        reading = self.enter("2026-11", 1340)
        later = self.enter("2026-12", 1380)
        self.assertEqual(set((reading | later).mapped("state")), {"validated"})
        self.correct(bill, 1040)
        self.assertEqual((reading.usage, reading.state), (300, "held"))
        self.assertIn("HIGH", reading.vee_codes)
        self.assertEqual(later.state, "held")
        run = self.make_run(**self.window("2026-11"))
        run.action_calculate()
        self.assertFalse(run.bill_ids)
        self.assertEqual(run.exception_ids.mapped("kind"), ["held"])
        clerk = self.users["clerk"]
        reading.with_user(clerk).action_accept("looked again")
        later.with_user(clerk).action_accept("follows")
        self.assertEqual((reading.state, later.state), ("validated", "validated"))
        self.assertEqual((later.previous_id, later.usage), (reading, 40))

    def test_usage_in_order_stays_validated(self):
        bill = self.month("2026-10", 1045)
        reading = self.enter("2026-11", 1085)
        self.correct(bill, 1040)
        self.assertEqual((reading.usage, reading.state), (45, "validated"))
        self.assertEqual(reading.prev_value, 1040)

    def month(self, month, value=None, accept=None, **kwargs):
        if not accept:
            return super().month(month, value, **kwargs)
        reading = self.enter(month, value)
        self.assertEqual(reading.state, "held")
        reading.with_user(self.users["clerk"]).action_accept(accept)
        self.env.invalidate_all()
        return self.bill(**self.window(month)).bill_ids

from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .common import GasCommon


@tagged("post_install", "-at_install")
class TestCorrection(GasCommon):
    """Cancel and rebill: exactly one bill's share, the chain after it, the money."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls.make_accounts(1, 本年已用气量="340")

    # === HELPERS ===#

    @classmethod
    def month(cls, point, first, last, value):
        """Read and bill one month; return the bill."""
        account = cls.env["gas.account"].search([("code", "=", f"T{point:06d}")])
        before = cls.env["gas.reading"].search(
            [
                ("service_point_id", "=", account.service_point_id.id),
                ("state", "=", "billed"),
            ]
        )
        previous = before.sorted("read_date")[-1:].value
        cls.read_meters({point: value}, day=last, previous=f"{previous:g}")
        run = cls.bill(period=last[:7], first=first, last=last)
        return run.sudo().bill_ids.filtered(
            lambda bill: bill.account_id.code == f"T{point:06d}"
        )

    def correct(self, bill, value=None, kind="reading", approve=True, **values):
        """Ask for a correction as the clerk, book it as the manager."""
        correction = (
            self.env["gas.correction"]
            .with_user(self.users["clerk"])
            .create({"bill_id": bill.id, "kind": kind, "reason": "misread", **values})
        )
        if value is not None:
            row = correction.reading_ids.filtered(
                lambda row: row.reading_id in bill.reading_ids
            )
            correction.write({"reading_ids": [(1, row.id, {"new_value": value})]})
        if approve:
            correction.action_request()
            correction.with_user(self.users["manager"]).action_approve()
        return correction.sudo()

    def pay(self, account, amount, day=None):
        """Take cash at the hall; return the receipt."""
        hall = self.env["gas.hall"].with_user(self.users["cashier"])
        shown = hall.load_account(account.id)
        seen = {
            str(row["id"]): [row["principal"], row["fee"]] for row in shown["bills"]
        }
        done = hall.collect(account.id, "cash", amount, seen, keep_credit=True)
        return self.env["gas.receipt"].browse(done["id"])

    def ledger(self, account, year=2026):
        rows = account.service_point_id.ledger_ids.filtered(
            lambda row: row.cycle_year == year
        )
        return round(sum(rows.mapped("quantity")), 3)

    def assert_books(self, bills):
        """The ledger has what the bills say: receivable, revenue, VAT, signs."""
        accounts = bills.account_id
        lines = self.env["account.move.line"].search(
            [("gas_account_id", "in", accounts.ids), ("parent_state", "=", "posted")]
        )
        receivable = lines.filtered(lambda l: l.account_type == "asset_receivable")
        due = sum(accounts.mapped("amount_due")) - sum(accounts.mapped("amount_credit"))
        self.assertAlmostEqual(sum(receivable.mapped("balance")), due, 2)
        entries = bills.move_line_id.move_id | bills.red_line_id.move_id
        for move in entries:
            self.assertAlmostEqual(sum(move.line_ids.mapped("balance")), 0, 2)
        revenue = (
            entries.line_ids - entries.line_ids.filtered("gas_bill_id")
        ).filtered(lambda l: l.account_type != "asset_receivable")
        standing = bills.filtered(lambda bill: bill.state == "posted")
        self.assertAlmostEqual(
            -sum(revenue.mapped("balance")), sum(standing.mapped("amount_total")), 2
        )

    # === RULES ===#

    def test_misread_paid_bill(self):
        """C01: 450 keyed for 405; the money stays on the account."""
        bill = self.month(1, "2026-09-20", "2026-10-20", 1090)
        self.assertEqual((bill.volume, bill.amount_total), (90, 277.40))
        self.pay(self.account, 277.40)
        self.assertEqual(bill.amount_residual, 0)
        correction = self.correct(bill, 1045)
        new = correction.new_bill_ids
        self.assertEqual(bill.state, "cancelled")
        self.assertEqual(bill.replaced_by_id, new)
        self.assertEqual((new.state, new.volume), ("posted", 45))
        self.assertEqual(new.amount_total, 133.40)
        self.assertEqual(new.amount_residual, 0)
        self.assertEqual(self.account.amount_credit, 144.00)
        self.assertEqual(self.account.amount_due, 0)
        self.assertEqual(self.ledger(self.account), 385)
        self.assertEqual((new.date_due, new.period), (bill.date_due, bill.period))
        self.assertNotEqual(new.name, bill.name)
        self.assert_books(bill | new)
        self.assertFalse(new._get_proof_fault())

    def test_red_entry_is_exactly_the_share(self):
        """The red entry has the cents of the bill, in red on every line."""
        self.make_accounts(1, first=2)
        self.read_meters({2: 1010})
        bill = self.month(1, "2026-09-20", "2026-10-20", 1090)
        other = self.env["gas.bill"].search([("account_id.code", "=", "T000002")])
        summary = bill.move_id
        self.assertEqual(other.move_id, summary)
        self.correct(bill, 1045)
        red = bill.red_line_id.move_id
        self.assertTrue(all(red.line_ids.mapped("is_storno")))
        balances = {
            (line.account_id.code[:4], round(line.balance, 2)) for line in red.line_ids
        }
        base, tax = bill.amount_base, bill.amount_tax
        self.assertIn(bill.amount_total, [-line.balance for line in bill.red_line_id])
        self.assertEqual(
            {amount for _code, amount in balances},
            {-bill.amount_total, round(base, 2), round(tax, 2)},
        )
        if self.company.account_storno:
            for line in red.line_ids:
                self.assertLessEqual(line.debit, 0)
                self.assertLessEqual(line.credit, 0)
        self.assertTrue(bill.move_line_id.reconciled)
        self.assertEqual(other.state, "posted")
        self.assertEqual(other.amount_residual, other.amount_total)
        self.assertEqual(summary.state, "posted")

    def test_chain_same_price(self):
        """C02a: March 30 too high, April right: both change, the sum doesn't."""
        march = self.month(1, "2026-09-20", "2026-10-20", 1060)
        april = self.month(1, "2026-10-20", "2026-11-20", 1110)
        total = march.amount_total + april.amount_total
        correction = self.correct(march, 1030)
        self.assertEqual(correction.changed_count, 2)
        new = correction.new_bill_ids.sorted("date_to")
        self.assertEqual(new.mapped("volume"), [30, 80])
        self.assertAlmostEqual(sum(new.mapped("amount_total")), total, 2)
        self.assertEqual(self.ledger(self.account), 450)
        readings = new.reading_ids.sorted("read_date")
        self.assertEqual(readings.mapped("usage"), [30, 80])
        self.assertEqual(readings[1].previous_id, readings[0])
        self.assertEqual(readings.mapped("state"), ["billed", "billed"])
        self.assert_books(march | april | new)

    def test_chain_over_price_change(self):
        """C02c: June 30 too high, another price from July on costs more."""
        self.env["gas.tariff.version"].create(
            {
                "tariff_id": self.tariff.id,
                "date_from": "2026-11-01",
                "step_ids": [
                    (0, 0, {"sequence": 1, "upper": 360, "price": 2.85}),
                    (0, 0, {"sequence": 2, "upper": 600, "price": 3.42}),
                    (0, 0, {"sequence": 3, "is_last": True, "price": 4.29}),
                ],
            }
        )
        self.make_accounts(1, first=3, 本年已用气量="100")
        june = self.month(3, "2026-09-20", "2026-10-31", 1080)
        july = self.month(3, "2026-10-31", "2026-11-30", 1110)
        old = june.amount_total + july.amount_total
        correction = self.correct(june, 1050)
        new = correction.new_bill_ids
        self.assertAlmostEqual(old, 80 * 2.67 + 30 * 2.85, 2)
        self.assertAlmostEqual(
            sum(new.mapped("amount_total")), 50 * 2.67 + 60 * 2.85, 2
        )
        self.assertAlmostEqual(correction.amount_difference, 5.40, 2)

    def test_chain_over_year_end(self):
        """A register at the year's end moves volume between two years' tiers."""
        account = self.make_accounts(1, first=7, 本年已用气量="340", 月均用量="200")
        december = self.month(7, "2026-09-20", "2026-12-31", 1300)
        january = self.month(7, "2026-12-31", "2027-01-31", 1340)
        february = self.month(7, "2027-01-31", "2027-02-28", 1370)
        self.assertEqual(january.amount_total, 106.80)
        correction = self.correct(december, 1250)
        self.assertEqual(correction.changed_count, 2)
        self.assertEqual(february.state, "posted")
        new = correction.new_bill_ids.sorted("date_to")
        self.assertEqual(new.mapped("volume"), [250, 90])
        self.assertEqual(self.ledger(account, 2026), 590)
        self.assertEqual(self.ledger(account, 2027), 120)
        self.assertEqual(new[1].amount_total, 240.30)
        self.assert_books(december | january | february | new)

    def test_unchanged_bills_stay(self):
        """Later bills in the same tier with the same register stay as they are."""
        first = self.month(1, "2026-09-20", "2026-10-20", 1060)
        self.month(1, "2026-10-20", "2026-11-20", 1100)
        third = self.month(1, "2026-11-20", "2026-12-20", 1130)
        correction = self.correct(first, 1050)
        self.assertEqual(correction.changed_count, 2)
        self.assertEqual(len(correction.line_ids), 3)
        self.assertEqual(third.state, "posted")
        self.assertEqual(self.ledger(self.account), 470)

    def test_cancel_only(self):
        """A cancelled last bill frees its readings; the next run bills them."""
        bill = self.month(1, "2026-09-20", "2026-10-20", 1090)
        self.correct(bill, kind="cancel")
        self.assertEqual(bill.state, "cancelled")
        self.assertEqual(bill.amount_residual, 0)
        self.assertEqual(self.ledger(self.account), 340)
        again = self.bill()
        self.assertEqual(again.sudo().bill_ids.amount_total, bill.amount_total)
        self.assertEqual(self.ledger(self.account), 430)

    def test_cancel_in_the_middle_is_refused(self):
        first = self.month(1, "2026-09-20", "2026-10-20", 1060)
        self.month(1, "2026-10-20", "2026-11-20", 1100)
        correction = self.correct(first, kind="cancel", approve=False)
        self.assertIn("last bill", correction.problem)
        with self.assertRaises(UserError):
            correction.with_user(self.users["clerk"]).action_request()

    def test_correct_twice(self):
        """A corrected bill can be corrected again."""
        bill = self.month(1, "2026-09-20", "2026-10-20", 1090)
        first = self.correct(bill, 1045).new_bill_ids
        second = self.correct(first, 1050).new_bill_ids
        self.assertEqual((first.state, second.state), ("cancelled", "posted"))
        self.assertEqual(second.volume, 50)
        self.assertEqual(self.ledger(self.account), 390)
        self.assertEqual(self.account.amount_due, second.amount_total)
        self.assert_books(bill | first | second)

    def test_wrong_tariff(self):
        """The agreement had the wrong tariff: the bills take the right one."""
        bill = self.month(1, "2026-09-20", "2026-10-20", 1090)
        bill.agreement_id.tariff_id = self.tariff_com
        correction = self.correct(bill, kind="tariff")
        new = correction.new_bill_ids
        self.assertEqual(new.tariff_id, self.tariff_com)
        self.assertAlmostEqual(new.amount_total, 90 * 4.15, 2)
        self.assertEqual(self.ledger(self.account), 430)
        self.assert_books(bill | new)

    def test_commercial_invoice(self):
        """A commercial bill is an invoice: its credit note is red all over."""
        account = self.make_accounts(
            1, first=5, 用户类别="公建", 气价="T-COM", 月均用量="4000"
        )
        account.service_point_id.install_ids.meter_id.qmax = 100
        bill = self.month(5, "2026-09-20", "2026-10-20", 4000)
        self.assertEqual(bill.move_id.move_type, "out_invoice")
        new = self.correct(bill, 3000).new_bill_ids
        note = bill.red_line_id.move_id
        self.assertEqual(note.move_type, "out_refund")
        self.assertEqual(set(note.line_ids.mapped("is_storno")), {self.storno()})
        self.assertAlmostEqual(new.amount_total, 8300, 2)
        self.assertAlmostEqual(account.amount_due, 8300, 2)
        self.assert_books(bill | new)

    def storno(self):
        return self.company.account_storno

    # === MONEY AND LATE FEES ===#

    def test_late_fee_is_given_back(self):
        """C03: 1.50 was taken on the wrong bill, 0.50 is right: 1.00 is credit."""
        bill = self.month(1, "2026-09-20", "2026-10-20", 1090)
        with freeze_time("2026-11-22 02:00:00"):
            receipt = self.pay(self.account, 278.90)
            self.assertEqual(receipt.amount_fee, 1.50)
        with freeze_time("2026-11-25 02:00:00"):
            new = self.correct(bill, 1045).new_bill_ids
            self.assertEqual(new.fee_carried, 0.50)
            self.assertTrue(new.fee_settled)
            self.assertEqual(self.account.amount_credit, 145.00)
            fees = self.env["gas.latefee.policy"]._get_fees(new, date(2026, 12, 25))
            self.assertEqual(float(fees[new]), 0)

    def test_higher_bill_is_not_late(self):
        """Nobody pays late fee on an amount he could not know."""
        bill = self.month(1, "2026-09-20", "2026-10-20", 1045)
        with freeze_time("2026-12-25 02:00:00"):
            new = self.correct(bill, 1090).new_bill_ids
            self.assertEqual(new.fee_month, "2026-12")
            policies = self.env["gas.latefee.policy"]
            fees = policies._get_fees(new, date(2027, 1, 20))
            self.assertEqual(float(fees[new]), 0)
            fees = policies._get_fees(new, date(2027, 1, 31))
            self.assertGreater(float(fees[new]), 0)
            self.assertEqual(new.date_due, bill.date_due)

    def test_receipt_reversed_after_the_rebill(self):
        """The money that moved to the new bill goes with its receipt."""
        bill = self.month(1, "2026-09-20", "2026-10-20", 1090)
        receipt = self.pay(self.account, 277.40)
        new = self.correct(bill, 1045).new_bill_ids
        self.assertEqual(new.amount_residual, 0)
        receipt.with_user(self.users["manager"]).action_reverse("wrong customer")
        self.assertEqual(new.amount_residual, new.amount_total)
        self.assertEqual(self.account.amount_credit, 0)
        self.assertEqual(self.account.amount_due, 133.40)
        self.assert_books(bill | new)

    def test_opening_register(self):
        """The register at the installation was wrong: the installation shows it."""
        bill = self.month(1, "2026-09-20", "2026-10-20", 1090)
        correction = self.correct(bill, approve=False)
        opening = correction.reading_ids.filtered(lambda row: row.source == "opening")
        self.assertEqual(opening.old_value, 1000)
        correction.with_user(self.users["clerk"]).write(
            {"reading_ids": [(1, opening.id, {"new_value": 1030})]}
        )
        correction.with_user(self.users["clerk"]).action_request()
        correction.with_user(self.users["manager"]).action_approve()
        new = correction.new_bill_ids
        self.assertEqual((new.register_from, new.volume), (1030, 60))
        install = self.account.service_point_id.install_ids
        self.assertEqual(install.reading_on, 1030)
        self.assertEqual(self.ledger(self.account), 400)

    def test_rollover(self):
        """The corrected register may be past the overflow."""
        self.make_accounts(1, first=8, 期初读数="99950")
        bill = self.month(8, "2026-09-20", "2026-10-20", 99990)
        new = self.correct(bill, 10).new_bill_ids
        self.assertEqual((bill.volume, new.volume), (40, 60))

    def test_bill_at_the_bank(self):
        """What the bank is asked to debit is corrected after its answer."""
        self.make_accounts(1, first=9, 缴费方式="银行代扣", 银行账号="6222000000000009")
        bill = self.month(9, "2026-09-20", "2026-10-20", 1090)
        correction = self.correct(bill, 1045, approve=False)
        correction.with_user(self.users["clerk"]).action_request()
        profile = self.env["gas.bank.profile"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        batches = self.env["gas.debit.batch"].with_user(self.users["clerk"])
        batch = batches.create({"profile_id": profile.id})
        batch.action_pick()
        batch.action_send()
        self.assertTrue(bill.debit_line_id)
        with self.assertRaisesRegex(UserError, "bank"):
            correction.with_user(self.users["manager"]).action_approve()
        self.assertEqual((bill.state, correction.state), ("posted", "requested"))

    # === RIGHTS ===#

    def test_four_eyes_and_roles(self):
        bill = self.month(1, "2026-09-20", "2026-10-20", 1090)
        correction = self.correct(bill, 1045, approve=False)
        clerk = correction.with_user(self.users["clerk"])
        clerk.action_request()
        with self.assertRaises(AccessError):
            clerk.action_approve()
        for role in ("reader", "cashier", "accountant", "auditor"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                correction.with_user(self.users[role]).action_approve()
        manager = self.users["manager"]
        own = correction.with_user(manager)
        with self.assertRaises(UserError):
            clerk.write({"reason": "another"})
        with self.assertRaises(UserError):
            own.write({"state": "done"})
        own.action_approve()
        self.assertEqual(correction.approved_by_id, manager)
        with self.assertRaises(UserError):
            own.action_approve()

    def test_manager_does_not_approve_own(self):
        bill = self.month(1, "2026-09-20", "2026-10-20", 1090)
        correction = (
            self.env["gas.correction"]
            .with_user(self.users["manager"])
            .create({"bill_id": bill.id, "kind": "cancel", "reason": "wrong"})
        )
        correction.action_request()
        with self.assertRaises(AccessError):
            correction.action_approve()
        self.assertEqual(bill.state, "posted")

    def test_facts_changed_after_request(self):
        """A payment in between is fine; another bill of the point is not."""
        bill = self.month(1, "2026-09-20", "2026-10-20", 1090)
        correction = self.correct(bill, 1045, approve=False)
        correction.with_user(self.users["clerk"]).action_request()
        self.month(1, "2026-10-20", "2026-11-20", 1120)
        with self.assertRaises(UserError):
            correction.with_user(self.users["manager"]).action_approve()
        self.assertEqual(bill.state, "posted")

    def test_unposted_bill_of_the_point(self):
        bill = self.month(1, "2026-09-20", "2026-10-20", 1090)
        self.read_meters({1: 1120}, day="2026-11-20", previous="1090")
        self.bill(period="2026-11", first="2026-10-20", last="2026-11-20", post=False)
        correction = self.correct(bill, 1045, approve=False)
        self.assertIn("not posted", correction.problem)

    def test_register_below_the_previous(self):
        bill = self.month(1, "2026-09-20", "2026-10-20", 1090)
        correction = self.correct(bill, 900, approve=False)
        self.assertIn("below", correction.problem)

    def test_revenue_leaves_the_account_it_came_to(self):
        """The category may have another account by now; receivables keep theirs."""
        bill = self.month(1, "2026-09-20", "2026-10-20", 1090)
        poster = self.env["gas.bill.poster"]
        category = bill.use_category_id
        old = poster._get_income_account(category, self.company)
        new = old.copy({"code": "609901", "name": "Gas of another kind"})
        category.income_account_id = new
        receivable = self.company.gas_receivable_account_id
        with self.assertRaisesRegex(UserError, "Keep it"):
            self.company.gas_receivable_account_id = receivable.copy(
                {"code": "119901", "name": "Other receivables"}
            )
        self.company.gas_receivable_account_id = receivable
        self.pay(self.account, 100)
        correction = self.correct(bill, 1045)
        entries = bill.move_id | bill.red_line_id.move_id
        lines = (entries | correction.new_bill_ids.move_id).line_ids
        balances = {
            account: sum(rows.mapped("balance"))
            for account, rows in lines.grouped("account_id").items()
        }
        self.assertAlmostEqual(balances[old], 0, 2)
        self.assertAlmostEqual(balances[new], -correction.new_bill_ids.amount_base, 2)

    def test_a_run_that_bills_the_point_meanwhile_is_stopped(self):
        """Readings a run would lock are written, so only one of both goes through."""
        bill = self.month(1, "2026-09-20", "2026-10-20", 1090)
        self.read_meters({1: 1120}, day="2026-11-20", previous="1090")
        tariff = self.make_tariff("T-LOW", [("2026-01-01", [(None, 2.00)])])
        bill.agreement_id.tariff_id = tariff

        def get_places():
            self.env.flush_all()
            return self.env.execute_query(
                SQL(
                    "SELECT id, ctid FROM gas_reading WHERE state = 'validated' "
                    "AND service_point_id = %s",
                    bill.service_point_id.id,
                )
            )

        before = get_places()
        self.correct(bill, kind="tariff")
        self.assertEqual(len(before), 1)
        self.assertNotEqual(get_places(), before)

    def test_register_the_meter_cannot_show(self):
        bill = self.month(1, "2026-09-20", "2026-10-20", 1090)
        for value, problem in ((-5, "can't be negative"), (100010, "5 digits")):
            correction = self.correct(bill, value, approve=False)
            self.assertIn(problem, correction.problem)

    def test_accounting_date(self):
        """Not in the future, not before the entry that is taken back."""
        bill = self.month(1, "2026-09-20", "2026-10-20", 1090)
        booked = bill.move_line_id.date
        today = self.company._cs_today()
        for day, problem in (
            (today + timedelta(days=1), "future"),
            (booked - timedelta(days=1), "before that day"),
        ):
            correction = self.correct(bill, 1045, approve=False, accounting_date=day)
            with self.assertRaisesRegex(UserError, problem):
                correction.with_user(self.users["clerk"]).action_request()
        self.correct(bill, 1045, accounting_date=booked)
        self.assertEqual(bill.cancelled_date, booked)

    def test_bill_is_needed(self):
        with self.assertRaisesRegex(UserError, "Choose the first bill"):
            self.env["gas.correction"].with_user(self.users["clerk"]).create({})

    def test_locked_period(self):
        bill = self.month(1, "2026-09-20", "2026-10-20", 1090)
        correction = self.correct(
            bill, 1045, approve=False, accounting_date="2026-10-31"
        )
        self.company.fiscalyear_lock_date = "2026-10-31"
        with self.assertRaises(UserError):
            correction.with_user(self.users["clerk"]).action_request()


@tagged("post_install", "-at_install")
class TestPersonsInThePast(GasCommon):
    """A change of persons that reaches into billed time."""

    def test_proposes_the_difference(self):
        tariff = self.make_tariff(
            "T-FAM",
            [("2026-01-01", [(360, 2.67), (600, 3.20), (None, 4.01)])],
            allowance=(80, 130),
        )
        account = self.make_accounts(
            1, 气价=tariff.code, 本年已用气量="340", 人口数="4"
        )
        self.read_meters({1: 1090})
        bill = self.bill().sudo().bill_ids
        self.assertAlmostEqual(bill.amount_total, 20 * 2.67 + 70 * 3.20, 2)
        rows = self.env["gas.household"].with_user(self.users["clerk"])
        rows.create(
            {
                "service_point_id": account.service_point_id.id,
                "date_from": "2026-06-01",
                "persons": 5,
            }
        )
        correction = self.env["gas.correction"].search([("bill_id", "=", bill.id)])
        self.assertEqual((correction.kind, correction.state), ("persons", "draft"))
        expected = 66 * 2.67 + 24 * 3.20
        self.assertAlmostEqual(correction.amount_new, expected, 2)
        self.assertEqual(bill.state, "posted")
        clerk = correction.with_user(self.users["clerk"])
        clerk.action_request()
        correction.with_user(self.users["manager"]).action_approve()
        self.assertAlmostEqual(account.amount_due, expected, 2)

    def make_family(self):
        """Return the account of a household of 5 with a bill of 90 m³ from 340 on."""
        tariff = self.make_tariff(
            "T-FAM",
            [("2026-01-01", [(360, 2.67), (600, 3.20), (None, 4.01)])],
            allowance=(80, 130),
        )
        account = self.make_accounts(
            1, 气价=tariff.code, 本年已用气量="340", 人口数="4"
        )
        self.register(account, "2026-06-01", 5)
        self.read_meters({1: 1090})
        self.bill()
        return account

    def register(self, account, day, persons):
        rows = self.env["gas.household"].with_user(self.users["clerk"])
        return rows.create(
            {
                "service_point_id": account.service_point_id.id,
                "date_from": day,
                "persons": persons,
            }
        )

    def get_proposal(self):
        return self.env["gas.correction"].search([("kind", "=", "persons")])

    def test_changed_number_proposes_the_difference(self):
        """A registration that is put right counts as a new one does."""
        account = self.make_family()
        bill = account.bill_ids
        self.assertAlmostEqual(bill.amount_total, 66 * 2.67 + 24 * 3.20, 2)
        row = account.service_point_id.household_ids.sorted("date_from")[-1:]
        row.with_user(self.users["clerk"]).persons = 4
        self.assertAlmostEqual(self.get_proposal().amount_new, 20 * 2.67 + 70 * 3.20, 2)

    def test_moved_registration_proposes_for_both_days(self):
        """What was billed with the persons of the old day is rated again too."""
        account = self.make_family()
        row = account.service_point_id.household_ids.sorted("date_from")[-1:]
        row.with_user(self.users["clerk"]).date_from = "2027-02-01"
        self.assertAlmostEqual(self.get_proposal().amount_new, 20 * 2.67 + 70 * 3.20, 2)

    def test_registration_stays_at_its_point(self):
        account = self.make_family()
        other = self.make_accounts(1, first=2)
        row = account.service_point_id.household_ids.sorted("date_from")[-1:]
        row = row.with_user(self.users["clerk"])
        with self.assertRaisesRegex(UserError, "service point"):
            row.service_point_id = other.service_point_id

    def test_registration_without_effect_counts_later(self):
        """Persons that changed nothing at first count when the reading is corrected."""
        tariff = self.make_tariff(
            "T-FAM",
            [("2026-01-01", [(360, 2.67), (600, 3.20), (None, 4.01)])],
            allowance=(80, 130),
        )
        account = self.make_accounts(
            1, 气价=tariff.code, 本年已用气量="340", 人口数="4"
        )
        self.read_meters({1: 1010})
        bill = self.bill().sudo().bill_ids
        self.register(account, "2026-06-01", 5)
        self.assertFalse(self.get_proposal())
        correction = (
            self.env["gas.correction"]
            .with_user(self.users["clerk"])
            .create({"bill_id": bill.id, "reason": "misread"})
        )
        correction.reading_ids[-1:].new_value = 1090
        self.assertAlmostEqual(correction.amount_new, 66 * 2.67 + 24 * 3.20, 2)

    def test_no_difference_no_correction(self):
        account = self.make_accounts(1)
        self.read_meters({1: 1090})
        self.bill()
        self.env["gas.household"].create(
            {
                "service_point_id": account.service_point_id.id,
                "date_from": "2026-10-01",
                "persons": 2,
            }
        )
        self.assertFalse(self.env["gas.correction"].search([]))

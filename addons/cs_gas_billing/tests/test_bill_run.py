from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.cs_gas_billing.tools.rating import input_hash, rate

from .common import GasCommon


@tagged("post_install", "-at_install")
class TestBillRun(GasCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accounts = cls.make_accounts(4)

    def test_month_to_ledger(self):
        """Every bill is an open item, and the entry's revenue and VAT add up."""
        self.read_meters({1: 1045, 2: 1010, 3: 1000})
        run = self.bill()
        self.assertEqual(run.state, "posted")
        self.assertEqual(run.bill_count, 3)
        self.assertEqual(run.missed_count, 1)
        bills = run.bill_ids.sorted("account_id")
        self.assertEqual(bills.mapped("amount_total"), [120.15, 26.7, 0.0])
        self.assertEqual(bills.mapped("amount_residual"), [120.15, 26.7, 0.0])
        move = bills.move_line_id.move_id
        self.assertEqual(len(move), 1)
        self.assertEqual(move.state, "posted")
        self.assertEqual(str(move.date), str(run.accounting_date))
        self.assertFalse(bills[2].move_line_id)
        self.assertEqual(bills[2].state, "posted")
        revenue = move.line_ids.filtered(
            lambda line: line.account_type.startswith("income")
        )
        vat = move.line_ids.filtered("tax_line_id")
        self.assertAlmostEqual(-revenue.balance, sum(bills.mapped("amount_base")), 2)
        self.assertAlmostEqual(-vat.balance, sum(bills.mapped("amount_tax")), 2)
        self.assertAlmostEqual(sum(move.line_ids.mapped("balance")), 0.0, 2)

    def test_bill_can_be_recomputed(self):
        """The frozen inputs alone give the bill again, under the same hash."""
        self.read_meters({1: 1400})
        reading = self.env["gas.reading"].search(
            [("account_id", "=", self.accounts[0].id), ("state", "=", "held")]
        )
        self.assertTrue(reading, "400 m³ against a mean of 40 must be held")
        self.read_meters({2: 1100})
        run = self.bill()
        [bill] = run.bill_ids
        self.assertEqual(rate(bill.calc)["amount"], f"{bill.amount_total:.2f}")
        self.assertEqual(input_hash(bill.calc, bill.engine_version), bill.calc_hash)

    def test_year_volume_runs_on(self):
        """The second month goes on where the first left the tiers."""
        self.make_accounts(1, first=11, 本年已用气量="330", 月均用量="60")
        self.read_meters({11: 1050})
        first = self.bill()
        self.assertEqual(first.bill_ids.line_ids.mapped("quantity"), [30.0, 20.0])
        self.read_meters({11: 1070}, day="2026-11-20", previous="1050")
        second = self.bill(period="2026-11", first="2026-10-21", last="2026-11-20")
        self.assertEqual(second.bill_ids.line_ids.mapped("tier"), [2])
        self.assertEqual(second.bill_ids.previous_volume, 50.0)

    def test_twice_changes_nothing(self):
        self.read_meters({1: 1045, 2: 1010})
        run = self.make_run()
        run.action_calculate()
        before = run.bill_ids.ids
        run.action_calculate()
        self.assertEqual(run.bill_ids.ids, before)
        again = self.make_run()
        again.action_calculate()
        self.assertFalse(again.bill_count)

    def test_discard_frees_readings_and_ledger(self):
        self.read_meters({1: 1045})
        run = self.make_run()
        run.action_calculate()
        point = run.bill_ids.service_point_id
        self.assertEqual(sum(point.ledger_ids.mapped("quantity")), 45.0)
        run.action_discard()
        self.assertFalse(run.bill_count)
        self.assertFalse(point.ledger_ids)
        run.action_calculate()
        self.assertEqual(run.amount_total, 120.15)

    def test_late_readings_follow_in_a_second_run(self):
        self.read_meters({1: 1045})
        first = self.bill()
        self.assertEqual(first.missed_count, 3)
        self.read_meters({2: 1030}, day="2026-10-19")
        second = self.bill()
        self.assertEqual(second.bill_ids.account_id, self.accounts[1])
        self.assertEqual(second.missed_count, 2)
        self.assertEqual(second.name, "2026-10 #2")

    def test_fault_of_one_costs_no_other(self):
        """An account without a price that day is listed; the others are billed."""
        late = self.make_tariff("T-LATE", [("2026-12-01", [(None, 3.0)])])
        self.make_accounts(1, first=21, 气价=late.code)
        self.read_meters({1: 1045, 21: 1030})
        run = self.make_run()
        run.action_calculate()
        self.assertEqual(run.bill_count, 1)
        self.assertEqual(run.error_count, 1)
        error = run.exception_ids.filtered(lambda row: row.kind == "error")
        self.assertEqual(error.account_id.code, "T000021")

    # === APPROVAL ===#

    def test_another_person_approves(self):
        self.read_meters({1: 1045})
        run = self.make_run().with_user(self.users["manager"])
        run.action_calculate()
        with self.assertRaises(UserError):
            run.action_approve()
        with self.assertRaises(UserError):
            run.sudo().action_approve()
        with self.assertRaises(UserError):
            run.with_user(self.users["clerk"]).action_approve()
        self.assertEqual(run.state, "calculated")

    def test_unapproved_run_is_not_posted(self):
        self.read_meters({1: 1045})
        run = self.make_run()
        run.action_calculate()
        with self.assertRaises(UserError):
            run.action_post()
        with self.assertRaises(UserError):
            run.write({"state": "approved"})

    def test_bills_added_later_are_approved_too(self):
        """Calculating again replaces the request, so the manager sees all bills."""
        self.read_meters({1: 1045})
        run = self.make_run()
        run.action_calculate()
        self.read_meters({2: 1020})
        run.action_calculate()
        run.with_user(self.users["manager"]).action_approve()
        self.assertEqual(run.state, "approved")
        self.assertEqual(len(run.bill_ids), 2)

    def test_locked_period_is_refused(self):
        self.read_meters({1: 1045})
        run = self.make_run()
        run.action_calculate()
        self.company.sudo().fiscalyear_lock_date = run.accounting_date
        with self.assertRaises(UserError):
            run.with_user(self.users["manager"]).action_approve()

    def test_background_run(self):
        """Above the limit the job goes on chunk by chunk and can be taken up again."""
        self.company.gas_inline_limit = 1
        self.company.gas_chunk_size = 2
        self.read_meters({1: 1045, 2: 1010, 3: 1020})
        run = self.make_run()
        run.action_calculate()
        self.assertEqual(run.state, "calculating")
        worker = run.sudo()
        worker._work_chunk()
        self.assertEqual(run.done_count, 2)
        while run.state == "calculating":
            worker._work_chunk()
        self.assertEqual(run.bill_count, 3)
        run.with_user(self.users["manager"]).action_approve()
        run.action_post()
        self.assertEqual(run.state, "posting")
        while run.state == "posting":
            worker._work_chunk()
        self.assertEqual(set(run.bill_ids.mapped("state")), {"posted"})
        self.assertEqual(len(run.bill_ids.move_line_id.move_id), 2)

    def test_stopped_background_run_says_why(self):
        self.company.gas_inline_limit = 0
        self.read_meters({1: 1045})
        run = self.make_run()
        run.action_calculate()
        worker = run.sudo()
        while run.state == "calculating":
            worker._work_chunk()
        run.with_user(self.users["manager"]).action_approve()
        run.action_post()
        self.company.sudo().fiscalyear_lock_date = run.accounting_date
        worker._work_chunk()
        self.assertEqual(run.state, "approved")
        self.assertTrue(run.last_error)
        self.assertFalse(run.bill_ids.move_line_id)

    def test_stopped_calculation_says_why_and_goes_on(self):
        """What was calculated stays, can't be approved, and is completed later."""
        self.company.gas_inline_limit = 0
        self.company.gas_chunk_size = 1
        self.read_meters({1: 1045, 2: 1010})
        run = self.make_run()
        run.action_calculate()
        worker = run.sudo()
        worker._work_chunk()
        calculator = type(self.env["gas.bill.calculator"])
        with patch.object(calculator, "_calculate", side_effect=UserError("No tax")):
            worker._work_chunk()
        self.assertEqual(run.state, "calculated")
        self.assertEqual(run.last_error, "No tax")
        self.assertEqual(run.bill_count, 1)
        with self.assertRaisesRegex(UserError, "No tax"):
            run.with_user(self.users["manager"]).action_approve()
        run.action_calculate()
        while run.state == "calculating":
            worker._work_chunk()
        self.assertFalse(run.last_error)
        self.assertEqual(run.bill_count, 2)
        run.with_user(self.users["manager"]).action_approve()
        self.assertEqual(run.state, "approved")

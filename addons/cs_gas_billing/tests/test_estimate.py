from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.cs_base.tests.common import RpcCase
from odoo.addons.cs_gas_billing.tools.charge import charge
from odoo.addons.cs_gas_billing.tools.rating import input_hash

from .common import GasCommon


class EstimateCommon(GasCommon):
    """Months that are read, missed, estimated and billed, one after the other."""

    REASON = "Nobody at home"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls.make_accounts(1)
        cls.point = cls.account.service_point_id

    @classmethod
    def window(cls, month):
        """Return period, first and last day of the bill month ``2026-11``."""
        year, number = map(int, month.split("-"))
        before = f"{year - (number == 1)}-{(number - 2) % 12 + 1:02d}"
        return {"period": month, "first": f"{before}-21", "last": f"{month}-20"}

    def enter(self, month, value, account=None, day=20, **values):
        """Read the meter on the 20th; return the reading."""
        return (
            self.env["gas.reading"]
            .with_user(self.users["clerk"])
            .create(
                {
                    "account_id": (account or self.account).id,
                    "read_date": f"{month}-{day:02d}",
                    "value": value,
                    **values,
                }
            )
        )

    def estimate(self, month, points=None, user="clerk", day=20):
        wizard = self.open_wizard(month, points, user, day)
        wizard.action_estimate()
        return self.env["gas.reading"].search(
            [
                ("service_point_id", "in", (points or self.point).ids),
                ("read_date", "=", f"{month}-{day:02d}"),
                ("source", "=", "estimate"),
                ("state", "!=", "superseded"),
            ]
        )

    def open_wizard(self, month, points=None, user="clerk", day=20):
        wizards = self.env["gas.estimate.wizard"].with_user(self.users[user])
        action = wizards._open(points or self.point, self.day(f"{month}-{day:02d}"))
        wizard = wizards.browse(action["res_id"])
        wizard.reason = self.REASON
        return wizard

    def month(self, month, value=None, post=True, **kwargs):
        """Read (or, without a register, estimate) and bill a month; return its bill."""
        if value is None:
            self.estimate(month)
        else:
            self.enter(month, value)
        run = self.bill(post=post, **self.window(month), **kwargs)
        return run.bill_ids.filtered(
            lambda bill: bill.service_point_id == self.point
        ).sorted("id")[-1:]

    def ledger(self, point=None):
        """Return {year: m³} of the ledger."""
        volumes = {}
        for row in (point or self.point).ledger_ids:
            volumes[row.cycle_year] = volumes.get(row.cycle_year, 0) + row.quantity
        return volumes

    def prove(self, bill):
        """The frozen inputs alone give the bill again."""
        self.assertEqual(input_hash(bill.calc, bill.engine_version), bill.calc_hash)
        self.assertEqual(charge(bill.calc)["amount"], f"{bill.amount_total:.2f}")
        self.assertFalse(bill._get_proof_fault())
        self.assertEqual(
            bill.company_id.currency_id.round(sum(bill.line_ids.mapped("amount"))),
            bill.amount_total,
        )

    def book_balance(self):
        """Return the receivable of the account in the books."""
        lines = self.env["account.move.line"].search(
            [
                ("gas_account_id", "=", self.account.id),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ]
        )
        return self.company.currency_id.round(sum(lines.mapped("balance")))


@tagged("post_install", "-at_install")
class TestEstimate(EstimateCommon):
    def test_average_charge(self):
        """R05a: the volume is the months' mean, the charge their average charge."""
        first = self.month("2026-10", 1045)
        second = self.month("2026-11", 1095)
        bill = self.month("2026-12")
        self.assertEqual(bill.kind, "estimate")
        self.assertEqual(bill.volume, 48)
        total = first.amount_total + second.amount_total
        self.assertAlmostEqual(bill.amount_total, round(total * 48 / 95, 2), 2)
        self.assertEqual(bill.line_ids.mapped("tier"), [0])
        self.assertEqual(bill.flags, "EST")
        self.assertEqual(bill.reading_ids.source, "estimate")
        self.assertEqual(bill.reading_ids.reason, self.REASON)
        self.assertEqual(bill.reading_ids.decided_by_id, self.users["clerk"])
        ledger = self.point.ledger_ids.filtered(lambda row: row.bill_id == bill)
        self.assertEqual(ledger.mapped("kind"), ["provisional"])
        self.prove(bill)

    def test_opening_mean_goes_through_the_tiers(self):
        """Without any month the opening mean is priced like a metered volume."""
        bill = self.month("2026-10")
        self.assertEqual((bill.kind, bill.volume), ("estimate", 40))
        self.assertEqual(bill.amount_total, 106.8)
        self.assertEqual(bill.line_ids.mapped("tier"), [1])
        self.prove(bill)

    def test_actual_reading_trues_up(self):
        """R06: the next reading counts from the last actual one, the estimate goes."""
        self.month("2026-10", 1045)
        estimated = self.month("2026-11")
        self.assertEqual(estimated.volume, 45)
        self.enter("2026-12", 1155)
        run = self.bill(post=False, **self.window("2026-12"))
        bill = run.bill_ids
        self.assertEqual((bill.kind, bill.volume), ("actual", 110))
        self.assertEqual(str(bill.date_from), "2026-10-20")
        self.assertEqual(bill.calc["ytd"], {"2026": "45"})
        self.assertEqual(estimated.replaced_by_id, bill)
        self.assertEqual(estimated.state, "posted")
        self.assertIn("TRUE", bill.flags)
        run.action_post()
        self.assertEqual(estimated.state, "cancelled")
        self.assertEqual(estimated.reading_ids.state, "superseded")
        self.assertEqual(self.ledger(), {2026: 155})
        self.assertEqual(self.book_balance(), 120.15 + bill.amount_total)
        self.prove(bill)

    def test_paid_estimate_pays_the_new_bill(self):
        self.month("2026-10", 1045)
        estimated = self.month("2026-11")
        self.take(self.account)
        self.assertEqual(estimated.amount_residual, 0)
        bill = self.month("2026-12", 1155)
        self.assertEqual(
            bill.amount_residual, round(bill.amount_total - estimated.amount_total, 2)
        )
        self.assertEqual(self.account.amount_credit, 0)

    def test_discard_restores(self):
        self.month("2026-10", 1045)
        estimated = self.month("2026-11")
        self.enter("2026-12", 1155)
        run = self.make_run(**self.window("2026-12"))
        run.action_calculate()
        self.assertTrue(estimated.replaced_by_id)
        run.action_discard()
        self.assertFalse(estimated.replaced_by_id)
        self.assertEqual(estimated.state, "posted")
        self.assertEqual(estimated.reading_ids.state, "billed")
        self.assertEqual(self.ledger(), {2026: 90})
        run.action_calculate()
        self.assertEqual(run.bill_ids.volume, 110)
        self.assertEqual(run.bill_ids.calc["ytd"], {"2026": "45"})

    def test_third_in_a_row_is_refused(self):
        self.month("2026-10", 1045)
        one = self.month("2026-11")
        two = self.month("2026-12")
        self.assertEqual((one.kind, two.kind), ("estimate", "estimate"))
        self.assertFalse(self.estimate("2027-01"))
        task = self.account.activity_ids
        self.assertEqual(len(task), 1)
        self.estimate("2027-01")
        self.assertEqual(self.account.activity_ids, task)
        self.enter("2027-01", 1180)
        run = self.bill(**self.window("2027-01"))
        self.assertEqual(run.bill_ids.volume, 135)
        self.assertEqual({one.state, two.state}, {"cancelled"})
        self.assertEqual(sum(self.ledger().values()), 180)
        self.assertTrue(self.estimate("2027-02"))

    # === WHAT IT IS MADE FROM ===#

    def test_cap_is_last_years_highest_month(self):
        """R07: never above what was used in any month of the year before."""
        self.month("2026-10", 1035)
        self.month("2026-11", 1080)
        self.month("2026-12", 1110)
        self.month("2027-01", 1200)
        bill = self.month("2027-02")
        self.assertEqual(bill.reading_ids.vee_codes, "EST,ESTCAP")
        self.assertEqual(bill.volume, 45)
        self.assertEqual(bill.reading_ids.mean, 50)
        self.prove(bill)

    def test_estimates_are_no_actual_months(self):
        """Neither mean nor average ever come from an estimate."""
        self.month("2026-10", 1030)
        self.month("2026-11")
        second = self.month("2026-12")
        self.assertEqual(second.volume, 30)
        self.assertEqual(second.calc["estimate"]["history"], [["30", "80.1"]])

    def test_trued_up_bill_counts_as_its_months(self):
        """90 m³ over two months are two months of 45."""
        self.month("2026-10", 1030)
        self.month("2026-11")
        self.month("2026-12", 1120)
        vee = self.env["gas.reading.vee"]
        self.assertEqual(
            [
                (period, float(volume))
                for period, volume in vee._load_months(self.point.ids)[self.point.id]
            ],
            [("2026-12", 45), ("2026-11", 45), ("2026-10", 30)],
        )
        self.assertEqual(self.estimate("2027-01").usage, 40)

    def test_check_takes_all_estimated_months(self):
        """What is high for one month may be right for two."""
        self.month("2026-10", 1040)
        self.month("2026-11")
        reading = self.enter("2026-12", 1200)
        self.assertEqual(reading.state, "validated")
        self.assertEqual(reading.mean, 80)
        other = self.make_accounts(1, first=2)
        alone = self.enter("2026-10", 1160, account=other)
        self.assertEqual(alone.state, "held")

    # === CHAINS ===#

    def test_no_trace_is_left(self):
        """After the next reading everything is as if nobody had estimated."""
        tariff = self.make_tariff(
            "T-NEW",
            [
                ("2026-01-01", [(360, 2.67), (600, 3.20), (None, 4.01)]),
                ("2026-12-06", [(360, 2.85), (600, 3.42), (None, 4.28)]),
            ],
        )
        for number, (estimated, last, register) in enumerate(
            (
                (["2026-11"], "2026-12", 1150),
                (["2026-11", "2026-12"], "2027-01", 1190),
                (["2026-12"], "2027-01", 1110),
            ),
            10,
        ):
            with self.subTest(estimated=estimated):
                first = "2026-10" if estimated[0] == "2026-11" else "2026-11"
                pair = self.make_accounts(
                    2, first=number * 10, 气价=tariff.code, 本年已用气量="300"
                )
                self.account, silent = pair
                self.point = self.account.service_point_id
                self.enter(first, 1045)
                self.enter(first, 1045, account=silent)
                self.bill(**self.window(first))
                for month in estimated:
                    self.estimate(month)
                    self.bill(**self.window(month))
                self.enter(last, register)
                held = self.enter(last, register, account=silent)
                if held.state == "held":
                    held.with_user(self.users["clerk"]).action_accept("Not read")
                run = self.bill(**self.window(last))
                bill, plain = run.bill_ids.sorted("account_id")
                self.assertEqual(plain.account_id, silent)
                for name in ("volume", "amount_total", "date_from", "date_to"):
                    self.assertEqual(bill[name], plain[name], name)
                for name in ("year", "tier", "quantity", "amount"):
                    self.assertEqual(
                        bill.line_ids.mapped(name), plain.line_ids.mapped(name)
                    )
                self.assertEqual(self.ledger(), self.ledger(silent.service_point_id))
                self.assertEqual(bill.calc["ytd"], plain.calc["ytd"])
                self.assertEqual(self.account.amount_due, silent.amount_due)
                self.assertEqual(self.account.amount_credit, 0)
                self.prove(bill)

    def test_over_a_year_end(self):
        """The estimate's volume is split like a reading's, each year its line."""
        self.month("2026-12", 1045)
        bill = self.month("2027-01")
        self.assertEqual(bill.line_ids.mapped("year"), [2026, 2027])
        self.assertEqual(sum(bill.line_ids.mapped("quantity")), bill.volume)
        rows = self.point.ledger_ids.filtered(lambda row: row.bill_id == bill)
        self.assertEqual(
            {row.cycle_year: row.quantity for row in rows},
            dict(
                zip(
                    bill.line_ids.mapped("year"),
                    bill.line_ids.mapped("quantity"),
                    strict=True,
                )
            ),
        )
        self.prove(bill)

    def test_actual_reading_from_before_the_estimate(self):
        """A late file brings the month's own reading after it was estimated."""
        self.month("2026-10", 1045)
        self.estimate("2026-11", day=25)
        window = {"period": "2026-11", "first": "2026-10-21", "last": "2026-11-25"}
        estimated = self.bill(**window).bill_ids
        self.enter("2026-11", 1080)
        run = self.bill(**window)
        self.assertEqual(run.bill_ids.volume, 35)
        self.assertEqual(str(run.bill_ids.date_to), "2026-11-20")
        self.assertEqual(estimated.state, "cancelled")
        self.assertEqual(self.ledger(), {2026: 80})
        bill = self.month("2026-12", 1120)
        self.assertEqual((bill.volume, bill.register_from), (40, 1080))

    def test_actual_reading_of_the_very_day(self):
        """Both bills end on the same day: the new one stands in the old one's place."""
        self.month("2026-10", 1045)
        estimated = self.month("2026-11")
        reading = self.enter("2026-11", 1080)
        self.assertEqual(reading.state, "validated")
        run = self.bill(**self.window("2026-11"))
        self.assertEqual(run.bill_ids.date_to, estimated.date_to)
        self.assertEqual(run.bill_ids.volume, 35)
        self.assertEqual(estimated.state, "cancelled")

    def test_unbilled_estimate_is_set_aside(self):
        """By a file, by hand and by an accepted reading."""
        self.make_accounts(2, first=2)
        accounts = self.env["gas.account"].search([("code", "like", "T00000")])
        estimates = self.estimate("2026-10", accounts.service_point_id)
        self.assertEqual(len(estimates), 3)
        self.read_meters({1: 1035})
        self.enter("2026-10", 1036, account=accounts[1])
        self.assertEqual(
            estimates.sorted("service_point_id").mapped("state"),
            ["superseded", "superseded", "validated"],
        )
        held = self.enter("2026-10", 1300, account=accounts[2])
        self.assertEqual(held.state, "held")
        self.assertEqual(estimates.mapped("state").count("validated"), 1)
        held.with_user(self.users["clerk"]).action_accept("Heating")
        self.assertEqual(set(estimates.mapped("state")), {"superseded"})
        run = self.bill(**self.window("2026-10"))
        self.assertEqual(run.bill_ids.mapped("kind"), ["actual"] * 3)

    def test_dropped_reading_takes_its_estimate_along(self):
        """What an estimate was built on was read again: it means nothing any more."""
        reading = self.enter("2026-10", 1045)
        estimate = self.estimate("2026-11")
        reading.with_user(self.users["clerk"]).action_reread("Wrong meter")
        self.assertEqual(estimate.state, "superseded")
        run = self.make_run(**self.window("2026-11"))
        run.action_calculate()
        self.assertFalse(run.bill_ids)

    def test_same_run_takes_the_reading_instead(self):
        """A reading that comes in before the run is posted replaces the estimate."""
        self.estimate("2026-10")
        run = self.make_run(**self.window("2026-10"))
        run.action_calculate()
        self.assertEqual(run.bill_ids.kind, "estimate")
        self.enter("2026-10", 1033)
        run.action_calculate()
        self.assertEqual((run.bill_ids.kind, run.bill_ids.volume), ("actual", 33))
        self.assertEqual(self.ledger(), {2026: 33})
        self.bill(run=run)

    def test_other_run_waits_for_the_estimate_to_be_posted(self):
        self.month("2026-10", 1045)
        self.estimate("2026-11")
        first = self.make_run(**self.window("2026-11"))
        first.action_calculate()
        self.enter("2026-12", 1130)
        second = self.make_run(**self.window("2026-12"))
        second.action_calculate()
        self.assertFalse(second.bill_ids)
        self.assertIn("not posted yet", second.exception_ids.message)
        self.bill(run=first)
        second.action_calculate()
        self.assertEqual(second.bill_ids.volume, 85)
        self.bill(run=second)
        self.assertEqual(first.bill_ids.state, "cancelled")

    def test_next_month_before_the_true_up_is_posted(self):
        """The estimate counts no more from the moment its successor is calculated."""
        self.month("2026-10", 1045)
        self.month("2026-11")
        self.enter("2026-12", 1130)
        self.make_run(**self.window("2026-12")).action_calculate()
        self.enter("2027-01", 1165)
        later = self.make_run(**self.window("2027-01"))
        later.action_calculate()
        self.assertEqual(later.bill_ids.calc["ytd"]["2026"], "130")

    def test_chunks_in_the_background(self):
        """A run that is taken up again chunk by chunk gives each estimate once."""
        self.make_accounts(2, first=2)
        accounts = self.env["gas.account"].search([("code", "like", "T00000")])
        points = accounts.service_point_id
        self.read_meters({1: 1040, 2: 1040, 3: 1040})
        self.bill(**self.window("2026-10"))
        self.estimate("2026-11", points)
        self.bill(**self.window("2026-11"))
        self.company.gas_inline_limit = 0
        self.company.gas_chunk_size = 1
        self.read_meters({1: 1120, 2: 1120, 3: 1120}, day="2026-12-20", previous=1040)
        run = self.make_run(**self.window("2026-12"))
        run.action_calculate()
        worker = run.sudo()
        worker._work_chunk()
        while run.state == "calculating":
            worker._work_chunk()
        self.assertEqual(run.bill_ids.mapped("volume"), [80] * 3)
        run.with_user(self.users["manager"]).action_approve()
        run.action_post()
        while run.state == "posting":
            worker._work_chunk()
        estimated = self.env["gas.bill"].search([("kind", "=", "estimate")])
        self.assertEqual(set(estimated.mapped("state")), {"cancelled"})
        for account in accounts:
            self.assertEqual(account.amount_due, 120 * 2.67)

    def test_commercial_estimate_is_an_invoice_and_a_red_one(self):
        self.account = self.make_accounts(
            1, first=2, 用户类别="公建", 气价="T-COM", 月均用量="100"
        )
        self.point = self.account.service_point_id
        self.month("2026-10", 1100)
        estimated = self.month("2026-11")
        self.assertEqual(estimated.move_id.move_type, "out_invoice")
        self.assertIn("average", estimated.move_id.invoice_line_ids.name)
        bill = self.month("2026-12", 1210)
        self.assertEqual(estimated.state, "cancelled")
        self.assertEqual(self.account.amount_due, 871.5)
        self.assertEqual(bill.amount_total, 456.5)

    def test_unread_months_are_one_bill(self):
        """T10: the year's bounds are never scaled by the length of a bill."""
        self.account = self.make_accounts(1, first=2, 本年已用气量="300")
        self.point = self.account.service_point_id
        reading = self.enter("2026-12", 1120)
        self.assertEqual((reading.state, reading.vee_codes), ("validated", "LONG"))
        run = self.bill(**self.window("2026-12"))
        self.assertEqual(run.bill_ids.amount_total, 352.2)

    def test_cancelled_estimate_is_missed_again(self):
        """A bill that is only cancelled takes its estimate along."""
        bill = self.month("2026-10")
        reading = bill.reading_ids
        self.env["gas.bill.reverser"]._reverse(bill.run_id.sudo(), bill)
        self.assertEqual((bill.state, reading.state), ("cancelled", "superseded"))
        self.assertEqual(self.ledger(), {2026: 0})
        run = self.make_run(**self.window("2026-10"))
        run.action_calculate()
        self.assertEqual(run.exception_ids.mapped("kind"), ["missed"])
        self.estimate("2026-10")
        run.action_calculate()
        self.assertEqual(run.bill_ids.volume, 40)

    # === SCREEN AND ROLES ===#

    def test_run_estimates_what_it_missed(self):
        """From the list of missed accounts to bills in two presses."""
        self.make_accounts(2, first=2)
        self.read_meters({1: 1045})
        run = self.make_run(**self.window("2026-10"))
        run.action_calculate()
        self.assertEqual(run.missed_count, 2)
        action = run.action_estimate_missed()
        wizard = (
            self.env["gas.estimate.wizard"]
            .with_user(self.users["clerk"])
            .browse(action["res_id"])
        )
        self.assertEqual(str(wizard.day), "2026-10-20")
        self.assertEqual(wizard.line_ids.mapped("usage"), [40, 40])
        self.assertEqual(wizard.amount, 2 * 106.8)
        wizard.reason = self.REASON
        wizard.action_estimate()
        self.assertEqual((run.bill_count, run.missed_count), (3, 0))
        self.assertEqual(run.estimate_count, 2)
        self.assertEqual(run.amount_total, 120.15 + 2 * 106.8)

    def test_preview_is_what_is_billed(self):
        self.month("2026-10", 1045)
        self.month("2026-11", 1099)
        shown = self.open_wizard("2026-12").line_ids
        bill = self.month("2026-12")
        self.assertEqual(shown.amount, bill.amount_total)
        self.assertEqual(shown.usage, bill.volume)

    def test_what_is_not_estimated(self):
        self.month("2026-10", 1045)
        for month, day, text in (
            ("2026-10", 15, "must be later"),
            ("2026-11", 1, "nothing is missed"),
        ):
            line = self.open_wizard(month, day=day).line_ids
            self.assertIn(text, line.fault)
            self.assertFalse(self.estimate(month, day=day))
        held = self.enter("2026-11", 1900)
        self.assertEqual(held.state, "held")
        self.assertIn(
            "waits for a decision", self.open_wizard("2026-11").line_ids.fault
        )
        held.with_user(self.users["clerk"]).action_reread("Typing error")
        self.account.with_user(self.users["clerk"]).action_stop()
        self.assertIn("stopped", self.open_wizard("2026-11").line_ids.fault)

    def test_reason_is_needed(self):
        wizard = self.open_wizard("2026-10")
        wizard.reason = " "
        with self.assertRaisesRegex(UserError, "reason"):
            wizard.action_estimate()

    def test_who_may(self):
        for role in ("reader", "cashier", "accountant", "auditor"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.estimate("2026-10", user=role)
        self.assertTrue(self.estimate("2026-10", user="manager"))


@tagged("post_install", "-at_install")
class TestReadingOfficeOverRpc(EstimateCommon, RpcCase):
    """What a client can try without our screens."""

    def test_every_role(self):
        point, account = self.point.id, self.account.id
        wizards = {
            "gas.estimate.wizard": (
                {
                    "day": "2026-10-20",
                    "reason": "x",
                    "line_ids": [[0, 0, {"service_point_id": point}]],
                },
                "action_estimate",
            ),
            "gas.meter.exchange": (
                {
                    "account_id": account,
                    "day": "2026-10-05",
                    "value_off": 1010,
                    "serial": "RPC-1",
                },
                "action_exchange",
            ),
            "gas.transfer": (
                {
                    "account_id": account,
                    "day": "2026-10-06",
                    "value": 3,
                    "name": "新户",
                },
                "action_transfer",
            ),
        }
        for role in ("reader", "cashier", "accountant", "auditor"):
            for model, (values, _method) in wizards.items():
                with self.subTest(role=role, model=model):
                    self.assertNoAccess(role, model, "create", [values])
            self.assertNoAccess(role, "gas.account", "action_estimate", [account])
        self.assertFalse(self.env["gas.reading"].search([("source", "=", "estimate")]))
        for model in ("gas.estimate.wizard", "gas.meter.exchange", "gas.transfer"):
            values, method = wizards[model]
            [made] = self.rpc("clerk", model, "create", [values])
            answer = self.rpc("clerk", model, method, [made])
            self.assertIsInstance(answer, dict, f"{model}: {answer}")
        self.assertEqual(self.account.agreement_ids.date_to, self.day("2026-10-06"))
        self.assertEqual(self.account.bill_ids.volume, 13)

    def test_no_estimate_or_final_by_hand(self):
        for source in ("estimate", "exchange", "final"):
            values = {
                "account_id": self.account.id,
                "read_date": "2026-10-20",
                "value": 1040,
                "source": source,
            }
            self.assertEqual(
                self.assertRefused("clerk", "gas.reading", "create", [values]),
                "UserError",
            )

    def test_services_are_closed(self):
        for model, method, args in (
            ("gas.reading.estimator", "_make", [1, [1], "2026-10-20", "x"]),
            ("gas.bill.estimator", "_release", [[1]]),
            ("gas.bill.run", "_bill_now", [[1], "2026-10-20"]),
            ("gas.estimate.wizard", "_open", [[1], "2026-10-20"]),
        ):
            self.assertNoAccess("clerk", model, method, *args)

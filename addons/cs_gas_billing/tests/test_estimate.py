from odoo.tests import tagged

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

    def read(self, month, value, account=None, day=20, **values):
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
            self.read(month, value)
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
        self.read("2026-12", 1155)
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
        self.pay()
        self.assertEqual(estimated.amount_residual, 0)
        bill = self.month("2026-12", 1155)
        self.assertEqual(
            bill.amount_residual, round(bill.amount_total - estimated.amount_total, 2)
        )
        self.assertEqual(self.account.amount_credit, 0)

    def pay(self):
        """Take at the hall what the account owes."""
        hall = self.env["gas.hall"].with_user(self.users["cashier"])
        shown = hall.load_account(self.account.id)
        seen = {bill["id"]: [bill["principal"], bill["fee"]] for bill in shown["bills"]}
        hall.collect(
            self.account.id,
            "cash",
            shown["total"],
            {**seen, "credit": shown["credit"]},
        )

    def test_discard_restores(self):
        self.month("2026-10", 1045)
        estimated = self.month("2026-11")
        self.read("2026-12", 1155)
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
        self.read("2027-01", 1180)
        run = self.bill(**self.window("2027-01"))
        self.assertEqual(run.bill_ids.volume, 135)
        self.assertEqual({one.state, two.state}, {"cancelled"})
        self.assertEqual(sum(self.ledger().values()), 180)
        self.assertTrue(self.estimate("2027-02"))

import random
from collections import defaultdict
from decimal import Decimal

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from odoo.addons.cs_gas_billing.tools.rating import rate
from odoo.addons.cs_gas_billing.tools.rounding import from_float, plain

from .test_exchange import ExchangeCommon

MONTHS = [f"2026-{m:02d}" for m in (10, 11, 12)] + [
    f"2027-{m:02d}" for m in range(1, 7)
]
SEEDS = 4


@tagged("post_install", "-at_install")
class TestChains(ExchangeCommon):
    """Whatever happens to a point, its bills are what rating from scratch gives.

    Months are read, misread, missed and estimated; meters, customers and the number
    of persons change; bills are paid, late and with their late fee, corrected and
    cancelled, receipts reversed, over a year end and a price change. After every step
    the standing bills are rated again in the simplest way there is: from the standing
    registers and today's persons, one bill after the other.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.gas_high_ratio = 1000
        cls.company.gas_two_people_ratio = 100000
        cls.family = cls.make_tariff(
            "T-CHAIN",
            [
                ("2026-01-01", [(200, 2.67), (320, 3.20), (None, 4.01)]),
                ("2027-03-05", [(180, 2.81), (300, 3.37), (None, 4.22)]),
            ],
            allowance=(80, 130),
        )

    def test_random_histories(self):
        for seed in range(SEEDS):
            with self.subTest(seed=seed):
                self._play(seed)
                months = [step for step in self.story if step.endswith("_close_month")]
                self.assertEqual(len(months), len(MONTHS), "not played to the end")

    # === HISTORY ===#

    def _play(self, seed):
        self.rng = random.Random(seed)
        self.story = []
        self.account = self.make_accounts(
            1, first=100 + seed, 气价="T-CHAIN", 本年已用气量="150", 人口数="4"
        )
        self.point = self.account.service_point_id
        self.register = 1000
        for month in MONTHS:
            with freeze_time(f"{month}-12 02:00:00"):
                self.register += self.rng.randint(5, 60)
                for event in ("_swap", "_hand_over", "_household", "_correct", "_pay"):
                    if self.rng.random() < 0.3:
                        self._do(event, month)
                self.register += self.rng.randint(5, 60)
            with freeze_time(f"{month}-26 02:00:00"):
                for event in ("_pay", "_close_month", "_reverse", "_correct"):
                    if event == "_close_month" or self.rng.random() < 0.3:
                        self._do(event, month)
        with freeze_time(f"{MONTHS[-1]}-28 02:00:00"):
            self._do("_correct", MONTHS[-1])

    def _do(self, event, month):
        self.story.append(f"{month} {event}")
        getattr(self, event)(month)
        self._check()

    def _last(self):
        """Return the last actual register of the meter in use."""
        install = self.point.install_ids.filtered(lambda row: not row.date_to)
        return self._standing().filtered(lambda row: row.install_id == install)[-1:]

    def _standing(self):
        self.env.flush_all()
        return (
            self.env["gas.reading"]
            .search(
                [
                    ("service_point_id", "=", self.point.id),
                    ("source", "!=", "estimate"),
                    ("state", "in", ("validated", "billed")),
                ]
            )
            .sorted(lambda row: (row.read_date, row.id))
        )

    def _seen(self):
        """Return the register as the reader sees it, now and then wrongly."""
        if self.rng.random() < 0.2:
            wrong = self.register + self.rng.randint(-40, 60)
            return max(wrong, self._last().value)
        return max(self.register, self._last().value)

    def _swap(self, month):
        if self.rng.random() < 0.4:
            self.exchange(
                f"{month}-02",
                max(self.register, self._last().value),
                serial=f"{self.point.id}-{month}",
            )
            self.register = 0

    def _hand_over(self, month):
        if self.rng.random() > 0.4:
            return
        known = self.env["gas.account"].search([])
        self.env["gas.transfer"].with_user(self.users["clerk"]).create(
            {
                "account_id": self.account.id,
                "day": f"{month}-08",
                "value": self._seen(),
                "name": "新户",
                "bill_now": False,
                "persons": self.rng.randint(3, 6),
            }
        ).action_transfer()
        self.account = self.env["gas.account"].search([]) - known
        self._settle_persons()

    def _household(self, month):
        first = self.rng.choice(MONTHS[: MONTHS.index(month) + 1])
        rows = self.env["gas.household"].with_user(self.users["clerk"])
        known = self.point.household_ids.filtered(
            lambda row: str(row.date_from) == f"{first}-01"
        )
        if known:
            known.with_user(self.users["clerk"]).persons = self.rng.randint(3, 7)
        else:
            rows.create(
                {
                    "service_point_id": self.point.id,
                    "date_from": f"{first}-01",
                    "persons": self.rng.randint(3, 7),
                }
            )
        self.story.append(f"   {self.point.household_ids.mapped('display_name')}")
        self._settle_persons()

    def _settle_persons(self):
        waiting = self.env["gas.correction"].search(
            [("service_point_id", "=", self.point.id), ("state", "=", "draft")]
        )
        for correction in waiting:
            self._book(correction)

    def _book(self, correction):
        self.story.append(f"   {correction.kind} {correction.problem or ''}")
        clerk = correction.with_user(self.users["clerk"])
        manager = correction.with_user(self.users["manager"])
        try:
            with self.env.cr.savepoint():
                clerk.action_request()
                if self.rng.random() < 0.2:
                    correction.cs_approval_ids.filtered(
                        lambda row: row.state == "pending"
                    ).with_user(self.users["manager"]).action_reject("look again")
                    clerk.action_reopen()
                    clerk.action_request()
                manager.action_approve()
        except UserError as error:
            self.story.append(f"      refused {error}")
            correction.with_user(self.users["clerk"]).action_withdraw()

    def _correct(self, month):
        bills = self._bills().filtered(lambda bill: bill.kind == "actual")
        if not bills:
            return
        kind = "cancel" if self.rng.random() < 0.15 else "reading"
        bill = bills[-1:] if kind == "cancel" else self.rng.choice(bills)
        correction = (
            self.env["gas.correction"]
            .with_user(self.users["clerk"])
            .create({"bill_id": bill.id, "kind": kind, "reason": "misread"})
        )
        for row in correction.reading_ids:
            if self.rng.random() < 0.6:
                row.new_value = max(row.new_value + self.rng.randint(-40, 60), 0)
        self._book(correction.sudo())

    def _pay(self, month):
        hall = self.env["gas.hall"].with_user(self.users["cashier"])
        shown = hall.load_account(self.account.id)
        seen = {
            str(row["id"]): [row["principal"], row["fee"]] for row in shown["bills"]
        }
        amount = self.rng.choice((shown["total"], self.rng.randint(1, 400)))
        if amount:
            method = self.rng.choice(("cash", "transfer"))
            hall.collect(self.account.id, method, amount, seen, keep_credit=True)
            self.story.append(f"   paid {amount}, late fee {shown['fee']}")

    def _reverse(self, month):
        """Take the last receipt of the day back."""
        receipts = self.env["gas.receipt"].search(
            [
                ("account_id", "=", self.account.id),
                ("state", "=", "posted"),
                ("date", "=", f"{month}-26"),
            ]
        )
        if receipts:
            receipts[0].with_user(self.users["manager"]).action_reverse("mistyped")

    def _close_month(self, month):
        chance = self.rng.random()
        if chance < 0.7:
            self.enter(month, self._seen())
        elif chance < 0.9:
            reading = self.estimate(month)
            self.story.append(f"   estimate {reading.value}")
            if not reading:
                return
        else:
            self.story.append("   not read")
            return
        self.bill(**self.window(month))

    # === RATING FROM SCRATCH ===#

    def _bills(self):
        return (
            self.env["gas.bill"]
            .search(
                [
                    ("service_point_id", "=", self.point.id),
                    ("state", "=", "posted"),
                    ("kind", "!=", "opening"),
                ]
            )
            .sorted(lambda bill: (bill.date_to, bill.id))
        )

    def _check(self):
        self.env.invalidate_all()
        story = "\n".join(self.story)
        usage = self._measure()
        used = defaultdict(Decimal)
        for row in self.point.ledger_ids.filtered(lambda row: row.kind == "opening"):
            used[row.cycle_year] += from_float(row.quantity, 3)
        billed = self.env["gas.reading"]
        for bill in self._bills():
            if bill.kind == "estimate":
                for row in self._rows(bill):
                    used[row.cycle_year] += from_float(row.quantity, 3)
                billed |= bill.reading_ids.filtered(
                    lambda row: row.source != "estimate"
                )
                continue
            readings = bill.reading_ids.filtered(
                lambda row: row.state == "billed"
            ).sorted(lambda row: (row.read_date, row.id))
            self.assertFalse(readings & billed, story)
            billed |= readings
            result = rate(self._get_inputs(bill, readings, usage, used))
            self.assertEqual(
                (f"{bill.amount_total:.2f}", from_float(bill.volume, 3)),
                (result["amount"], Decimal(result["volume"])),
                f"{bill.name}\n{story}",
            )
            for line in result["lines"]:
                used[line["year"]] += Decimal(line["qty"])
        actual = self._standing().filtered(
            lambda row: row.source != "opening" and row.state == "billed"
        )
        self.assertEqual(actual, actual & billed, story)
        ledger = defaultdict(Decimal)
        for row in self.point.ledger_ids:
            ledger[row.cycle_year] += from_float(row.quantity, 3)
        self.assertEqual(
            {year: volume for year, volume in ledger.items() if volume},
            {year: volume for year, volume in used.items() if volume},
            story,
        )
        self._check_money(story)

    def _rows(self, bill):
        return self.point.ledger_ids.filtered(lambda row: row.bill_id == bill)

    def _measure(self):
        """Return {reading: m³} from nothing but the registers that stand."""
        usage = {}
        previous = {}
        for reading in self._standing():
            if reading.install_id in previous:
                volume = from_float(reading.value, 3) - previous[reading.install_id]
                usage[reading] = volume % 10**reading.install_id.meter_id.digits
            previous[reading.install_id] = from_float(reading.value, 3)
        return usage

    def _get_inputs(self, bill, readings, usage, used):
        value = Decimal(0)
        reads = [[min(readings.mapped("prev_date")).isoformat(), "0"]]
        for reading in readings:
            value += usage[reading]
            day = reading.read_date.isoformat()
            if reads[-1][0] == day:
                reads[-1][1] = plain(value)
            else:
                reads.append([day, plain(value)])
        return {
            "tariff": bill.agreement_id.tariff_id._get_rating_data(),
            "persons": [
                [row.date_from.isoformat(), row.persons]
                for row in self.point.household_ids.sorted("date_from")
            ],
            "opened": min(
                self.point.agreement_ids.account_id.mapped("opened_on")
            ).isoformat(),
            "resolution": "1",
            "policy": self.company._get_gas_policy(),
            "reads": reads,
            "ytd": {str(year): plain(volume) for year, volume in used.items()},
        }

    def _check_money(self, story):
        accounts = self.point.agreement_ids.account_id
        lines = self.env["account.move.line"].search(
            [
                ("gas_account_id", "in", accounts.ids),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ]
        )
        by_account = defaultdict(lines.browse, lines.grouped("gas_account_id"))
        bills = self.env["gas.bill"].search([("account_id", "in", accounts.ids)])
        standing = bills.filtered(lambda bill: bill.state == "posted")
        amounts = defaultdict(float)
        for bill in standing:
            amounts[bill.account_id] += bill.amount_total
        for account in accounts:
            own = by_account[account]
            self.assertAlmostEqual(
                sum(own.mapped("balance")),
                account.amount_due - account.amount_credit,
                2,
                story,
            )
            self.assertFalse(account.amount_due and account.amount_credit, story)
            bill_lines = own.filtered("gas_bill_id")
            self.assertAlmostEqual(
                sum(bill_lines.mapped("balance")),
                amounts[account],
                2,
                story,
            )
        self._check_fees(standing, story)
        for bill in bills.filtered(lambda bill: bill.state == "cancelled"):
            self.assertEqual(sum(self._rows(bill).mapped("quantity")), 0, story)
            self.assertFalse(bill.move_line_id.amount_residual, story)

    def _check_fees(self, bills, story):
        """What the books keep of late fees stands on bills that owe them.

        Bills that a correction made higher keep what was taken before.
        """
        policies = self.env["gas.latefee.policy"]
        collected = policies._load_collected(bills)
        booked = defaultdict(Decimal)
        for line in self._get_fee_lines(bills.account_id):
            booked[line.gas_account_id] += from_float(line.balance, 2)
        kept = defaultdict(Decimal)
        accrued = policies._get_accrued(bills, self.company._cs_today())
        for bill in bills:
            fee = collected.get(bill.id, 0) + from_float(bill.fee_carried, 2)
            kept[bill.account_id] += fee
            self.assertGreaterEqual(fee, 0, story)
            if not bill.fee_month:
                self.assertLessEqual(fee, accrued[bill], f"{bill.name}\n{story}")
        self.assertEqual(
            {account: fee for account, fee in booked.items() if fee},
            {account: fee for account, fee in kept.items() if fee},
            story,
        )

    def _get_fee_lines(self, accounts):
        return self.env["account.move.line"].search(
            [
                ("gas_account_id", "in", accounts.ids),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                (
                    "move_id.line_ids.account_id",
                    "=",
                    self.company.gas_fee_account_id.id,
                ),
            ]
        )

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_estimate import EstimateCommon


class ExchangeCommon(EstimateCommon):
    def exchange(self, day, value_off, value_on=0, user="clerk", **values):
        """Exchange the account's meter; return the new installation."""
        account = values.pop("account", self.account)
        wizard = (
            self.env["gas.meter.exchange"]
            .with_user(self.users[user])
            .create(
                {
                    "account_id": account.id,
                    "day": day,
                    "value_off": value_off,
                    "serial": f"NEW-{day}",
                    "value_on": value_on,
                    **values,
                }
            )
        )
        wizard.action_exchange()
        return self.env["gas.meter.install"].search(
            [("meter_id.serial", "=", wizard.serial)]
        )


@tagged("post_install", "-at_install")
class TestExchange(ExchangeCommon):
    def test_both_meters_in_one_bill(self):
        """R03: the usage is the sum over both meters, priced in one go."""
        self.make_accounts(1, first=2, 本年已用气量="330", 期初读数="3400")
        self.account = self.env["gas.account"].search([("code", "=", "T000002")])
        self.point = self.account.service_point_id
        new = self.exchange("2026-10-05", 3429)
        self.assertEqual(new.seal, False)
        old = self.point.install_ids - new
        self.assertEqual(
            (str(old.date_to), old.reading_off, str(new.date_from)),
            ("2026-10-05", 3429, "2026-10-05"),
        )
        bill = self.month("2026-10", 17)
        self.assertEqual(bill.amount_total, 131.3)
        self.assertEqual(bill.line_ids.mapped("quantity"), [30, 16])
        self.assertEqual(len(bill.reading_ids), 2)
        self.prove(bill)

    def test_rollover_of_the_old_meter(self):
        """R04: the old register went over its last digit before it was removed."""
        self.make_accounts(1, first=2, 表位数="4", 期初读数="9988")
        self.account = self.env["gas.account"].search([("code", "=", "T000002")])
        self.point = self.account.service_point_id
        self.exchange("2026-10-05", 10, digits=5)
        bill = self.month("2026-10", 12)
        self.assertEqual((bill.volume, bill.amount_total), (34, 90.78))
        codes = bill.reading_ids.filtered(lambda row: row.source == "exchange")
        self.assertIn("ROLL", codes.vee_codes)

    def test_alone_it_is_not_billed_and_the_month_is_missed(self):
        self.exchange("2026-10-05", 1029)
        run = self.make_run(**self.window("2026-10"))
        run.action_calculate()
        self.assertFalse(run.bill_ids)
        self.assertEqual(run.exception_ids.mapped("kind"), ["missed"])

    def test_nobody_sends_another_meter(self):
        """Meter and last register follow from the service point alone."""
        stranger = self.make_accounts(1, first=2).service_point_id.install_ids
        before = len(self.env["gas.reading"].search([]))
        for forged in (
            {"install_id": stranger.id},
            {"prev_value": 5},
            {"prev_date": "2026-01-01"},
        ):
            with self.subTest(forged=forged), self.assertRaises(UserError):
                self.exchange("2026-10-05", 1029, **forged)
            wizards = self.env["gas.transfer"].with_user(self.users["clerk"])
            values = {"account_id": self.account.id, **forged}
            with self.subTest(transfer=forged), self.assertRaises(UserError):
                wizards.create(values)
        wizards = wizards.with_context(default_install_id=stranger.id)
        wizard = wizards.create({"account_id": self.account.id})
        self.assertEqual(wizard.install_id, self.point.install_ids)
        self.assertFalse(stranger.date_to)
        self.assertEqual(len(self.env["gas.reading"].search([])), before)

    def test_impossible_register_is_held_and_blocks_the_point(self):
        with self.assertRaisesRegex(UserError, "looks wrong"):
            self.exchange("2026-10-05", 900)
        self.exchange("2026-10-05", 900, reason="As on the photo")
        removal = self.env["gas.reading"].search([("source", "=", "exchange")])
        self.assertEqual((removal.state, removal.vee_codes), ("held", "NEG"))
        self.enter("2026-10", 17)
        run = self.make_run(**self.window("2026-10"))
        run.action_calculate()
        self.assertFalse(run.bill_ids)
        self.assertEqual(run.exception_ids.mapped("kind"), ["held"])
        removal.with_user(self.users["clerk"]).action_correct(1029, "Typing error")
        self.assertEqual(
            self.point.install_ids.sorted("date_from")[0].reading_off, 1029
        )
        run.action_calculate()
        self.assertEqual(run.bill_ids.volume, 46)

    def test_high_register_stands_for_its_reason(self):
        self.exchange("2026-10-05", 1150, reason="Heating, photo checked")
        removal = self.env["gas.reading"].search([("source", "=", "exchange")])
        self.assertEqual((removal.state, removal.decision), ("validated", "accepted"))

    def test_not_inside_billed_time(self):
        self.month("2026-10", 1045)
        with self.assertRaisesRegex(UserError, "must be later"):
            self.exchange("2026-10-15", 1040)
        with self.assertRaises(UserError):
            self.exchange("2026-10-20", 1046)
        self.exchange("2026-10-20", 1045)
        self.assertFalse(self.env["gas.reading"].search([("source", "=", "exchange")]))
        bill = self.month("2026-11", 30)
        self.assertEqual(bill.volume, 30)

    def test_meter_from_store(self):
        """A free meter is taken; one that is installed elsewhere is not."""
        other = self.make_accounts(1, first=2)
        used = other.meter_id
        with self.assertRaisesRegex(UserError, "is installed at"):
            self.exchange("2026-10-05", 1029, serial=used.serial)
        store = self.env["gas.meter"].create({"serial": "STORE-1", "digits": 6})
        self.exchange("2026-10-05", 1029, serial=False, meter_id=store.id, seal="F7")
        self.assertEqual(store.service_point_id, self.point)
        self.assertEqual(store.install_ids.seal, "F7")

    def test_meter_in_use_is_not_a_new_one(self):
        """Neither the one that is removed nor a neighbour's, chosen or written."""
        other = self.make_accounts(1, first=2).meter_id
        for meter in (self.account.meter_id, other):
            for values in (
                {"meter_id": meter.id},
                {"serial": meter.serial, "manufacturer": meter.manufacturer},
            ):
                with self.assertRaisesRegex(UserError, "is installed at"):
                    self.exchange("2026-10-05", 1010, **values)

    def test_during_estimates(self):
        """The removal register ends the estimates; what follows is estimated anew."""
        self.month("2026-10", 1045)
        first = self.month("2026-11")
        self.exchange("2026-12-05", 1120)
        self.assertEqual(self.estimate("2026-12").actual_date, self.day("2026-12-05"))
        run = self.bill(**self.window("2026-12"))
        mixed = run.bill_ids
        self.assertEqual((mixed.kind, first.state), ("estimate", "cancelled"))
        estimated = mixed.reading_ids.filtered(lambda row: row.source == "estimate")
        self.assertEqual(estimated.usage, 22)
        self.assertEqual(mixed.volume, 75 + 22)
        self.assertEqual(sum(self.ledger().values()), 45 + 75 + 22)
        self.prove(mixed)
        bill = self.month("2027-01", 60)
        self.assertEqual((bill.kind, bill.volume), ("actual", 75 + 60))
        self.assertEqual(str(bill.date_from), "2026-10-20")
        self.assertEqual(mixed.state, "cancelled")
        self.assertEqual(sum(self.ledger().values()), 45 + 75 + 60)
        self.assertEqual(len(bill.reading_ids), 2)
        self.prove(bill)

    def test_discard_gives_the_removal_reading_back(self):
        """What stood on the estimated bill stands there again."""
        self.month("2026-10", 1045)
        self.exchange("2026-11-05", 1065)
        mixed = self.month("2026-11")
        removal = mixed.reading_ids.filtered(lambda row: row.source == "exchange")
        self.assertTrue(removal)
        self.enter("2026-12", 70)
        run = self.make_run(**self.window("2026-12"))
        for _again in range(2):
            run.action_calculate()
            self.assertEqual(run.bill_ids.volume, 90)
            self.assertEqual(removal.bill_id, run.bill_ids)
            run.action_discard()
            self.assertEqual((removal.bill_id, removal.state), (mixed, "billed"))
            self.assertFalse(removal.prior_bill_id)

    def test_who_may(self):
        for role in ("reader", "cashier", "accountant", "auditor"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.exchange("2026-10-05", 1029, user=role)
        self.assertTrue(self.exchange("2026-10-05", 1029, user="manager"))

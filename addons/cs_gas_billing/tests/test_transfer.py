from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_estimate import EstimateCommon


@tagged("post_install", "-at_install")
class TestTransfer(EstimateCommon):
    def transfer(self, day, value, user="clerk", **values):
        """Transfer the account; return the new one (empty at a move-out)."""
        before = self.env["gas.account"].search([])
        wizard = (
            self.env["gas.transfer"]
            .with_user(self.users[user])
            .create(
                {
                    "account_id": self.account.id,
                    "day": day,
                    "value": value,
                    "name": "新户",
                    "phone": "13900001111",
                    "bill_now": False,
                    **values,
                }
            )
        )
        self.shown = {
            "amount": wizard.final_amount,
            "volume": wizard.final_volume,
            "text": wizard.final_text,
        }
        self.action = wizard.action_transfer()
        return self.env["gas.account"].search([]) - before

    def bills_of(self, run):
        return run.bill_ids.sorted("date_to")

    def test_two_bills_in_one_period(self):
        """T12a: the year's volume stays with the point over the change of hands."""
        self.make_accounts(1, first=2, 本年已用气量="300")
        self.account = self.env["gas.account"].search([("code", "=", "T000002")])
        self.point = self.account.service_point_id
        new = self.transfer("2026-10-05", 1050)
        self.assertEqual(self.shown["amount"], 133.5)
        self.assertEqual(self.shown["text"], "50 × 2.67")
        self.assertEqual(new.service_point_id, self.point)
        self.assertEqual((new.book_id, new.book_seq), (self.account.book_id, 2))
        self.assertEqual(new.partner_id.name, "新户")
        self.assertEqual(str(new.opened_on), "2026-10-06")
        self.assertEqual(str(self.account.agreement_ids.date_to), "2026-10-05")
        self.assertEqual(self.account.state, "stopped")
        reading = self.enter("2026-10", 1080, account=new)
        self.assertEqual((reading.prev_value, reading.account_id), (1050, new))
        run = self.bill(**self.window("2026-10"))
        old_bill, new_bill = self.bills_of(run)
        self.assertEqual((old_bill.account_id, old_bill.volume), (self.account, 50))
        self.assertEqual((new_bill.account_id, new_bill.volume), (new, 30))
        self.assertEqual(old_bill.amount_total, 133.5)
        self.assertEqual(new_bill.calc["ytd"], {"2026": "350"})
        self.assertEqual(new_bill.amount_total, round(10 * 2.67 + 20 * 3.2, 2))
        self.assertEqual(sum(self.ledger().values()), 380)
        for bill in run.bill_ids:
            self.prove(bill)

    def test_year_volume_survives_every_cut(self):
        """Both bills together cost what one customer would pay, wherever it is cut."""
        whole = self.make_accounts(1, first=2, 本年已用气量="330")
        self.read_meters({2: 1070})
        alone = self.bill(**self.window("2026-10")).bill_ids
        self.assertEqual(alone.account_id, whole)
        for number, (day, final) in enumerate(
            (("2026-09-21", 1001), ("2026-10-05", 1030), ("2026-10-19", 1069)), 3
        ):
            self.account = self.make_accounts(1, first=number, 本年已用气量="330")
            self.point = self.account.service_point_id
            new = self.transfer(day, final)
            self.enter("2026-10", 1070, account=new)
            run = self.bill(**self.window("2026-10"))
            self.assertEqual(len(run.bill_ids), 2)
            self.assertAlmostEqual(
                sum(run.bill_ids.mapped("amount_total")), alone.amount_total, 2
            )

    def test_commercial_takes_over(self):
        """The new customer's own tariff counts from his first day."""
        new = self.transfer(
            "2026-10-05",
            1020,
            category="commercial",
            tariff_id=self.tariff_com.id,
            name="饭店",
            pay_channel="transfer",
        )
        self.assertTrue(new.partner_id.is_company)
        self.enter("2026-10", 1120, account=new)
        run = self.bill(**self.window("2026-10"))
        old_bill, new_bill = self.bills_of(run)
        self.assertEqual(old_bill.amount_total, 53.4)
        self.assertEqual(new_bill.amount_total, 415)
        self.assertEqual((new_bill.category, new_bill.kind), ("commercial", "actual"))
        self.assertEqual(new_bill.move_id.move_type, "out_invoice")
        self.assertEqual(self.ledger(), {2026: 120})

    def test_bill_now_goes_through_approval(self):
        other = self.make_accounts(1, first=2)
        self.read_meters({2: 1030}, day="2026-10-05")
        new = self.transfer("2026-10-05", 1020, bill_now=True)
        run = self.env["gas.bill.run"].browse(self.action["res_id"])
        self.assertEqual(run.state, "calculated")
        self.assertEqual(run.point_ids, self.point)
        self.assertEqual(run.bill_ids.account_id, self.account)
        self.assertFalse(run.missed_count)
        with self.assertRaises(UserError):
            run.action_post()
        self.enter("2026-10", 1040, account=new)
        second = self.make_run(**self.window("2026-10"))
        second.action_calculate()
        bill = second.bill_ids.filtered(lambda row: row.account_id == new)
        self.assertEqual((bill.volume, bill.calc["ytd"]), (20, {"2026": "20"}))
        self.assertIn(other, second.bill_ids.account_id)
        self.bill(run=run)
        self.assertEqual(run.bill_ids.state, "posted")

    def test_open_items_stay_with_the_old_account(self):
        self.month("2026-10", 1045)
        new = self.transfer("2026-11-05", 1060)
        self.assertEqual(self.account.amount_due, 120.15)
        self.assertEqual(new.amount_due, 0)
        with self.assertRaisesRegex(UserError, "open bills"):
            self.account.with_user(self.users["clerk"]).action_close()
        self.bill(**self.window("2026-11"))
        self.take(self.account)
        self.account.with_user(self.users["clerk"]).action_close()
        self.assertEqual(self.account.state, "closed")

    def test_mandate_parties_and_persons(self):
        self.account = self.make_accounts(
            1, first=2, 缴费方式="银行代扣", 银行账号="6222000011112222"
        )
        self.point = self.account.service_point_id
        new = self.transfer("2026-10-05", 1020, persons=6)
        self.assertEqual(str(self.account.mandate_ids.date_to), "2026-10-05")
        self.assertFalse(new.mandate_ids)
        parties = self.point.premises_id.party_ids.sorted("date_from")
        self.assertEqual(
            [(p.partner_id, p.role, str(p.date_to or "")) for p in parties],
            [
                (self.account.partner_id, "holder", "2026-10-05"),
                (new.partner_id, "holder", ""),
            ],
        )
        persons = self.point.household_ids.sorted("date_from")
        self.assertEqual(
            [(str(row.date_from), row.persons) for row in persons][-1],
            ("2026-10-06", 6),
        )

    def test_move_out(self):
        """Nobody takes over: what is used afterwards is a task for the reader."""
        new = self.transfer("2026-10-05", 1020, successor="nobody", name=False)
        self.assertFalse(new)
        run = self.bill(**self.window("2026-10"))
        self.assertEqual(run.bill_ids.volume, 20)
        self.assertFalse(run.missed_count)
        self.read_meters({1: 1025}, day="2026-11-20", previous=1020)
        reading = self.env["gas.reading"].search(
            [("service_point_id", "=", self.point.id), ("value", "=", 1025)]
        )
        self.assertIn("STOP", reading.vee_codes)
        self.assertTrue(self.account.activity_ids)
        run = self.make_run(**self.window("2026-11"))
        run.action_calculate()
        self.assertFalse(run.bill_ids)
        self.assertEqual(run.exception_ids.mapped("kind"), ["error"])

    def test_move_in_after_a_vacancy(self):
        """What was used in between is billed to nobody."""
        self.transfer("2026-10-05", 1020, successor="nobody", name=False)
        self.bill(**self.window("2026-10"))
        self.read_meters({1: 1025}, day="2026-11-20", previous=1020)
        with self.assertRaisesRegex(UserError, "who takes over"):
            self.transfer("2026-12-05", 1028, successor="nobody")
        new = self.transfer("2026-12-05", 1028)
        self.assertEqual(str(self.account.agreement_ids.date_to), "2026-10-05")
        self.assertEqual(str(new.agreement_ids.date_from), "2026-12-06")
        reading = self.enter("2026-12", 1040, account=new)
        self.assertEqual(reading.prev_value, 1028)
        run = self.bill(**self.window("2026-12"))
        self.assertEqual((run.bill_ids.account_id, run.bill_ids.volume), (new, 12))
        self.assertFalse(run.exception_ids)
        self.assertEqual(self.ledger(), {2026: 32})

    def test_readings_of_a_vacancy_stop_nobody_else(self):
        """The new customer is billed though somebody else's use is not clear yet."""
        self.transfer("2026-10-05", 1020, successor="nobody", name=False)
        self.bill(**self.window("2026-10"))
        self.read_meters({1: 1025}, day="2026-11-10", previous=1020)
        later = self.make_accounts(1, first=2)
        self.env["gas.agreement"].create(
            {
                "service_point_id": self.point.id,
                "account_id": later.id,
                "tariff_id": self.tariff.id,
                "date_from": "2026-11-11",
            }
        )
        self.read_meters({1: 1035}, day="2026-11-20", previous=1025, 用户编号="T000002")
        run = self.make_run(**self.window("2026-11"))
        run.action_calculate()
        bill = run.bill_ids.filtered(lambda b: b.service_point_id == self.point)
        self.assertEqual((bill.account_id, bill.volume), (later, 10))
        self.assertIn("error", run.exception_ids.mapped("kind"))

    def test_final_register_ends_estimates(self):
        """The final bill counts from the last actual reading."""
        self.month("2026-10", 1045)
        estimated = self.month("2026-11")
        new = self.transfer("2026-12-05", 1115)
        self.assertEqual(self.shown["volume"], 70)
        self.enter("2026-12", 1130, account=new)
        run = self.bill(**self.window("2026-12"))
        old_bill, new_bill = self.bills_of(run)
        self.assertEqual((old_bill.volume, new_bill.volume), (70, 15))
        self.assertEqual(old_bill.calc["ytd"], {"2026": "45"})
        self.assertEqual(new_bill.calc["ytd"], {"2026": "115"})
        self.assertEqual(estimated.state, "cancelled")
        self.assertEqual(estimated.replaced_by_id, old_bill)
        self.assertEqual(self.ledger(), {2026: 130})

    def test_discard_and_again(self):
        new = self.transfer("2026-10-05", 1020)
        self.enter("2026-10", 1040, account=new)
        run = self.make_run(**self.window("2026-10"))
        for _again in range(2):
            run.action_calculate()
            self.assertEqual(run.bill_ids.mapped("volume"), [20, 20])
            run.action_discard()
            self.assertFalse(self.ledger())

    def test_reading_of_the_day_is_the_final_one(self):
        """A register that is known already is not entered twice."""
        self.enter("2026-10", 1045)
        self.transfer("2026-10-20", 1045)
        self.assertFalse(self.env["gas.reading"].search([("source", "=", "final")]))
        run = self.bill(**self.window("2026-10"))
        self.assertEqual(run.bill_ids.account_id, self.account)

    def test_what_is_refused(self):
        self.month("2026-10", 1045)
        taken = self.account.code
        for day, value, values, text in (
            ("2026-10-10", 1040, {}, "must be later"),
            ("2026-11-05", 1030, {}, "looks wrong"),
            ("2026-11-05", 1030, {"reason": "So it is"}, "can't be right"),
            ("2026-11-05", 1700, {"reason": "So it is"}, "two people"),
            ("2026-11-05", 1060, {"name": " "}, "name"),
            ("2026-11-05", 1060, {"code": taken}, "exists already"),
            ("2026-11-05", 1060, {"successor": "known"}, "Choose the new customer"),
            ("2026-11-05", 1060, {"tariff_id": False}, "tariff"),
        ):
            with (
                self.subTest(values=values, value=value),
                self.assertRaisesRegex(UserError, text),
                self.env.cr.savepoint(),
            ):
                self.transfer(day, value, **values)
        self.assertFalse(self.account.agreement_ids.date_to)

    def test_high_final_register_needs_a_reason(self):
        new = self.transfer("2026-10-05", 1150, reason="Photo checked")
        final = self.env["gas.reading"].search([("source", "=", "final")])
        self.assertEqual((final.state, final.reason), ("validated", "Photo checked"))
        reading = self.enter("2026-10", 1160, account=new)
        self.assertEqual(reading.prev_value, 1150)

    def test_who_may(self):
        for role in ("reader", "cashier", "accountant", "auditor"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.transfer("2026-10-05", 1020, user=role)
        self.assertTrue(self.transfer("2026-10-05", 1020, user="manager"))

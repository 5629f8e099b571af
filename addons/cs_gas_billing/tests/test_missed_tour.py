"""Estimating, exchanging and transferring in a browser."""

from odoo.tests import HttpCase, freeze_time, tagged

from .test_estimate import EstimateCommon


@tagged("post_install", "-at_install")
class TestMissedTour(EstimateCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls.users["clerk"]
        cls.clerk.password = cls.clerk.login

    def tour(self, name, record):
        self.start_tour(f"/odoo/{record._name}/{record.id}", name, login="gas_clerk")

    def test_estimate(self):
        self.make_accounts(2, first=2)
        self.company.gas_estimate_limit = 1
        third = self.env["gas.account"].search([("code", "=", "T000003")])
        self.account, self.point = third, third.service_point_id
        self.month("2026-10")
        self.account = self.env["gas.account"].search([("code", "=", "T000001")])
        self.enter("2026-11", 1045)
        second = self.env["gas.account"].search([("code", "=", "T000002")])
        self.enter("2026-10", 1040, account=second)
        self.bill(**self.window("2026-10"))
        third.book_id.reader_id = self.users["reader"]
        run = self.make_run(**self.window("2026-11"))
        run.action_calculate()
        self.tour("gas_estimate", run)
        self.assertEqual(
            run.bill_ids.filtered(lambda b: b.kind == "estimate").account_id, second
        )
        self.assertEqual(third.activity_ids.user_id, self.users["reader"])

    def test_exchange(self):
        with freeze_time("2026-10-05 02:00:00"):
            self.tour("gas_exchange", self.account)
        self.assertEqual(self.account.meter_id.serial, "TOUR-1")

    def test_transfer(self):
        with freeze_time("2026-10-05 02:00:00"):
            self.tour("gas_transfer", self.account)
        self.assertEqual(str(self.account.agreement_ids.date_to), "2026-10-05")
        self.assertEqual(self.account.bill_ids.amount_total, 133.5)

"""Cancel and rebill in a browser: the clerk asks, the manager books."""

from odoo.tests import HttpCase, tagged

from .common import GasCommon


@tagged("post_install", "-at_install")
class TestCorrectionTour(GasCommon, HttpCase):
    def test_ask_and_approve(self):
        account = self.make_accounts(1)
        self.read_meters({1: 1090})
        bill = self.bill().sudo().bill_ids
        clerk, manager = self.users["clerk"], self.users["manager"]
        for user in clerk, manager:
            user.password = user.login
        self.start_tour(
            f"/odoo/gas-bills/{bill.id}", "gas_correction_ask", login=clerk.login
        )
        self.assertEqual(bill.state, "posted")
        self.start_tour(
            "/odoo/gas-corrections", "gas_correction_approve", login=manager.login
        )
        self.assertEqual(bill.state, "cancelled")
        self.assertEqual(bill.replaced_by_id.volume, 45)
        self.assertEqual(account.amount_due, 120.15)

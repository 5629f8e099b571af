from odoo.tests import HttpCase, tagged

from .common import GasCommon


@tagged("post_install", "-at_install", "gas_hall")
class TestHallTour(GasCommon, HttpCase):
    """The cash desk in a browser, as a cashier who works in Chinese."""

    def test_desk(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["gas.latefee.policy"].search([]).rate = 0
        accounts = self.make_accounts(3)
        self.read_meters({1: 1045, 2: 1030, 3: 1040})
        self.bill()
        cashier = self.users["cashier"]
        cashier.lang = "zh_CN"
        self.start_tour("/odoo/gas-hall", "gas_hall_desk", login=cashier.login)
        receipts = self.env["gas.receipt"].search([("cashier_id", "=", cashier.id)])
        self.assertEqual(
            [(r.account_id, r.method, r.amount, r.state) for r in receipts],
            [
                (accounts[1], "transfer", 50, "reversed"),
                (accounts[0], "cash", 120.15, "posted"),
            ],
        )
        self.assertEqual(receipts[0].reversal_reason, "收错")
        self.assertEqual(accounts[1].amount_due, 80.1)

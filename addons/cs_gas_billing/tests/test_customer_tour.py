"""Taking over customers in a browser: file, check, import, the new account."""

from odoo.tests import HttpCase, tagged

from .common import GasCommon


@tagged("post_install", "-at_install")
class TestCustomerTour(GasCommon, HttpCase):
    def test_import_customers(self):
        clerk = self.users["clerk"]
        clerk.password = clerk.login
        self.start_tour(
            "/odoo/gas-customers-import", "gas_customers", login=clerk.login
        )
        account = self.env["gas.account"].search(
            [("code", "in", ("T000091", "T000092"))]
        )
        self.assertEqual(account.code, "T000091")
        self.assertEqual(account.meter_id.serial, "TM000091")
        self.assertEqual(account.address, "测试苑1幢1单元101室")

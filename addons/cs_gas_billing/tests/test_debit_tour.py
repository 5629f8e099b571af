import base64

from odoo.tests import HttpCase, tagged

from .debit_common import DebitCommon


@tagged("post_install", "-at_install", "gas_debit")
class TestDebitTour(DebitCommon, HttpCase):
    """A bank file in the browser, as a clerk and a cashier who work in Chinese."""

    COUNT = 0

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        for user in cls.users.values():
            user.lang = "zh_CN"

    def test_file_and_answer(self):
        accounts = self.make_debit_accounts(3)
        accounts[2].mandate_ids.unlink()
        self.read_meters({1: 1045, 2: 1030, 3: 1040})
        self.bill()
        clerk = self.users["clerk"].login
        self.start_tour("/odoo/gas-debit-batches", "gas_debit_send", login=clerk)
        batch = self.env["gas.debit.batch"].search([])
        self.assertEqual((batch.state, batch.line_count), ("sent", 2))
        self.env["gas.latefee.policy"].search([]).rate = 0
        self.start_tour(
            "/odoo/gas-hall", "gas_debit_hall", login=self.users["cashier"].login
        )
        receipt = self.env["gas.receipt"].search([])
        self.assertEqual(receipt.amount_credit, 80.1)
        self.assertIn(batch.name, receipt.bank_note)
        today = self.company._cs_today().isoformat()
        content = self.answer(batch, {accounts[1]: "1001"}, day=today)
        result = (
            self.env["gas.debit.result"]
            .with_user(self.users["clerk"])
            .create({"file": base64.b64encode(content), "filename": "结果.txt"})
        )
        self.start_tour(
            f"/odoo/gas-debit-results/{result.id}", "gas_debit_result", login=clerk
        )
        bills = accounts.bill_ids.sorted("account_id")
        self.assertEqual(bills.mapped("amount_residual"), [0.0, 0.0, 106.8])
        self.assertEqual(batch.sudo().open_line_id.amount_residual, 120.15)

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import GasCommon


@tagged("post_install", "-at_install")
class TestStateFromOutside(GasCommon):
    """No client brings a document into a state, by values or by the context."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls.make_accounts(1)
        cls.read_meters({1: 1090})
        cls.made_run = cls.bill()
        cls.made_bill = cls.made_run.sudo().bill_ids

    def get_samples(self):
        """Return (model, role, values, forged state) of what roles may create."""
        bill = self.made_bill.id
        return [
            (
                "gas.latefee.waiver",
                "cashier",
                {"bill_id": bill, "amount": 1, "reason": "x"},
                "approved",
            ),
            ("gas.correction", "clerk", {"bill_id": bill}, "done"),
            (
                "gas.credit.refund",
                "clerk",
                {"account_id": self.account.id, "amount": 1, "reason": "x"},
                "approved",
            ),
            (
                "gas.bill.run",
                "clerk",
                {
                    "period": "2026-11",
                    "read_date_from": "2026-10-20",
                    "read_date_to": "2026-11-20",
                },
                "approved",
            ),
            (
                "gas.account",
                "clerk",
                {"code": "X1", "partner_id": self.account.partner_id.id},
                "closed",
            ),
        ]

    def test_state_in_values(self):
        for model, role, values, state in self.get_samples():
            with self.subTest(model=model), self.assertRaises(UserError):
                self.env[model].with_user(self.users[role]).create(
                    values | {"state": state}
                )

    def test_state_in_context(self):
        for model, role, values, state in self.get_samples():
            with self.subTest(model=model):
                records = self.env[model].with_user(self.users[role])
                record = records.with_context(default_state=state).create(values)
                self.assertNotEqual(record.state, state)

    def test_state_written(self):
        for model, role, values, state in self.get_samples():
            with self.subTest(model=model):
                record = self.env[model].with_user(self.users[role]).create(values)
                with self.assertRaises(UserError):
                    record.write({"state": state})
                self.assertNotEqual(record.state, state)

    def test_load(self):
        """A file import is no way around."""
        waivers = self.env["gas.latefee.waiver"].with_user(self.users["cashier"])
        names = ["bill_id/.id", "amount", "reason"]
        row = [str(self.made_bill.id), "1", "x"]
        forged = waivers.load([*names, "state"], [[*row, "approved"]])
        self.assertFalse(forged["ids"])
        self.assertTrue(forged["messages"])
        self.assertTrue(waivers.load(names, [row])["ids"])

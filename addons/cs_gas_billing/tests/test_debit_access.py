import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.cs_base.tests.common import RpcCase

from .common import ROLES
from .debit_common import DebitCommon


@tagged("post_install", "-at_install", "gas_debit")
class TestDebitOverRpc(DebitCommon, RpcCase):
    """What a client can try without our screens, as every role."""

    def test_only_clerks_build_and_send(self):
        batch = self.batch(send=False)
        for role in ROLES:
            if role in ("clerk", "manager"):
                continue
            self.assertRefused(
                role, "gas.debit.batch", "create", {"profile_id": self.profile.id}
            )
            for method in ("action_pick", "action_send", "action_discard"):
                self.assertRefused(role, "gas.debit.batch", method, batch.ids)
        self.assertIs(
            self.rpc("clerk", "gas.debit.batch", "action_send", batch.ids), True
        )

    def test_only_managers_take_back(self):
        batch = self.batch()
        for role in ROLES:
            if role != "manager":
                for method in ("action_cancel", "action_close"):
                    self.assertRefused(
                        role, "gas.debit.batch", method, batch.ids, "because"
                    )
        self.load_result(self.answer(batch))
        line = batch.line_ids[:1]
        for role in ROLES:
            if role != "manager":
                self.assertRefused(
                    role, "gas.debit.line", "action_return", line.ids, "because"
                )
        self.rpc("manager", "gas.debit.line", "action_return", line.ids, "退票")
        line.invalidate_recordset()
        self.assertEqual(line.state, "returned")

    def test_only_clerks_import(self):
        batch = self.batch()
        content = base64.b64encode(self.answer(batch)).decode()
        values = {"file": content, "filename": "x.txt"}
        for role in ("reader", "cashier", "accountant", "auditor"):
            self.assertRefused(role, "gas.debit.result", "create", values)
        record = self.load_result(self.answer(batch), import_it=False)
        for role in ("reader", "cashier", "accountant", "auditor"):
            for method in ("action_check", "action_import", "action_recheck"):
                self.assertRefused(role, "gas.debit.result", method, record.ids)

    def test_states_and_money_are_never_written(self):
        batch = self.batch()
        line, bill = batch.line_ids[:1], self.bills[:1]
        tries = [
            ("gas.debit.batch", batch, {"state": "closed"}),
            ("gas.debit.batch", batch, {"amount_total": 1}),
            ("gas.debit.batch", batch, {"file_hash": "x"}),
            ("gas.debit.batch", batch, {"profile_id": self.profiles[-1].id}),
            ("gas.debit.line", line, {"state": "accepted"}),
            ("gas.debit.line", line, {"amount": 1}),
            ("gas.bill", bill, {"debit_line_id": False}),
            ("gas.bill", bill, {"disputed_amount": 1}),
            ("gas.bank.mandate", line.mandate_id, {"blocked_on": "2026-01-01"}),
        ]
        for model, record, values in tries:
            for role in ROLES:
                with self.subTest(model=model, role=role, values=values):
                    self.assertRefused(role, model, "write", record.ids, values)
        for role in ROLES:
            self.assertRefused(role, "gas.debit.batch", "unlink", batch.ids)
            self.assertRefused(role, "gas.debit.line", "unlink", line.ids)
        for role in ("clerk", "manager"):
            self.assertRefused(
                role,
                "gas.debit.batch",
                "create",
                {"profile_id": self.profile.id, "state": "sent"},
            )
            self.assertRefused(
                role,
                "gas.debit.result",
                "create",
                {"file": "eA==", "state": "checked"},
            )

    def test_nobody_sees_account_numbers(self):
        batch = self.batch()
        for role in ROLES:
            self.assertRefused(
                role, "gas.debit.line", "read", batch.line_ids.ids, ["account_number"]
            )
        for role in ("reader", "cashier", "accountant", "auditor"):
            self.assertRefused(role, "gas.debit.batch", "read", batch.ids, ["file"])
        [row] = self.rpc(
            "clerk",
            "gas.debit.line",
            "read",
            batch.line_ids[:1].ids,
            ["account_masked"],
        )
        self.assertTrue(row["account_masked"].startswith("****"))

    def test_control_reads_everything(self):
        batch = self.batch()
        self.load_result(self.answer(batch, {self.account: "1001"}))
        for role in ("accountant", "auditor", "clerk", "manager"):
            [row] = self.rpc(
                role,
                "gas.debit.batch",
                "read",
                batch.ids,
                ["name", "amount_open", "accepted_count", "refused_count"],
            )
            self.assertEqual((row["accepted_count"], row["refused_count"]), (3, 1))
            self.assertTrue(row["amount_open"])

    def test_entries_are_guarded(self):
        batch = self.batch()
        self.load_result(self.answer(batch))
        move = batch.sudo().open_line_id.move_id
        for attempt in (
            move.button_draft,
            move._reverse_moves,
            move.line_ids.filtered("gas_account_id").remove_move_reconcile,
        ):
            with self.assertRaisesRegex(UserError, "gas document"):
                attempt()

    def test_other_company(self):
        batch = self.batch()
        other = self.env["res.company"].create({"name": "另一家燃气"})
        user = self.users["clerk"].copy({"login": "gas_clerk_other"})
        user.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        self.assertFalse(self.env["gas.debit.batch"].with_user(user).search([]))
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            batch.with_user(user).read(["name"])

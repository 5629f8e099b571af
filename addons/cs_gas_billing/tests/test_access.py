from odoo.tests import tagged

from odoo.addons.cs_base.tests.common import RpcCase

from .common import ROLES, GasCommon

R, W, RW = "r", "rwc", "rwcu"
#: model → what each role may do: read, write, create, unlink
MATRIX = {
    "gas.account": {"reader": R, "cashier": R, "clerk": W, "manager": RW},
    "gas.book": {"reader": R, "cashier": R, "clerk": W, "manager": RW},
    "gas.service.point": {"reader": R, "cashier": R, "clerk": W, "manager": RW},
    "gas.agreement": {"reader": R, "cashier": R, "clerk": W, "manager": RW},
    "gas.meter": {"reader": R, "cashier": R, "clerk": W, "manager": RW},
    "gas.meter.install": {"reader": R, "cashier": R, "clerk": W, "manager": RW},
    "gas.household": {"reader": R, "cashier": R, "clerk": W, "manager": RW},
    "gas.bank.mandate": {"cashier": W, "clerk": W, "manager": RW},
    "gas.tariff": {"reader": R, "cashier": R, "clerk": R, "manager": RW},
    "gas.tariff.version": {"reader": R, "cashier": R, "clerk": R, "manager": RW},
    "gas.tariff.step": {"reader": R, "cashier": R, "clerk": R, "manager": RW},
    "gas.tariff.allowance": {"reader": R, "cashier": R, "clerk": R, "manager": RW},
    "gas.use.category": {"reader": R, "cashier": R, "clerk": R, "manager": RW},
    "gas.reading": {"reader": "rc", "cashier": R, "clerk": W, "manager": W},
    "gas.reading.import": {"clerk": W, "manager": RW},
    "gas.reading.import.line": {"clerk": R, "manager": R},
    "gas.customer.import": {"clerk": W, "manager": RW},
    "gas.customer.import.line": {"clerk": R, "manager": R},
    "gas.usage.ledger": dict.fromkeys(("reader", "cashier", "clerk", "manager"), R),
    "gas.reading.miss": dict.fromkeys(("reader", "cashier", "clerk", "manager"), R),
    "gas.mobile.quota": {"manager": R},
    "gas.bill": dict.fromkeys(("reader", "cashier", "clerk", "manager"), R),
    "gas.bill.line": dict.fromkeys(("reader", "cashier", "clerk", "manager"), R),
    "gas.bill.run": {"clerk": RW, "manager": RW},
    "gas.bill.run.exception": {"clerk": R, "manager": R},
    "gas.work.chunk": {},
    "gas.receipt": dict.fromkeys(("cashier", "clerk", "manager"), R),
    "gas.receipt.line": dict.fromkeys(("cashier", "clerk", "manager"), R),
    "gas.takings": dict.fromkeys(("cashier", "clerk", "manager"), R),
    "gas.correction": {"clerk": W, "manager": RW},
    "gas.correction.line": {"clerk": R, "manager": R},
    "gas.correction.reading": {"clerk": "rw", "manager": "rw"},
    "gas.position": dict.fromkeys(("clerk", "manager"), R),
    "gas.aging": dict.fromkeys(("clerk", "manager"), R),
    "gas.usage.drop": dict.fromkeys(("clerk", "manager"), R),
    "gas.settlement.undone": dict.fromkeys(("clerk", "manager"), R),
    "gas.latefee.policy": {"cashier": R, "clerk": R, "manager": RW},
    "gas.credit.refund": {"cashier": W, "clerk": W, "manager": RW},
    "gas.latefee.waiver": {"cashier": W, "clerk": W, "manager": RW},
    "gas.bank.profile": {"clerk": R, "manager": RW},
    "gas.bank.profile.field": {"clerk": R, "manager": RW},
    "gas.bank.profile.code": {"clerk": R, "manager": RW},
    "gas.debit.batch": {"clerk": W, "manager": RW},
    "gas.debit.line": dict.fromkeys(("cashier", "clerk", "manager"), R),
    "gas.debit.exclusion": {"clerk": R, "manager": R},
    "gas.debit.result": {"clerk": W, "manager": RW},
    "gas.debit.result.line": {"clerk": R, "manager": R},
}
#: models that the accountant and the auditor don't see
NOT_FOR_CONTROL = {"gas.work.chunk"}
OPERATIONS = {"read": "r", "write": "w", "create": "c", "unlink": "u"}


@tagged("post_install", "-at_install")
class TestAccessMatrix(GasCommon):
    def test_matrix(self):
        """The table above is what the access rows say, no more and no less."""
        for model, roles in MATRIX.items():
            for role in ROLES:
                allowed = roles.get(role, "")
                if role in ("accountant", "auditor") and model not in NOT_FOR_CONTROL:
                    allowed = R
                records = self.env[model].with_user(self.users[role])
                for operation, letter in OPERATIONS.items():
                    with self.subTest(model=model, role=role, operation=operation):
                        self.assertEqual(
                            records.has_access(operation), letter in allowed
                        )

    def test_every_model_is_in_the_matrix(self):
        """A new model must say who may do what with it."""
        models = {
            name
            for name, model in self.env.registry.items()
            if name.startswith("gas.")
            and not model._abstract
            and not model._transient
            and not name.startswith("gas.import.profile")
        }
        self.assertEqual(models - set(MATRIX), set())


@tagged("post_install", "-at_install")
class TestAccessOverRpc(GasCommon, RpcCase):
    """What a client can try without our screens."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accounts = cls.make_accounts(2)
        cls.others = cls.make_accounts(1, first=51, 抄表册="T02")
        cls.accounts.book_id.reader_id = cls.users["reader"]
        cls.read_meters({1: 1045, 51: 1010})
        cls.held = cls.read_meters({2: 1900}).reading_ids
        cls.bill_run = cls.bill(post=False)

    def test_reader_sees_only_his_books(self):
        codes = self.rpc("reader", "gas.account", "search_read", [], ["code"])
        self.assertEqual({row["code"] for row in codes}, {"T000001", "T000002"})
        readings = self.rpc("reader", "gas.reading", "search_count", [])
        mine = self.env["gas.reading"].search_count(
            [("service_point_id.code", "in", ("T000001", "T000002"))]
        )
        self.assertEqual(readings, mine)
        self.assertRefused("reader", "gas.account", "read", self.others.ids, ["code"])
        bills = self.rpc("reader", "gas.bill", "search_read", [], ["account_id"])
        self.assertEqual({row["account_id"][0] for row in bills}, {self.accounts[0].id})

    def test_only_managers_approve_runs(self):
        for role in ("reader", "cashier", "clerk", "accountant", "auditor"):
            self.bill_run.invalidate_recordset()
            self.assertRefused(
                role, "gas.bill.run", "action_approve", self.bill_run.ids
            )

    def test_only_clerks_run_bills(self):
        for role in ("reader", "cashier", "accountant", "auditor"):
            for method in ("action_calculate", "action_post", "action_discard"):
                self.assertRefused(role, "gas.bill.run", method, self.bill_run.ids)

    def test_nobody_writes_what_follows_from_rules(self):
        bill = self.bill_run.bill_ids[:1]
        reading = bill.reading_ids[:1]
        for role in ROLES:
            refused = (
                ("gas.bill", "write", bill.ids, {"amount_total": 1}),
                ("gas.bill", "write", bill.ids, {"state": "posted"}),
                ("gas.bill", "create", [{"period": "2026-10"}]),
                ("gas.bill", "unlink", bill.ids),
                ("gas.bill.line", "write", bill.line_ids.ids, {"amount": 1}),
                ("gas.bill.run", "write", self.bill_run.ids, {"state": "posted"}),
                ("gas.reading", "write", reading.ids, {"value": 1}),
                ("gas.reading", "write", self.held.ids, {"state": "validated"}),
                ("gas.reading", "unlink", reading.ids),
                ("gas.usage.ledger", "create", [{"quantity": 1}]),
                ("gas.receipt", "create", [{"amount": 1}]),
                ("cs.approval", "create", [{"kind": "gas.bill.run"}]),
                (
                    "cs.approval",
                    "write",
                    self.bill_run.sudo().cs_approval_ids.ids,
                    {"state": "approved"},
                ),
            )
            for model, method, *args in refused:
                with self.subTest(role=role, model=model, method=method):
                    self.assertRefused(role, model, method, *args)

    def test_private_services_are_closed(self):
        """Methods of the services are no doors."""
        for role in ("reader", "cashier", "manager"):
            for model, method, args in (
                ("gas.bill.poster", "_post", [self.bill_run.id, []]),
                ("gas.allocator", "_use_credits", [[]]),
                ("gas.setup", "_setup_company", [1]),
                ("gas.customer.builder", "_build", [1, []]),
                ("cs.numbering", "next", ["gas.bill"]),
            ):
                self.assertRefused(role, model, method, *args)

    def test_context_opens_no_door(self):
        for key in ("gas_key", "skip_invoice_sync", "install_mode"):
            self.assertRefused(
                "manager",
                "gas.bill",
                "write",
                self.bill_run.bill_ids.ids,
                {"amount_total": 1},
                context={key: True},
            )

    def test_two_companies(self):
        """Another company's clerk sees nothing of ours."""
        company = self.env["res.company"].create({"name": "Other Gas"})
        self.users["clerk"].write(
            {"company_ids": [(6, 0, company.ids)], "company_id": company.id}
        )
        for model in ("gas.account", "gas.bill", "gas.reading", "gas.tariff"):
            self.assertEqual(self.rpc("clerk", model, "search_count", []), 0)

    def test_personal_data_is_masked(self):
        """Phones and bank accounts come masked to people without the group."""
        [row] = self.rpc(
            "cashier",
            "gas.account",
            "read",
            self.accounts[0].ids,
            ["phone_masked"],
        )
        self.assertEqual(row["phone_masked"], "138****0001")
        self.assertRefused(
            "cashier",
            "gas.bank.mandate",
            "search_read",
            [],
            ["account_number"],
        )

    def test_each_role_lands_on_its_desk(self):
        desks = {
            "cashier": "gas_hall_action",
            "clerk": "gas_reading_import_action",
            "manager": "gas_dashboard_action",
            "reader": "gas_book_action",
            "accountant": "gas_month_check_action",
            "auditor": "gas_bill_action",
        }
        for role, action in desks.items():
            login = f"gas_{role}"
            self.authenticate(login, login)
            info = self.url_open(
                "/web/session/get_session_info",
                json={"jsonrpc": "2.0", "method": "call", "params": {}},
            ).json()["result"]
            self.assertEqual(
                info["home_action_id"], self.env.ref(f"cs_gas_billing.{action}").id
            )

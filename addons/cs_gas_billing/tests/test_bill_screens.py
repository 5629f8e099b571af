import io
from datetime import datetime

from lxml import etree
from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, HttpCase, tagged

from .common import GasCommon

#: What each role may open from the menu; the first form is loaded too.
DESKS = {
    "reader": ["gas.account", "gas.meter", "gas.book"],
    "cashier": ["gas.account", "gas.bill", "gas.meter", "gas.bank.mandate"],
    "clerk": [
        "gas.account",
        "gas.agreement",
        "gas.bank.mandate",
        "gas.bill",
        "gas.bill.run",
        "gas.book",
        "gas.household",
        "gas.meter",
        "gas.meter.install",
        "gas.service.point",
        "gas.tariff",
        "gas.tariff.version",
    ],
    "manager": ["gas.account", "gas.bill", "gas.bill.run", "gas.tariff"],
    "accountant": ["gas.account", "gas.bill", "gas.bill.run", "gas.service.point"],
    "auditor": ["gas.account", "gas.bill", "gas.bill.run", "gas.tariff"],
}
LISTS = {
    "clerk": ["gas.bill.line", "gas.bill.run.exception"],
    "manager": ["gas.usage.ledger", "gas.use.category"],
    "auditor": ["gas.usage.ledger", "gas.bill.line"],
}


class BillScreenCase(GasCommon):
    """Three households, one of them missed, billed for October."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accounts = cls.make_accounts(3)
        cls.mandate = (
            cls.env["gas.bank.mandate"]
            .with_user(cls.users["clerk"])
            .create(
                {
                    "account_id": cls.accounts[2].id,
                    "bank_name": "工商银行",
                    "account_masked": "6222 0012 3456 7890",
                }
            )
        )
        cls.accounts.book_id.reader_id = cls.users["reader"]
        cls.accounts[0].partner_id.name = "=1+2"
        cls.read_meters({1: 1030, 2: 1000})
        cls.run_record = cls.bill()
        cls.bills = cls.run_record.sudo().bill_ids.sorted("book_seq")


@tagged("post_install", "-at_install")
class TestScreens(BillScreenCase):
    def test_forms_open_for_each_role(self):
        for role, models in DESKS.items():
            for model in models:
                with self.subTest(role=role, model=model):
                    records = self.env[model].with_user(self.users[role])
                    form = Form(records.search([], limit=1))
                    self.assertTrue(form.id)

    def test_lists_and_figures_load_for_each_role(self):
        for role, models in {**DESKS, **LISTS}.items():
            for model in {*models, *LISTS.get(role, ())}:
                records = self.env[model].with_user(self.users[role])
                with self.subTest(role=role, model=model):
                    views = [(False, "list"), (False, "search")]
                    arch = records.get_views(views)["views"]["list"]["arch"]
                    nodes = etree.fromstring(arch).iterchildren("field")
                    names = {node.get("name") for node in nodes}
                    found = records.web_search_read([], {name: {} for name in names})
                    self.assertEqual(found["length"], records.search_count([]))

    def test_menus_are_those_of_the_role(self):
        def names(role):
            menus = self.env["ir.ui.menu"].with_user(self.users[role])
            visible = menus.browse(menus._visible_menu_ids())
            return {
                xmlid.partition(".")[2] for xmlid in visible.get_external_id().values()
            }

        self.assertNotIn("menu_gas_bill_run", names("cashier"))
        self.assertNotIn("menu_gas_bills", names("reader"))
        self.assertNotIn("menu_gas_use_category", names("clerk"))
        self.assertLessEqual(
            {"menu_gas_bill_run", "menu_gas_account", "menu_gas_tariff"}, names("clerk")
        )
        self.assertIn("menu_gas_usage_ledger", names("auditor"))

    def test_demo_like_actions_have_an_address(self):
        for name in ("account", "bill", "bill_run", "tariff", "book", "meter"):
            action = self.env.ref(f"cs_gas_billing.gas_{name}_action")
            self.assertTrue(action.path)
            self.assertIn("o_view_nocontent", action.help)

    def test_account_shows_its_supply_and_tiers(self):
        account = self.accounts[0]
        self.assertEqual(account.bill_count, 1)
        self.assertEqual(account.reading_count, 1)
        self.assertEqual(account.install_ids.meter_id.serial, "TM000001")
        self.assertEqual(account.household_ids.persons, 3)
        position = account.service_point_id._get_tier_position(
            account.agreement_ids, self.tariff._get_rating_data()
        )
        self.assertEqual(len(position["tiers"]), 3)
        self.assertIn(account.code, account.display_name)

    def test_mandate_number_is_typed_but_not_shown(self):
        mandate = self.mandate
        self.assertEqual(mandate.sudo().account_number, "6222001234567890")
        self.assertNotIn("123456", mandate.account_masked)
        mandate.holder = "李四"
        mandate.account_masked = mandate.account_masked
        self.assertEqual(mandate.sudo().account_number, "6222001234567890")
        with self.assertRaisesRegex(ValidationError, "account number"):
            self.env["gas.bank.mandate"].create({"account_id": self.accounts[1].id})

    def test_account_state_follows_from_buttons(self):
        account = self.accounts[2].with_user(self.users["clerk"])
        with self.assertRaisesRegex(UserError, "buttons"):
            account.state = "closed"
        account.action_stop()
        self.assertEqual(account.state, "stopped")
        account.action_close()
        self.assertEqual(account.state, "closed")
        self.assertTrue(account.agreement_ids.date_to)
        account.action_restart()
        self.assertEqual(account.state, "closed", "a closed account stays closed")

    def test_account_with_open_bill_is_not_closed(self):
        account = self.accounts[0].with_user(self.users["clerk"])
        account.action_stop()
        with self.assertRaisesRegex(UserError, "open bills"):
            account.action_close()

    def test_run_proposes_window_of_the_month(self):
        with Form(self.env["gas.bill.run"].with_user(self.users["clerk"])) as form:
            form.period = "2026-02"
            self.assertEqual(str(form.read_date_from), "2026-02-01")
            self.assertEqual(str(form.read_date_to), "2026-02-28")
            form.read_date_from = "2026-01-20"
        self.assertEqual(str(form.record.read_date_from), "2026-01-20")

    def test_run_proposes_month_of_the_oldest_open_reading(self):
        self.read_meters({3: 1010}, day="2026-10-25")
        run = Form(self.env["gas.bill.run"].with_user(self.users["clerk"]))
        self.assertEqual(run.period, "2026-10")

    def test_run_says_who_approves(self):
        self.read_meters({3: 1010}, day="2026-10-25")
        run = self.make_run(last="2026-10-31")
        run.action_calculate()
        manager = self.users["manager"]
        self.assertFalse(run.can_approve)
        self.assertIn("You calculated", run.approval_hint)
        self.assertTrue(run.with_user(manager).can_approve)
        [row] = run.review_data
        self.assertEqual((row["bills"], row["volume"]), (1, 10))

    def test_run_buttons_open_filtered_lists(self):
        run = self.run_record
        action = run.with_context(
            bill_context={"search_default_zero": 1}
        ).action_bills()
        self.assertEqual(action["context"]["search_default_zero"], 1)
        action = run.with_context(
            exception_context={"search_default_missed": 1}
        ).action_exceptions()
        self.assertEqual(action["context"], {"search_default_missed": 1})
        self.assertEqual(run.missed_count, 1)

    def test_very_many_bills_are_printed_by_book(self):
        run = self.run_record.with_user(self.users["clerk"])
        self.assertEqual(run.action_print_bills()["type"], "ir.actions.report")
        run.sudo().bill_count = 3000
        action = run.action_print_bills()
        self.assertEqual(action["context"]["search_default_group_book"], 1)

    def test_missed_reading_becomes_the_readers_task(self):
        missed = self.run_record.exception_ids.with_user(self.users["clerk"])
        missed.action_give_task()
        activity = self.accounts[2].activity_ids
        self.assertEqual(activity.user_id, self.users["reader"])
        self.assertTrue(missed.task_done)
        missed.action_give_task()
        self.assertEqual(self.accounts[2].activity_ids, activity, "one task only")

    def test_bill_notes_and_comparison(self):
        second = self.bills[1]
        self.assertEqual(second.review_note, "No use")
        self.assertFalse(second.comparison)
        self.read_meters({1: 1090}, day="2026-11-20", 上期读数="1030")
        run = self.bill(period="2026-11", first="2026-10-21", last="2026-11-30")
        bill = run.sudo().bill_ids
        self.assertIn("+30 m³ (+100 %)", bill.comparison)

    def test_recompute_proves_the_bill(self):
        bill = self.bills[0].with_user(self.users["auditor"])
        result = bill.action_verify()
        self.assertEqual(result["params"]["type"], "success")
        self.assertIn(f"{bill.amount_total:.2f}", result["params"]["message"])
        many = self.bills.with_user(self.users["auditor"]).action_verify()
        self.assertIn("2", many["params"]["message"])

    def test_recompute_finds_a_changed_bill(self):
        bill = self.bills[0]
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE gas_bill SET amount_total = amount_total + 1 WHERE id = %s",
            [bill.id],
        )
        bill.invalidate_recordset()
        self.assertEqual(bill.action_verify()["params"]["type"], "danger")
        self.env.cr.execute(
            "UPDATE gas_bill SET amount_total = amount_total - 1, "
            "calc = jsonb_set(calc::jsonb, '{opened}', '\"2020-01-01\"') WHERE id = %s",
            [bill.id],
        )
        bill.invalidate_recordset()
        self.assertIn("hash", bill.action_verify()["params"]["message"])

    def test_recompute_is_for_auditors_and_managers(self):
        with self.assertRaises(AccessError):
            self.bills.with_user(self.users["cashier"]).action_verify()

    def test_settings_set_up_the_accounts(self):
        settings = self.env["res.config.settings"].create({})
        self.assertTrue(settings.gas_is_set_up)
        self.assertTrue(settings.action_gas_setup())
        with self.assertRaises(AccessError):
            settings.with_user(self.users["clerk"]).sudo(False).action_gas_setup()

    def test_settings_say_when_there_is_no_chart(self):
        company = self.env["res.company"].create({"name": "Without Chart"})
        company.chart_template = False
        settings = self.env["res.config.settings"].with_company(company).create({})
        self.assertFalse(settings.gas_has_chart)
        with self.assertRaisesRegex(UserError, "chart of accounts"):
            settings.action_gas_setup()


@tagged("post_install", "-at_install")
class TestRunWorkbook(BillScreenCase, HttpCase):
    def fetch(self, role):
        self.users[role].password = role
        self.authenticate(self.users[role].login, role)
        return self.url_open(f"/cs_gas/run/{self.run_record.id}.xlsx")

    def test_workbook_has_real_dates_and_numbers(self):
        response = self.fetch("clerk")
        self.assertEqual(response.status_code, 200)
        book = load_workbook(io.BytesIO(response.content))
        self.assertEqual(
            book.sheetnames, ["Bills", "Tier Lines", "Not Billed", "Totals"]
        )
        head, first, second = book["Bills"].iter_rows()
        row = {cell.value: value for cell, value in zip(head, first, strict=True)}
        bill = self.bills[0]
        self.assertEqual(row["Bill No."].value, bill.name)
        self.assertEqual(row["To"].value, datetime(2026, 10, 20))
        self.assertEqual(row["Volume (m³)"].value, 30)
        self.assertAlmostEqual(row["Amount"].value, 80.1)
        self.assertEqual(row["Customer"].value, "=1+2")
        self.assertEqual(row["Customer"].data_type, "s", "a name is no formula")
        self.assertEqual(len(second), len(head))
        self.assertEqual(book["Not Billed"].max_row, 2)
        self.assertEqual(book["Not Billed"]["A2"].value, "T000003")
        self.assertEqual(book["Tier Lines"]["F2"].value, 30)

    def test_workbook_is_for_those_who_see_the_run(self):
        self.assertEqual(self.fetch("accountant").status_code, 200)
        for role in ("cashier", "reader"):
            with self.subTest(role=role):
                self.assertEqual(self.fetch(role).status_code, 404)

    def test_export_is_logged(self):
        self.fetch("manager")
        event = self.env["cs.event"].search(
            [("action", "=", "gas.run.export")], limit=1
        )
        self.assertEqual(event.res_id, self.run_record.id)


@tagged("post_install", "-at_install")
class TestRunTour(GasCommon, HttpCase):
    def test_run_from_calculating_to_posting(self):
        self.make_accounts(3)
        self.read_meters({1: 1030, 2: 1060}, day="2026-10-20")
        for role in ("clerk", "manager"):
            self.users[role].password = role
        self.start_tour("/odoo/gas-runs/new", "gas_run_calculate", login="gas_clerk")
        run = self.env["gas.bill.run"].search([], limit=1)
        self.assertEqual((run.state, run.bill_count), ("calculated", 2))
        url = f"/odoo/gas-runs/{run.id}"
        self.start_tour(url, "gas_run_approve", login="gas_manager")
        self.assertEqual(run.state, "approved")
        self.start_tour(url, "gas_run_post", login="gas_clerk")
        self.assertEqual(run.state, "posted")
        self.assertEqual(run.amount_total, 240.3)

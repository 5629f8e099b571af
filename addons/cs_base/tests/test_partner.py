from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import CsCommon

PHONE = "13812345678"
ID_NUMBER = "310101199001011234"


@tagged("post_install", "-at_install")
class TestPartner(CsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.env["res.partner"].create(
            {"name": "单小明", "phone": PHONE, "cs_id_number": ID_NUMBER}
        )

    # === MASKING === #

    def test_masked_fields(self):
        partner = self.partner.with_user(self.users["user"])
        self.assertEqual(partner.cs_phone_masked, "138****5678")
        self.assertEqual(partner.cs_id_number_masked, "310***********1234")

    def _read_id_number(self, role):
        ids, names = self.partner.ids, ["cs_id_number"]
        return self._rpc(role, "res.partner", "read", ids, names)

    def test_id_number_is_behind_the_group(self):
        for role in ("user", "lead", "manager", "plain"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._read_id_number(role)
        [row] = self._read_id_number("personal_data")
        self.assertEqual(row["cs_id_number"], ID_NUMBER)
        with self.assertRaises(AccessError):
            self._rpc("user", "res.partner", "search", [("cs_id_number", "=", "x")])

    def test_form_shows_masked_and_takes_new_numbers(self):
        user = self.users["user"]
        view = "cs_base.res_partner_view_form"
        with Form(self.partner.with_user(user), view=view) as form:
            self.assertEqual(form.cs_phone_masked, "138****5678")
            form.cs_phone_masked = "13900001111"
            form.cs_id_number_masked = "110101198001015678"
        self.assertEqual(self.partner.phone, "13900001111")
        self.assertEqual(self.partner.cs_id_number, "110101198001015678")
        with Form(self.partner.with_user(user), view=view) as form:
            form.name = "单大明"
        self.assertEqual(self.partner.phone, "13900001111")

    def test_new_customer_by_form(self):
        user = self.users["user"]
        view = "cs_base.res_partner_view_form"
        with Form(self.env["res.partner"].with_user(user), view=view) as form:
            form.name = "New"
            form.cs_phone_masked = "１３９００００２２２２"
            form.cs_id_number_masked = ID_NUMBER
        partner = form.save().sudo()
        self.assertEqual(partner.cs_phone_ids.e164, "+8613900002222")
        self.assertEqual(partner.cs_id_number, ID_NUMBER)

    def test_masked_number_is_no_number(self):
        self.partner.write({"phone": "138****5678"})  # an edited export comes back
        self.assertEqual(self.partner.phone, PHONE)
        with self.assertRaises(UserError):
            self.partner.write({"phone": "139****0000"})
        with self.assertRaises(UserError):
            self.env["res.partner"].create({"name": "X", "phone": "139****0000"})
        with self.assertRaises(UserError):
            self.partner.cs_id_number_masked = "999***********9999"

    def test_export(self):
        group = self.env.ref("base.group_allow_export")
        for role in ("user", "personal_data"):
            self.users[role].group_ids += group
        fields = ["name", "phone", "phone_sanitized", "child_ids/phone"]
        self.env["res.partner"].create(
            {"name": "Child", "parent_id": self.partner.id, "phone": "13700000001"}
        )
        partner = self.partner.with_user(self.users["user"])
        [row] = partner.export_data(fields)["datas"]
        self.assertEqual(row[1:], ["138****5678", "138****5678", "137****0001"])
        partner = self.partner.with_user(self.users["personal_data"])
        [row] = partner.export_data(fields)["datas"]
        self.assertIn("5678", row[1])
        self.assertNotIn("*", row[1])
        events = self.env["cs.event"].search([("action", "=", "partner.export")])
        self.assertEqual(len(events), 2)

    # === REVEAL === #

    def _reveal(self, role, reason):
        ids = self.partner.ids
        return self._rpc(role, "res.partner", "action_cs_reveal", ids, reason)

    def test_reveal(self):
        with self.assertRaises(UserError):
            self._reveal("manager", "call")
        with self.assertRaises(UserError):
            self._reveal("personal_data", "curiosity")
        numbers = self._reveal("personal_data", "call")
        self.assertEqual(numbers, {"phones": [PHONE], "id_number": ID_NUMBER})
        event = self.env["cs.event"].search(
            [("action", "=", "partner.reveal"), ("res_id", "=", self.partner.id)]
        )
        self.assertEqual(event.details, '{"reason": "call"}')
        self.assertEqual(event.uid, self.users["personal_data"].id)

    def test_reveal_wizard(self):
        wizard = (
            self.env["cs.partner.reveal"]
            .with_user(self.users["personal_data"])
            .with_context(active_id=self.partner.id)
            .create({"reason": "visit"})
        )
        self.assertIn(PHONE, wizard.action_show()["params"]["message"])
        with self.assertRaises(AccessError):
            self._rpc("manager", "cs.partner.reveal", "create", [{"reason": "visit"}])

    def test_change_is_logged_without_values(self):
        self.partner.with_user(self.users["user"]).phone = "13900001111"
        event = self.env["cs.event"].search(
            [("action", "=", "partner.write"), ("res_id", "=", self.partner.id)],
            limit=1,
        )
        self.assertEqual(event.field_names, "phone")
        self.assertFalse(event.details)

    # === SEARCH === #

    def test_pinyin(self):
        self.assertEqual(self.partner.cs_pinyin, "sxm")
        self.partner.name = "曾国强"
        self.assertEqual(self.partner.cs_pinyin, "zgq")
        company = self.env["res.partner"].create(
            {"name": "解放路3号餐厅", "is_company": True}
        )
        self.assertEqual(company.cs_pinyin, "jfl3hct")

    def test_search_term(self):
        Partner = self.env["res.partner"].with_user(self.users["user"])
        self.partner.ref = "C0815"
        for term in ("sxm", "SXM", "单小", "小明", "5678", PHONE, "+8613812345678"):
            with self.subTest(term=term):
                self.assertIn(self.partner, Partner._cs_search_term(term))
                found = Partner.search([("cs_search", "ilike", term)])
                self.assertIn(self.partner, found)
        self.assertIn(self.partner, Partner._cs_search_term("１３８１２３４５６７８"))
        self.assertFalse(Partner._cs_search_term("  "))
        self.assertNotIn(self.partner, Partner._cs_search_term("1234"))

    def test_search_term_limit_and_company(self):
        Partner = self.env["res.partner"]
        others = Partner.create(
            [{"name": f"单小明{number}", "phone": PHONE} for number in range(5)]
        )
        self.assertEqual(len(Partner._cs_search_term("单小明", limit=3)), 3)
        others.company_id = self.other_company
        found = Partner.with_user(self.users["user"])._cs_search_term("5678")
        self.assertIn(self.partner, found)
        self.assertFalse(others & found)

    # === SPEED === #

    def test_bulk_create_does_not_query_per_record(self):
        Partner = self.env["res.partner"].with_context(tracking_disable=True)

        def count(number):
            start = self.env.cr.sql_log_count
            Partner.create(
                [
                    {"name": f"客户{n}", "phone": f"139{number:04}{n:04}"}
                    for n in range(number)
                ]
            )
            self.env.flush_all()
            return self.env.cr.sql_log_count - start

        count(5)
        self.assertLess(count(400) - count(10), 15)

    def test_bulk_write_does_not_query_per_record(self):
        partners = self.env["res.partner"].create(
            [{"name": f"客户{n}"} for n in range(100)]
        )

        def count(records, phone):
            self.env.flush_all()
            start = self.env.cr.sql_log_count
            records.write({"phone": phone})
            self.env.flush_all()
            return self.env.cr.sql_log_count - start

        count(partners, "13900000000")
        few, many = partners[:5], partners[5:]
        self.assertLess(count(many, "13900000002") - count(few, "13900000001"), 15)

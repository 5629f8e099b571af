from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import CsCommon


@tagged("post_install", "-at_install")
class TestPhoneNumber(CsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.env["res.partner"].create(
            {"name": "Customer", "phone": "13812345678"}
        )
        cls.number = cls.partner.cs_phone_ids

    def test_parsed(self):
        self.assertRecordValues(
            self.number,
            [
                {
                    "raw": "13812345678",
                    "e164": "+8613812345678",
                    "digits_reversed": "87654321831",
                    "kind": "mobile",
                    "valid": True,
                    "primary": True,
                    "from_phone": True,
                }
            ],
        )

    def test_follows_the_phone_field(self):
        self.partner.phone = "021-61234567 / 13900001111"
        self.assertRecordValues(
            self.partner.cs_phone_ids,
            [
                {"e164": "+862161234567", "kind": "landline", "primary": True},
                {"e164": "+8613900001111", "kind": "mobile", "primary": False},
            ],
        )
        self.partner.phone = False
        self.assertFalse(self.partner.cs_phone_ids)

    def test_implausible_is_kept(self):
        self.partner.phone = "家里座机88888"
        number = self.partner.cs_phone_ids
        self.assertRecordValues(
            number, [{"raw": "家里座机88888", "e164": False, "valid": False}]
        )
        self.assertEqual(number.digits, "88888")

    def test_batch(self):
        partners = self.env["res.partner"].create(
            [{"name": f"P{n}", "phone": f"1390000{n:04}"} for n in range(20)]
        )
        self.assertEqual(len(partners.cs_phone_ids), 20)
        partners.write({"phone": "13811112222"})
        self.assertEqual(set(partners.cs_phone_ids.mapped("raw")), {"13811112222"})
        self.assertEqual(len(partners.cs_phone_ids), 20)
        partners.unlink()

    def test_user_sees_masked_only(self):
        user = self.users["user"]
        number = self.number.with_user(user)
        self.assertEqual(number.masked, "138****5678")
        for field in ("raw", "e164", "digits", "digits_reversed"):
            with self.subTest(field=field), self.assertRaises(AccessError):
                self._rpc("user", "cs.phone.number", "read", number.ids, [field])
            with self.subTest(search=field), self.assertRaises(AccessError):
                self._rpc("user", "cs.phone.number", "search", [(field, "like", "1")])

    def test_user_adds_a_number(self):
        user = self.users["user"]
        view = "cs_base.res_partner_view_form"
        with (
            Form(self.partner.with_user(user), view=view) as form,
            form.cs_phone_ids.new() as line,
        ):
            line.masked = "021 6123 4567"
        added = self.partner.cs_phone_ids - self.number
        self.assertEqual(added.e164, "+862161234567")
        self.assertFalse(added.primary)
        added.with_user(user).masked = "13900001111"
        self.assertEqual(added.e164, "+8613900001111")
        added.with_user(user).masked = "139****1111"
        self.assertEqual(added.e164, "+8613900001111")
        with self.assertRaises(UserError):
            added.with_user(user).masked = "137****1111"
        added.with_user(user).unlink()
        self.assertEqual(self.partner.cs_phone_ids, self.number)

    def test_main_number_changes_on_the_customer(self):
        number = self.number.with_user(self.users["user"])
        with self.assertRaises(UserError):
            number.unlink()
        number.masked = "13900002222"
        self.assertEqual(self.partner.phone, "13900002222")
        self.assertEqual(self.partner.cs_phone_ids.e164, "+8613900002222")

    def test_make_primary(self):
        user = self.users["user"]
        added = (
            self.env["cs.phone.number"]
            .with_user(user)
            .create({"partner_id": self.partner.id, "masked": "13900001111"})
        )
        added.action_make_primary()
        self.assertEqual(self.partner.phone, "13900001111")
        self.assertEqual(self.partner.cs_phone_ids.mapped("primary"), [True])

    def test_fixed_values_from_outside(self):
        for values in ({"primary": True}, {"from_phone": True}, {"e164": "+1"}):
            with self.subTest(values=values), self.assertRaises(UserError):
                self._rpc("user", "cs.phone.number", "write", self.number.ids, values)

    def test_suffix_domain(self):
        Number = self.env["cs.phone.number"]
        self.assertEqual(Number.search(Number._suffix_domain("45678")), self.number)
        self.assertNotIn(self.number, Number.search(Number._suffix_domain("4567")))

    def test_customer_of_another_company(self):
        self.partner.company_id = self.other_company
        with self.assertRaises(AccessError):
            self._rpc("user", "cs.phone.number", "read", self.number.ids, ["masked"])

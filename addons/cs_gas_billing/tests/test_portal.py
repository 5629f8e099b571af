"""The customer portal: own accounts, and nothing of anybody else's."""

import base64
import io
import struct

from PIL import Image
from pypdf import PdfReader

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common_portal import PortalCommon, make_photo

#: Everything a client can call to get at values.
READING_CALLS = (
    ("search_read", [[]], {}),
    ("search_count", [[]], {}),
    ("web_search_read", [[], {"display_name": {}}], {}),
    ("formatted_read_group", [[]], {"groupby": ["id"], "aggregates": ["__count"]}),
    ("name_search", [""], {}),
    ("export_data", ["ids", ["id"]], {}),
    ("read", ["ids", ["display_name"]], {}),
    ("web_read", ["ids", {"display_name": {}}], {}),
)


def make_bomb():
    """Return a small PNG file that says it is gigantic."""
    data = make_photo((8, 8), "PNG")
    return data[:16] + struct.pack(">II", 60000, 60000) + data[24:]


@tagged("post_install", "-at_install", "gas_portal")
class TestPortalPages(PortalCommon):
    def test_home_shows_the_card_to_customers(self):
        self.log_in("gas_customer")
        counters, _error = self.post_json(
            "/my/counters", {"counters": ["gas_account_count"]}
        )
        self.assertEqual(counters["gas_account_count"], 1)
        self.log_in("gas_stranger")
        counters, _error = self.post_json(
            "/my/counters", {"counters": ["gas_account_count"]}
        )
        self.assertEqual(counters["gas_account_count"], 0)
        self.assertIn('href="/my/gas"', self.url_open("/my").text)

    def test_only_account_opens_at_once(self):
        page = self.get("gas_customer", "/my/gas")
        self.assertTrue(page.url.endswith(f"/my/gas/{self.first.id}"))
        text = page.text
        bill = self.first.bill_ids
        for shown in (
            self.first.code,
            self.first.address,
            bill.name,
            "120.15",
            "315",
            "1000",
            "1045",
            str(bill.date_due),
        ):
            self.assertIn(shown, text)
        for hidden in (self.second.code, self.second.bill_ids.name, "TM000002"):
            self.assertNotIn(hidden, text)

    def test_stranger_sees_an_empty_page(self):
        page = self.get("gas_stranger", "/my/gas")
        self.assertEqual(page.status_code, 200)
        self.assertNotIn("T00000", page.text)

    def test_guessed_ids_are_not_found(self):
        bill = self.second.bill_ids
        self.send_reading("gas_neighbour", self.second, "1060", make_photo())
        reading = self.second.reading_ids.filtered("from_customer")
        self.assertTrue(reading.photo)
        for login in ("gas_customer", "gas_stranger"):
            for url in (
                f"/my/gas/{self.second.id}",
                f"/my/gas/{self.second.id}/page/2",
                f"/my/gas/{self.second.id}/reading",
                f"/my/gas/bill/{bill.id}/pdf",
                f"/my/gas/reading/{reading.id}/photo",
                "/my/gas/999999999",
                "/my/gas/bill/999999999/pdf",
            ):
                with self.subTest(login=login, url=url):
                    self.assertEqual(self.get(login, url).status_code, 404)
        self.authenticate(None, None)
        for url in (f"/my/gas/{self.first.id}", f"/my/gas/bill/{bill.id}/pdf"):
            self.assertIn("/web/login", self.url_open(url).url)

    def test_absurd_addresses_are_no_errors(self):
        """Nobody fills the log with tracebacks."""
        for url in (
            f"/my/gas/{10**15}",
            f"/my/gas/{10**30}",
            f"/my/gas/bill/{10**30}/pdf",
            f"/my/gas/reading/{10**30}/photo",
            "/my/gas/-1",
        ):
            with self.subTest(url=url):
                self.assertEqual(self.get("gas_customer", url).status_code, 404)
        for url in (
            f"/my/gas/{self.first.id}/page/{10**30}",
            f"/my/gas/{self.first.id}?page=x&sent[]=1",
            f"/my/gas/{self.first.id}/reading?value=%00&photo=1",
        ):
            with self.subTest(url=url):
                self.assertEqual(self.get("gas_customer", url).status_code, 200)

    def test_photo_goes_to_its_sender_only(self):
        self.send_reading("gas_customer", self.first, "1060", make_photo())
        reading = self.first.reading_ids.filtered("from_customer")
        own = self.get("gas_customer", f"/my/gas/reading/{reading.id}/photo")
        self.assertEqual(own.headers["Content-Type"], "image/jpeg")
        self.assertIn("no-store", own.headers["Cache-Control"])
        self.assertNotIn(b"home of the customer", own.content, "what phones write")
        for login in ("gas_customer", "gas_neighbour", "gas_stranger"):
            image = self.get(login, f"/web/image/gas.reading/{reading.id}/photo")
            self.assertNotEqual(image.content, own.content, login)

    def test_bill_as_pdf(self):
        bill = self.first.bill_ids
        report = self.registry["ir.actions.report"]
        render = report._render_qweb_pdf

        def force(self, *args, **kwargs):
            return render(
                self.with_context(force_report_rendering=True), *args, **kwargs
            )

        self.patch(report, "_render_qweb_pdf", force)
        response = self.get("gas_customer", f"/my/gas/bill/{bill.id}/pdf")
        self.assertEqual(response.headers["Content-Type"], "application/pdf")
        self.assertIn("attachment", response.headers["Content-Disposition"])
        pages = PdfReader(io.BytesIO(response.content)).pages
        text = "".join(page.extract_text() for page in pages)
        self.assertEqual(len(pages), 1)
        for shown in (bill.name, self.first.code, "120.15"):
            self.assertIn(shown, text)
        self.assertNotIn(self.second.code, text)

    def test_unposted_and_cancelled_bills_stay_inside(self):
        bill = self.first.bill_ids
        bill.sudo().state = "cancelled"
        page = self.get("gas_customer", f"/my/gas/{self.first.id}")
        self.assertNotIn(bill.name, page.text)
        url = f"/my/gas/bill/{bill.id}/pdf"
        self.assertEqual(self.get("gas_customer", url).status_code, 404)

    def test_downloads_are_limited(self):
        quota = self.env["gas.mobile.quota"].sudo()
        quota._use("pdf", self.first, 30, 30)
        url = f"/my/gas/bill/{self.first.bill_ids.id}/pdf"
        self.assertEqual(self.get("gas_customer", url).status_code, 429)
        other = f"/my/gas/bill/{self.second.bill_ids.id}/pdf"
        self.assertEqual(self.get("gas_neighbour", other).status_code, 200)

    def test_after_moving_out_the_place_is_somebody_elses(self):
        agreement = self.first.agreement_ids
        agreement.date_to = self.company._cs_today().replace(month=11, day=1)
        page = self.get("gas_customer", f"/my/gas/{self.first.id}")
        self.assertIn(self.first.bill_ids.name, page.text)
        self.assertNotIn("o_gas_year_bar", page.text)
        self.assertNotIn(f"/my/gas/{self.first.id}/reading", page.text)
        answer = self.send_reading("gas_customer", self.first, "1060", make_photo())
        self.assertTrue(answer.url.endswith(f"/my/gas/{self.first.id}"))
        self.assertFalse(self.first.reading_ids.filtered("from_customer"))

    def test_company_and_its_contacts(self):
        """A contact sees the company's accounts, not those of another contact."""
        company = self.env["res.partner"].create(
            {"name": "Restaurant", "is_company": True}
        )
        contacts = self.env["res.partner"].create(
            [{"name": name, "parent_id": company.id} for name in ("A", "B")]
        )
        self.first.partner_id = company
        self.second.partner_id = contacts[1]
        user = self.make_customer("gas_contact", contacts[0])
        portal = self.env["gas.portal"]
        self.assertEqual(portal._search_accounts(user), self.first)
        url = f"/my/gas/{self.second.id}"
        self.assertEqual(self.get("gas_contact", url).status_code, 404)
        url = f"/my/gas/{self.first.id}"
        self.assertEqual(self.get("gas_contact", url).status_code, 200)

    def test_members_of_a_household_are_not_one(self):
        """Under a person, not a company, everybody sees his own account only."""
        head = self.first.partner_id
        member = self.env["res.partner"].create(
            {"name": "Member", "parent_id": head.id}
        )
        user = self.make_customer("gas_member", member)
        self.assertFalse(self.env["gas.portal"]._search_accounts(user))

    def test_many_accounts_have_pages_and_a_search(self):
        accounts = self.make_accounts(25, first=101)
        accounts.partner_id = self.first.partner_id
        page = self.get("gas_customer", "/my/gas")
        self.assertEqual(page.text.count("o_gas_account_card"), 20)
        page = self.get("gas_customer", "/my/gas/page/2")
        self.assertEqual(page.text.count("o_gas_account_card"), 6)
        page = self.get("gas_customer", "/my/gas?search=T000110")
        self.assertEqual(page.text.count("o_gas_account_card"), 1)
        page = self.get("gas_customer", "/my/gas?search=%25")
        self.assertEqual(page.text.count("o_gas_account_card"), 0)

    def test_money_agrees_with_the_hall(self):
        self.env["gas.latefee.policy"].search([]).write(
            {"rate": 0.3, "start_day": 1, "month_offset": 0}
        )
        hall = self.env["gas.hall"].with_user(self.users["cashier"])
        seen = hall.load_account(self.first.id)
        portal = self.env["gas.portal"].sudo()
        [shown] = portal._get_overview(self.first.sudo())
        self.assertGreater(shown["fee"], 0)
        self.assertEqual(
            (shown["due"], shown["fee"], shown["to_pay"]),
            (seen["principal"], seen["fee"], seen["total"]),
        )


@tagged("post_install", "-at_install", "gas_portal")
class TestPortalRpc(PortalCommon):
    def test_nothing_over_rpc(self):
        """Neither strangers' records nor own ones: only the pages give values."""
        self.send_reading("gas_customer", self.first, "1060", make_photo())
        for role in ("customer", "stranger"):
            for model in ("gas.account", "gas.bill", "gas.bill.line", "gas.reading"):
                ids = self.env[model].sudo().search([]).ids
                for method, args, kwargs in READING_CALLS:
                    args = [ids if arg == "ids" else arg for arg in args]
                    with self.subTest(role=role, model=model, method=method):
                        self.assertRefused(role, model, method, *args, **kwargs)

    def test_no_access_to_any_gas_model(self):
        """A new model is closed to customers too."""
        for name, model in self.env.registry.items():
            if name.startswith("gas.") and not model._abstract:
                records = self.env[name].with_user(self.customer)
                for operation in ("read", "write", "create", "unlink"):
                    with self.subTest(model=name, operation=operation):
                        self.assertFalse(records.has_access(operation))

    def test_no_doors_in_the_services(self):
        first = self.first.id
        bill = self.first.bill_ids.id
        for model, method, args in (
            ("gas.portal", "_get_account_values", [first, 10]),
            ("gas.portal.reading", "_enter", [first, "1060", ""]),
            ("gas.mobile.entry", "_take", [{}, {}]),
            ("gas.reader", "_get_books", []),
            ("gas.reader.push", "_push", [[], ""]),
            ("gas.hall", "load_account", [first]),
            ("gas.account", "action_portal_invite", [[first]]),
            ("gas.bill", "action_print", [[bill]]),
            ("gas.reading", "create", [[{"account_id": first, "value": 1060}]]),
            ("gas.portal.invite", "create", [{"account_id": first}]),
        ):
            self.assertRefused("customer", model, method, *args)
        self.assertFalse(self.first.reading_ids.filtered("from_customer"))

    def test_json_routes_are_for_readers(self):
        for login in ("gas_customer", "gas_clerk"):
            self.log_in(login)
            for url, params in (
                ("/gas/reader/books", {}),
                ("/gas/reader/push", {"items": []}),
            ):
                _result, error = self.post_json(url, params)
                self.assertEqual(error, "AccessError", (login, url))

    def test_rules_hold_if_somebody_adds_access(self):
        """The record rules keep strangers out, should portal users get a right."""
        for model in ("gas.account", "gas.bill", "gas.bill.line", "gas.reading"):
            self.env["ir.model.access"].create(
                {
                    "name": model,
                    "model_id": self.env["ir.model"]._get_id(model),
                    "group_id": self.env.ref("base.group_portal").id,
                    "perm_read": True,
                }
            )
            records = self.env[model].with_user(self.customer)
            seen = records.search([]).sudo()
            owners = (
                seen
                if model == "gas.account"
                else seen.mapped(
                    "bill_id.account_id" if model == "gas.bill.line" else "account_id"
                )
            )
            self.assertEqual(owners, self.first, model)
            self.assertFalse(records.with_user(self.stranger).search([]))


@tagged("post_install", "-at_install", "gas_portal")
class TestPortalReading(PortalCommon):
    def readings(self, account=None):
        return (account or self.first).reading_ids.filtered("from_customer")

    def assertSentBack(self, response, *words):
        self.assertIn("gas_reading_error", response.text)
        for word in words:
            self.assertIn(word, response.text)
        self.assertFalse(self.readings())

    def test_a_plausible_reading_waits_for_a_clerk(self):
        page = self.send_reading("gas_customer", self.first, "1060", make_photo())
        self.assertIn("sent=waits", page.url)
        reading = self.readings()
        self.assertEqual(
            (reading.state, reading.vee_codes, reading.source, reading.usage),
            ("held", "CUST", "photo", 15),
        )
        self.assertEqual(reading.create_uid, self.customer)
        self.assertTrue(reading.photo)
        self.assertIn("customer", reading.findings)
        event = self.env["cs.event"].sudo().search([], limit=1)
        self.assertEqual(
            (event.action, event.res_id), ("gas.portal.reading", reading.id)
        )
        as_clerk = reading.with_user(self.users["clerk"])
        action = as_clerk.action_decide()
        screen = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(screen.with_env(as_clerk.env).sent_photo, reading.photo)
        as_clerk.action_accept("photo is clear")
        self.assertEqual(reading.state, "validated")
        self.assertNotIn("CUST", reading.vee_codes or "")
        self.assertTrue(reading.from_customer)

    def test_taken_directly_when_the_company_says_so(self):
        self.company.gas_customer_reading = "direct"
        page = self.send_reading("gas_customer", self.first, "1060", make_photo())
        self.assertIn("sent=taken", page.url)
        self.assertEqual(self.readings().state, "validated")

    def test_a_check_objects_to_a_direct_reading(self):
        self.company.gas_customer_reading = "direct"
        page = self.send_reading("gas_customer", self.first, "1900", make_photo())
        self.assertIn("sent=waits", page.url)
        reading = self.readings()
        self.assertEqual((reading.state, reading.vee_codes), ("held", "HIGH"))

    def test_switched_off(self):
        self.company.gas_customer_reading = "off"
        page = self.get("gas_customer", f"/my/gas/{self.first.id}/reading")
        self.assertTrue(page.url.endswith(f"/my/gas/{self.first.id}"))
        self.send_reading("gas_customer", self.first, "1060", make_photo())
        self.assertFalse(self.readings())

    def test_the_same_twice_is_once_and_a_better_one_replaces(self):
        for _try in range(2):
            page = self.send_reading("gas_customer", self.first, "1060", make_photo())
            self.assertIn("sent=waits", page.url)
        first = self.readings()
        self.assertEqual(len(first), 1)
        self.send_reading("gas_customer", self.first, "1061", make_photo())
        self.assertEqual(
            sorted((r.value, r.state) for r in self.readings()),
            [(1060, "superseded"), (1061, "held")],
        )

    def test_refusals_say_what_to_do(self):
        photo = make_photo()
        for value, words in (
            ("1044", ("1045", "2026-10-20")),
            ("100000", ("5",)),
            ("abc", ("digits",)),
            ("-5", ("digits",)),
            ("", ("digits",)),
            ("1e400", ()),
        ):
            with self.subTest(value=value):
                quota = self.env["gas.mobile.quota"].sudo().search([])
                quota.unlink()
                self.assertSentBack(
                    self.send_reading("gas_customer", self.first, value, photo), *words
                )

    def test_photos_are_checked(self):
        bad = (
            (None, "photo"),
            (b"GIF89a" + b"0" * 50, "JPEG"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "JPEG"),
            (b"\xff\xd8\xff" + b"no picture", "again"),
            (make_bomb(), "again"),
        )
        for data, word in bad:
            with self.subTest(data=data and data[:8]):
                self.env["gas.mobile.quota"].sudo().search([]).unlink()
                page = self.send_reading("gas_customer", self.first, "1060", data)
                self.assertSentBack(page, word)
        self.company.gas_photo_max_mb = 1
        self.env["gas.mobile.quota"].sudo().search([]).unlink()
        large = make_photo() + b"0" * 1024 * 1024
        page = self.send_reading("gas_customer", self.first, "1060", large)
        self.assertSentBack(page, "1 MB")

    def test_tries_are_limited_per_account_and_day(self):
        self.company.gas_customer_reading_limit = 2
        photo = make_photo()
        for value in ("1", "2"):
            self.send_reading("gas_customer", self.first, value, photo)
        page = self.send_reading("gas_customer", self.first, "1060", photo)
        self.assertSentBack(page, "tomorrow")
        self.send_reading("gas_neighbour", self.second, "1050", photo)
        self.assertEqual(len(self.readings(self.second)), 1)

    def test_a_picture_with_transparency(self):
        buffer = io.BytesIO()
        Image.new("RGBA", (3000, 900), (10, 20, 30, 40)).save(buffer, "PNG")
        self.send_reading("gas_customer", self.first, "1060", buffer.getvalue())
        kept = Image.open(io.BytesIO(base64.b64decode(self.readings().photo)))
        self.assertEqual((kept.format, kept.size), ("JPEG", (1600, 480)))

    def test_a_later_reading_of_the_company_ends_the_claim(self):
        """Nobody has to decide on a claim that the handheld's file overtook."""
        self.send_reading("gas_customer", self.first, "1060", make_photo())
        claim = self.readings()
        claim.sudo().read_date = "2026-11-10"
        self.read_meters({1: 1066, 2: 1050}, day="2026-11-20", 上期读数="")
        self.assertEqual(claim.state, "superseded")
        self.assertEqual(claim.replaced_by_id.value, 1066)

    def test_without_token_nothing_is_taken(self):
        page = self.send_reading(
            "gas_customer", self.first, "1060", make_photo(), token="forged"
        )
        self.assertEqual(page.status_code, 400)
        self.assertFalse(self.readings())

    def test_of_a_stranger(self):
        page = self.send_reading("gas_stranger", self.first, "1060", make_photo())
        self.assertEqual(page.status_code, 404)
        self.assertFalse(self.readings())

    def test_read_today_already(self):
        day = self.company._cs_today()
        self.env["gas.reading.entry"]._enter(
            [{"account_id": self.first.id, "value": 1050, "read_date": day}]
        )
        page = self.send_reading("gas_customer", self.first, "1060", make_photo())
        self.assertSentBack(page, str(day))


@tagged("post_install", "-at_install", "gas_portal")
class TestPortalInvite(PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls.make_accounts(1, first=7)
        cls.account.partner_id.email = "zhang@example.com"

    def invite(self, role):
        account = self.account.with_user(self.users[role])
        action = account.action_portal_invite()
        return (
            self.env[action["res_model"]]
            .with_user(self.users[role])
            .browse(action["res_id"])
        )

    def test_clerk_invites_and_takes_back(self):
        self.assertEqual(self.account.portal_state, "none")
        invite = self.invite("clerk")
        self.assertEqual(invite.email, "zhang@example.com")
        invite.action_send()
        user = self.account.partner_id.user_ids
        self.assertTrue(user._is_portal())
        self.assertEqual(user.login, "zhang@example.com")
        self.assertEqual(self.account.portal_state, "invited")
        self.assertEqual(self.env["gas.portal"]._search_accounts(user), self.account)
        self.invite("cashier").action_send()
        self.invite("clerk").action_revoke()
        self.assertFalse(user.active)
        actions = self.env["cs.event"].sudo().search([], limit=3).mapped("action")
        self.assertEqual(actions[0], "gas.portal.revoke")
        self.assertEqual(actions[1:], ["gas.portal.invite"] * 2)

    def test_who_may(self):
        for role in ("reader", "accountant", "auditor"):
            with self.assertRaises(AccessError):
                self.invite(role)
        with self.assertRaises(AccessError):
            self.invite("cashier").action_revoke()

    def test_address_is_needed_and_kept(self):
        invite = self.invite("clerk")
        invite.email = "nobody"
        with self.assertRaises(UserError):
            invite.action_send()
        invite.email = "zhang@example.com"
        invite.action_send()
        again = self.invite("clerk")
        again.email = "thief@example.com"
        with self.assertRaisesRegex(UserError, "zhang@example.com"):
            again.action_send()

    def test_staff_and_their_addresses_stay_out(self):
        staff = new_test_user(
            self.env, login="boss@example.com", groups="base.group_user"
        )
        invite = self.invite("clerk")
        invite.email = "boss@example.com"
        with self.assertRaises(UserError):
            invite.action_send()
        self.account.partner_id = staff.partner_id
        invite = self.invite("clerk")
        invite.email = "boss@example.com"
        with self.assertRaises(UserError):
            invite.action_send()
        self.assertTrue(staff._is_internal())


@tagged("post_install", "-at_install", "gas_portal")
class TestPortalQueries(PortalCommon):
    def test_queries_do_not_grow(self):
        """Pages take as many queries with many bills or accounts as with few."""
        portal = self.env["gas.portal"].sudo()
        few = self.count_queries(
            lambda: portal._get_account_values(self.first.sudo(), 12)
        )
        self.add_bills(10)
        many = self.count_queries(
            lambda: portal._get_account_values(self.first.sudo(), 12)
        )
        self.assertEqual(len(portal._get_account_values(self.first, 12)["bills"]), 11)
        self.assertLessEqual(many, few)
        self.assertLessEqual(many, 60)
        accounts = (self.accounts | self.make_accounts(10, first=201)).sudo()
        few = self.count_queries(lambda: portal._get_overview(accounts[:3]))
        many = self.count_queries(lambda: portal._get_overview(accounts))
        self.assertLessEqual(many, few)

    def add_bills(self, count):
        bill = self.first.bill_ids
        for number in range(1, count + 1):
            copy = bill.sudo().copy(
                {
                    "name": f"X{number}",
                    "period": f"2025-{number:02d}",
                    "date_to": f"2025-{number:02d}-20",
                    "state": "posted",
                    "move_line_id": bill.move_line_id.id,
                }
            )
            bill.line_ids.sudo().copy({"bill_id": copy.id})


@tagged("post_install", "-at_install", "gas_portal")
class TestPortalTour(PortalCommon):
    """The portal on a phone, by a customer who reads Chinese."""

    browser_size = "375x667"
    touch_enabled = True

    def test_tour(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.customer.lang = "zh_CN"
        with mute_logger("odoo.http"):
            self.start_tour("/my", "gas_portal", login=self.customer.login)
        reading = self.first.reading_ids.filtered("from_customer")
        self.assertEqual((reading.value, reading.state), (1060, "held"))

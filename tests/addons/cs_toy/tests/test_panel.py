import base64
import datetime

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from .common import ToyCommon

ID_NUMBER = "31010119900307123X"
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="  # noqa: E501


class PanelCommon(ToyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.premises = cls._create_premises(
            community="阳光花园",
            building="3",
            unit="2",
            room="501",
            code="P00501",
            steward_id=cls.second.id,
        )
        cls.customer.write({"phone": "13812345678", "ref": "C10086"})
        cls.customer.sudo().cs_id_number = ID_NUMBER
        cls.env["cs.premises.party"].create(
            {
                "premises_id": cls.premises.id,
                "partner_id": cls.customer.id,
                "role": "tenant",
                "date_from": "2020-01-01",
            }
        )

    def _panel(self, user=None):
        return self.env["cs.contact.panel"].with_user(user or self.clerk)

    def _kinds(self, rows):
        return [(row["kind"], row["id"]) for row in rows]


class TestPanelSearch(PanelCommon):
    def test_every_meaning_finds_the_customer(self):
        for term in (
            "张三",
            "zs",
            "ZS",
            "13812345678",
            "+86 138 1234 5678",
            "5678",
            "8123456",
            "C10086",
            "c10086",
            "123X",
            "123x",
            ID_NUMBER,
            "张三 阳光花园",
            "3-2-501 张三",
        ):
            with self.subTest(term):
                hits = self._kinds(self._panel().find(term))
                self.assertIn(("person", self.customer.id), hits)

    def test_every_meaning_finds_the_premises(self):
        for term in ("阳光花园3-2-501", "阳光花园3幢2单元501室", "P00501", "阳光"):
            with self.subTest(term):
                hits = self._kinds(self._panel().find(term))
                self.assertIn(("premises", self.premises.id), hits)

    def test_hits_show_no_full_number(self):
        for term in ("张三", ID_NUMBER, "阳光花园"):
            text = str(self._panel().find(term))
            self.assertNotIn("13812345678", text)
            self.assertNotIn(ID_NUMBER, text)

    def test_numbers_of_matters_and_contacts(self):
        contact = self._contact()
        request = self._request(interaction_id=contact.id)
        hits = self._kinds(self._panel().find(request.name))
        self.assertIn(("matter", request.id), hits)
        hits = self._kinds(self._panel().find(contact.name.lower()))
        self.assertIn(("contact", contact.id), hits)

    def test_longer_ends_of_identity_numbers_by_group_only(self):
        for term in ("7123X", "3071 23X".replace(" ", ""), "1990030712" + "3X"):
            with self.subTest(term):
                hits = self._kinds(self._panel().find(term))
                self.assertNotIn(("person", self.customer.id), hits)
                hits = self._kinds(self._panel(self.users["personal_data"]).find(term))
                self.assertIn(("person", self.customer.id), hits)
        self.assertFalse(self._panel(self.users["personal_data"]).find("9123X"))

    def test_identity_searches_are_logged_without_the_number(self):
        events = self.env["cs.event"].search([("action", "=", "partner.find_id")])
        self._panel().find("123X")
        new = self.env["cs.event"].search([("action", "=", "partner.find_id")]) - events
        self.assertEqual(new.mapped("res_id"), self.customer.ids)
        self.assertEqual(new.uid, self.clerk.id)
        self.assertNotIn("123X", new.details)

    def test_hashes_are_not_for_everybody(self):
        with self.assertRaises(AccessError):
            self.customer.with_user(self.clerk).read(["cs_id_tail_digest"])
        self.customer.sudo().cs_id_number = "310101900307123"
        self.assertFalse(self._panel().find("123X"))
        self.customer.sudo().cs_id_number = "AB12345"
        self.assertFalse(self.customer.sudo().cs_id_tail_digest)

    def test_patterns_are_plain_text(self):
        for term in ("%", "_", "%%%", "a%", "\\", "'", "张%", "\0"):
            with self.subTest(term):
                hits = self._kinds(self._panel().find(term))
                self.assertNotIn(("person", self.customer.id), hits)

    def test_other_companies_stay_unseen(self):
        other = self.env["cs.premises"].create(
            {"community": "阳光新村", "company_id": self.other_company.id}
        )
        hits = self._kinds(self._panel().find("阳光新村"))
        self.assertNotIn(("premises", other.id), hits)
        with self.assertRaises(AccessError):
            self._panel().open_card(premises_id=other.id)


class TestPanelRoles(PanelCommon):
    CALLS = (
        ("load_panel", ()),
        ("find", ("张三",)),
        ("open_card", ()),
        ("show_contact", (0,)),
        ("begin", ({},)),
        ("save", (0, {})),
        ("open_matter", (0, {}, "toy.request")),
        ("follow", (0, {}, "cs.toy.request", 0)),
        ("attach", (0, {}, "a.png", PIXEL)),
        ("promise", (0, {}, "2030-01-01T10:00")),
        ("finish", (0,)),
        ("print_receipt", (0, "a5")),
        ("send_receipt", (0,)),
        ("guess", ("张三",)),
        ("create_customer", ({"name": "李四"},)),
    )

    def test_staff_of_customer_service_only(self):
        for role in ("plain", "auditor"):
            for method, args in self.CALLS:
                with self.subTest(method, role=role), self.assertRaises(AccessError):
                    self._rpc(role, "cs.contact.panel", method, *args)

    def test_contacts_of_others_stay_theirs(self):
        contact = self._contact(user=self.second)
        panel = self._panel()
        for method, args in (
            ("show_contact", ()),
            ("save", ({"topic": "Mine"},)),
            ("open_matter", ({}, "toy.request")),
            ("attach", ({}, "a.png", PIXEL)),
            ("promise", ({}, "2030-01-01T10:00")),
            ("finish", ("Done",)),
            ("send_receipt", ()),
            ("print_receipt", ("a5",)),
        ):
            with self.subTest(method), self.assertRaises(AccessError):
                getattr(panel, method)(contact.id, *args)

    def test_only_what_is_typed_is_saved(self):
        contact = self._panel().begin({"channel": "phone"})
        for name, value in (
            ("first_owner_id", self.second.id),
            ("state", "closed"),
            ("running", False),
            ("masked", True),
            ("company_id", self.other_company.id),
        ):
            with self.subTest(name), self.assertRaises(UserError):
                self._panel().save(contact["id"], {name: value})
            with self.subTest(name), self.assertRaises(UserError):
                self._panel().begin({name: value})
        contacts = self.env["cs.interaction"].with_user(self.clerk)
        for name in ("running", "about_model", "about_id", "about_masked"):
            with self.subTest(name), self.assertRaises(UserError):
                contacts.browse(contact["id"]).write({name: False})

    def test_anything_from_a_client_is_answered_in_words(self):
        """Wrong types are refused as a clerk understands, not by a traceback."""
        contact = self._panel().begin({"channel": "phone"})["id"]
        big, rows = 2**40, [1, 2]
        calls = [
            ("show_contact", "x"),
            ("show_contact", big),
            ("open_card", rows),
            ("open_card", big),
            ("begin", "text"),
            ("begin", {"channel": "smoke"}),
            ("begin", {"topic": {"a": 1}}),
            ("begin", {"channel": rows}),
            ("save", contact, rows),
            ("save", contact, {"partner_id": "x"}),
            ("save", contact, {"premises_id": big}),
            ("save", contact, {"content": 5}),
            ("follow", contact, {}, rows, 1),
            ("follow", contact, {}, "res.partner", 1),
            ("follow", contact, {}, "cs.toy.request", big),
            ("attach", contact, {}, "a.png", None),
            ("attach", contact, {}, "a.png", 7),
            ("promise", contact, {}, None),
            ("promise", contact, {}, rows),
            ("promise", contact, {}, "0001-01-01T00:00"),
            ("promise", contact, {}, "9999-12-31T23:59"),
            ("create_customer", "text"),
            ("create_customer", {"name": "A", "community": "B", "role": "king"}),
        ]
        for method, *args in calls:
            with self.subTest(method, args=args), self.assertRaises(UserError):
                self._rpc("user", "cs.contact.panel", method, *args)
        with self.assertRaises(AccessError):
            self._rpc("user", "cs.contact.panel", "open_matter", contact, {}, rows)
        for when in ("soon", None, 5, rows, {}, "2026-13-01", "0001-01-01 00:00:00"):
            with self.subTest(when=when), self.assertRaises(UserError):
                self._rpc(
                    "user", "cs.interaction", "action_promise_callback", [contact], when
                )

    def test_types_by_role(self):
        def codes(user):
            return {kind["code"] for kind in self._panel(user).load_panel()["types"]}

        self.assertIn("toy.request", codes(self.clerk))
        self.assertNotIn("toy.report", codes(self.clerk))
        self.assertIn("toy.report", codes(self.users["masked"]))
        with self.assertRaises(AccessError):
            self._panel().open_matter(None, {}, "toy.report")


class TestPanelContact(PanelCommon):
    def test_draft_survives_a_reload(self):
        panel = self._panel()
        contact = panel.begin({"channel": "phone", "partner_id": self.customer.id})
        panel.save(contact["id"], {"topic": "No gas", "content": "Since morning"})
        again = panel.load_panel(partner_id=self.customer.id)
        self.assertEqual(again["contact"]["topic"], "No gas")
        self.assertEqual(again["contact"]["content"], "Since morning")
        self.assertEqual(again["card"]["partner"]["id"], self.customer.id)
        self.assertFalse(self._panel(self.second).load_panel()["contact"])
        self.assertFalse(panel.load_panel(contact_id=False)["contact"])

    def test_a_matter_begins_the_contact(self):
        vals = {"channel": "visit", "partner_id": self.customer.id}
        opened = self._panel().open_matter(None, vals, "toy.request")
        contact = self.env["cs.interaction"].browse(opened["contact"]["id"])
        self.assertEqual(contact.first_owner_id, self.clerk)
        self.assertTrue(contact.running)
        context = opened["action"]["context"]
        self.assertEqual(context["default_interaction_id"], contact.id)
        self.assertEqual(context["default_partner_id"], self.customer.id)

    def test_the_form_saves_into_the_running_contact(self):
        """What the browser sends from a form that doesn't show the contact."""
        vals = {"channel": "visit", "partner_id": self.customer.id}
        opened = self._panel().open_matter(None, vals, "toy.request")
        requests = self.env["cs.toy.request"].with_user(self.clerk)
        requests = requests.with_context(**opened["action"]["context"])
        [saved] = requests.web_save({"wish": "Tea"}, {"interaction_id": {}})
        self.assertEqual(saved["interaction_id"], opened["contact"]["id"])
        other = self._contact(user=self.users["masked"])
        self._report(interaction_id=other.id)
        with self.assertRaises(AccessError):
            requests.with_context(default_interaction_id=other.id).create({"wish": "a"})

    def test_copy_from_the_last_matter(self):
        earlier = self._contact(
            topic="Boiler", content="Leaks", premises_id=self.premises.id
        )
        self._request(
            interaction_id=earlier.id, wish="Repair", premises_id=self.premises.id
        )
        vals = {"partner_id": self.customer.id, "topic": "Again"}
        opened = self._panel().open_matter(None, vals, "toy.request", True)
        context = opened["action"]["context"]
        self.assertEqual(context["default_wish"], "Repair")
        self.assertEqual(context["default_premises_id"], self.premises.id)
        self.assertEqual(opened["contact"]["topic"], "Again")
        self.assertEqual(opened["contact"]["content"], "Leaks")
        stranger = self.env["res.partner"].create({"name": "李四"})
        with self.assertRaises(UserError):
            self._panel().open_matter(
                None, {"partner_id": stranger.id}, "toy.request", True
            )

    def test_files_arrive_once(self):
        panel = self._panel()
        contact = panel.attach(None, {"channel": "visit"}, "shot.png", PIXEL)
        again = panel.attach(contact["id"], {}, "shot.png", PIXEL)
        self.assertEqual(again["files"], contact["files"])
        self.assertEqual(len(again["files"]), 1)
        with self.assertRaises(UserError):
            panel.attach(contact["id"], {}, "shot.png", "not base64")
        large = base64.b64encode(b"0" * (20 * 1024 * 1024 + 1)).decode()
        with self.assertRaises(UserError):
            panel.attach(contact["id"], {}, "large.png", large)

    def test_follow_up_call_urges_on(self):
        request = self._request(user=self.second)
        vals = {"partner_id": self.customer.id, "topic": "When do you come?"}
        contact = self._panel().follow(None, vals, "cs.toy.request", request.id)
        self.assertEqual(request.chase_count, 1)
        self.assertIn(request.name, contact["about"])
        self._panel().finish(contact["id"], contact["outcome"])
        record = self.env["cs.interaction"].browse(contact["id"])
        self.assertEqual(record.state, "closed")
        self.assertFalse(record.running)
        with self.assertRaises(UserError):
            self._panel().follow(None, vals, "res.partner", self.customer.id)
        with self.assertRaises(UserError):
            self._panel().follow(None, {}, "cs.toy.request", str(request.id))

    def test_callback_on_the_clock_of_the_company(self):
        panel = self._panel()
        local = self.company._cs_now() + datetime.timedelta(hours=3)
        when = f"{local:%Y-%m-%dT%H:%M}"
        contact = panel.promise(None, {"topic": "Bill"}, when, "Explain the bill")
        self.assertEqual(len(contact["callbacks"]), 1)
        followup = self.env["cs.followup"].search(
            [("interaction_id", "=", contact["id"])]
        )
        delta = followup.due_at - fields.Datetime.now()
        self.assertAlmostEqual(delta.total_seconds(), 3 * 3600, delta=90)
        late = self.company._cs_now() + datetime.timedelta(hours=49)
        for wrong in (f"{late:%Y-%m-%dT%H:%M}", "2020-01-01T10:00", "soon", ""):
            with self.subTest(wrong), self.assertRaises(UserError):
                panel.promise(contact["id"], {}, wrong)

    def test_finish_needs_an_outcome_or_a_matter(self):
        panel = self._panel()
        contact = panel.begin({"channel": "phone"})
        with self.assertRaises(UserError):
            panel.finish(contact["id"])
        self._request(interaction_id=contact["id"])
        panel.finish(contact["id"])
        record = self.env["cs.interaction"].browse(contact["id"])
        self.assertEqual(record.state, "open")
        self.assertTrue(record.finished)
        self.assertFalse(panel.load_panel()["contact"])

    def test_receipt_is_neutral(self):
        panel = self._panel()
        self.env["hr.employee"].create(
            {
                "name": self.clerk.name,
                "user_id": self.clerk.id,
                "work_phone": "021-60001234",
            }
        )
        contact = panel.begin({"partner_id": self.customer.id, "topic": "Secret wish"})
        request = self._request(interaction_id=contact["id"])
        report = panel.print_receipt(contact["id"], "a5")
        html, _type = self.env["ir.actions.report"]._render_qweb_html(
            report, [contact["id"]]
        )
        text = html.decode()
        self.assertIn(contact["number"], text)
        self.assertIn(request.name, text)
        self.assertIn("021-60001234", text)
        for private in ("Secret wish", "张三", "138", "Toy Request"):
            self.assertNotIn(private, text)
        sent = panel.send_receipt(contact["id"])
        self.assertTrue(sent["sent"], sent)
        self.assertIn("138****5678", sent["message"])
        notice = self.env["cs.notify"].search([("code", "=", "interaction.receipt")])
        self.assertEqual(len(notice), 1)
        self.assertIn("021-60001234", notice.text)
        self.assertNotIn("Secret", notice.text)
        self.assertFalse(panel.send_receipt(contact["id"])["sent"])
        alone = panel.begin({"channel": "phone"})
        with self.assertRaises(UserError):
            panel.send_receipt(alone["id"])


class TestPanelCreate(PanelCommon):
    def test_recognised_and_created(self):
        panel = self._panel()
        typed = panel.guess("李小四 13900001111 阳光花园3-2-502")
        self.assertEqual(typed["name"], "李小四")
        made = panel.create_customer(typed)
        partner = self.env["res.partner"].browse(made["partner_id"])
        partner.invalidate_recordset()
        self.assertEqual(partner.cs_phone_masked, "139****1111")
        premises = self.env["cs.premises"].browse(made["premises_id"])
        self.assertEqual(premises.full_address, "阳光花园3幢2单元502室")
        self.assertEqual(premises.party_ids.partner_id, partner)

    def test_duplicates_are_shown_first(self):
        panel = self._panel()
        for typed in (
            {"name": "王五", "phone": "138 1234 5678"},
            {"name": "张三", "phone": ""},
        ):
            with self.subTest(typed):
                similar = panel.create_customer(typed)["similar"]
                self.assertEqual([row["id"] for row in similar], self.customer.ids)
                made = panel.create_customer(typed, True)
                self.assertNotEqual(made["partner_id"], self.customer.id)

    def test_known_premises_are_not_made_twice(self):
        typed = {"name": "赵六", "community": "阳光花园", "building": "3"}
        typed |= {"unit": "2", "room": "501"}
        made = self._panel().create_customer(typed)
        self.assertEqual(made["premises_id"], self.premises.id)

    def test_something_has_to_be_said(self):
        for typed in ({}, {"phone": "13900001111"}, {"name": "a", "room": "5"}):
            with self.subTest(typed), self.assertRaises(UserError):
                self._panel().create_customer(typed)


class TestPanelCard(PanelCommon):
    def _card(self, user=None, premises=False):
        panel = self._panel(user)
        if premises:
            return panel.open_card(premises_id=self.premises.id)
        return panel.open_card(partner_id=self.customer.id)

    def test_person_and_premises(self):
        card = self._card()
        self.assertEqual(card["partner"]["phone"], "138****5678")
        self.assertEqual(card["premises"]["steward"], self.second.name)
        [occupant] = card["premises"]["occupants"]
        self.assertEqual(occupant["id"], self.customer.id)
        self.assertNotIn("13812345678", str(card))
        self.assertNotIn(ID_NUMBER, str(card))

    def test_open_matters_and_history(self):
        contact = self._contact(premises_id=self.premises.id)
        first = self._request(interaction_id=contact.id, premises_id=self.premises.id)
        second = self._request(interaction_id=contact.id)
        second._cs_set_state("cancelled")
        for card, opened in (
            (self._card(), [first.id]),
            (self._card(premises=True), [first.id]),
        ):
            self.assertEqual([row["id"] for row in card["open"]], opened)
            models = [row["model"] for row in card["history"]]
            self.assertIn("cs.interaction", models)
        rows = [row for row in self._card()["history"] if row["id"] == second.id]
        self.assertTrue(rows)

    def test_clock_words_and_colours(self):
        request = self._request()
        now = fields.Datetime.now()
        [row] = self._card()["open"]
        self.assertEqual(row["tone"], "")
        for due, state, tone in (
            (now - datetime.timedelta(days=3), "late", "late"),
            (now + datetime.timedelta(seconds=30), "running", "today"),
            (now + datetime.timedelta(days=3), "running", ""),
            (now - datetime.timedelta(days=3), "paused", ""),
        ):
            request.sudo().write({"due_at": due, "clock_state": state})
            [row] = self._card()["open"]
            with self.subTest(state, due=due):
                self.assertEqual(row["tone"], tone)

    def test_masked_matters_appear_by_no_path(self):
        contact = self._contact(
            user=self.users["masked"], premises_id=self.premises.id, topic="Bribe"
        )
        report = self._report(interaction_id=contact.id, premises_id=self.premises.id)
        request = self._request(
            user=self.users["masked"],
            interaction_id=contact.id,
            premises_id=self.premises.id,
        )
        request.sudo().masked = True
        for user in (self.clerk, self.second, self.lead, self.users["manager"]):
            panel = self._panel(user)
            seen = [
                panel.open_card(partner_id=self.customer.id),
                panel.open_card(premises_id=self.premises.id),
                panel.find(report.name),
                panel.find(request.name),
                panel.find(contact.name),
                panel.find("张三"),
                panel.load_panel(partner_id=self.customer.id),
            ]
            for number, values in enumerate(seen):
                with self.subTest(user.login, number=number):
                    for private in (contact.name, request.name, "Bribe"):
                        self.assertNotIn(private, str(values))
            self.assertEqual([seen[0]["hidden"], seen[1]["hidden"]], [0, 0])
            with self.assertRaises(AccessError):
                panel.show_contact(contact.id)
            with self.assertRaises(AccessError):
                panel.follow(None, {}, "cs.toy.report", report.id)
        card = self._card(self.users["masked"])
        self.assertEqual({row["id"] for row in card["open"]}, {report.id, request.id})

    def test_call_about_a_masked_matter_is_masked(self):
        report = self._report()
        masked = self.users["masked"]
        contact = self._panel(masked).follow(
            None, {"partner_id": self.customer.id}, "cs.toy.report", report.id
        )
        record = self.env["cs.interaction"].browse(contact["id"])
        self.assertTrue(record.masked)
        self._request(user=masked, interaction_id=record.id)._cs_set_state("cancelled")
        record._cs_recheck()
        self.assertTrue(record.masked)
        self.assertFalse(record.with_user(self.clerk)._filtered_access("read"))

    def test_others_business_is_counted_not_shown(self):
        """A plain matter of a type the user may not read."""
        contact = self._contact(user=self.users["masked"])
        report = self._report(interaction_id=contact.id)
        report.sudo().masked = False
        card = self._card()
        self.assertEqual(card["open"], [])
        self.assertEqual(card["hidden"], 1)
        self.assertNotIn(report.name, str(card["open"]))

    def test_queries_do_not_grow_with_the_history(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._card()
            found = self.env.cr.sql_log_count - before
            self.env.invalidate_all()
            self._panel().find("张三")
            return found, self.env.cr.sql_log_count - before - found

        for number in range(2):
            request = self._request(interaction_id=self._contact().id)
            if number:
                request._cs_set_state("cancelled")
        count()
        few = count()
        for number in range(24):
            request = self._request(interaction_id=self._contact().id)
            if number % 2:
                request._cs_set_state("cancelled")
        many = count()
        self.assertLessEqual(many[0], few[0])
        self.assertLessEqual(many[1], few[1])
        self.assertLessEqual(few[0], 60)


class TestPanelOwners(PanelCommon):
    def test_lead_helps_at_the_contact_of_his_team(self):
        contact = self._panel().begin({"channel": "visit"})
        shown = self._panel(self.lead).show_contact(contact["id"])
        self.assertEqual(shown["number"], contact["number"])
        stranger = new_test_user(
            self.env, login="cs_lead_3", groups="cs_base.group_lead"
        )
        with self.assertRaises(AccessError):
            self._panel(stranger).show_contact(contact["id"])

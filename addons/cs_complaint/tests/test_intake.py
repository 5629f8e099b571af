import datetime

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import ComplaintCommon


class IntakeCommon(ComplaintCommon):
    def _contact(self, login="agent", **values):
        contacts = self.env["cs.interaction"].with_user(self.users[login])
        return contacts.create(
            {"channel": "phone", "partner_id": self.customer.id, **values}
        )


@tagged("post_install", "-at_install")
class TestIntake(IntakeCommon):
    def test_who_takes_it_owns_the_contact(self):
        """First-contact responsibility also without a contact begun before."""
        case = self._complaint(
            channel="letter", complainant_partner_id=self.customer.id
        )
        contact = case.interaction_id
        self.assertEqual(contact.first_owner_id, self.users["agent"])
        self.assertEqual(contact.state, "open")
        self.assertEqual(contact.channel, "letter")
        self.assertEqual(contact.partner_id, self.customer)
        self.assertEqual(case.handler_id, self.users["agent"])

    def test_taking_in_is_cheap(self):
        """A case with its contact, clocks and log; many need no more queries."""
        cases = self.env["cs.complaint"].with_user(self.users["agent"])
        values = {"subject": "Rude", "content": "On the phone", "team_id": self.team.id}

        def take_in(count):
            cases.create([dict(values) for _number in range(count)])
            cases.env.flush_all()

        take_in(1)  # warms caches
        for count in (1, 5):
            self.env.invalidate_all()
            with self.subTest(count=count), self.assertQueryCount(22):
                take_in(count)

    def test_import_brings_unclaimed_contacts(self):
        cases = self.env["cs.complaint"].with_user(self.users["agent"])
        case = cases.with_context(import_file=True).create(
            {"subject": "Old case", "content": "From the paper register"}
        )
        self.assertEqual(case.sudo().interaction_id.state, "unclaimed")

    def test_never_received_in_the_future(self):
        now = fields.Datetime.now()
        case = self._complaint(received_at=now - datetime.timedelta(days=2))
        self.assertEqual(case.received_at, now - datetime.timedelta(days=2))
        with self.assertRaises(ValidationError):
            self._complaint(received_at=now + datetime.timedelta(hours=1))

    def test_external_bodies_have_a_reference(self):
        cases = self.env["cs.complaint"].with_user(self.users["agent"])
        for channel in ("hotline", "association", "media", "parent"):
            vals = {"subject": "Smell", "content": "Of gas", "channel": channel}
            with self.subTest(channel), self.assertRaises(ValidationError):
                cases.create({**vals, "external_ref": " "})
            case = cases.create({**vals, "external_ref": "12345-77"})
            self.assertEqual(case.interaction_id.channel, "official")
            self.assertTrue(case.is_external)

    def test_steward_is_proposed(self):
        """In the profile for property; only who has a role in complaints."""
        self.premises.steward_id = self.users["agent2"]
        case = self._complaint(premises_id=self.premises.id)
        self.assertEqual(case.handler_id, self.users["agent"])
        self.company.cs_profile = "property"
        self.assertTrue(self.company.cs_complaint_steward)
        cases = self.env["cs.complaint"].with_user(self.users["agent"])
        case = cases.create(
            {"subject": "Lift", "content": "Stuck", "premises_id": self.premises.id}
        )
        self.assertEqual(case.handler_id, self.users["agent2"])
        with Form(cases) as form:
            form.subject = "Lift"
            form.content = "Stuck again"
            form.premises_id = self.premises
            self.assertEqual(form.handler_id, self.users["agent2"])
        self.premises.steward_id = self.users["head"]
        with Form(cases) as form:
            form.subject = "Lift"
            form.content = "Stuck again"
            form.premises_id = self.premises
            self.assertEqual(form.handler_id, self.users["agent"])

    def test_customer_fills_the_form(self):
        self.env["cs.premises.party"].create(
            {
                "premises_id": self.premises.id,
                "partner_id": self.customer.id,
                "role": "owner",
                "date_from": "2020-01-01",
            }
        )
        cases = self.env["cs.complaint"].with_user(self.users["agent"])
        with Form(cases) as form:
            form.complainant_partner_id = self.customer
            self.assertEqual(form.complainant_phone, "138****1234")
            self.assertEqual(form.premises_id, self.premises)
            form.subject = "Late"
            form.content = "Three days"
        row = form.record.sudo().identity_ids
        self.assertEqual((row.partner_id, row.phone), (self.customer, "13800001234"))

    def test_from_a_contact(self):
        """The panel's key brings what the contact knows."""
        contact = self._contact(
            topic="Meter", content="Runs too fast", premises_id=self.premises.id
        )
        contact.sudo().phone = "13612345678"
        action = contact.action_open_matter("complaint")
        cases = self.env["cs.complaint"].with_user(self.users["agent"])
        form = Form(cases.with_context(**action["context"]))
        self.assertEqual(form.subject, "Meter")
        self.assertEqual(form.channel, "phone")
        case = form.save()
        self.assertEqual(case.interaction_id, contact)
        self.assertEqual(case.content, "Runs too fast")
        row = case.sudo().identity_ids
        self.assertEqual((row.partner_id, row.phone), (self.customer, "13612345678"))

    def test_panel_shows_open_cases_and_history(self):
        case = self._complaint(complainant_partner_id=self.customer.id)
        card = self._rpc("agent", "cs.contact.panel", "open_card", self.customer.id)
        self.assertIn(case.name, str(card))
        self.assertIn("Repair came too late", str(card))
        secret = self._complaint(
            complainant_partner_id=self.customer.id, kind="corruption"
        )
        card = self._rpc("agent", "cs.contact.panel", "open_card", self.customer.id)
        self.assertNotIn(secret.name, str(card))

    def test_copy_from_last(self):
        vals = self._complaint(premises_id=self.premises.id)._cs_copy_vals()
        self.assertEqual(vals["subject"], "Repair came too late")
        self.assertEqual(vals["premises_id"], self.premises.id)

    def test_nothing_ruled_comes_in(self):
        for name, value in (
            ("name", "26010001"),
            ("state", "closed"),
            ("masked", True),
            ("is_event", True),
            ("parent_id", 1),
            ("counts", False),
        ):
            with self.subTest(name), self.assertRaises(UserError):
                self._complaint(**{name: value})

    def test_import_sets_neither_number_nor_state(self):
        for name, value in (("name", "26010001"), ("state", "Closed")):
            result = self._rpc(
                "agent",
                "cs.complaint",
                "load",
                ["subject", "content", name],
                [["Old", "Case", value]],
            )
            with self.subTest(name):
                self.assertFalse(result["ids"])

    def test_copy(self):
        """A copy is a new case: own number and contact, nobody's words."""
        case = self._complaint(complainant_partner_id=self.customer.id)
        self._rpc("agent", "cs.complaint", "action_accept", case.ids)
        twin = case.copy()
        self.assertNotEqual(twin.name, case.name)
        self.assertEqual(twin.state, "new")
        self.assertNotEqual(twin.interaction_id, case.interaction_id)
        self.assertFalse(twin.sudo().identity_ids)
        secret = self._complaint(kind="corruption")
        self.assertTrue(secret.copy().sudo().masked)


@tagged("post_install", "-at_install")
class TestDuplicate(IntakeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_team = cls.env["cs.team"].create(
            {"name": "Other", "lead_id": cls.users["chief"].id}
        )
        cls.known = cls._complaint(
            complainant_partner_id=cls.customer.id, premises_id=cls.premises.id
        )

    def _found(self, login="agent2", **values):
        """What a clerk sees who has typed this."""
        cases = self.env["cs.complaint"].with_user(self.users[login])
        blank = {"subject": False, "state": "new", "premises_id": False}
        person = {"complainant_partner_id": False, "complainant_phone": False}
        case = cases.new({**blank, **person, **values})
        found = case.duplicate_rows or {"rows": [], "hidden": 0}
        return [row["id"] for row in found["rows"]], found["hidden"]

    def test_phone_customer_premises_subject(self):
        for values in (
            {"complainant_phone": "+86 138-0000-1234"},
            {"complainant_partner_id": self.customer.id},
            {"premises_id": self.premises.id},
            {"subject": "Repair came very late"},
        ):
            with self.subTest(values):
                self.assertEqual(self._found(**values), (self.known.ids, 0))

    def test_chinese_subjects(self):
        case = self._complaint(subject="燃气表走得太快要求检表")
        self.assertEqual(self._found(subject="燃气表走得太快，要求检表"), (case.ids, 0))
        self.assertEqual(self._found(subject="电梯坏了三天"), ([], 0))

    def test_something_else(self):
        for values in (
            {"complainant_phone": "13800001235"},
            {"subject": "Bill is wrong"},
            {"subject": "Rep"},
        ):
            with self.subTest(values):
                self.assertEqual(self._found(**values), ([], 0))

    def test_old_ones_are_no_duplicates(self):
        old = fields.Datetime.now() - datetime.timedelta(days=31)
        self.known.sudo().received_at = old
        self.assertEqual(self._found(premises_id=self.premises.id), ([], 0))
        self.company.cs_complaint_duplicate_days = 40
        self.assertEqual(self._found(premises_id=self.premises.id), (self.known.ids, 0))

    def test_what_one_may_not_read_is_counted(self):
        self.known.sudo().team_id = self.other_team
        self.assertEqual(self._found(premises_id=self.premises.id), ([], 1))

    def test_masked_cases_do_not_count(self):
        self.known.action_mask("Afraid")
        for login in ("agent", "agent2", "masked"):
            with self.subTest(login):
                for values in (
                    {"complainant_partner_id": self.customer.id},
                    {"subject": self.known.subject},
                ):
                    self.assertEqual(self._found(login, **values), ([], 0))

    def test_form_warns(self):
        cases = self.env["cs.complaint"].with_user(self.users["agent2"])
        form = Form(cases)
        form.premises_id = self.premises
        self.assertEqual(form.duplicate_rows["rows"][0]["number"], self.known.name)

    def test_queries(self):
        """A fixed number, whatever is found."""
        self._complaint(premises_id=self.premises.id)
        cases = self.env["cs.complaint"].with_user(self.users["agent"])
        values = {
            "subject": "Repair came too late",
            "state": "new",
            "premises_id": self.premises.id,
            "complainant_partner_id": self.customer.id,
        }
        cases.new(values).duplicate_rows  # noqa: B018 (warms caches)
        with self.assertQueryCount(12):
            cases.new(values).duplicate_rows  # noqa: B018

    def test_same_customer_is_merged(self):
        case = self._complaint("agent2", complainant_partner_id=self.customer.id)
        action = self._rpc(
            "agent2", "cs.complaint", "action_join", case.ids, self.known.id
        )
        self.assertEqual(action["res_id"], self.known.id)
        self.assertEqual(case.state, "merged")
        self.assertEqual(self.known.chase_count, 1)

    def test_another_customer_becomes_a_caller(self):
        other = self.env["res.partner"].create({"name": "Li Si"})
        case = self._complaint("agent2", complainant_partner_id=other.id)
        self._rpc("agent2", "cs.complaint", "action_join", case.ids, self.known.id)
        self.assertTrue(self.known.is_event)
        self.assertEqual(case.parent_id, self.known)
        self.assertEqual(case.state, "new")

    def test_not_to_what_one_may_not_read(self):
        case = self._complaint("agent2")
        self.known.sudo().team_id = self.other_team
        with self.assertRaises(AccessError):
            self._rpc("agent2", "cs.complaint", "action_join", case.ids, self.known.id)

    def test_not_what_is_worked_on(self):
        other = self._complaint("agent2")
        other.sudo()._cs_set_state("accepted")
        other.sudo()._cs_set_state("investigating")
        with self.assertRaises(UserError):
            self._rpc("agent2", "cs.complaint", "action_join", other.ids, self.known.id)


@tagged("post_install", "-at_install")
class TestMerge(IntakeCommon):
    def test_identity_stays_with_the_merged_case(self):
        kept = self._complaint(complainant_partner_id=self.customer.id)
        gone = self._complaint(complainant_name="Zhang's neighbour")
        row = gone.sudo().identity_ids
        kept._cs_merge(gone, "Same")
        self.assertEqual(row.complaint_id, gone)
        self.assertEqual(kept.sudo().identity_ids.partner_id, self.customer)
        self.assertFalse(gone.counts)

    def test_refused(self):
        kept = self._complaint()
        worked = self._complaint()
        worked.sudo()._cs_set_state("accepted")
        worked.sudo()._cs_set_state("investigating")
        hint = self._complaint(kind="suggestion")
        secret = self._complaint(kind="corruption")
        for other in (worked, hint, secret):
            with self.subTest(other.kind), self.assertRaises(UserError):
                kept._cs_merge(other, "Same")


@tagged("post_install", "-at_install")
class TestMail(IntakeCommon):
    def _receive(self, case=None, sender="zs@example.org", subject="Gas smells"):
        headers = {
            "From": sender,
            "To": "desk@gas.example",
            "Subject": subject,
            "Message-ID": f"<{self.id()}.{fields.Datetime.now().timestamp()}@x.cn>",
            "MIME-Version": "1.0",
            "Content-Type": "text/plain; charset=utf-8",
        }
        if case:
            sent = case.sudo().message_post(body="Hello", subtype_xmlid="mail.mt_note")
            headers["In-Reply-To"] = headers["References"] = sent.message_id
        lines = [f"{name}: {value}" for name, value in headers.items()]
        raw = "\r\n".join([*lines, "", "In the kitchen"]).encode()
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            found = self.env["mail.thread"].message_process("cs.complaint", raw)
        return self.env["cs.complaint"].browse(found)

    def _closed(self, days, **values):
        case = self._complaint(complainant_partner_id=self.customer.id, **values)
        moment = fields.Datetime.now() - datetime.timedelta(days=days)
        case.sudo().write({"state": "closed", "is_open": False, "closed_at": moment})
        return case

    def test_mail_begins_a_case(self):
        case = self._receive()
        self.assertEqual(case.subject, "Gas smells")
        self.assertIn("kitchen", case.content)
        self.assertEqual(case.channel, "mail")
        self.assertEqual(case.identity_ids.partner_id, self.customer)
        self.assertEqual(case.interaction_id.channel, "mail")
        self.assertEqual(case.interaction_id.state, "unclaimed")
        self.assertEqual(case.interaction_id.partner_id, self.customer)
        self.assertFalse(case.handler_id)

    def test_stranger(self):
        case = self._receive(sender="Wang <wang@nowhere.example>")
        self.assertFalse(case.identity_ids.partner_id)
        self.assertEqual(case.identity_ids.name, "Wang")

    def test_answer_to_an_open_case(self):
        case = self._complaint(complainant_partner_id=self.customer.id)
        self._receive(case)
        mails = case.sudo().message_ids.filtered(
            lambda one: one.message_type == "email"
        )
        self.assertEqual(mails.author_id, self.customer)
        self.assertEqual(case.state, "new")

    def test_closed_lately_goes_on(self):
        case = self._closed(3)
        self._receive(case)
        self.assertEqual(case.state, "answering")

    def test_closed_long_ago_begins_a_linked_one(self):
        case = self._closed(8)
        before = self.env["cs.complaint"].search([])
        self._receive(case)
        self.assertEqual(case.state, "closed")
        new = self.env["cs.complaint"].search([]) - before
        self.assertEqual(new.interaction_id, case.interaction_id)
        self.assertEqual(new.identity_ids.partner_id, self.customer)
        self.assertIn(case.sudo(), [other for _k, other in new._cs_linked()])

    def test_after_a_masked_one(self):
        """The next case of a masked one is masked, and names nobody."""
        case = self._closed(8, kind="corruption")
        before = self.env["cs.complaint"].search([])
        self._receive(case)
        new = self.env["cs.complaint"].search([]) - before
        self.assertTrue(new.masked)
        self.assertEqual(new.identity_ids.partner_id, self.customer)
        self.assertFalse(new.message_ids.author_id & self.customer)

    def test_withdrawn_begins_a_new_one(self):
        case = self._complaint(complainant_partner_id=self.customer.id)
        case.sudo()._cs_set_state("withdrawn")
        before = self.env["cs.complaint"].search([])
        self._receive(case)
        self.assertEqual(len(self.env["cs.complaint"].search([]) - before), 1)

    def test_refused_goes_to_the_next_round(self):
        case = self._closed(1)
        following = self._complaint(complainant_partner_id=self.customer.id)
        case.sudo().state = "refused"
        case.sudo()._cs_link(following.sudo(), "round")
        self._receive(case)
        self.assertTrue(
            following.sudo().message_ids.filtered(
                lambda one: one.message_type == "email"
            )
        )

from odoo.exceptions import AccessError, UserError

from .common import ToyCommon


class TestContact(ToyCommon):
    def test_first_owner_is_who_took_it(self):
        contact = self._contact()
        self.assertEqual(contact.first_owner_id, self.clerk)
        self.assertEqual(contact.state, "open")
        self.assertEqual(contact.team_id, self.team)

    def test_owner_and_state_never_from_outside(self):
        for name, value in (
            ("first_owner_id", self.second.id),
            ("state", "closed"),
            ("owned_since", "2020-01-01 00:00:00"),
            ("masked", True),
        ):
            contact = self._contact()
            for role in ("user", "lead", "manager"):
                with self.subTest(name, role=role), self.assertRaises(UserError):
                    self._rpc(
                        role, "cs.interaction", "write", contact.ids, {name: value}
                    )
                with self.subTest(name, role=role), self.assertRaises(UserError):
                    self._rpc(role, "cs.interaction", "create", [{name: value}])
            forged = self.env["cs.interaction"].with_user(self.clerk)
            forged = forged.with_context(**{f"default_{name}": value})
            with self.subTest(name):
                self.assertEqual(forged.create({}).first_owner_id, self.clerk)

    def test_answered_with_an_outcome(self):
        contact = self._contact()
        with self.assertRaises(UserError):
            contact.action_answer()
        contact.action_answer("Bill explained")
        self.assertEqual(contact.state, "closed")
        self.assertTrue(contact.finished)

    def test_closes_with_the_last_matter_and_opens_again(self):
        contact = self._contact()
        first = self._request(interaction_id=contact.id)
        second = self._request(interaction_id=contact.id)
        self.assertTrue(contact.answered)
        first._cs_set_state("cancelled")
        self.assertEqual(contact.state, "open")
        second._cs_set_state("cancelled")
        self.assertEqual(contact.state, "closed")
        third = self._request(interaction_id=contact.id)
        self.assertEqual(contact.state, "open")
        self.assertEqual(contact.first_owner_id, self.clerk)
        third._cs_set_state("cancelled")
        self.assertEqual(contact.state, "closed")

    def test_stays_open_while_a_matter_is(self):
        contact = self._contact()
        self._request(interaction_id=contact.id)
        contact.action_answer("We come at six")
        self.assertEqual(contact.state, "open")

    def test_claim(self):
        contact = self._request().interaction_id
        with self.assertRaises(AccessError):
            contact.with_user(self.users["plain"]).action_claim()
        contact.with_user(self.second).action_claim()
        self.assertEqual(contact.first_owner_id, self.second)
        with self.assertRaises(UserError):
            contact.with_user(self.clerk).action_claim()

    def test_only_owner_and_lead_answer(self):
        contact = self._contact()
        with self.assertRaises(AccessError):
            contact.with_user(self.second).action_answer("No")
        contact.with_user(self.lead).action_answer("Yes")
        self.assertEqual(contact.state, "closed")

    def test_closed_contacts_stay_as_they_are(self):
        contact = self._contact()
        contact.action_answer("Done")
        with self.assertRaises(AccessError):
            contact.topic = "Other"

    def test_counts_many_contacts_in_one_query_a_type(self):
        contacts = self.env["cs.interaction"].browse()
        for _ in range(6):
            contacts |= self._request().interaction_id
        self.env.flush_all()
        counts = []
        for some in (contacts[:1], contacts):
            some.invalidate_recordset()
            before = self.env.cr.sql_log_count
            some._cs_count_matters()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_masked_matter_hides_its_contact(self):
        contact = self._contact(user=self.users["masked"])
        report = self._report(interaction_id=contact.id)
        self.assertTrue(contact.masked)
        seen = self.env["cs.interaction"].with_user(self.second)
        self.assertNotIn(contact, seen.search([]))
        with self.assertRaises(AccessError):
            contact.with_user(self.second).read(["partner_id"])
        groups = seen._read_group([], ["partner_id"], ["__count"])
        self.assertNotIn(self.customer, [partner for partner, _count in groups])
        report.action_close()
        self.assertTrue(contact.masked)

    def test_phone_is_typed_masked(self):
        contact = self._contact(phone_masked="13812341234")
        contact.invalidate_recordset()
        self.assertEqual(contact.phone_masked, "138****1234")
        self.assertEqual(contact.sudo().phone, "13812341234")
        contact.phone_masked = "138****1234"
        self.assertEqual(contact.sudo().phone, "13812341234")
        with self.assertRaises(UserError):
            contact.phone_masked = "139****1234"
        with self.assertRaises(AccessError):
            contact.read(["phone"])

    def test_open_a_matter(self):
        contact = self._contact()
        action = contact.action_open_matter("toy.request")
        self.assertEqual(action["res_model"], "cs.toy.request")
        self.assertEqual(action["context"]["default_interaction_id"], contact.id)
        self.assertEqual(action["context"]["default_partner_id"], self.customer.id)
        with self.assertRaises(AccessError):
            contact.action_open_matter("toy.report")

    def test_types_by_role(self):
        types = self.env["cs.business.type"]
        codes = types._cs_intake(self.clerk).mapped("code")
        self.assertIn("toy.request", codes)
        self.assertNotIn("toy.report", codes)
        self.assertIn(
            "toy.report", types._cs_intake(self.users["masked"]).mapped("code")
        )
        types._cs_by_code("toy.request").active = False
        self.assertNotIn("toy.request", types._cs_intake(self.clerk).mapped("code"))

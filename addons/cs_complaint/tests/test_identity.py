from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import ComplaintCommon

NAME, PHONE, PLACE = "Li Whistle", "13911112222", "Whistle Lane"
SECRETS = (NAME, PHONE, "139****2222", PLACE)


class MaskedCommon(ComplaintCommon):
    """A report of corruption taken in by ``agent``, worked on by ``agent2``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for role in ("leader", "chief", "agent2", "masked"):
            cls.users[role].group_ids += cls.env.ref("base.group_allow_export")
        cls.portal = cls.env["res.users"].create(
            {
                "name": NAME,
                "login": "whistle",
                "email": "whistle@example.net",
                "group_ids": [(6, 0, cls.env.ref("base.group_portal").ids)],
            }
        )
        cls.users["portal"] = cls.portal
        cls.whistle = cls.portal.partner_id
        cls.whistle.phone = PHONE
        cls.place = cls._create_premises("9", community=PLACE)
        cls.secret = cls._complaint(
            kind="corruption",
            subject="A fitter takes money",
            complainant_partner_id=cls.whistle.id,
            premises_id=cls.place.id,
            handler_id=cls.users["agent2"].id,
        )
        cls.env.flush_all()
        cls.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestIdentity(MaskedCommon):
    # === OPEN CASES === #

    def test_reader_of_a_case_knows_the_complainant(self):
        case = self._complaint(complainant_partner_id=self.customer.id)
        for role in ("agent", "agent2", "leader", "chief", "auditor"):
            with self.subTest(role):
                [row] = self._rpc(
                    role,
                    "cs.complaint",
                    "read",
                    case.ids,
                    ["complainant_display", "complainant_partner_id"],
                )
                self.assertEqual(row["complainant_display"], "Zhang San · 138****1234")
                self.assertEqual(row["complainant_partner_id"][1], "Zhang San")

    def test_full_number_is_for_the_group(self):
        case = self._complaint(complainant_phone="13900001111")
        row = case.sudo().identity_ids
        self.assertEqual(row.phone, "13900001111")
        self.assertEqual(case.complainant_phone, "139****1111")
        for name in ("phone", "phone_key"):
            with self.assertRaises(AccessError):
                self._rpc("agent", row._name, "read", row.ids, [name])
            with self.assertRaises(AccessError):
                self._rpc("agent", row._name, "search", [(name, "!=", False)])

    def test_phone_typed_over_the_masked_one(self):
        case = self._complaint(complainant_partner_id=self.customer.id)
        row = case.sudo().identity_ids
        self.assertEqual(row.phone, "13800001234")
        case.complainant_phone = "138****1234"
        self.assertEqual(row.phone, "13800001234")
        case.complainant_phone = "１３７００００００００"
        self.assertEqual(row.phone, "13700000000")
        with self.assertRaises(UserError):
            case.complainant_phone = "138****9999"

    def test_rows_are_written_through_the_case_only(self):
        case = self._complaint(complainant_name="Wang")
        row = case.sudo().identity_ids
        for method, args in (
            ("create", [{"complaint_id": self.secret.id}]),
            ("write", [row.ids, {"complaint_id": self.secret.id}]),
            ("unlink", [row.ids]),
        ):
            for role in ("agent", "chief", "masked"):
                with self.subTest(method, role=role), self.assertRaises(AccessError):
                    self._rpc(role, row._name, method, *args)

    def test_anonymous_names_nobody(self):
        case = self._complaint(
            anonymous=True,
            complainant_name="Wang",
            complainant_partner_id=self.customer.id,
        )
        row = case.sudo().identity_ids
        self.assertFalse(row.partner_id or row.name)
        self.assertEqual(case.complainant_display, "Anonymous")
        self.assertFalse(case.masked)

    def test_setting_masks_anonymous_cases(self):
        self.company.cs_complaint_mask_anonymous = True
        self.assertTrue(self._complaint(anonymous=True).masked)

    def test_change_is_logged(self):
        case = self._complaint(complainant_name="Wang")
        case.complainant_name = "Wang Wu"
        event = self.env["cs.event"].search(
            [("action", "=", "complaint.identity")], limit=1
        )
        self.assertEqual(event.field_names, "name")

    def test_search_by_person_through_the_rows(self):
        case = self._complaint(complainant_partner_id=self.customer.id)
        for term in ("Zhang", "1234", "13800001234"):
            with self.subTest(term):
                found = self._rpc(
                    "agent2",
                    "cs.complaint",
                    "search",
                    [("complainant_search", "ilike", term)],
                )
                self.assertEqual(found, case.ids)

    # === PASSING IT ON === #

    def test_handler_of_a_masked_case_passes_it_on_by_an_offer(self):
        """He isn't locked out half way: a sentence says how, and the offer works."""
        case, colleague = self.secret, self.users["masked"]
        values = {"handler_id": colleague.id}
        with self.assertRaisesRegex(UserError, "Hand Over All Work"):
            self._rpc("agent2", "cs.complaint", "write", case.ids, values)
        with self.assertRaises(UserError):
            self._rpc(
                "agent2", "cs.complaint", "write", case.ids, {"handler_id": False}
            )
        self.assertEqual(case.sudo().handler_id, self.users["agent2"])
        transfers = self.env["cs.matter.transfer"].with_user(self.users["agent2"])
        mine = case.with_user(self.users["agent2"])
        offer = transfers._cs_propose(mine, colleague, "handover")
        self._rpc("masked", offer._name, "action_accept", offer.ids)
        self.env.invalidate_all()
        self.assertEqual(case.sudo().handler_id, colleague)
        self.assertFalse(mine.has_access("read"))

    def test_first_owner_gives_a_masked_case_to_somebody(self):
        self._rpc(
            "agent",
            "cs.complaint",
            "write",
            self.secret.ids,
            {"handler_id": self.users["masked"].id},
        )
        self.assertEqual(self.secret.sudo().handler_id, self.users["masked"])

    # === REVEAL === #

    def test_reveal(self):
        """Who works on it calls the customer; that he looked is logged."""
        case = self._complaint(complainant_partner_id=self.customer.id)
        shown = self._rpc("agent", "cs.complaint", "action_reveal", case.ids, "call")
        self.assertEqual(shown, "13800001234")
        event = self.env["cs.event"].search(
            [("action", "=", "complaint.reveal")], limit=1
        )
        self.assertEqual((event.res_id, event.uid), (case.id, self.users["agent"].id))
        with self.assertRaises(UserError):
            self._rpc("agent", "cs.complaint", "action_reveal", case.ids, "because")
        for role in ("agent2", "leader", "auditor"):
            with self.subTest(role), self.assertRaises(AccessError):
                self._rpc(role, "cs.complaint", "action_reveal", case.ids, "call")

    def test_reveal_of_a_masked_case(self):
        shown = self._rpc(
            "agent", "cs.complaint", "action_reveal", self.secret.ids, "call"
        )
        self.assertEqual(shown, PHONE)
        for role in ("agent2", "masked", "leader"):
            with self.subTest(role), self.assertRaises(AccessError):
                self._rpc(
                    role, "cs.complaint", "action_reveal", self.secret.ids, "call"
                )

    # === MASKED === #

    def test_corruption_is_masked(self):
        """Premises go to the identity; nothing of the case belongs to a team."""
        case = self.secret.sudo()
        self.assertTrue(case.masked and case.interaction_id.masked)
        self.assertFalse(case.premises_id or case.team_id)
        self.assertFalse(case.interaction_id.team_id)
        self.assertEqual(case.identity_ids.premises_id, self.place)
        self.assertEqual(case.first_owner_id, self.users["agent"])

    def test_kind_changed_to_corruption(self):
        case = self._complaint(premises_id=self.premises.id)
        case.kind = "corruption"
        self.assertTrue(case.masked)
        self.assertFalse(case.premises_id)
        case.kind = "complaint"
        self.assertTrue(case.masked)

    def test_handler_works_without_knowing(self):
        [row] = self._rpc(
            "agent2",
            "cs.complaint",
            "read",
            self.secret.ids,
            ["subject", "complainant_display", "complainant_partner_id", "anonymous"],
        )
        self.assertEqual(row["complainant_display"], "***")
        self.assertFalse(row["complainant_partner_id"])
        self.assertTrue(
            self._rpc(
                "agent2", "cs.complaint", "write", self.secret.ids, {"wish": "apology"}
            )
        )
        with self.assertRaises(AccessError):
            self._rpc(
                "agent2",
                "cs.complaint",
                "write",
                self.secret.ids,
                {"complainant_name": "Guess"},
            )
        self.assertEqual(self.secret.sudo().identity_ids.partner_id, self.whistle)

    def test_owner_and_group_know(self):
        for role in ("agent", "masked"):
            with self.subTest(role):
                [row] = self._rpc(
                    role,
                    "cs.complaint",
                    "read",
                    self.secret.ids,
                    ["complainant_display"],
                )
                self.assertEqual(row["complainant_display"], f"{NAME} · 139****2222")

    def test_masked_case_in_a_contact_of_somebody_else(self):
        """Its author could not read it any more: he is told to take it himself."""
        contact = self._complaint().interaction_id
        with self.assertRaisesRegex(UserError, "contact of your own"):
            self._complaint("agent2", kind="corruption", interaction_id=contact.id)

    def test_what_comes_of_it_is_masked(self):
        case = self._complaint(origin_ref=f"cs.complaint,{self.secret.id}")
        self.assertTrue(case.sudo().masked)

    def test_outsider_leaves_no_trace(self):
        """Rows made for the portal user bear nobody's name."""
        case = (
            self.env["cs.complaint"]
            .with_user(self.portal)
            .sudo()
            .create(
                {
                    "kind": "corruption",
                    "subject": "Bribes",
                    "content": "He asked for money",
                    "channel": "portal",
                    "complainant_partner_id": self.whistle.id,
                }
            )
        )
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT create_uid, write_uid FROM cs_complaint WHERE id = %s", [case.id]
        )
        self.assertNotIn(self.portal.id, self.env.cr.fetchone())
        self.assertFalse(case.message_partner_ids & self.whistle)

    def test_mail_in_a_masked_case_has_no_author(self):
        case = self.secret.sudo()
        message = case.message_post(
            body="He did it again",
            author_id=self.whistle.id,
            email_from=self.whistle.email_formatted,
            message_type="email",
            incoming_email_cc="friend@example.net",
        )
        self.assertNotEqual(message.author_id, self.whistle)
        self.assertNotIn("whistle", message.email_from)
        self.assertFalse(message.incoming_email_cc)
        self.assertFalse(case.message_partner_ids & self.whistle)
        case.message_subscribe(self.whistle.ids)
        self.assertFalse(case.message_partner_ids & self.whistle)

    # === MASK AND UNMASK === #

    def _mask(self, role, case, reason="He is afraid"):
        return self._rpc(role, "cs.complaint", "action_mask", case.ids, reason)

    def test_mask_later(self):
        """Those who may not read it any more lose what they were told."""
        case = self._complaint(
            complainant_partner_id=self.customer.id, premises_id=self.premises.id
        )
        lead = self.users["chief"].partner_id
        case.sudo().message_subscribe((lead + self.customer).ids)
        case.sudo().message_post(
            body="Zhang San called",
            author_id=self.customer.id,
            partner_ids=lead.ids,
            subtype_xmlid="mail.mt_comment",
        )
        for role in ("agent2", "auditor", "head"):
            with self.subTest(role), self.assertRaises(UserError):
                self._mask(role, case)
        with self.assertRaises(UserError):
            self._mask("agent", case, " ")
        self._mask("leader", case)
        case = case.sudo()
        self.assertTrue(case.masked)
        self.assertFalse(case.premises_id)
        self.assertFalse(case.message_partner_ids & (lead + self.customer))
        self.assertFalse(case.message_ids.notified_partner_ids & lead)
        self.assertFalse(case.message_ids.author_id & self.customer)
        self.assertEqual(case.identity_ids.premises_id, self.premises)
        with self.assertRaises(AccessError):
            self._rpc("chief", "cs.complaint", "read", case.ids, ["subject"])

    def test_unmask_is_for_the_group(self):
        case = self._complaint(premises_id=self.premises.id)
        self._mask("agent", case)
        for role in ("agent", "leader", "chief"):
            with self.subTest(role), self.assertRaises(AccessError):
                self._rpc(role, "cs.complaint", "action_unmask", case.ids, "Over")
        self._rpc("masked", "cs.complaint", "action_unmask", case.ids, "Over")
        self.assertFalse(case.sudo().masked)
        self.assertEqual(case.sudo().premises_id, self.premises)
        actions = self.env["cs.event"].search(
            [("res_id", "=", case.id), ("model", "=", "cs.complaint")]
        )
        self.assertLessEqual(
            {"complaint.mask", "complaint.unmask"}, set(actions.mapped("action"))
        )

    def test_masked_is_no_value_to_write(self):
        case = self._complaint()
        for role in ("agent", "chief", "masked"):
            with self.subTest(role), self.assertRaises(UserError):
                self._rpc(role, "cs.complaint", "write", case.ids, {"masked": True})

    def test_form_of_a_masked_case(self):
        """The form opens for the handler, and shows no person."""
        form = Form(self.secret.with_user(self.users["agent2"]))
        self.assertEqual(form.complainant_display, "***")
        self.assertFalse(form.complainant_known)

import datetime

from odoo import fields
from odoo.exceptions import AccessError, UserError

from .common import ToyCommon

PAST = "2020-01-01 00:00:00"


class TestForgery(ToyCommon):
    """What a client puts into values or context changes nothing that follows."""

    def _call(self, model, method, records, *args, **context):
        return self._rpc(
            "user", model, method, records.ids, *args, context=dict(context)
        )

    def test_context_gives_no_owner_to_an_automatic_contact(self):
        self._rpc(
            "user",
            "cs.toy.request",
            "create",
            [{"wish": "Tea"}],
            context={
                "default_first_owner_id": self.second.id,
                "default_owned_since": PAST,
                "default_closed_at": PAST,
                "default_content": "Not said by anybody",
            },
        )
        contact = self.env["cs.toy.request"].search([], limit=1).interaction_id
        self.assertEqual(contact.state, "unclaimed")
        self.assertFalse(contact.first_owner_id)
        self.assertFalse(contact.owned_since)
        self.assertFalse(contact.closed_at)
        self.assertFalse(contact.content)

    def test_context_answers_no_chase(self):
        request = self._request()
        self._call(
            "cs.toy.request",
            "action_chase",
            request,
            "Where is it?",
            default_answered_at=PAST,
            default_answered_by_id=self.lead.id,
            default_answer="Comes tomorrow",
        )
        chase = self.env["cs.chase"].search([("res_id", "=", request.id)])
        self.assertEqual(len(chase), 1)
        self.assertFalse(chase.answered_at)
        self.assertFalse(chase.answered_by_id)
        self.assertFalse(chase.answer)

    def test_context_makes_no_outcome(self):
        contact = self._contact()
        when = fields.Datetime.now() + datetime.timedelta(hours=2)
        self._call(
            "cs.interaction",
            "action_promise_callback",
            contact,
            str(when),
            default_state="done",
            default_outcome="done",
            default_done_by_id=self.lead.id,
            default_barred_id=self.lead.id,
        )
        visit = self.env["cs.followup"].search([("interaction_id", "=", contact.id)])
        self.assertEqual((visit.state, visit.outcome), ("open", False))
        self.assertFalse(visit.done_by_id)
        self.assertFalse(visit.barred_id)

    def test_context_decides_no_transfer(self):
        contact = self._contact()
        transfer = (
            self.env["cs.interaction.transfer"]
            .with_user(self.clerk)
            .with_context(default_answer="Gladly", default_decided_at=PAST)
            ._cs_propose(contact, self.second, "handover")
        )
        self.assertFalse(transfer.answer)
        self.assertFalse(transfer.decided_at)

    def test_answered_only_by_button(self):
        contact = self._contact()
        for values in ({"answered": True}, {"answered": False}):
            for role in ("user", "lead", "manager"):
                with self.subTest(values, role=role), self.assertRaises(UserError):
                    self._rpc(role, "cs.interaction", "write", contact.ids, values)
                with self.subTest(values, role=role), self.assertRaises(UserError):
                    self._rpc(role, "cs.interaction", "create", [values])

    def test_team_moves_only_by_owner_or_lead(self):
        own = self.env["cs.team"].create(
            {"name": "Own", "lead_id": self.second.id, "member_ids": []}
        )
        contact = self._contact()
        with self.assertRaises(AccessError):
            contact.with_user(self.second).team_id = own
        with self.assertRaises(AccessError):
            self.env["cs.interaction.transfer"].with_user(self.second)._cs_propose(
                contact, self.lead, "supervisor"
            )
        contact.with_user(self.lead).team_id = own
        self.assertEqual(contact.team_id, own)
        contact.team_id = self.team  # by its owner
        contact.with_user(self.second).write({"team_id": self.team.id, "topic": "Oil"})
        self.assertEqual(contact.topic, "Oil")

    def test_company_of_a_contact_stays(self):
        self.clerk.company_ids += self.other_company
        contact = self._contact()
        with self.assertRaises(UserError):
            self._rpc(
                "user",
                "cs.interaction",
                "write",
                contact.ids,
                {"company_id": self.other_company.id, "team_id": False},
                context={
                    "allowed_company_ids": [self.company.id, self.other_company.id]
                },
            )

    def test_chase_is_answered_by_who_holds_it(self):
        request = self._request(handler_id=self.second.id, interaction_id=False)
        request.interaction_id.with_user(self.clerk).action_claim()
        stranger = self.users["personal_data"]
        request.with_user(stranger).action_chase("And?")
        chases = self.env["cs.chase"].search([("res_id", "=", request.id)])
        with self.assertRaises(AccessError):
            chases.with_user(stranger).action_answer("Comes tomorrow")
        chases.with_user(self.second).action_answer("Comes tomorrow")
        self.assertEqual(chases.answered_by_id, self.second)
        for user in (self.clerk, self.lead):
            request.with_user(stranger).action_chase("And?")
            chase = self.env["cs.chase"].search([("res_id", "=", request.id)])[:1]
            chase.with_user(user).action_answer("Comes tomorrow")
            self.assertEqual(chase.answered_by_id, user)

    def test_accepting_needs_an_open_contact_and_a_fitting_owner(self):
        transfers = self.env["cs.interaction.transfer"]
        contact = self._contact()
        offer = transfers.with_user(self.clerk)._cs_propose(
            contact, self.second, "handover"
        )
        contact.action_answer("Told")
        self.assertEqual(contact.state, "closed")
        with self.assertRaises(UserError):
            offer.with_user(self.second).action_accept()
        self.assertEqual(contact.first_owner_id, self.clerk)
        contact = self._contact()
        offer = transfers.with_user(self.clerk)._cs_propose(
            contact, self.second, "handover"
        )
        self.second.group_ids = self.env.ref("base.group_user")
        with self.assertRaises(UserError):
            offer.with_user(self.second).action_accept()
        self.assertEqual(contact.first_owner_id, self.clerk)

    def test_default_contact_is_taken(self):
        contact = self._contact()
        self._rpc(
            "user",
            "cs.toy.request",
            "create",
            [{"wish": "Tea"}],
            context={"default_interaction_id": contact.id},
        )
        request = self.env["cs.toy.request"].search([], limit=1)
        self.assertEqual(request.interaction_id, contact)
        hidden = self._report().interaction_id
        with self.assertRaises(AccessError):
            self._rpc(
                "user",
                "cs.toy.request",
                "create",
                [{"wish": "Tea"}],
                context={"default_interaction_id": hidden.id},
            )

    def test_copy_of_a_masked_matter_is_masked(self):
        request = self._request()
        request.sudo().masked = True
        twin = request.with_user(self.users["masked"]).copy()
        self.assertTrue(twin.masked)
        self.assertTrue(twin.interaction_id.sudo().masked)

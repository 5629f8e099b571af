from odoo.exceptions import AccessError, UserError

from .common import ToyCommon


class TestTransfer(ToyCommon):
    def _propose(self, contact, to, user=None, reason="handover", **values):
        transfers = self.env["cs.interaction.transfer"].with_user(user or self.clerk)
        contact = contact.with_user(user or self.clerk)
        return transfers._cs_propose(contact, to, reason, **values)

    def test_passes_on_when_accepted(self):
        contact = self._contact()
        request = self._request(interaction_id=contact.id, handler_id=self.clerk.id)
        transfer = self._propose(contact, self.second, with_matters=True)
        self.assertEqual(contact.first_owner_id, self.clerk)
        transfer.with_user(self.second).action_accept()
        self.assertEqual(contact.first_owner_id, self.second)
        self.assertEqual(request.handler_id, self.second)

    def test_work_stays_if_not_asked_for(self):
        contact = self._contact()
        request = self._request(interaction_id=contact.id, handler_id=self.clerk.id)
        self._propose(contact, self.second).with_user(self.second).action_accept()
        self.assertEqual(request.handler_id, self.clerk)

    def test_only_the_next_owner_accepts(self):
        transfer = self._propose(self._contact(), self.second)
        for role in ("user", "lead", "manager"):
            with self.subTest(role), self.assertRaises(AccessError):
                self._rpc(
                    role, "cs.interaction.transfer", "action_accept", transfer.ids
                )

    def test_only_the_owner_or_who_leads_proposes(self):
        contact = self._contact()
        with self.assertRaises(AccessError):
            self._propose(contact, self.lead, user=self.second)
        with self.assertRaises(AccessError):
            self._propose(contact, self.second, reason="supervisor")
        self._propose(contact, self.second, user=self.lead, reason="supervisor")

    def test_absent_owner_is_replaced_by_the_lead(self):
        contact = self._contact()
        self.clerk.sudo().active = False
        transfer = self._propose(
            contact, self.second, user=self.lead, reason="departure"
        )
        transfer.with_user(self.second).action_accept()
        self.assertEqual(contact.first_owner_id, self.second)

    def test_declined_with_a_reason(self):
        contact = self._contact()
        transfer = self._propose(contact, self.second).with_user(self.second)
        with self.assertRaises(UserError):
            transfer.action_decline("")
        transfer.action_decline("On leave tomorrow")
        self.assertEqual(contact.first_owner_id, self.clerk)
        self._propose(contact, self.lead)

    def test_one_offer_at_a_time(self):
        contact = self._contact()
        transfer = self._propose(contact, self.second)
        with self.assertRaises(UserError):
            self._propose(contact, self.lead)
        transfer.action_withdraw()
        self._propose(contact, self.lead)

    def test_not_to_just_anybody(self):
        contact = self._contact()
        for user in (self.users["plain"], self.clerk):
            with self.subTest(user.login), self.assertRaises(UserError):
                self._propose(contact, user)

    def test_decided_once(self):
        transfer = self._propose(self._contact(), self.second).with_user(self.second)
        transfer.action_accept()
        with self.assertRaises(UserError):
            transfer.action_accept()

    def test_rows_change_in_methods_only(self):
        transfer = self._propose(self._contact(), self.second)
        for role in ("user", "lead", "manager"):
            with self.subTest(role), self.assertRaises(AccessError):
                self._rpc(
                    role,
                    "cs.interaction.transfer",
                    "write",
                    transfer.ids,
                    {"state": "accepted"},
                )

    def test_dialog(self):
        contact = self._contact()
        action = contact.action_transfer()
        dialog = self.env["cs.interaction.pass"].with_user(self.clerk)
        dialog = dialog.with_context(action["context"]).create(
            {"to_id": self.second.id, "reason": "absence"}
        )
        dialog.action_propose()
        self.assertEqual(contact.transfer_ids.to_id, self.second)
        self.assertTrue(contact.transfer_ids.with_matters)

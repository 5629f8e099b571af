from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_money import MoneyCommon


@tagged("post_install", "-at_install")
class TestReward(MoneyCommon):
    """200 yuan for a report of corruption, and nobody learns who made it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls._accepted(masked=True, kind="corruption")
        cls.case.sudo().judgement = "substantiated"
        cls.case.sudo().interaction_id.sudo().write(
            {"first_owner_id": cls.users["agent"].id, "state": "open"}
        )

    def _asked(self):
        self.case.with_user(self.users["masked"]).sudo(False).action_reward()
        return self.case.sudo().settlement_ids

    def _granted(self):
        reward = self._asked()
        approval = reward._cs_pending_approvals("reward")
        approval.with_user(self.users["chief"]).sudo(False).action_approve()
        return reward.line_ids

    def _code(self):
        owner = self.case.with_user(self.users["agent"]).sudo(False)
        text = owner.action_reward_code()["params"]["message"]
        return text[:6]

    def _wrong(self, code):
        return f"{(int(code) + 1) % 10**6:06d}"

    def test_only_what_held_true(self):
        self.case.sudo().judgement = "partly"
        with self.assertRaises(UserError):
            self._asked()
        self.case.sudo().write({"judgement": "substantiated", "kind": "complaint"})
        with self.assertRaises(UserError):
            self._asked()

    def test_asked_once_and_approved(self):
        reward = self._asked()
        self.assertEqual(reward.amount, 200)
        approval = reward._cs_pending_approvals("reward").sudo()
        self.assertFalse(approval.scope_partner_id)
        with self.assertRaises(UserError):
            self._asked()
        with self.assertRaises(AccessError):
            approval.with_user(self.users["masked"]).sudo(False).action_approve()

    def test_paid_for_the_code(self):
        line = self._granted()
        points = self.case.sudo()._cs_open_points()
        self.assertTrue([text for text in points if line.name in text])
        payer = line.with_user(self.users["biller"]).sudo(False)
        with self.assertRaises(UserError):
            payer.action_pay_reward("123456")
        code = self._code()
        with self.assertRaises(UserError):
            payer.action_book()
        payer.action_pay_reward(self._wrong(code))
        self.assertFalse(line.done)
        payer.action_pay_reward(code)
        self.assertEqual(line.amount_paid, 200)
        self.assertEqual(line.stage, "settled")
        with self.assertRaises(UserError):
            payer.action_pay_reward(code)
        self.assertEqual(len(line.move_ids), 1)

    def test_codes_can_not_be_guessed(self):
        line = self._granted()
        code = self._code()
        payer = line.with_user(self.users["biller"]).sudo(False)
        for _time in range(5):
            payer.action_pay_reward(self._wrong(code))
        with self.assertRaises(UserError):
            payer.action_pay_reward(code)
        payer.action_pay_reward(self._code())
        self.assertTrue(line.done)

    def test_the_first_owner_alone_gets_the_code(self):
        self._granted()
        for login in ("masked", "leader", "biller"):
            with self.assertRaises(AccessError):
                self._rpc(login, "cs.complaint", "action_reward_code", self.case.ids)
        for name in ("reward_code", "reward_tries"):
            with self.assertRaises(AccessError):
                self._rpc(
                    "masked",
                    "cs.complaint.settlement.line",
                    "search_read",
                    [],
                    [name],
                )

    def test_who_knows_the_person_does_not_pay(self):
        line = self._granted()
        code = self._code()
        self.users["agent"].sudo().group_ids += self.env.ref(
            "account.group_account_invoice"
        )
        with self.assertRaises(AccessError):
            line.with_user(self.users["agent"]).sudo(False).action_pay_reward(code)

    def test_books_and_payer_see_no_name(self):
        line = self._granted()
        payer = line.with_user(self.users["biller"]).sudo(False)
        payer.action_pay_reward(self._code())
        move = line.document_id
        self.assertEqual(move.partner_id, self.company.cs_masked_partner_id)
        texts = f"{move.read()}{move.line_ids.read()}{move.origin_payment_id.read()}"
        found = self._rpc(
            "biller", "cs.complaint.settlement.line", "search_read", [], []
        )
        for text in (texts, str(found)):
            self.assertNotIn(self.customer.name, text)
            self.assertNotIn(self.case.sudo().subject, text)

import datetime

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_course import CourseCommon


@tagged("post_install", "-at_install")
class TestJudgement(CourseCommon):
    def _judge(self, login, case, *args):
        return self._rpc(login, "cs.complaint", "action_judge", [case.id], *args)

    def _consent(self, login, case, *args):
        return self._rpc(
            login, "cs.complaint", "action_record_consent", [case.id], *args
        )

    def test_judge(self):
        case = self._complaint()
        with self.assertRaises(UserError):
            self._judge("agent", case, "substantiated")  # not accepted yet
        case.action_accept()
        with self.assertRaises(UserError):
            self._judge("agent", case, "maybe")
        for judgement in ("partly", "unsubstantiated"):
            with self.subTest(judgement), self.assertRaises(UserError):
                self._judge("agent", case, judgement, " ")
        self._judge("agent", case, "partly", "Only the second half")
        self.assertEqual(case.judgement, "partly")
        self.assertEqual(case.judged_by_id, self.agent)
        self.assertTrue(case.judged_at)

    def test_who_judges(self):
        case = self._taken()
        for login in ("auditor", "head", "accused"):
            with self.subTest(login), self.assertRaises(AccessError):
                self._judge(login, case, "substantiated")

    def test_a_judgement_is_needed(self):
        case = self._taken()
        self.assertTrue(any("Judge" in point for point in case._cs_open_points()))
        case.action_judge("substantiated")
        self.assertFalse(any("Judge" in point for point in case._cs_open_points()))

    def test_not_substantiated_needs_an_explanation(self):
        """Explained politely, and what the customer says is written down."""
        case = self._taken()
        self._name(case)
        with self.assertRaises(UserError):
            self._consent("agent", case, "agreed", "phone")
        case.action_judge("unsubstantiated", "The meter is right")
        self.assertIn("politely", " ".join(case._cs_open_points()))
        for args in (
            ("maybe", "phone"),
            ("agreed", "drum"),
            ("not_reached", "phone"),
            ("agreed", "phone", "", "never"),
            ("agreed", "phone", "", "2999-01-01 00:00:00"),
        ):
            with self.subTest(args), self.assertRaises(UserError):
                self._consent("agent", case, *args)
        early = fields.Datetime.now() - datetime.timedelta(days=1)
        with self.assertRaisesRegex(UserError, "before it was judged"):
            self._consent("agent", case, "agreed", "phone", "", early)
        self._consent("agent", case, "agreed", "phone", "He thanks us")
        self.assertEqual(case.consent_by_id, self.agent)
        self.assertNotIn("politely", " ".join(case._cs_open_points()))

    def test_an_objection_goes_to_the_lead(self):
        case = self._taken()
        self._name(case)
        case.action_judge("unsubstantiated", "The meter is right")
        self._consent("agent", case, "objects", "phone", "He doesn't believe it")
        self.assertEqual(case.handler_id, self.leader)
        told = self.env["cs.notify"].search(
            [("res_id", "=", case.id), ("code", "=", "complaint.objects")]
        )
        self.assertEqual(told.user_id, self.leader)
        self.assertIn("judges anew", " ".join(case._cs_open_points()))
        with self.assertRaisesRegex(UserError, "team lead"):
            self._judge("agent", case, "unsubstantiated", "Still right")
        self._judge("leader", case, "unsubstantiated", "Measured again")
        self.assertTrue(case.consent_upheld)
        self.assertEqual(case.consent, "objects")
        self.assertNotIn("judges anew", " ".join(case._cs_open_points()))
        self._judge("leader", case, "substantiated")
        self.assertFalse(case.consent)

    def test_nobody_to_explain_it_to(self):
        case = self._taken()
        case.action_judge("unsubstantiated", "No such house")
        self.assertNotIn("politely", " ".join(case._cs_open_points()))

    def test_suggestions_are_not_judged(self):
        case = self._taken(kind="suggestion")
        with self.assertRaises(UserError):
            self._judge("agent", case, "substantiated")

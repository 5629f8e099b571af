import datetime

from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_course import CourseCommon


@tagged("post_install", "-at_install")
class TestSuggestion(CourseCommon):
    def _idea(self, **values):
        case = self._taken(kind="suggestion", subject="A bench at the gate", **values)
        case.action_to_decide()
        return case

    def _adopt(self, login, case, *args):
        return self._rpc(login, "cs.complaint", "action_adopt", [case.id], *args)

    def _adopted(self, **values):
        case = self._idea(**values)
        due = self.company._cs_today() + datetime.timedelta(days=30)
        self._adopt(
            "agent", case, "adopted", "Good", "A bench", self.users["head"].id, due
        )
        return case, due

    def test_no_investigation(self):
        case = self._taken(kind="suggestion")
        with self.assertRaises(UserError):
            case._cs_set_state("investigating")

    def test_adopted_becomes_an_action(self):
        case, due = self._adopted()
        action = case.adoption_action_id
        self.assertEqual((action.handler_id, action.due_on), (self.users["head"], due))
        self.assertEqual(action.measure, "A bench")
        self.assertEqual(action.author_id, self.agent)
        self.assertEqual(case._cs_linked()[0][1], action.sudo())
        self.assertEqual(case.adopted_by_id, self.agent)
        self.assertRegex(case.honour_quarter, r"^\d{4}-Q[1-4]$")

    def test_reason_person_and_date_are_compulsory(self):
        case = self._idea()
        for args in (
            ("maybe", "x"),
            ("rejected", " "),
            ("adopted", "Good", "", self.agent.id, "2999-01-01"),
            ("adopted", "Good", "A bench", False, "2999-01-01"),
            ("adopted", "Good", "A bench", self.agent.id, False),
        ):
            with self.subTest(args), self.assertRaises(UserError):
                self._adopt("agent", case, *args)
        with self.assertRaises(UserError):
            self._adopt("agent2", case, "rejected", "No room")
        self._adopt("agent", case, "rejected", "No room")
        self.assertEqual(case.opinion, "No room")
        self.assertFalse(case.adoption_action_id)

    def test_once_adopted_it_stays(self):
        case, _due = self._adopted()
        with self.assertRaises(UserError):
            self._adopt("agent", case, "rejected", "No room")

    def test_deciding_needs_it(self):
        case = self._idea()
        with self.assertRaisesRegex(UserError, "adopted"):
            self._rpc("agent", "cs.complaint", "action_decide", [case.id], "Good")
        self._adopt("agent", case, "rejected", "No room")
        self._rpc("agent", "cs.complaint", "action_decide", [case.id])
        self.assertEqual(case.state, "answering")

    def test_posted(self):
        """What is adopted hangs on the board before the case is closed."""
        case, _due = self._adopted()
        self.assertIn("Post", " ".join(case._cs_open_points()))
        case.action_post()
        first = case.posted_at
        case.action_post()
        self.assertEqual((case.posted_at, case.posted_by_id), (first, self.agent))
        self.assertNotIn("Post", " ".join(case._cs_open_points()))
        rejected = self._idea()
        self._adopt("agent", rejected, "rejected", "No room")
        with self.assertRaises(UserError):
            rejected.action_post()

    def test_named_only_with_consent(self):
        case, _due = self._adopted()
        self._name(case)
        self.assertNotIn("Zhang", case.honour_name)
        case.name_consent = True
        self.assertEqual(case.honour_name, "Zhang San")
        case.sudo().masked = True
        self.assertNotIn("Zhang", case.sudo().honour_name)

    def test_nobody_writes_the_adoption(self):
        case = self._idea()
        for name, value in (("adoption", "adopted"), ("honour_quarter", "2026-Q1")):
            with self.subTest(name), self.assertRaises(UserError):
                self._rpc("agent", "cs.complaint", "write", [case.id], {name: value})

    def test_honour_list_prints(self):
        case, _due = self._adopted()
        self._name(case)
        report = self.env["ir.actions.report"].with_user(self.agent)
        html = report._render_qweb_html("cs_complaint.honour_template", case.ids)[0]
        self.assertIn(b"A bench", html)
        self.assertNotIn(b"Zhang", html)

    def test_wizard(self):
        case = self._idea()
        action = case.with_user(self.agent).action_ask_adopt()
        step = self.env["cs.complaint.step"].with_user(self.agent)
        step = step.with_context(**action["context"]).create(
            {"adoption": "rejected", "text": "No room"}
        )
        step.action_apply()
        self.assertEqual(case.adoption, "rejected")

    def test_an_anomaly_that_names_nobody_needs_no_answer(self):
        sheet = self._taken(kind="anomaly")
        self.assertFalse(sheet._cs_needs_answer())
        self._name(sheet)
        self.assertTrue(sheet._cs_needs_answer())
        self.assertTrue(self._taken()._cs_needs_answer())

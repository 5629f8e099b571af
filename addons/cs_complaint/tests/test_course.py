from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import ComplaintCommon


@tagged("post_install", "-at_install")
class CourseCommon(ComplaintCommon):
    """Steps of a case as the right users do them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.cs_profile = "gas"
        cls.agent, cls.agent2 = cls.users["agent"], cls.users["agent2"]
        cls.leader, cls.chief = cls.users["leader"], cls.users["chief"]

    @classmethod
    def _taken(cls, login="agent", **values):
        """A case of the team, with a customer, that its handler has accepted."""
        case = cls._complaint(login, handler_id=cls.users[login].id, **values)
        case.action_accept()
        return case

    @classmethod
    def _name(cls, case, partner=None):
        """Say who complained."""
        identities = cls.env["cs.complaint.identity"].sudo()
        row = identities.search([("complaint_id", "=", case.id)])
        row = row or identities.create({"complaint_id": case.id})
        row.partner_id = partner or cls.customer

    def _decided(self, **values):
        case = self._taken(**values)
        case.action_judge("substantiated")
        case.action_to_decide()
        case.action_decide("Came late; somebody apologises.")
        return case

    def _closed(self, **values):
        case = self._decided(**values)
        self._force_close(case)
        return case

    def _force_close(self, case):
        """Close although other topics have open points."""
        self.patch(self.registry["cs.complaint"], "_cs_open_points", lambda case: [])
        case.action_close()


class TestCourse(CourseCommon):
    def test_accept(self):
        """Accepting starts the time to closing; who has no handler gets one."""
        case = self._complaint("agent2", handler_id=False)
        self._rpc("agent", "cs.complaint", "action_accept", [case.id])
        self.assertEqual(case.state, "accepted")
        self.assertTrue(case.accepted_at)
        self.assertEqual(case.handler_id, self.agent)
        self.assertTrue(case._cs_clocks_of("complaint.close"))
        with self.assertRaises(UserError):
            self._rpc("agent", "cs.complaint", "action_accept", [case.id])

    def test_nobody_else_accepts(self):
        case = self._complaint()
        for role in ("auditor", "head", "accountant"):
            with self.subTest(role), self.assertRaises(UserError):
                self._rpc(role, "cs.complaint", "action_accept", [case.id])
        self.assertEqual(case.state, "new")

    def test_ruled_fields_are_refused(self):
        case = self._taken()
        for name, value in (
            ("state", "closed"),
            ("judgement", "substantiated"),
            ("opinion_at", "2026-01-01 00:00:00"),
            ("opinion_by_id", self.agent.id),
            ("accepted_at", "2026-01-01 00:00:00"),
            ("reopen_count", 3),
            ("withdraw_reason", "x"),
            ("consent", "agreed"),
        ):
            with self.subTest(name), self.assertRaises(UserError):
                self._rpc("agent", "cs.complaint", "write", [case.id], {name: value})

    def test_decide(self):
        """Judgement and opinion come first; opinion is written while deciding."""
        case = self._taken()
        with self.assertRaises(UserError):
            self._rpc("agent", "cs.complaint", "write", [case.id], {"opinion": "x"})
        case.action_to_decide()
        with self.assertRaisesRegex(UserError, "opinion"):
            self._rpc("agent", "cs.complaint", "action_decide", [case.id])
        self._rpc("agent", "cs.complaint", "write", [case.id], {"opinion": "Late."})
        with self.assertRaisesRegex(UserError, "substantiated"):
            self._rpc("agent", "cs.complaint", "action_decide", [case.id])
        case.action_judge("substantiated")
        with self.assertRaisesRegex(UserError, "who works on it"):
            self._rpc("agent2", "cs.complaint", "action_decide", [case.id])
        self._rpc("agent", "cs.complaint", "action_decide", [case.id])
        self.assertEqual(case.state, "answering")
        self.assertEqual(case.opinion_by_id, self.agent)
        self.assertTrue(case.opinion_at)
        with self.assertRaises(UserError):
            self._rpc("agent", "cs.complaint", "write", [case.id], {"opinion": "y"})

    def test_severe_cases_are_decided_by_a_manager(self):
        case = self._taken(severity="severe", severity_evidence="Shouting")
        case.sudo().handler_id = self.agent2
        case.action_judge("substantiated")
        case.action_to_decide()
        with self.assertRaises(UserError):
            self._rpc("leader", "cs.complaint", "action_decide", [case.id], "Late.")
        self._rpc("chief", "cs.complaint", "action_decide", [case.id], "Late.")
        self.assertEqual(case.state, "answering")

    def test_investigation_comes_first(self):
        case = self._taken()
        case._cs_set_state("investigating")
        tasks = self.registry["cs.complaint"]
        self.patch(tasks, "_cs_open_tasks", lambda one: one)
        with self.assertRaisesRegex(UserError, "signed"):
            case.action_to_decide()

    def test_close_needs_every_point(self):
        case = self._decided()
        points = self.registry["cs.complaint"]
        self.patch(points, "_cs_open_points", lambda one: ["Tell the customer."])
        case.invalidate_recordset()
        self.assertEqual(case.open_points, ["Tell the customer."])
        with self.assertRaisesRegex(UserError, "Tell the customer"):
            self._rpc("agent", "cs.complaint", "action_close", [case.id])
        self._force_close(case)
        self.assertEqual(case.state, "closed")

    def test_withdraw(self):
        case = self._taken()
        with self.assertRaises(UserError):
            self._rpc("agent", "cs.complaint", "action_withdraw", [case.id], " ")
        self._rpc("agent", "cs.complaint", "action_withdraw", [case.id], "Solved")
        self.assertEqual((case.state, case.withdraw_reason), ("withdrawn", "Solved"))
        self.assertEqual(set(case._cs_clocks().mapped("state")), {"cancelled"})

    def test_reopen(self):
        """By a lead with a reason; the clock of closing goes on."""
        case = self._closed()
        close = case._cs_clocks_of("complaint.close")
        self.assertEqual(close.state, "met")
        with self.assertRaisesRegex(UserError, "team lead"):
            self._rpc("agent", "cs.complaint", "action_reopen", [case.id], "Not done")
        with self.assertRaises(UserError):
            self._rpc("leader", "cs.complaint", "action_reopen", [case.id], "")
        self._rpc("leader", "cs.complaint", "action_reopen", [case.id], "Not done")
        self.assertEqual((case.state, case.reopen_count), ("answering", 1))
        self.assertEqual(close.state, "running")

    def test_menu_offers_what_may_be_done(self):
        case = self._taken()
        for login, names in (
            ("agent", {"action_ask_severity", "action_ask_withdraw"}),
            ("agent2", {"action_ask_severity"}),
            ("auditor", set()),
        ):
            rows = case.with_user(self.users[login]).menu_rows
            course = {"action_ask_severity", "action_ask_withdraw", "action_ask_reopen"}
            offered = {row["key"] for row in rows or ()} & course
            self.assertEqual(offered, names, login)

    def test_summary_names_nobody(self):
        case = self._taken()
        self._name(case)
        self.assertNotIn("Zhang", case._cs_summary())

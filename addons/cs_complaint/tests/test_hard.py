from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_clock import ClockCommon


@tagged("post_install", "-at_install")
class TestHard(ClockCommon):
    def _hard(self, login="leader"):
        cases = self.env["cs.complaint"].with_user(self.users[login])
        return cases.search([("is_hard", "=", True)])

    def test_what_is_hard(self):
        """Marked, late, chased three times, severe, with media."""
        plain = self._taken()
        marked = self._taken()
        marked.action_mark_hard("He calls every day")
        chased = self._taken()
        for _number in range(3):
            chased.action_chase("again")
        severe = self._taken(severity="severe", severity_evidence="Shouting")
        media = self._taken(channel="media", external_ref="M 1")
        with freeze_time(self._at("10-12 10:00")):
            late = self._taken()
        late._cs_clocks()._cs_refresh()
        hard = marked | chased | severe | media | late
        self.assertEqual(self._hard() & (hard | plain), hard)
        for case in hard:
            self.assertTrue(case.is_hard)
            self.assertTrue(case.hard_text)
        self.assertFalse(plain.is_hard)
        self.company.cs_complaint_hard_chases = 4
        self.env.invalidate_all()
        self.assertNotIn(chased, self._hard())
        marked.action_withdraw("Solved")
        self.assertNotIn(marked, self._hard())

    def test_mark_and_unmark(self):
        case = self._taken()
        with self.assertRaises(UserError):
            self._rpc("agent", "cs.complaint", "action_mark_hard", [case.id], " ")
        with self.assertRaises(UserError):
            self._rpc("agent", "cs.complaint", "write", [case.id], {"hard": True})
        with self.assertRaises(AccessError):
            self._rpc("head", "cs.complaint", "action_mark_hard", [case.id], "x")
        self._rpc("agent", "cs.complaint", "action_mark_hard", [case.id], "Daily calls")
        self.assertEqual(case.hard_by_id, self.agent)
        self.assertTrue(case.hard_since)
        self._rpc("agent", "cs.complaint", "action_unmark_hard", [case.id])
        self.assertFalse(case.is_hard)

    def test_decision_of_the_meeting(self):
        case = self._taken()
        case.action_mark_hard("Daily calls")
        with self.assertRaises(AccessError):
            self._rpc("agent", "cs.complaint", "action_meeting", [case.id], "Visit")
        self._rpc("leader", "cs.complaint", "action_meeting", [case.id], "Visit him")
        self.assertEqual(case.meeting_decision, "Visit him")
        told = self.env["cs.notify"].search(
            [("res_id", "=", case.id), ("code", "=", "complaint.meeting")]
        )
        self.assertEqual(told.user_id, self.agent)

    def test_the_list_prints_nobodys_name(self):
        case = self._taken()
        self._name(case)
        case.action_mark_hard("Daily calls")
        masked = self._taken()
        masked.sudo().masked = True
        report = self.env["ir.actions.report"].with_user(self.users["masked"])
        html = report._render_qweb_html(
            "cs_complaint.hard_template", (case | masked).ids
        )[0].decode()
        self.assertIn(case.name, html)
        self.assertIn("Daily calls", html)
        self.assertEqual(html.count(case.subject), 1)
        self.assertNotIn("Zhang", html)

    def test_leads_hear_once_on_the_first_working_day(self):
        case = self._taken()
        case.action_mark_hard("Daily calls")
        notices = self.env["cs.notify"]
        told = [("code", "=", "complaint.hard"), ("user_id", "=", self.leader.id)]
        cases = self.env["cs.complaint"]
        for day, count in (
            ("10-05 08:15", 0),  # National Day
            ("10-08 08:15", 1),  # the first working day of that week
            ("10-08 08:20", 1),
            ("10-09 08:15", 1),
            ("10-12 08:15", 2),
        ):
            with self.subTest(day), freeze_time(self._at(day)):
                cases._cron_hard_cases()
                self.assertEqual(notices.search_count(told), count)
        case.action_unmark_hard()
        with freeze_time(self._at("10-19 08:15")):
            cases._cron_hard_cases()
        self.assertEqual(notices.search_count(told), 2)

    def test_next_step(self):
        case = self._complaint()
        self.assertEqual(case.next_step, "Take Up")
        points = self.registry["cs.complaint"]
        self.patch(points, "_cs_open_points", lambda one: ["Tell the customer."])
        self.assertEqual(self._decided().next_step, "Tell the customer.")

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_money import MoneyCommon
from .test_task import DRAWN, REPORT


@tagged("post_install", "-at_install")
class TestEventCourse(MoneyCommon):
    """A mass event from the first call to the last acceptance, by its buttons."""

    def _do(self, login, record, method, *args, **kwargs):
        result = self._rpc(login, record._name, method, record.ids, *args, **kwargs)
        self.env.flush_all()
        self.env.invalidate_all()
        return result

    def _caller(self, event, number):
        partner = self.env["res.partner"].create(
            {"name": f"Neighbour {number}", "phone": f"1370000000{number}"}
        )
        mine = event.with_user(self.users["agent2"])
        return mine._cs_add_caller(
            {"channel": "phone", "complainant_partner_id": partner.id}
        ).sudo(False)

    def _event(self):
        event = self._complaint(
            subject="No gas in the whole building",
            complainant_partner_id=self.customer.id,
            team_id=self.team.id,
            handler_id=self.users["agent"].id,
        )
        return event, [self._caller(event, number) for number in range(3)]

    def _investigate(self, event):
        [task_id] = self._do(
            "agent", event, "action_investigate", self.department.ids, "What happened?"
        )
        task = self.env["cs.complaint.task"].browse(task_id)
        self._do("accused", task, "action_accept")
        self._do("accused", task, "write", {**REPORT, "tracked": False})
        self._do("accused", task, "action_report")
        self._do("head", task, "write", {"head_signature": DRAWN})
        self._do("head", task, "action_sign")

    def _attribute(self, event):
        self._rpc(
            "agent",
            "cs.complaint.attribution",
            "create",
            [
                {
                    "complaint_id": event.id,
                    "percent": 100,
                    "department_id": self.department.id,
                }
            ],
        )
        self._do("chief", event, "action_decide_attribution")

    def _accepts(self, case, name):
        self._do("agent", case, "action_customer_accepts", "phone", name)

    def _tell_all(self, event, callers):
        """The event and the callers who weren't told with it."""
        self._do("agent", event, "action_tell", "phone", "The valve was shut.")
        for caller in callers:
            if not caller.sudo().answer_id:
                self._do("agent", caller, "action_tell", "phone", "The valve was shut.")
            self.assertEqual(caller.sudo().answer_state, "told")

    def test_whole_course(self):
        event, callers = self._event()
        self._do("agent", event, "action_accept")
        self._investigate(event)
        if event.state == "investigating":
            self._do("agent", event, "action_to_decide")
        self._do("agent", event, "action_judge", "substantiated")
        self._attribute(event)
        line = self._approved(("compensation", 100), case=event).line_ids
        line.with_user(self.users["leader"]).sudo(False).action_book()
        self._do("agent", event, "action_decide", "Somebody shut the valve.")
        for caller in callers:
            self.assertEqual(caller.state, "answering")
            self.assertEqual(caller._cs_promised_amount(), 100)
            points = caller.sudo()._cs_open_points()
            self.assertEqual(len(points), 1, points)
            self.assertIn("told", points[0])
        self._tell_all(event, callers)
        for number, caller in enumerate(callers[:2]):
            self._accepts(caller, f"Neighbour {number}")
            self.assertFalse(caller.sudo()._cs_open_points())
        self._accepts(event, "Zhang San")
        self.assertFalse(event.sudo()._cs_open_points())
        self._do("agent", event, "action_close")
        self.assertEqual(event.state, "closed")
        self.assertEqual([one.state for one in callers[:2]], ["closed", "closed"])
        late = callers[2]
        self.assertEqual(late.state, "answering")
        self._accepts(late, "Neighbour 2")
        self._do("agent", late, "action_close")
        self.assertEqual(late.state, "closed")

    def test_what_is_decided_in_the_event_alone(self):
        event, callers = self._event()
        self._do("agent", event, "action_accept")
        caller = callers[0]
        with self.assertRaisesRegex(UserError, "judged there"):
            self._do("agent", caller, "action_judge", "substantiated")
        with self.assertRaisesRegex(UserError, "decided there"):
            self._attribute(caller)
        points = " ".join(caller.sudo()._cs_open_points())
        for word in ("Judge", "answers for it", "ettlement"):
            self.assertNotIn(word, points)

    def test_a_caller_objects_to_the_explanation(self):
        """That is his own: a team lead judges anew, or upholds the judgement."""
        event, callers = self._event()
        self._do("agent", event, "action_accept")
        self._do("agent", event, "action_judge", "unsubstantiated", "It was a drill")
        caller = callers[0]
        self._do("agent", caller, "action_record_consent", "objects", "phone", "No")
        self.assertTrue(caller.sudo()._cs_open_points())
        self._do("leader", caller, "action_judge", "unsubstantiated", "It was a drill")
        self.assertTrue(caller.consent_upheld)

    def test_nothing_is_told_while_the_event_only_proposes(self):
        event, callers = self._event()
        event.sudo().write(
            {
                "state": "answering",
                "judgement": "substantiated",
                "accepted_at": fields.Datetime.now(),
            }
        )
        caller = callers[0]
        caller.sudo().write({"state": "answering", "judgement": "substantiated"})
        self._propose(("compensation", 100), case=event)
        with self.assertRaisesRegex(UserError, "only proposed"):
            self._do("agent", caller, "action_tell", "phone", "We pay nothing.")

from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tests import Form, tagged

from .common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestEvent(ComplaintCommon):
    """Many callers, one investigation, one judgement, one text."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.neighbours = cls.env["res.partner"].create(
            [{"name": f"Neighbour {n}", "phone": f"1370000000{n}"} for n in range(3)]
        )
        cls.event = cls._complaint(
            subject="No gas in the whole building",
            complainant_partner_id=cls.customer.id,
        )

    def _caller(self, number=0, login="agent2", **values):
        event = self.event.with_user(self.users[login])
        partner = self.neighbours[number]
        return event._cs_add_caller(
            {"channel": "phone", "complainant_partner_id": partner.id, **values}
        )

    def _to(self, state):
        """Bring the event to ``state`` as its methods do."""
        steps = ("accepted", "investigating", "deciding", "answering")
        for step in steps[: steps.index(state) + 1]:
            if step == "answering":
                self.event.sudo().write(
                    {"judgement": "substantiated", "opinion": "Valve was shut"}
                )
            self.event.sudo()._cs_set_state(step)

    def test_caller_by_dialog(self):
        """Two buttons: open the dialog, add; the clerk owns the caller's contact."""
        self.event.action_make_event()
        action = self.event.with_user(self.users["agent2"]).action_add_caller()
        dialogs = self.env[action["res_model"]].with_user(self.users["agent2"])
        form = Form(dialogs.with_context(**action["context"]))
        form.partner_id = self.neighbours[0]
        self.assertEqual(form.phone, "137****0000")
        form.save().action_add()
        child = self.event.child_ids
        self.assertEqual(child.subject, self.event.subject)
        self.assertNotEqual(child.name, self.event.name)
        self.assertNotEqual(child.interaction_id, self.event.interaction_id)
        self.assertEqual(child.interaction_id.first_owner_id, self.users["agent2"])
        self.assertEqual(child.handler_id, self.users["agent"])
        row = child.sudo().identity_ids
        self.assertEqual(row.partner_id, self.neighbours[0])
        self.assertEqual(row.phone, "13700000000")
        self.assertEqual(self.event.child_count, 1)

    def test_event_counts_once(self):
        self._caller(0)
        self._caller(1)
        cases = self.env["cs.complaint"]
        family = self.event | self.event.child_ids
        counted = cases.search(
            cases._cs_domain("report") & Domain("id", "in", family.ids)
        )
        self.assertEqual(counted, self.event)

    def test_children_follow(self):
        """Judgement, cause and opinion are the event's; clocks are their own."""
        first = self._caller(0)
        self._to("accepted")
        self.assertEqual(first.state, "accepted")
        self.assertTrue(first._cs_clocks())
        self.event.sudo()._cs_set_state("investigating")
        self.assertEqual(first.state, "accepted")
        late = self._caller(1)
        self.assertEqual(late.state, "accepted")
        self.event.sudo()._cs_set_state("deciding")
        self.event.sudo().write(
            {"judgement": "substantiated", "opinion": "Valve was shut"}
        )
        self.event.sudo()._cs_set_state("answering")
        for child in (first, late):
            self.assertEqual(child.state, "answering")
            self.assertEqual(child.judgement, "substantiated")
            self.assertEqual(child.sudo().opinion, "Valve was shut")
        self.assertEqual(self._caller(2).state, "answering")
        self.event.sudo()._cs_set_state("deciding")
        self.assertEqual(first.state, "deciding")

    def test_severity_goes_over(self):
        child = self._caller()
        self.event.sudo()._cs_change_severity(
            "influential", False, "", "Twenty calls", self.env["ir.attachment"]
        )
        self.assertEqual(child.severity, "influential")

    def test_closing_closes_those_who_accept(self):
        """Whoever has something open stays open."""
        done, waiting = self._caller(0), self._caller(1)
        self._to("answering")
        cases = self.registry["cs.complaint"]
        points = cases._cs_open_points

        def open_points(case):
            return ["Tell him."] if case == waiting else []

        self.patch(cases, "_cs_open_points", open_points)
        self.event.sudo()._cs_set_state("closed")
        self.patch(cases, "_cs_open_points", points)
        self.assertEqual(done.state, "closed")
        self.assertEqual(waiting.state, "answering")

    def test_event_ends_with_its_callers(self):
        self._caller()
        with self.assertRaisesRegex(UserError, "wait for the answer"):
            self.event.sudo()._cs_set_state("withdrawn")

    def test_refused(self):
        child = self._caller()
        secret = self._complaint(kind="corruption")
        for case in (child, secret):
            with self.subTest(case.name), self.assertRaises(UserError):
                case.action_make_event()
        with self.assertRaises(UserError):
            self._rpc("agent", "cs.complaint", "write", child.ids, {"parent_id": False})
        for role in ("auditor", "head", "accountant"):
            with self.subTest(role), self.assertRaises(AccessError):
                self._rpc(role, "cs.complaint", "action_make_event", self.event.ids)
        kept = self._complaint()
        for other in (self.event, child):
            with self.assertRaises(UserError):
                kept._cs_merge(other, "Same")

    def test_one_investigation(self):
        child = self._caller()
        self._to("accepted")
        with self.assertRaises(UserError):
            child.action_investigate(self.department.ids, "What happened?")

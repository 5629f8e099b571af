import datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError

from .common import ToyCommon


class TestFollowup(ToyCommon):
    def _done(self, **vals):
        contact = self._contact()
        vals = {"interaction_id": contact.id, "handler_id": self.second.id, **vals}
        request = self._request(**vals)
        request.action_work()
        request.action_done()
        return request

    def _visit(self, request, user=None):
        visit = self.env["cs.followup"]._cs_open_of(request)
        return visit.with_user(user or self.clerk).sudo(False)

    def test_asked_before_closing(self):
        request = self._done()
        visit = self._visit(request)
        self.assertEqual(visit.user_id, self.clerk)
        self.assertEqual(visit.barred_id, self.second)
        with self.assertRaises(UserError):
            request.sudo().action_close()
        visit.action_record("satisfied")
        request.action_close()
        self.assertEqual(request.state, "closed")
        self.assertEqual(request.interaction_id.state, "closed")

    def test_dissatisfied_opens_again_and_asks_again(self):
        request = self._done()
        with self.assertRaises(UserError):
            self._visit(request).action_record("dissatisfied")
        self._visit(request).action_record("dissatisfied", "Still cold")
        self.assertEqual(request.state, "work")
        request.action_done()
        self.assertTrue(self._visit(request))

    def test_not_by_who_did_the_work(self):
        visit = self._visit(self._done(), self.second)
        with self.assertRaises(AccessError):
            visit.action_record("satisfied")

    def test_first_owner_who_did_the_work_is_replaced(self):
        request = self._done(handler_id=self.clerk.id)
        visit = self._visit(request, self.lead)
        self.assertEqual(visit.user_id, self.lead)

    def test_visit_of_somebody_else(self):
        third = self.users["personal_data"]
        with self.assertRaises(AccessError):
            self._visit(self._done(), third).action_record("satisfied")

    def test_unreachable_after_three_attempts_on_two_days(self):
        with freeze_time("2026-11-23 02:00:00"):
            visit = self._visit(self._done())
            visit.action_try("No answer")
            visit.action_try()
            visit.action_try()
            with self.assertRaises(UserError):
                visit.action_record("unreachable")
        with freeze_time("2026-11-23 16:30:00"):  # the next day in Shanghai
            visit.action_try()
            visit.action_record("unreachable")
        self.assertEqual(visit.outcome, "unreachable")

    def test_recorded_once(self):
        visit = self._visit(self._done())
        visit.action_record("refused", "No time")
        with self.assertRaises(UserError):
            visit.action_record("satisfied")
        with self.assertRaises(UserError):
            visit.action_try()

    def test_outcomes_by_kind(self):
        with self.assertRaises(UserError):
            self._visit(self._done()).action_record("done")

    def test_not_needed_when_work_goes_on(self):
        request = self._done()
        visit = self._visit(request)
        request.action_work()
        self.assertEqual(visit.state, "cancelled")

    def test_asked_after_closing(self):
        kind = self.env["cs.business.type"]._cs_by_code("toy.request")
        kind.followup = "after_close"
        request = self._done()
        self.assertFalse(self._visit(request))
        request.action_close()
        contact = request.interaction_id
        self.assertEqual(contact.state, "open")
        self._visit(request).action_record("satisfied")
        self.assertEqual(contact.state, "closed")

    def _end_otherwise(self, request, state):
        """From closed to another closed state, as some rooms do."""
        following = {**request._cs_transitions(), "closed": {state}}
        kind = self.registry["cs.toy.request"]
        with patch.object(kind, "_cs_transitions", lambda matter: following):
            request._cs_set_state(state)

    def test_closed_in_another_way_needs_no_visit(self):
        """The contact that waited for the visit alone is closed with it."""
        self.env["cs.business.type"]._cs_by_code("toy.request").followup = "after_close"
        request = self._done()
        request.action_close()
        self.assertEqual(request.interaction_id.state, "open")
        visit = self._visit(request)
        self._end_otherwise(request, "cancelled")
        self.assertEqual(visit.state, "cancelled")
        self.assertEqual(request.interaction_id.state, "closed")

    def test_closed_twice_is_asked_once(self):
        """The visit of the first closing stays, whoever has it by now."""
        self.env["cs.business.type"]._cs_by_code("toy.request").followup = "after_close"
        request = self._done()
        request.action_close()
        visit = self._visit(request)
        kind = self.registry["cs.toy.request"]
        with patch.object(
            kind, "_cs_visit_states", lambda matter: {"closed", "merged"}
        ):
            self._end_otherwise(request, "merged")
        self.assertEqual(visit.state, "open")
        self.assertEqual(self._visit(request), visit)
        self.assertEqual(request.interaction_id.state, "open")

    def test_due_in_working_days(self):
        with freeze_time("2026-09-30 08:00:00"):
            visit = self._visit(self._done())
        day = self.company._cs_date(visit.due_at)
        self.assertEqual(day, datetime.date(2026, 10, 10))

    def test_masked_customer_is_not_named(self):
        kind = self.env["cs.business.type"]._cs_by_code("toy.report")
        kind.followup = "after_close"
        report = self._report()
        report.action_close()
        visit = self.env["cs.followup"]._cs_open_of(report)
        self.assertTrue(visit.masked)
        self.assertFalse(visit.partner_id)
        mine = self.env["cs.followup"].with_user(self.clerk)
        self.assertNotIn(visit, mine.search([]))

    def test_callback_keeps_the_contact_open(self):
        contact = self._contact()
        soon = fields.Datetime.now() + datetime.timedelta(hours=3)
        contact.action_promise_callback(soon, "Price of a meter")
        contact.action_answer("We call back")
        self.assertEqual(contact.state, "open")
        self.env["cs.followup"].with_user(self.clerk).search(
            [("interaction_id", "=", contact.id)]
        ).action_record("done")
        self.assertEqual(contact.state, "closed")

    def test_callback_within_two_days(self):
        contact = self._contact()
        now = fields.Datetime.now()
        for hours in (-1, 49):
            with self.subTest(hours), self.assertRaises(UserError):
                contact.action_promise_callback(now + datetime.timedelta(hours=hours))

    def test_rows_change_in_methods_only(self):
        visit = self._visit(self._done())
        for role in ("user", "lead", "manager"):
            with self.subTest(role), self.assertRaises(AccessError):
                self._rpc(
                    role, "cs.followup", "write", visit.ids, {"outcome": "satisfied"}
                )

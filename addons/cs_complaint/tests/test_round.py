import datetime

from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_answer import AnswerCommon


@tagged("post_install", "-at_install")
class TestRound(AnswerCommon):
    def _refuse(self, case=None, reason="Not enough", role="agent", **kwargs):
        case = case or self.case
        action = self._rpc(
            role, "cs.complaint", "action_refuse", case.ids, reason, **kwargs
        )
        return self.env["cs.complaint"].browse(action["res_id"])

    def _closed(self, days=0, **values):
        """A case that was closed some days ago."""
        case = self._answering(**values)
        self._tell(case)
        self._accept(case)
        self._close(case)
        if days:
            then = case.closed_at - datetime.timedelta(days=days)
            self._set(case, closed_at=then)
        return case

    def _close(self, case):
        model = self.registry["cs.complaint"]
        self.patch(model, "_cs_open_points", lambda _case: [])
        case.sudo()._cs_set_state("closed")

    def _link_kinds(self, case):
        rows = self.env["cs.link"].sudo()
        return rows.search(rows._cs_domain_of(case)).mapped("kind")

    def test_refused_begins_the_next_round(self):
        self._set(self.case, severity="severe")
        self.case.premises_id = self.premises
        row = self._tell()
        fresh = self._refuse()
        self.assertEqual(self.case.state, "refused")
        self.assertEqual((row.state, row.result_note), ("refused", "Not enough"))
        self.assertEqual((fresh.round_no, fresh.state), (2, "new"))
        self.assertNotEqual(fresh.name, self.case.name)
        self.assertEqual(fresh.previous_id, self.case)
        self.assertEqual(fresh.interaction_id, self.case.interaction_id)
        self.assertEqual(fresh.premises_id, self.premises)
        self.assertEqual(fresh.severity, "severe")
        self.assertEqual(fresh.sudo().identity_ids.partner_id, self.customer)
        self.assertEqual(fresh.sudo().identity_ids.phone, "13800001234")
        self.assertFalse(fresh.judgement or fresh.answer_id or fresh.answered_at)
        self.assertIn("round", self._link_kinds(self.case))
        self.assertIn("round_of", self._link_kinds(fresh))

    def test_chain_is_counted_once(self):
        self._tell()
        fresh = self._refuse()
        self._set(fresh, state="answering")
        self._tell(fresh)
        third = self._refuse(fresh)
        self.assertEqual(third.round_no, 3)
        self.assertEqual((self.case + fresh + third).chain_id, self.case)
        cases = self.env["cs.complaint"].sudo()
        counted = cases.search(cases._cs_domain("report"))
        self.assertIn(self.case, counted)
        self.assertFalse((fresh + third) & counted)

    def test_files_go_with_it(self):
        file = self.env["ir.attachment"].create(
            {
                "name": "photo.txt",
                "raw": b"photo",
                "res_model": "cs.complaint",
                "res_id": self.case.id,
                "cs_internal": True,
            }
        )
        self._tell()
        fresh = self._refuse()
        copy = file.search(
            [("res_model", "=", "cs.complaint"), ("res_id", "=", fresh.id)]
        )
        self.assertEqual(copy.mapped("raw"), [b"photo"])
        self.assertTrue(copy.cs_internal)
        self.assertEqual(copy.store_fname, file.store_fname)

    def test_old_round_is_frozen(self):
        self._tell()
        self._refuse()
        for vals in ({"content": "x"}, {"subject": "x"}, {"handler_id": False}):
            for role in ("agent", "chief"):
                with self.assertRaises(UserError, msg=vals):
                    self._rpc(role, "cs.complaint", "write", self.case.ids, vals)
        identity = self.case.sudo().identity_ids
        with self.assertRaises(UserError):
            self._rpc("chief", identity._name, "write", identity.ids, {"phone": "1"})
        for method, *args in (
            ("action_tell", "phone", "x"),
            ("action_refuse", "x"),
            ("action_customer_accepts", "phone", "x"),
            ("action_broken_promise", "x"),
        ):
            with self.assertRaises(UserError, msg=method):
                self._rpc("chief", "cs.complaint", method, self.case.ids, *args)

    def test_refused_at_any_time_after_it_is_closed(self):
        case = self._closed(days=400)
        self.assertEqual(
            self.env["cs.followup"]._cs_open_of(case).mapped("kind"), ["visit"]
        )
        fresh = self._refuse(case)
        self.assertEqual((case.state, fresh.round_no), ("refused", 2))
        self.assertEqual(case.sudo().answer_id.state, "accepted")
        self.assertFalse(self.env["cs.followup"]._cs_open_of(case))

    def test_refused_once_however_often_it_is_pressed(self):
        self._tell()
        self._refuse()
        with self.assertRaises(UserError):
            self._refuse()
        rounds = self.env["cs.complaint"].search([("previous_id", "=", self.case.id)])
        self.assertEqual(len(rounds), 1)

    def test_nobody_refuses_what_he_was_not_told(self):
        with self.assertRaises(UserError):
            self._refuse()
        self._tell()
        for values in ({"reason": " "}, {"way": "link"}):
            with self.assertRaises(UserError):
                self._refuse(**values)

    def test_hidden_stays_hidden_in_the_next_round(self):
        case = self._answering("masked", masked=True)
        self._tell(case, role="masked")
        fresh = self._refuse(case, role="masked")
        self.assertTrue(fresh.masked)

    # === GOES ON === #

    def test_promise_not_kept_within_the_days(self):
        case = self._closed(days=6)
        self._rpc(
            "agent", "cs.complaint", "action_broken_promise", case.ids, "No repair"
        )
        self.assertEqual((case.state, case.is_open), ("answering", True))
        self.assertFalse(case.answer_id)
        self.assertTrue(case.answer_ids)
        self.assertTrue(case._cs_open_points() is not None)

    def test_promise_not_kept_later_is_a_new_case(self):
        case = self._closed(days=8)
        action = self._rpc(
            "agent", "cs.complaint", "action_broken_promise", case.ids, "No repair"
        )
        fresh = self.env["cs.complaint"].browse(action["res_id"])
        self.assertEqual(case.state, "closed")
        self.assertNotEqual(fresh, case)
        self.assertEqual((fresh.round_no, fresh.chain_id), (1, fresh))
        self.assertIn("result", self._link_kinds(case))
        self.assertEqual(fresh.sudo().identity_ids.partner_id, self.customer)

    # === RETURN VISIT === #

    def _visit(self, case):
        return self.env["cs.followup"]._cs_open_of(case)

    def _owned(self, days=0, **values):
        case = self._closed(days, **values)
        return case, self._visit(case)

    def test_every_closed_case_is_visited_by_its_first_owner(self):
        self.case.sudo().interaction_id._cs_give_to(self.users["agent"])
        self.case.sudo().handler_id = self.users["agent"]
        self._tell()
        self._accept()
        self._close(self.case)
        visit = self._visit(self.case)
        self.assertEqual(visit.user_id, self.users["agent"])
        self.assertEqual((visit.tries, visit.try_days), (3, 2))
        self.assertEqual(visit.partner_id, self.customer)

    def test_satisfied_ends_it_and_closes_the_contact(self):
        case, visit = self._owned()
        visit.with_user(self.users["leader"]).sudo(False).action_record("satisfied")
        self.assertEqual(case.state, "closed")
        self.assertEqual(case.sudo().interaction_id.state, "closed")

    def test_dissatisfied_opens_it_again(self):
        case, visit = self._owned()
        visit.with_user(self.users["leader"]).sudo(False).action_record(
            "dissatisfied", "Still cold"
        )
        self.assertEqual(case.state, "answering")
        self.assertNotEqual(case.sudo().interaction_id.state, "closed")

    def test_dissatisfied_begins_a_round_if_the_company_wants_it(self):
        self.company.cs_complaint_dissatisfied = "round"
        case, visit = self._owned()
        visit.with_user(self.users["leader"]).sudo(False).action_record(
            "dissatisfied", "Still cold"
        )
        self.assertEqual(case.state, "refused")
        fresh = case.search([("previous_id", "=", case.id)])
        self.assertEqual(fresh.round_no, 2)

    def test_dissatisfied_long_after_is_a_new_case(self):
        case, visit = self._owned(days=8)
        visit.with_user(self.users["leader"]).sudo(False).action_record(
            "dissatisfied", "Still cold"
        )
        self.assertEqual(case.state, "closed")
        self.assertIn("result", self._link_kinds(case))

    def test_refuses_to_say_ends_the_visit(self):
        case, visit = self._owned()
        visit.with_user(self.users["leader"]).sudo(False).action_record(
            "refused", "No time"
        )
        self.assertEqual(case.state, "closed")
        self.assertFalse(self._visit(case))

    def test_nobody_is_asked_whom_nobody_knows(self):
        case = self._complaint()
        self._set(case, state="answering")
        self._close(case)
        self.assertFalse(self._visit(case))

    def test_a_hidden_person_gets_no_link(self):
        case = self._answering("masked", masked=True)
        self.assertFalse(case._cs_vote_partner())

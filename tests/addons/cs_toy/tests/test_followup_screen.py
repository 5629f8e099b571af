import datetime

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import ToyCommon


class VisitCommon(ToyCommon):
    """Finished requests whose customers are to be asked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.phone = "13800000001"

    def _done(self, user=None, **vals):
        contact = self._contact(user)
        vals = {"interaction_id": contact.id, "handler_id": self.second.id, **vals}
        request = self._request(user, **vals)
        request.action_work()
        request.action_done()
        return request

    def _visit(self, request, user=None):
        visit = self.env["cs.followup"]._cs_open_of(request)
        return visit.with_user(user or self.clerk).sudo(False)


@tagged("post_install", "-at_install")
class TestFollowupScreen(VisitCommon):
    # === BUTTONS === #

    def test_satisfied_with_one_press(self):
        visit = self._visit(self._done())
        self.assertTrue(visit.can_record)
        visit.action_satisfied()
        self.assertEqual((visit.state, visit.outcome), ("done", "satisfied"))
        self.assertEqual(visit.visited, 1.0)
        self.assertFalse(visit.can_record)

    def _note(self, visit, action):
        dialog = getattr(visit, action)()
        return Form(
            self.env[dialog["res_model"]]
            .with_user(self.clerk)
            .with_context(**dialog["context"])
        )

    def test_dissatisfied_asks_what_he_said(self):
        request = self._done()
        visit = self._visit(request)
        form = self._note(visit, "action_dissatisfied")
        with self.assertRaises(AssertionError):
            form.save()  # the note is compulsory
        form.note = "Still cold"
        form.save().action_write_down()
        self.assertEqual(visit.outcome, "dissatisfied")
        self.assertEqual(visit.note, "Still cold")
        self.assertEqual(request.state, "work")

    def test_not_reached_then_given_up(self):
        visit = self._visit(self._done())
        days = ("2026-11-23 02:00:00", "2026-11-23 06:00:00", "2026-11-24 02:00:00")
        for moment in days:
            self.assertFalse(visit.can_give_up)
            with self.subTest(moment), freeze_time(moment):
                self._note(visit, "action_not_reached").save().action_write_down()
                visit.invalidate_recordset()
        self.assertEqual(visit.attempt_count, 3)
        self.assertTrue(visit.can_give_up)
        visit.action_unreachable()
        self.assertEqual(visit.outcome, "unreachable")

    def test_who_did_the_work_has_no_buttons(self):
        visit = self._visit(self._done(), self.second)
        self.assertFalse(visit.can_record)

    # === WHAT IS SHOWN === #

    def test_course_of_the_matter(self):
        request = self._done()
        visit = self._visit(request)
        self.assertEqual(visit.matter_name, request.display_name)
        self.assertEqual(visit.handover_note, request._cs_handover_note())
        self.assertEqual(visit.phone_masked, "138****0001")
        self.assertEqual(visit.action_open_matter()["res_id"], request.id)
        self.assertEqual(
            visit.action_open_contact()["res_id"], request.interaction_id.id
        )

    def test_full_number_goes_through_the_dialog_that_logs(self):
        visit = self._visit(self._done())
        action = visit.action_reveal()
        self.assertEqual(action["res_model"], "cs.partner.reveal")
        self.assertEqual(action["context"]["default_partner_id"], self.customer.id)

    def test_masked_shows_nobody(self):
        kind = self.env["cs.business.type"]._cs_by_code("toy.report")
        kind.followup = "after_close"
        report = self._report()
        report.action_close()
        visit = self.env["cs.followup"]._cs_open_of(report)
        visit = visit.with_user(self.users["masked"]).sudo(False)
        self.assertFalse(visit.phone_masked)
        self.assertFalse(visit.partner_id)
        for role in ("user", "lead", "manager", "auditor"):
            with self.subTest(role=role):
                groups = self._rpc(
                    role,
                    "cs.followup",
                    "formatted_read_group",
                    [("id", "=", visit.id)],
                    ["user_id"],
                    ["__count"],
                )
                self.assertFalse(groups)

    def test_what_becomes_masked_later_names_nobody(self):
        request = self._done()
        visit = self._visit(request)
        self.assertTrue(visit.partner_id)
        request.sudo().write({"masked": True})
        self.assertTrue(visit.sudo().masked)
        self.assertFalse(visit.sudo().partner_id)
        self.assertFalse(visit.sudo().premises_id)

    def test_list_costs_the_same_for_many(self):
        def read(number):
            visits = self.env["cs.followup"].browse()
            for _ in range(number):
                visits |= self.env["cs.followup"]._cs_open_of(self._done())
            visits = visits.with_user(self.clerk).sudo(False)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            visits.read(
                [
                    "due_at",
                    "subject",
                    "partner_id",
                    "phone_masked",
                    "premises_id",
                    "attempt_count",
                    "is_overdue",
                    "outcome",
                ]
            )
            return self.env.cr.sql_log_count - before

        read(1)
        self.assertLessEqual(read(12), read(3))

    # === WITHOUT SOMEBODY HERE === #

    def test_archived_owner(self):
        visit = self._visit(self._done(), self.lead)
        visits = self.env["cs.followup"].with_user(self.lead)
        domain = [("needs_owner", "=", True), ("id", "=", visit.id)]
        self.assertFalse(visits.search(domain))
        with self.assertRaises(UserError):
            visit.action_assign(self.lead.id)
        self.clerk.active = False
        visit.invalidate_recordset()
        self.assertTrue(visit.needs_owner)
        self.assertEqual(visits.search(domain), visit)
        self.assertTrue(visit.can_assign)
        events = self.env["cs.event"].search_count([])
        with self.assertRaises(UserError):
            visit.action_assign(self.second.id)  # did the work
        with self.assertRaises(UserError):
            visit.action_assign(self.users["plain"].id)
        visit.action_assign(self.lead.id)
        self.assertEqual(visit.user_id, self.lead)
        self.assertEqual(self.env["cs.event"].search_count([]), events + 1)
        self.assertFalse(visits.search(domain))

    def test_long_absent_owner_by_dialog(self):
        visit = self._visit(self._done(), self.lead)
        employee = self.env["hr.employee"].create(
            {"name": "Clerk", "user_id": self.clerk.id}
        )
        now = fields.Datetime.now()
        self.env["resource.calendar.leaves"].create(
            {
                "resource_id": employee.resource_id.id,
                "date_from": now - datetime.timedelta(days=1),
                "date_to": now + datetime.timedelta(days=20),
                "time_type": "leave",
            }
        )
        action = visit.action_assign_dialog()
        form = Form(
            self.env[action["res_model"]]
            .with_user(self.lead)
            .with_context(**action["context"])
        )
        form.user_id = self.lead
        form.save().action_assign()
        self.assertEqual(visit.user_id, self.lead)

    def test_only_who_leads_assigns(self):
        request = self._done()
        self.clerk.active = False
        third = self.users["personal_data"]
        self.team.member_ids += third
        visit = self._visit(request, third)
        with self.assertRaises(AccessError):
            visit.action_assign(third.id)
        visit = visit.with_user(self.users["auditor"])
        with self.assertRaises(AccessError):
            visit.action_assign(third.id)

    # === ROLES === #

    def test_roles_over_rpc(self):
        visit = self._visit(self._done())
        fields_seen = ["subject", "handover_note", "phone_masked"]
        for role in ("user", "lead", "manager", "auditor"):
            with self.subTest(role=role):
                rows = self._rpc(role, "cs.followup", "read", visit.ids, fields_seen)
                self.assertEqual(rows[0]["phone_masked"], "138****0001")
        for role in ("plain", "personal_data"):  # of another team
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._rpc(role, "cs.followup", "read", visit.ids, fields_seen)
        for role in ("auditor", "plain", "personal_data"):
            for method in ("action_satisfied", "action_not_reached", "action_try"):
                with self.subTest(role=role, method=method):
                    with self.assertRaises(AccessError):
                        self._rpc(role, "cs.followup", method, visit.ids)

    def test_rows_stay_as_they_are(self):
        visit = self._visit(self._done())
        for role in ("user", "lead", "manager"):
            for vals in ({"user_id": 1}, {"due_at": "2030-01-01"}, {"plan_id": 1}):
                with self.subTest(role=role, vals=vals):
                    with self.assertRaises(AccessError):
                        self._rpc(role, "cs.followup", "write", visit.ids, vals)
            with self.assertRaises(AccessError):
                self._rpc(role, "cs.followup", "create", [{"kind": "visit"}])

    def test_rule_says_an_example(self):
        rule = self.env.ref("cs_base.followup_rule_general")
        today = self.company._cs_today()
        self.assertIn(today.isoformat(), rule.example)
        last = self.company._cs_add_workdays(today, rule.days)
        self.assertIn(last.isoformat(), rule.example)

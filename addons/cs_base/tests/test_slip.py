import datetime

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, new_test_user, tagged

from .common import CsCommon

#: A Monday morning, 9:00 in China.
MONDAY = "2026-11-23 01:00:00"


class SlipCommon(CsCommon):
    """A sender and a department with a head and two people, none of the hall."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sender = cls.users["plain"]
        cls.head, cls.mate, cls.stranger, cls.clerk, cls.judge = (
            new_test_user(cls.env, login=f"slip_{name}", groups="base.group_user")
            for name in ("head", "mate", "stranger", "clerk", "judge")
        )
        cls.department = cls.env["hr.department"].create({"name": "Engineering"})
        employees = cls.env["hr.employee"].create(
            [
                {
                    "name": user.name,
                    "user_id": user.id,
                    "department_id": cls.department.id,
                }
                for user in (cls.head, cls.mate)
            ]
        )
        cls.department.manager_id = employees[0]
        cls.company.cs_info_clerk_id = cls.clerk
        cls.users |= {
            "head": cls.head,
            "mate": cls.mate,
            "stranger": cls.stranger,
            "clerk": cls.clerk,
            "judge": cls.judge,
        }

    def _slip(self, user=None, **vals):
        slips = self.env["cs.info.slip"].with_user(user or self.sender)
        vals = {"to_department_id": self.department.id, **vals}
        return slips.create(
            {"subject": "Valve leaks", "content": "In the cellar of 3-101", **vals}
        )

    def _notices(self, slip, code):
        domain = [("res_model", "=", slip._name), ("res_id", "=", slip.id)]
        rows = self.env["cs.notify"].search([*domain, ("code", "=", code)])
        return rows.user_id


@tagged("post_install", "-at_install")
class TestSlip(SlipCommon):
    def test_any_member_of_staff_writes_one(self):
        slip = self._slip()
        self.assertEqual(slip.state, "sent")
        self.assertEqual(slip.from_id, self.sender)
        self.assertTrue(slip.name.startswith("X"))
        self.assertFalse(slip.interaction_id)
        self.assertEqual(self._notices(slip, "slip.new"), self.head)

    def test_needs_an_addressee(self):
        with self.assertRaises(ValidationError):
            self._slip(to_department_id=False)

    def test_nobody_outside_is_addressed(self):
        portal = new_test_user(self.env, login="slip_out", groups="base.group_portal")
        with self.assertRaises(ValidationError):
            self._slip(to_department_id=False, to_id=portal.id)

    @freeze_time(MONDAY)
    def test_one_working_day_and_the_whole_course(self):
        slip = self._slip()
        due = self.company._cs_to_local(slip.due_at)
        self.assertEqual(due.date(), datetime.date(2026, 11, 24))
        mine = slip.with_user(self.mate)
        mine.action_seen()
        self.assertEqual(slip.seen_by_id, self.mate)
        mine.action_accept()
        self.assertEqual(slip.handler_id, self.mate)
        mine.action_answer("Tightened")
        self.assertEqual(slip.state, "answered")
        self.assertEqual(slip.clock_state, "met")
        self.assertTrue(slip.is_open)
        self.assertEqual(self._notices(slip, "slip.answered"), self.sender)
        slip.action_refuse_answer("It still smells")
        self.assertEqual(slip.clock_state, "running")
        self.assertEqual(slip.answer_refusal, "It still smells")
        mine.action_answer("Valve replaced")
        slip.action_confirm()
        self.assertEqual(slip.state, "closed")
        self.assertFalse(slip.is_open)
        self.assertEqual(slip.clock_state, "met")

    def test_time_goes_to_the_department_then_to_who_took_it(self):
        slip = self._slip()
        clock = slip.sudo()._cs_clocks()
        self.assertEqual(clock.holders, f"hr.department,{self.department.id}")
        slip.with_user(self.mate).action_accept()
        self.assertEqual(clock.holders, f"res.users,{self.mate.id}")

    def test_only_the_right_people_take_each_step(self):
        slip = self._slip()
        with self.assertRaises(UserError):
            slip.action_accept()
        with self.assertRaises(AccessError):
            slip.with_user(self.stranger).action_accept()
        slip.with_user(self.mate).action_accept()
        with self.assertRaises(UserError):
            slip.action_answer("I answer myself")
        with self.assertRaises(UserError):
            slip.action_cancel()
        with self.assertRaises(UserError):
            slip.with_user(self.mate).action_answer("  ")
        slip.with_user(self.head).action_answer("The head may answer as well")
        with self.assertRaises(UserError):
            slip.with_user(self.head).action_confirm()
        slip.with_user(self.clerk).action_confirm()
        self.assertEqual(slip.confirmed_by_id, self.clerk)

    def test_taken_back_before_acceptance(self):
        slip = self._slip()
        slip.action_cancel()
        self.assertEqual(slip.state, "cancelled")
        self.assertEqual(slip.clock_state, "none")
        self.assertEqual(self._notices(slip, "slip.cancelled"), self.head)

    def test_returned_and_sent_elsewhere(self):
        slip = self._slip()
        with self.assertRaises(UserError):
            slip.with_user(self.mate).action_return("")
        slip.with_user(self.mate).action_return("This is for the hall")
        self.assertEqual(slip.state, "returned")
        self.assertEqual(slip.return_reason, "This is for the hall")
        self.assertEqual(self._notices(slip, "slip.returned"), self.sender)
        slip.action_readdress(user_id=self.stranger.id)
        self.assertEqual(slip.state, "sent")
        self.assertEqual(slip.handler_id, self.stranger)
        self.assertFalse(slip.seen_at)
        self.assertFalse(slip.to_department_id)
        self.assertTrue(slip.with_user(self.mate).has_access("read"))
        self.assertFalse(slip.with_user(self.head).has_access("read"))

    def test_the_arbiter_decides_and_both_opinions_stay(self):
        self.company.cs_arbiter_id = self.judge
        slip = self._slip()
        self.assertFalse(slip.with_user(self.judge).has_access("read"))
        slip.with_user(self.mate).action_return("Not ours")
        slip.action_dispute("It is your valve")
        self.assertEqual(self._notices(slip, "slip.disputed"), self.judge)
        clock = slip.sudo()._cs_clocks()
        self.assertEqual(clock.holders, f"res.users,{self.judge.id}")
        for user in (self.sender, self.mate, self.users["manager"]):
            with self.assertRaises(UserError):
                slip.with_user(user).action_decide("Mine")
        slip.with_user(self.judge).action_decide("Engineering takes it")
        self.assertEqual(slip.state, "sent")
        self.assertEqual(slip.to_department_id, self.department)
        self.assertEqual(slip.return_reason, "Not ours")
        self.assertEqual(slip.sender_opinion, "It is your valve")
        self.assertEqual(slip.decision, "Engineering takes it")
        self.assertTrue(slip.with_user(self.judge).has_access("read"))
        self.assertIn(self.mate, self._notices(slip, "slip.decided"))
        with self.assertRaises(UserError):
            slip.with_user(self.mate).action_return("Still not ours")

    def test_managers_decide_without_an_arbiter_but_not_their_own(self):
        slip = self._slip(user=self.users["manager"])
        slip.with_user(self.mate).action_return("Not ours")
        slip.action_dispute("It is")
        arbiters = slip._cs_arbiters()
        self.assertNotIn(self.users["manager"], arbiters)
        self.assertTrue(arbiters)

    def test_the_lead_of_who_is_away_is_told_and_may_act(self):
        lead = self.stranger
        self.env["cs.team"].create(
            {"name": "Repair", "lead_id": lead.id, "member_ids": self.mate.ids}
        )
        slip = self._slip(to_department_id=False, to_id=self.mate.id)
        self.assertEqual(slip._cs_addressees(), self.mate)
        today = self.company._cs_today()
        start, end = self.company._cs_day_bounds(today)
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Leave",
                "resource_id": self.mate.employee_ids.resource_id.id,
                "date_from": start,
                "date_to": end,
            }
        )
        self.assertEqual(slip._cs_addressees(), self.mate | lead)
        slip.with_user(lead).action_accept()
        self.assertEqual(slip.handler_id, lead)

    def test_filed_after_acting(self):
        now = datetime.datetime.now()
        with self.assertRaises(ValidationError):
            self._slip(filed_after=True)
        with self.assertRaises(ValidationError):
            self._slip(
                filed_after=True,
                acted="Closed the valve",
                told_at=now + datetime.timedelta(days=1),
            )
        slip = self._slip(
            filed_after=True,
            acted="Closed the valve",
            told_at=now - datetime.timedelta(hours=1),
        )
        self.assertTrue(slip.filed_after)

    @freeze_time(MONDAY)
    def test_late_ones_are_told_to_clerk_and_head(self):
        slip = self._slip()
        with freeze_time("2026-11-25 02:00:00"), self.enter_registry_test_mode():
            self.env.ref("cs_base.ir_cron_clock_alarms").method_direct_trigger()
        self.assertEqual(slip.clock_state, "late")
        self.assertEqual(
            self._notices(slip, "slip.late"), self.clerk | self.head, "once each"
        )

    def test_urged_on(self):
        slip = self._slip()
        slip.with_user(self.mate).action_accept()
        slip.action_chase()
        self.assertEqual(slip.chase_count, 1)
        self.assertEqual(self._notices(slip, "matter.chase"), self.mate)


@tagged("post_install", "-at_install")
class TestSlipAccess(SlipCommon):
    """Everything as a client does it."""

    def test_who_sees_a_slip(self):
        slip = self._slip(user=self.users["user"])
        seen = {"user", "head", "mate", "clerk", "lead", "manager", "auditor"}
        for role in ("plain", "stranger", "judge", *seen):
            found = self._rpc(role, "cs.info.slip", "search", [("id", "=", slip.id)])
            with self.subTest(role=role):
                self.assertEqual(bool(found), role in seen)
                if role not in seen:
                    self._assert_hidden(role, slip)

    def _assert_hidden(self, role, slip):
        model, domain = slip._name, [("subject", "ilike", "valve")]
        self.users[role].group_ids += self.env.ref("base.group_allow_export")
        with self.assertRaises(AccessError):
            self._rpc(role, model, "read", slip.ids, ["subject"])
        with self.assertRaises(AccessError):
            self._rpc(role, model, "export_data", slip.ids, ["subject"])
        groups = self._rpc(
            role, model, "formatted_read_group", domain, ["subject"], ["__count"]
        )
        self.assertFalse(groups)
        self.assertFalse(self._rpc(role, model, "name_search", slip.name))
        with self.assertRaises(AccessError):
            self._rpc(role, model, "action_chase", slip.ids)

    def test_masked_slips_stay_with_their_parties(self):
        slip = self._slip(user=self.users["masked"])
        slip.sudo().masked = True
        for role, sees in (
            ("masked", True),
            ("mate", True),
            ("clerk", False),
            ("lead", False),
            ("auditor", False),
        ):
            found = self._rpc(role, "cs.info.slip", "search", [("id", "=", slip.id)])
            with self.subTest(role=role):
                self.assertEqual(bool(found), sees)

    def test_for_me_finds_what_i_may_take(self):
        mine = self._slip()
        other = self._slip(to_department_id=False, to_id=self.stranger.id)
        domain = [("is_receiver", "=", True), ("id", "in", (mine | other).ids)]
        for role, slip in (("mate", mine), ("head", mine), ("stranger", other)):
            found = self._rpc(role, "cs.info.slip", "search", domain)
            with self.subTest(role=role):
                self.assertEqual(found, slip.ids)
                read = self._rpc(role, slip._name, "read", found, ["is_receiver"])
                self.assertTrue(read[0]["is_receiver"])
        self.assertFalse(self._rpc("plain", "cs.info.slip", "search", domain))

    def test_nothing_follows_from_values_sent(self):
        slip = self._slip()
        for name, value in (
            ("state", "closed"),
            ("from_id", self.mate.id),
            ("answer", "Forged"),
            ("handler_id", self.sender.id),
            ("decided_at", "2026-01-01 00:00:00"),
            ("seen_at", "2026-01-01 00:00:00"),
            ("company_id", self.other_company.id),
            ("to_id", self.stranger.id),
        ):
            with self.subTest(name=name), self.assertRaises(UserError):
                self._rpc("plain", slip._name, "write", slip.ids, {name: value})
        with self.assertRaises(UserError):
            self._rpc(
                "plain",
                slip._name,
                "create",
                [{"subject": "x", "content": "x", "from_id": self.mate.id}],
            )

    def test_only_the_sender_corrects_it_until_it_is_accepted(self):
        slip = self._slip()
        self._rpc("plain", slip._name, "write", slip.ids, {"subject": "Two valves"})
        with self.assertRaises(UserError):
            self._rpc("mate", slip._name, "write", slip.ids, {"subject": "Mine"})
        slip.with_user(self.mate).action_accept()
        with self.assertRaises(UserError):
            self._rpc("plain", slip._name, "write", slip.ids, {"subject": "Late"})
        with self.assertRaises(UserError):
            self._rpc("plain", slip._name, "unlink", slip.ids)

    def test_dialogs_do_the_steps_of_their_user(self):
        slip = self._slip()
        action = self._rpc(
            "mate",
            slip._name,
            "action_ask",
            slip.ids,
            context={"slip_step": "return"},
        )
        self.assertEqual(action["context"]["default_step"], "return")
        [dialog] = self._rpc(
            "mate",
            action["res_model"],
            "create",
            [{"slip_id": slip.id, "step": "return", "text": "For the hall"}],
        )
        self._rpc("mate", action["res_model"], "action_apply", [dialog])
        self.assertEqual(slip.state, "returned")
        [dialog] = self._rpc(
            "plain",
            action["res_model"],
            "create",
            [{"slip_id": slip.id, "step": "readdress", "to_id": self.stranger.id}],
        )
        self._rpc("plain", action["res_model"], "action_apply", [dialog])
        self.assertEqual(slip.handler_id, self.stranger)
        with self.assertRaises(UserError):
            self._rpc(
                "plain",
                slip._name,
                "action_ask",
                slip.ids,
                context={"slip_step": "unlink"},
            )

    def test_other_companies_see_nothing(self):
        slip = self._slip()
        env = self.env(user=self.users["manager"], su=False)
        self.users["manager"].company_ids = self.company | self.other_company
        other = env["cs.info.slip"].with_context(
            allowed_company_ids=self.other_company.ids
        )
        self.assertFalse(other.search([("id", "=", slip.id)]))

    def test_printed(self):
        slip = self._slip(content="Valve\nleaks <b>")
        html = self.env["ir.actions.report"]._render_qweb_html(
            "cs_base.cs_info_slip_template", slip.ids
        )[0]
        self.assertIn(slip.name, html.decode())
        self.assertIn("leaks &lt;b&gt;", html.decode())

    def test_lists_don_t_ask_more_for_more_rows(self):
        slips = self._slip()
        for _number in range(12):
            slips |= self._slip()
        fields = ["name", "to_text", "clock_text", "state", "from_id"]
        counts = []
        for rows in (slips[:2], slips):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            rows.read(fields)
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

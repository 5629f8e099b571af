import datetime

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from ..models.cs_approval_step import MAX_ACTIVITIES
from .common import KIND, CsApprovalCommon


@tagged("post_install", "-at_install")
class TestApproval(CsApprovalCommon):
    def _rule(self, **values):
        return self.env["cs.approval.rule"].create(
            {"name": "Step", "kind": KIND, "company_id": self.company.id, **values}
        )

    # === REQUEST === #

    def test_request(self):
        approval = self._request(amount=12.5, reason="Because", values={"days": 3})
        self.assertEqual(approval.state, "pending")
        self.assertEqual(approval.requester_id, self.users["user"])
        self.assertEqual(approval.amount, 12.5)
        self.assertEqual(approval._cs_values(), {"days": 3})
        self.assertEqual(approval.step_ids.group_id, self.env.ref("cs_base.group_lead"))

    def test_same_request_is_one(self):
        approval = self._request(values={"days": 3})
        self.assertEqual(self._request(values={"days": 3}), approval)

    def test_newer_request_takes_the_place(self):
        old = self._request(values={"days": 3})
        new = self._request(values={"days": 4})
        self.assertEqual((old.state, new.state), ("void", "pending"))

    def test_newer_request_where_many_approve(self):
        """Without activities nothing else writes the old state in time."""
        for number in range(MAX_ACTIVITIES + 1):
            new_test_user(
                self.env, login=f"cs_many_{number}", groups="cs_base.group_lead"
            )
        old = self._request(values={"days": 3})
        self.assertFalse(old.sudo().activity_ids)
        self._request(values={"days": 4})
        self.assertEqual(old.state, "void")

    def test_withdraw(self):
        approval = self._request()
        with self.assertRaises(UserError):
            approval.with_user(self.users["lead"]).action_cancel()
        approval.with_user(self.users["user"]).action_cancel()
        self.assertEqual(approval.state, "cancelled")

    def test_activities_for_few_approvers(self):
        approval = self._request()
        lead = self.users["lead"]
        self.assertIn(lead, approval.sudo().activity_ids.user_id)
        approval.with_user(lead).action_approve()
        self.assertFalse(approval.sudo().activity_ids)

    def test_pending_approvals(self):
        """Those of many records in one query, of one kind, as the user's own."""
        documents = self.document + self._create_premises("102")
        documents += self._create_premises("103")
        waiting = self._request() + self._request(document=documents[1])
        decided = self._request(document=documents[2])
        decided.with_user(self.users["lead"]).action_approve()
        # the plain user sees none of them, and still is told who waits
        own = documents.with_user(self.users["plain"])
        self.env.flush_all()
        with self.assertQueryCount(1):
            pending = own._cs_pending_approvals(KIND)
        self.assertEqual(set(pending.ids), set(waiting.ids))
        self.assertEqual((pending.env.uid, pending.env.su), (own.env.uid, False))
        with self.assertRaises(AccessError):
            pending.mapped("state")
        self.assertFalse(own._cs_pending_approvals("other_kind"))
        self.assertFalse(documents[2]._cs_pending_approvals(KIND))

    # === DECISION === #

    def test_approve(self):
        approval = self._request(values={"days": 3})
        self.assertFalse(self.document._cs_valid_approval(KIND))
        approval.with_user(self.users["lead"]).action_approve("Fine")
        self.assertEqual(approval.state, "approved")
        self.assertEqual(approval.step_ids.decided_by_id, self.users["lead"])
        name, record, _approval, uid = self.calls.pop()
        self.assertEqual((name, record), ("approved", self.document))
        self.assertEqual(uid, self.users["lead"].id)
        self.assertEqual(self.document._cs_valid_approval(KIND), approval)
        self.document._cs_check_approved(KIND)

    def test_reject(self):
        approval = self._request()
        lead = approval.with_user(self.users["lead"])
        with self.assertRaisesRegex(UserError, "why"):
            lead.action_reject(" ")
        wizard = (
            self.env["cs.approval.reject"]
            .with_user(self.users["lead"])
            .with_context(active_ids=approval.ids)
            .create({"note": "Not enough"})
        )
        wizard.action_reject()
        self.assertEqual(approval.state, "rejected")
        self.assertEqual(approval.decision_note, "Not enough")
        self.assertEqual(self.calls.pop()[0], "rejected")
        with self.assertRaises(UserError):
            self.document._cs_check_approved(KIND)

    def test_second_decision_is_refused(self):
        approval = self._request()
        approval.with_user(self.users["lead"]).action_approve()
        self.calls.clear()
        for decide in ("action_approve", "action_reject"):
            with self.assertRaisesRegex(UserError, "not waiting"):
                getattr(approval.with_user(self.second_lead), decide)("again")
        self.assertFalse(self.calls)

    def test_own_request(self):
        """Nobody decides his own request: not with sudo, not by another role."""
        lead = self.users["lead"]
        approval = self._request(user=lead)
        for env in (
            self.env(user=lead),
            self.env(user=lead, su=True),
        ):
            for decide in ("action_approve", "action_reject"):
                with self.assertRaisesRegex(AccessError, "another person"):
                    getattr(approval.with_env(env), decide)("mine")
        self.assertEqual(approval.state, "pending")

    def test_superuser_decides_nothing(self):
        approval = self._request()
        self.assertTrue(self.env.su)
        with self.assertRaisesRegex(AccessError, "system user"):
            approval.with_env(self.env).action_approve()
        own = self.document._cs_request_approval(KIND, values={"by": "system"})
        self.assertEqual(own.requester_id, self.env.user)
        with self.assertRaises(AccessError):
            own.action_approve()
        own.with_user(self.users["lead"]).action_approve()
        self.assertEqual(own.state, "approved")

    def test_others_may_not_decide(self):
        approval = self._request()
        for role in ("plain", "personal_data", "auditor"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._rpc(role, "cs.approval", "action_approve", approval.ids)
        self.assertEqual(approval.state, "pending")

    def test_other_company_may_not_decide(self):
        lead = self.users["lead"]
        document = self._create_premises(company_id=self.other_company.id)
        document = document.with_company(self.other_company)
        approval = document._cs_request_approval(KIND)
        self.assertEqual(approval.company_id, self.other_company)
        with self.assertRaises(AccessError):
            approval.with_user(lead).action_approve()
        lead.company_ids += self.other_company
        companies = (self.company + self.other_company).ids
        approval = approval.with_user(lead).with_context(allowed_company_ids=companies)
        approval.action_approve()
        self.assertEqual(approval.state, "approved")

    def test_changed_value_voids(self):
        approval = self._request()
        self.document.occupancy = "vacant"
        action = approval.with_user(self.users["lead"]).action_approve()
        self.assertEqual(action["tag"], "display_notification")
        self.assertEqual(approval.state, "void")
        self.assertFalse(self.calls)

    def test_change_after_approval(self):
        approval = self._request()
        approval.with_user(self.users["lead"]).action_approve()
        self.calls.clear()
        self.document.occupancy = "vacant"
        self.assertFalse(self.document._cs_valid_approval(KIND))
        with self.assertRaisesRegex(UserError, "changed"):
            self.document._cs_check_approved(KIND)

    def test_changed_request_voids(self):
        approval = self._request(values={"days": 3})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE cs_approval SET values_json = replace(values_json, '3', '9')"
        )
        self.env.invalidate_all()
        approval.with_user(self.users["lead"]).action_approve()
        self.assertEqual(approval.state, "void")

    def test_deleted_document_voids(self):
        approval = self._request()
        self.assertEqual(approval.action_open_record()["res_id"], self.document.id)
        self.document.unlink()
        with self.assertRaises(UserError):
            approval.action_open_record()
        approval.with_user(self.users["lead"]).action_approve()
        self.assertEqual(approval.state, "void")

    # === STEPS === #

    def test_steps_by_amount(self):
        manager = self.env.ref("cs_base.group_manager")
        lead = self.env.ref("cs_base.group_lead")
        self._rule(group_id=lead.id, sequence=1)
        self._rule(group_id=manager.id, sequence=2, min_amount=1000)
        self.assertEqual(len(self._request(amount=999.99).step_ids), 1)
        self.assertEqual(len(self._request(amount=1000).step_ids), 2)
        self.assertEqual(len(self._request(amount=-5000).step_ids), 2)

    def test_steps_need_different_people(self):
        manager = self.users["manager"]
        group = self.env.ref("cs_base.group_lead")
        self._rule(group_id=group.id, sequence=1)
        self._rule(user_ids=[Command.set(manager.ids)], sequence=2)
        approval = self._request()
        approval.with_user(manager).action_approve()
        self.assertEqual(approval.state, "pending")
        with self.assertRaisesRegex(AccessError, "earlier step"):
            approval.with_user(manager).action_approve()
        with self.assertRaises(AccessError):
            approval.with_user(self.second_lead).action_approve()

    def test_named_users_not_the_group(self):
        group = self.env.ref("cs_base.group_lead")
        users = [Command.set(self.second_lead.ids)]
        self._rule(group_id=group.id, user_ids=users)
        approval = self._request()
        with self.assertRaises(AccessError):
            approval.with_user(self.users["lead"]).action_approve()
        approval.with_user(self.second_lead).action_approve()
        self.assertEqual(approval.state, "approved")

    def test_own_rules_before_general_ones(self):
        group = self.env.ref("cs_base.group_manager")
        self._rule(name="General", group_id=group.id, company_id=False)
        self.assertEqual(self._request().step_ids.mapped("name"), ["General"])
        self._rule(name="Own", group_id=group.id)
        approval = self._request(values={"again": True})
        self.assertEqual(approval.step_ids.mapped("name"), ["Own"])

    def test_rule_needs_approvers(self):
        with self.assertRaises(ValidationError):
            self._rule()

    # === DELEGATES === #

    def _delegate(self, user, delegate):
        return self.env["cs.approval.delegate"].create(
            {
                "user_id": user.id,
                "delegate_id": delegate.id,
                "date_from": "2026-10-01",
                "date_to": "2026-10-07",
            }
        )

    def test_delegate(self):
        user = self.users["personal_data"]
        self._delegate(self.users["lead"], user)
        approval = self._request()
        with freeze_time("2026-09-30 15:59:00"), self.assertRaises(AccessError):
            approval.with_user(user).action_approve()
        with freeze_time("2026-09-30 16:01:00"):
            self.assertTrue(approval.with_user(user).waiting_for_me)
            approval.with_user(user).action_approve()
        step = approval.step_ids
        self.assertEqual(step.decided_by_id, user)
        self.assertEqual(step.on_behalf_id, self.users["lead"])

    @freeze_time("2026-10-03 02:00:00")
    def test_delegate_of_the_requester(self):
        user = self.users["personal_data"]
        self._delegate(self.users["lead"], user)
        approval = self._request(user=self.users["lead"])
        with self.assertRaises(AccessError):
            approval.with_user(user).action_approve()

    @freeze_time("2026-10-03 02:00:00")
    def test_requester_as_delegate(self):
        self._delegate(self.users["lead"], self.users["user"])
        approval = self._request(user=self.users["user"])
        with self.assertRaises(AccessError):
            approval.with_user(self.users["user"]).action_approve()

    def test_delegate_only_for_oneself(self):
        Delegate = self.env["cs.approval.delegate"].with_user(self.users["user"])
        values = {
            "delegate_id": self.users["user"].id,
            "date_to": datetime.date(2030, 1, 1),
        }
        with self.assertRaises(AccessError):
            Delegate.create({**values, "user_id": self.users["manager"].id})

    # === ACCESS === #

    def test_written_by_nobody(self):
        approval = self._request()
        envs = (self.env, self.env(user=self.users["manager"]))
        for record in (approval, approval.step_ids):
            for env in envs:
                one = record.with_env(env)
                for call in (
                    lambda r: r.write({"company_id": 1}),
                    lambda r: r.sudo().write({"company_id": 1}),
                    lambda r: r.unlink(),
                    lambda r: r.create({}),
                ):
                    with self.assertRaises(AccessError):
                        call(one)
        for role in ("user", "manager"):
            with self.assertRaises(AccessError):
                self._rpc(
                    role, "cs.approval", "write", approval.ids, {"state": "approved"}
                )

    def test_private_over_rpc(self):
        approval = self._request()
        for method in ("_decide", "_apply", "_close", "_update", "_append"):
            with self.assertRaises(AccessError):
                self._rpc("manager", "cs.approval", method, approval.ids)

    def test_who_sees_what(self):
        approval = self._request()
        expected = {
            "user": True,
            "lead": True,
            "manager": True,
            "auditor": True,
            "plain": False,
            "personal_data": False,
        }
        Approval = self.env["cs.approval"]
        for role, seen in expected.items():
            with self.subTest(role=role):
                found = Approval.with_user(self.users[role]).search(
                    [("id", "=", approval.id)]
                )
                self.assertEqual(bool(found), seen)

    def test_waiting_for_me(self):
        approval = self._request(user=self.users["lead"])
        domain = [("waiting_for_me", "=", True), ("id", "=", approval.id)]
        Approval = self.env["cs.approval"]
        for user, waits in (
            (self.users["lead"], False),
            (self.second_lead, True),
            (self.users["manager"], True),
            (self.users["user"], False),
        ):
            with self.subTest(user=user.login):
                self.assertEqual(bool(Approval.with_user(user).search(domain)), waits)
                if waits:
                    self.assertTrue(approval.with_user(user).waiting_for_me)
        approval.with_user(self.second_lead).action_approve()
        self.assertFalse(Approval.with_user(self.users["manager"]).search(domain))

    def test_logged(self):
        approval = self._request()
        approval.with_user(self.users["lead"]).action_approve()
        events = self.env["cs.event"].search(
            [("model", "=", "cs.approval"), ("res_id", "=", approval.id)]
        )
        self.assertEqual(
            events.mapped("action"), ["approval.approved", "approval.request"]
        )

import random
import threading
from unittest.mock import patch

import psycopg2.errors

from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessError
from odoo.modules.registry import Registry
from odoo.tests import TransactionCase, freeze_time, tagged
from odoo.tools import mute_logger

from .common import KIND, CsApprovalCommon, lend_approvals

OTHER_KIND = "test_kind_2"


def add_up(cls):
    """Let amounts of premises add up over their owner, area and selves in a class."""
    cls.owners = {}

    def scopes(record, kind):
        return {
            "customer": cls.owners.get(record.id, record.env["res.partner"]),
            "premises": record,
        }

    cls.startClassPatcher(
        patch.object(cls.registry["cs.premises"], "_cs_approval_scopes", scopes)
    )


@tagged("post_install", "-at_install")
class TestApprovalCumulative(CsApprovalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        add_up(cls)
        group = cls.env.ref("cs_base.group_lead")
        cls.low, cls.high = cls.env["cs.approval.rule"].create(
            [
                {"name": "Lead", "kind": KIND, "group_id": group.id, "sequence": 1},
                {
                    "name": "Manager",
                    "kind": KIND,
                    "user_ids": cls.users["manager"].ids,
                    "sequence": 2,
                    "min_amount": 500,
                    "per_customer": True,
                },
            ]
        )
        company = cls.env["res.partner"].create({"name": "Bakery", "is_company": True})
        cls.customer = cls.env["res.partner"].create(
            {"name": "Contact", "parent_id": company.id}
        )
        cls.documents = cls.document + cls.env["cs.premises"].create(
            [{"community": "Peace Garden", "room": f"9{n}"} for n in range(8)]
        )

    def setUp(self):
        super().setUp()
        self.owners.clear()
        self.owners.update(dict.fromkeys(self.documents.ids, self.customer))

    def _ask(self, number, amount):
        return self._request(document=self.documents[number], amount=amount)

    def _approve(self, approval, user=None):
        while approval.state == "pending":
            step = approval.current_step_id
            approval.with_user(
                user or step.user_ids or self.second_lead
            ).action_approve()
        return approval

    def _steps(self, approval):
        return approval.step_ids.mapped("name")

    def test_splitting_evades_nothing(self):
        first = self._ask(0, 260)
        self.assertEqual(self._steps(first), ["Lead"])
        self._approve(first)
        second = self._ask(1, 239.99)
        self.assertEqual(self._steps(second), ["Lead"])
        third = self._ask(2, 0.01)  # 260 approved, 239.99 waiting
        self.assertEqual(self._steps(third), ["Lead", "Manager"])
        step = third.step_ids[1]
        self.assertEqual((step.earlier_count, step.earlier_amount), (2, 499.99))
        self.assertIn("2 earlier approvals of 30 days", step.why)
        self.assertIn("500.00", step.why)

    def test_the_contact_counts_with_its_company(self):
        self._approve(self._ask(0, 400))
        self.owners[self.documents[1].id] = self.customer.commercial_partner_id
        self.assertEqual(len(self._ask(1, 100).step_ids), 2)

    def test_another_customer(self):
        self._approve(self._ask(0, 400))
        self.owners[self.documents[1].id] = self.env["res.partner"].create(
            {"name": "Other"}
        )
        self.assertEqual(len(self._ask(1, 400).step_ids), 1)

    def test_what_does_not_count(self):
        rejected = self._ask(0, 490)
        rejected.with_user(self.second_lead).action_reject("no")
        self._ask(1, 490).with_user(self.users["user"]).action_cancel()
        void = self._ask(2, 490)
        self.documents[2].occupancy = "vacant"
        void.with_user(self.second_lead).action_approve()
        self.assertEqual(void.state, "void")
        self.assertEqual(len(self._ask(3, 490).step_ids), 1)

    def test_window_on_the_company_clock(self):
        with freeze_time("2026-03-01 15:59:00"):  # 23:59 of the first
            self._approve(self._ask(0, 300))
        with freeze_time("2026-03-01 16:01:00"):
            self._approve(self._ask(1, 100))
        with freeze_time("2026-04-01 02:00:00"):
            step = self._ask(2, 400).step_ids[1:]
            self.assertEqual((step.earlier_count, step.earlier_amount), (1, 100))
            # What waits counts however old it is.
            self._ask(3, 1)
        with freeze_time("2026-08-01 02:00:00"):
            self.assertEqual(len(self._ask(4, 99).step_ids), 2)
            self.assertEqual(len(self._ask(5, -500).step_ids), 2)

    def test_scopes_of_the_rule(self):
        self._approve(self._ask(0, 400))
        self.high.write({"per_customer": False, "per_premises": True})
        self.assertEqual(len(self._ask(1, 400).step_ids), 1)
        self.assertEqual(len(self._ask(0, 100).step_ids), 2)
        self.high.per_premises = False
        self.assertEqual(len(self._ask(0, 101).step_ids), 1)

    def test_kinds_of_one_group(self):
        document = type(self.document)
        kinds = [(KIND, "One"), (OTHER_KIND, "Two")]
        approval = self.registry["cs.approval"]
        self.patch(approval, "_selection_kind", lambda self: kinds)
        self._approve(self._ask(0, 400))
        asked = self.documents[1].with_user(self.users["user"])
        self.high.copy({"kind": OTHER_KIND})
        one = asked._cs_request_approval(OTHER_KIND, amount=100)
        self.assertEqual(len(one.step_ids), 1)
        one.with_user(self.users["user"]).action_cancel()
        self.patch(document, "_cs_approval_kind_group", lambda self, kind: "all")
        self._approve(self._ask(2, 400))
        two = asked._cs_request_approval(OTHER_KIND, amount=100)
        self.assertEqual(two.step_ids.name, "Manager")

    def test_a_document_may_say_that_nothing_was_paid(self):
        self._approve(self._ask(0, 300))
        self.assertEqual(len(self._ask(0, 301).step_ids), 2)
        self.patch(
            type(self.document), "_cs_approval_is_used", lambda self, approval: False
        )
        self.assertEqual(len(self._ask(0, 302).step_ids), 1)

    def test_another_customer_after_the_request_voids(self):
        approval = self._ask(0, 100)
        self.owners[self.document.id] = self.env["res.partner"].create({"name": "X"})
        approval.with_user(self.second_lead).action_approve()
        self.assertEqual(approval.state, "void")

    def test_other_company(self):
        self._approve(self._ask(0, 400))
        far = self._create_premises(company_id=self.other_company.id)
        self.owners[far.id] = self.customer
        self.low.company_id = self.high.company_id = False
        approval = far.with_company(self.other_company)._cs_request_approval(
            KIND, amount=400
        )
        self.assertEqual(len(approval.step_ids), 1)

    def test_any_split_needs_the_manager(self):
        """However an amount from the limit on is split, the last part needs him."""
        chance = random.Random(7)
        for turn in range(6):
            self.owners.update(
                dict.fromkeys(
                    self.documents.ids,
                    self.env["res.partner"].create({"name": f"Split {turn}"}),
                )
            )
            cents, reached = 0, False
            for number in range(8):
                part = chance.randrange(1, 12000)
                cents += part
                approval = self._ask(number, part / 100)
                self.assertEqual(len(approval.step_ids), 1 + (cents >= 50000))
                reached = reached or cents >= 50000
                if chance.random() < 0.5:
                    self._approve(approval)
            if not reached:
                self.assertLess(cents, 50000)

    def test_buttons_and_access(self):
        approval = self._ask(0, 100)
        action = approval.with_user(self.users["user"]).action_earlier()
        found = self.env["cs.approval"].search(action["domain"])
        self.assertEqual(found, approval.sudo())
        with self.assertRaises(AccessError):
            approval.with_user(self.users["plain"]).action_earlier()
        scope = self.env["cs.approval.scope"].search([], limit=1)
        for role in ("user", "lead"):
            with self.assertRaises(AccessError):
                self._rpc(role, "cs.approval.scope", "read", scope.ids)
        with self.assertRaises(AccessError):
            scope.unlink()

    def test_queries_do_not_grow_with_the_past(self):
        counts = []
        for number in range(4):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._ask(number, 1)
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[2], counts[3])


@tagged("post_install", "-at_install")
class TestCumulativeAtOnce(TransactionCase):
    """Two requests at the same moment, in transactions of their own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        lend_approvals(cls)
        cls.startClassPatcher(
            patch.object(
                cls.registry["cs.premises"],
                "_cs_approval_scopes",
                lambda record, kind: {"event": record.company_id},
            )
        )

    def setUp(self):
        super().setUp()
        # The test holds the lock of the registry, which other threads ask for.
        self.patch(Registry, "_lock", threading.RLock())
        self.documents, self.rules = self._commit(self._create)
        self.addCleanup(self._commit, self._remove)

    def _commit(self, function):
        with self.registry.cursor() as cr:
            return function(api.Environment(cr, SUPERUSER_ID, {}))

    def _create(self, env):
        group = env.ref("cs_base.group_lead").id
        rules = env["cs.approval.rule"].create(
            [
                {"name": "Lead", "kind": KIND, "group_id": group},
                {
                    "name": "High",
                    "kind": KIND,
                    "group_id": group,
                    "min_amount": 500,
                    "per_event": True,
                },
            ]
        )
        documents = env["cs.premises"].create(
            [{"community": "Parallel Park", "room": str(room)} for room in (1, 2)]
        )
        return documents.ids, rules.ids

    def _remove(self, env):
        for table, column, ids in (
            ("mail_activity", "res_id", self._approvals(env)),
            ("cs_approval", "res_id", self.documents),
            ("cs_approval_rule", "id", self.rules),
            ("cs_premises", "id", self.documents),
        ):
            env.cr.execute(f"DELETE FROM {table} WHERE {column} = ANY(%s)", (ids,))
        env.cr.execute(
            "DELETE FROM cs_approval_scope WHERE key LIKE %s", ("%:event:%",)
        )

    def _approvals(self, env):
        return env["cs.approval"].search([("res_id", "in", self.documents)]).ids

    def _request(self, cr, number):
        env = api.Environment(cr, SUPERUSER_ID, {})
        document = env["cs.premises"].browse(self.documents[number])
        approval = document._cs_request_approval(KIND, amount=300)
        env.flush_all()
        return len(approval.step_ids)

    def _second_behind(self, rollback):
        """What the second gets whose transaction began before the first's ended."""
        result = []

        def second():
            with self.registry.cursor() as cr:
                try:
                    with mute_logger("odoo.sql_db"):
                        result.append(self._request(cr, 1))
                except psycopg2.errors.SerializationFailure:
                    result.append("again")
                cr.rollback()

        thread = threading.Thread(target=second)
        with self.registry.cursor() as cr:
            self.assertEqual(self._request(cr, 0), 1)
            thread.start()
            thread.join(0.5)
            self.assertTrue(thread.is_alive())
            if rollback:
                cr.rollback()
        thread.join()
        return result

    def test_the_second_sees_the_first(self):
        self.assertEqual(self._second_behind(rollback=True), [1])
        self.assertEqual(self._second_behind(rollback=False), ["again"])
        with self.registry.cursor() as cr:  # as the server repeats it
            self.assertEqual(self._request(cr, 1), 2)
            cr.rollback()

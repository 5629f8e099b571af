import threading

import psycopg2.errors

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .common import KIND, lend_approvals

CODE = "test.concurrency"
WRITERS = 8
ROUNDS = 25


@tagged("post_install", "-at_install")
class TestConcurrency(TransactionCase):
    """What only shows between transactions of their own connections.

    The rows are committed and removed again; lines in the event log remain, as it
    is append-only. The transaction of the test itself writes nothing, or the others
    would wait for it.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        lend_approvals(cls)

    def setUp(self):
        super().setUp()
        # The test holds the lock of the registry, which other threads ask for.
        self.patch(Registry, "_lock", threading.RLock())

    def _env(self, cr, user_id=SUPERUSER_ID):
        return api.Environment(cr, user_id, {})

    def _commit(self, function):
        with self.registry.cursor() as cr:  # commits at the end
            return function(self._env(cr))

    def _create_rule(self):
        def create(env):
            return (
                env["cs.numbering.rule"]
                .create(
                    {
                        "name": "Test",
                        "code": CODE,
                        "company_id": False,
                        "digits": 4,
                        "period": "none",
                    }
                )
                .id
            )

        rule_id = self._commit(create)
        self.addCleanup(self._remove, "cs_numbering_rule", "id", rule_id)
        self.addCleanup(self._remove, "cs_numbering", "code", CODE)

    def _remove(self, table, column, value):
        query = f"DELETE FROM {table} WHERE {column} = %s"
        self._commit(lambda env: env.cr.execute(query, (value,)))

    def _write_many(self, write):
        """Run ``write`` in parallel threads; return what they return, flattened."""
        results, errors = [], []
        start = threading.Barrier(WRITERS)

        def run(writer):
            start.wait()
            try:
                results.extend(write(writer))
            except Exception as error:  # noqa: BLE001 (shown by the assertion below)
                errors.append(error)

        threads = [
            threading.Thread(target=run, args=(writer,)) for writer in range(WRITERS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertFalse(errors)
        return results

    def _take(self, count=1, rollback=False):
        with self.registry.cursor() as cr:
            env = self._env(cr)
            numbers = env["cs.numbering"]._next_many(CODE, env.company, None, count)
            if rollback:
                cr.rollback()
                return []
            return [int(number) for number in numbers]

    def test_numbers_of_eight_writers(self):
        self._create_rule()
        numbers = self._write_many(
            lambda writer: [n for _ in range(ROUNDS) for n in self._take()]
        )
        self.assertEqual(sorted(numbers), list(range(1, WRITERS * ROUNDS + 1)))

    def test_numbers_in_bulk_with_rollbacks(self):
        self._create_rule()

        def write(writer):
            taken = []
            for turn in range(6):
                self._take(count=7, rollback=True)
                taken += self._take(count=500 if (writer + turn) % 3 == 0 else 1)
            return taken

        numbers = self._write_many(write)
        self.assertEqual(sorted(numbers), list(range(1, len(numbers) + 1)))

    def test_second_waits_for_the_first(self):
        self._create_rule()
        for rollback, expected in ((True, 1), (False, 2)):
            with self.subTest(rollback=rollback):
                self.assertEqual(self._take_behind(rollback), [expected])
            self._remove("cs_numbering", "code", CODE)

    def _take_behind(self, rollback):
        """What the second gets while the first has a number and then ends."""
        second = []
        thread = threading.Thread(target=lambda: second.extend(self._take()))
        with self.registry.cursor() as cr:
            self.assertEqual(self._env(cr)["cs.numbering"].next(CODE), "0001")
            thread.start()
            thread.join(0.3)
            self.assertTrue(thread.is_alive())
            if rollback:
                cr.rollback()
        thread.join()
        return second

    # === APPROVALS === #

    def _committed_approval(self):
        """A request of one user that two leads, all committed, may decide."""

        def create(env):
            group = env.ref("cs_base.group_lead")
            users = env["res.users"].create(
                [
                    {
                        "name": f"Parallel {number}",
                        "login": f"cs_parallel_{number}",
                        "group_ids": [Command.set(group.ids)],
                    }
                    for number in range(3)
                ]
            )
            premises = env["cs.premises"].create({"community": "Parallel Park"})
            requester = users[0]
            approval = premises.with_user(requester)._cs_request_approval(KIND)
            return users.ids, users.partner_id.ids, premises.id, approval.id

        users, partners, premises, approval = self._commit(create)
        self.addCleanup(self._clean_up, users, partners, premises, approval)
        return users, approval

    def _clean_up(self, users, partners, premises, approval):
        def remove(env):
            for table, column, ids in (
                ("mail_activity", "user_id", users),
                ("mail_followers", "partner_id", partners),
                ("cs_approval", "id", [approval]),
                ("cs_premises", "id", [premises]),
                ("res_users", "id", users),
                ("res_partner", "id", partners),
            ):
                env.cr.execute(
                    f"DELETE FROM {table} WHERE {column} = ANY(%s)",
                    (ids,),
                )

        self._commit(remove)

    def test_two_clicks_one_decision(self):
        users, approval_id = self._committed_approval()
        with self.registry.cursor() as first, self.registry.cursor() as second:
            one = self._env(first, users[1])["cs.approval"].browse(approval_id)
            two = self._env(second, users[2])["cs.approval"].browse(approval_id)
            self.assertEqual(two.state, "pending")
            one.action_approve()
            one.env.flush_all()
            with self.assertRaisesRegex(UserError, "Somebody else"):
                two.action_reject("Too late")
            first.commit()
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.SerializationFailure),
            ):
                two.action_approve()  # the server repeats such a request
            second.rollback()
            with self.assertRaisesRegex(UserError, "not waiting any more"):
                two.action_approve()

        def deciders(env):
            return env["cs.approval"].browse(approval_id).step_ids.decided_by_id.ids

        self.assertEqual(self._commit(deciders), [users[1]])

    # === EVENT LOG === #

    def test_horizon_waits_for_running_transactions(self):
        with self.registry.cursor() as writer, self.registry.cursor() as sealer:
            env = self._env(writer)
            env["cs.event"]._cs_log("test.running", env["res.partner"])
            env.flush_all()
            Seal = self._env(sealer)["cs.event.seal"]
            running = env["cs.event.seal"]._transaction_number()
            Seal.env["cs.event"]._cs_log("test.seen", Seal.env["res.partner"])
            Seal._note_horizon()
            horizon = Seal._transaction_number()
            self.assertLess(running, horizon)
            self.patch(type(Seal), "_snapshot", lambda self: (running, horizon + 1))
            self.assertEqual(Seal._complete_id(), 0)
            writer.rollback()
            self.patch(type(Seal), "_snapshot", lambda self: (horizon, horizon + 1))
            self.assertGreater(Seal._complete_id(), 0)
            self.patch(type(Seal), "_snapshot", lambda self: (5, 6))
            self.assertEqual(Seal._complete_id(), 0)  # restored on another server
            self.patch(type(Seal), "_transaction_number", lambda self: 6)
            Seal._note_horizon()
            self.patch(type(Seal), "_snapshot", lambda self: (6, 6))
            self.assertGreater(Seal._complete_id(), 0)
            sealer.rollback()

from unittest.mock import patch

from psycopg2 import OperationalError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.cs_gas_billing.tests.common import GasCommon
from odoo.addons.queue_job.exception import RetryableJobError

from ..models.gas_work_mixin import CHANNEL, LANES
from .common import QueueMixin


class Conflict(OperationalError):
    pgcode = "40001"
    pgerror = "could not serialize access"


@tagged("post_install", "-at_install")
class TestJobs(QueueMixin, GasCommon):
    """A run as jobs gives what it gives without them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_accounts(3)
        cls.make_accounts(LANES, first=11)
        cls.company.gas_inline_limit = 0
        cls.company.gas_chunk_size = 1

    def setUp(self):
        super().setUp()
        self.read_meters({1: 1045, 2: 1010, 3: 1020})

    def start(self):
        run = self.make_run()
        run.action_calculate()
        return run

    def test_without_a_runner_the_scheduled_job_does_it(self):
        run = self.start()
        self.assertFalse(self.jobs_of(run))
        with self.enter_registry_test_mode():
            self.env.ref("cs_gas_billing.ir_cron_bill_run").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((run.state, run.bill_count), ("calculated", 3))

    def test_a_lane_for_each_chunk_at_most(self):
        with self.runner():
            run = self.start()
        jobs = self.jobs_of(run)
        self.assertEqual(len(jobs), 3)
        self.assertLess(3, LANES)
        self.assertEqual(set(jobs.mapped("channel")), {CHANNEL})
        self.assertEqual(
            jobs.mapped("identity_key"),
            [f"gas.bill.run,{run.id},{number}" for number in range(3)],
        )
        self.assertEqual(jobs.user_id, self.users["clerk"])

    def test_never_more_lanes_than_the_channel_can_use(self):
        self.read_meters({number: 1045 for number in range(11, 11 + LANES)})
        with self.runner():
            run = self.start()
        self.assertEqual(len(self.jobs_of(run)), LANES)
        self.perform(run)
        self.assertEqual((run.state, run.bill_count), ("calculated", LANES + 3))

    def test_pressed_twice(self):
        with self.runner():
            run = self.start()
            with self.assertRaises(UserError):
                run.action_calculate()
            run.sudo()._work_later()
        self.assertEqual(len(self.jobs_of(run)), 3)

    def test_roles_are_those_of_the_buttons(self):
        run = self.make_run()
        with self.runner(), self.assertRaises(AccessError):
            run.with_user(self.users["reader"]).action_calculate()
        self.assertFalse(self.jobs_of(run))

    def test_run_from_end_to_end(self):
        with self.runner():
            run = self.start()
            done = self.perform(run)
            self.assertGreaterEqual(done, 4)
            self.assertEqual((run.state, run.bill_count), ("calculated", 3))
            self.assertFalse(self.env["gas.work.chunk"].search([]))
            run.with_user(self.users["manager"]).action_approve()
            run.action_post()
            self.assertEqual(run.state, "posting")
            self.perform(run)
        self.assertEqual(run.state, "posted")
        bills = run.bill_ids
        self.assertEqual(set(bills.mapped("state")), {"posted"})
        self.assertEqual(len(set(bills.mapped("name"))), 3)
        self.assertEqual(len(bills.move_line_id.sudo().move_id), 3)

    def test_bills_of_an_account_are_never_in_two_chunks(self):
        """So two workers never use its credit at the same time."""
        self.company.gas_inline_limit = 100
        self.bill()
        self.read_meters({1: 1080, 2: 1050, 3: 1060}, day="2026-11-20", previous="")
        self.bill(period="2026-11", first="2026-10-21", last="2026-11-20")
        bills = self.env["gas.bill"].search([], order="account_id, id")
        self.assertEqual(len(bills), 6)
        run = bills.run_id[0]
        for size, chunks in ((1, 3), (2, 3), (3, 3), (4, 2), (5, 2), (6, 1)):
            self.company.gas_chunk_size = size
            parts = run._split_bills(bills)
            self.assertEqual(len(parts), chunks, size)
            self.assertEqual(
                sorted(key for part in parts for key in part), sorted(bills.ids)
            )
            accounts = [bills.browse(part).account_id for part in parts]
            self.assertEqual(sum(map(len, accounts)), 3)

    def test_deleted_run_leaves_no_chunks(self):
        with self.runner():
            run = self.start()
        self.assertTrue(self.env["gas.work.chunk"].search([]))
        run.unlink()
        self.assertFalse(self.env["gas.work.chunk"].search([]))

    def test_progress_is_the_sum_of_what_is_committed(self):
        with self.runner():
            run = self.start()
        self.assertEqual((run.todo_count, run.done_count), (3, 0))
        self.perform(run, limit=2)
        self.assertEqual((run.done_count, round(run.progress)), (2, 67))

    def test_what_a_person_must_mend_stops_all_lanes(self):
        with self.runner():
            run = self.start()
        calculator = self.env.registry["gas.bill.calculator"]
        with patch.object(calculator, "_calculate", side_effect=UserError("No tax")):
            self.perform(run, limit=1)
        self.assertEqual((run.state, run.last_error), ("calculated", "No tax"))
        self.perform(run)
        self.assertEqual(run.bill_count, 0)
        with self.runner():
            run.action_calculate()
        self.perform(run)
        self.assertEqual((run.bill_count, run.last_error), (3, False))

    def test_fault_of_the_program_is_told_on_the_run(self):
        with self.runner():
            run = self.start()
        self.perform(run, limit=1)
        run.sudo()._job_failed(exc_message="division by zero")
        self.assertEqual(run.state, "calculated")
        self.assertEqual(run.last_error, "division by zero")
        self.assertEqual(run.bill_count, 1)
        run.sudo()._job_failed(exc_message="later")
        self.assertEqual(run.last_error, "division by zero")

    def test_two_workers_that_met_try_again(self):
        with self.runner():
            run = self.start()
        work = self.env.registry["gas.work.mixin"]
        with (
            patch.object(work, "_work_chunk", side_effect=Conflict),
            self.assertRaises(RetryableJobError) as caught,
        ):
            run.sudo()._job_work(0, 1)
        self.assertTrue(caught.exception.seconds)
        self.perform(run)
        self.assertEqual((run.state, run.bill_count), ("calculated", 3))

    def test_lost_jobs_are_queued_again(self):
        with self.runner():
            run = self.start()
            self.env["gas.bill.run"]._cron_process()
            self.assertEqual(len(self.jobs_of(run)), 3)
            self.jobs_of(run).button_cancelled()
            self.assertFalse(self.jobs_of(run))
            self.env["gas.bill.run"]._cron_process()
            self.assertEqual(len(self.jobs_of(run)), 3)
        self.perform(run)
        self.assertEqual((run.state, run.bill_count), ("calculated", 3))

    def test_runner_switched_off_in_the_middle(self):
        with self.runner():
            run = self.start()
        self.perform(run, limit=1)
        with self.enter_registry_test_mode():
            self.env.ref("cs_gas_billing.ir_cron_bill_run").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((run.state, run.bill_count), ("calculated", 3))
        self.perform(run)
        self.assertEqual((run.state, run.bill_count), ("calculated", 3))

    def test_discarded_run_leaves_nothing_to_do(self):
        with self.runner():
            run = self.start()
        self.perform(run, limit=1)
        run.action_discard()
        self.perform(run)
        self.assertEqual((run.state, run.bill_count), ("draft", 0))
        run.unlink()

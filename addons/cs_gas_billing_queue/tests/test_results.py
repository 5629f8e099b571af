from odoo.tests import tagged

from odoo.addons.cs_gas_billing.tests.common import CUSTOMER_HEADER
from odoo.addons.cs_gas_billing.tests.debit_common import DebitCommon

from .common import QueueMixin


@tagged("post_install", "-at_install")
class TestFiles(QueueMixin, DebitCommon):
    """Imports and a bank's results as jobs."""

    def setUp(self):
        super().setUp()
        self.company.gas_inline_limit = 0
        self.company.gas_chunk_size = 1

    def test_customers_one_chunk_after_the_other(self):
        rows = [self.customer_row(number) for number in range(21, 24)]
        with self.runner():
            record = self.load(
                "gas.customer.import", self.to_csv(CUSTOMER_HEADER, rows)
            )
            self.assertEqual(record.state, "importing")
            self.assertEqual(len(self.jobs_of(record)), 1)
            self.perform(record)
        self.assertEqual((record.state, record.done_count), ("done", 3))

    def test_customers_after_a_fault(self):
        rows = [self.customer_row(number) for number in range(21, 24)]
        with self.runner():
            record = self.load(
                "gas.customer.import", self.to_csv(CUSTOMER_HEADER, rows)
            )
            self.perform(record, limit=1)
            record.sudo()._job_failed(exc_message="disk full")
            self.assertEqual((record.state, record.message), ("checked", "disk full"))
            record.action_import()
            self.perform(record)
        self.assertEqual((record.state, record.done_count), ("done", 3))

    def test_readings_as_one_job(self):
        readings = {number: 1100 for number in range(1, self.COUNT + 1)}
        with self.runner():
            record = self.read_meters(readings, day="2026-11-20", previous="1050")
            self.assertEqual(record.state, "importing")
            self.assertEqual(len(self.jobs_of(record)), 1)
            self.assertFalse(record.reading_ids)
            record.action_import()
            self.perform(record)
        self.assertEqual(record.state, "done")
        self.assertEqual(len(record.reading_ids), self.COUNT)

    def test_readings_that_were_overtaken(self):
        with self.runner():
            record = self.read_meters({1: 1100}, day="2026-11-20", previous="1045")
        self.read_meters({1: 1101}, day="2026-11-21", previous="1045")
        self.perform(record)
        self.assertEqual(record.state, "checked")
        self.assertTrue(record.message)
        self.assertFalse(record.reading_ids)

    def test_without_a_runner_readings_go_in_at_once(self):
        record = self.read_meters({1: 1100}, day="2026-11-20")
        self.assertEqual(record.state, "done")

    def test_bank_result(self):
        batch = self.batch()
        with self.runner():
            result = self.load_result(
                self.answer(batch, {self.account: "0001"}), import_it=True
            )
            self.assertEqual(result.state, "importing")
            self.assertGreater(len(self.jobs_of(result)), 1)
            self.perform(result)
        self.assertEqual(result.state, "done")
        states = batch.sudo().line_ids.mapped("state")
        self.assertEqual(states.count("accepted"), self.COUNT - 1)
        self.assertEqual(len(batch.sudo().open_line_id), 1)

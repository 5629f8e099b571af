from odoo.tests import tagged

from .common import CUSTOMER_HEADER, READING_HEADER, GasCommon
from .test_estimate import EstimateCommon

FEW, MANY = 20, 200
#: Odoo writes rows in statements of 100, so ten times the rows are a few statements
#: more. One statement a row would be 180 more.
GROWTH = 40


@tagged("post_install", "-at_install")
class TestQueryCounts(GasCommon):
    """Work on many records takes about as many queries as on a few."""

    def count(self, work):
        """Return the queries that ``work`` and writing its result take."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def measure(self, first, count):
        """Import, read, bill and post accounts; return the queries of each step."""
        numbers = range(first, first + count)
        customers = self.to_csv(
            CUSTOMER_HEADER, [self.customer_row(number) for number in numbers]
        )
        readings = self.to_csv(
            READING_HEADER, [self.reading_row(number, 1040) for number in numbers]
        )
        queries = {
            "customers": self.count(
                lambda: self.load("gas.customer.import", customers)
            ),
            "readings": self.count(lambda: self.load("gas.reading.import", readings)),
        }
        run = self.make_run()
        queries["calculate"] = self.count(run.action_calculate)
        self.assertEqual(run.bill_count, count)
        queries["approve"] = self.count(
            run.with_user(self.users["manager"]).action_approve
        )
        queries["post"] = self.count(run.action_post)
        self.assertEqual(run.state, "posted")
        return queries

    def test_queries_do_not_grow_with_records(self):
        self.measure(1, 3)
        few = self.measure(1001, FEW)
        many = self.measure(2001, MANY)
        for step, queries in many.items():
            with self.subTest(step=step, few=few[step], many=queries):
                self.assertLess(queries - few[step], GROWTH)
        # what is written by our own statements does not grow at all
        self.assertLess(many["readings"] - few["readings"], 5)
        self.assertLess(many["calculate"] - few["calculate"], 5)


@tagged("post_install", "-at_install")
class TestCorrectionQueries(EstimateCommon):
    """A proposal reads the ledger of the service point once."""

    def count(self, correction):
        """Return how many bills are looked at, and with how many queries."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        plan = self.env["gas.correction.proposer"].sudo()._plan(correction)
        return len(plan), self.env.cr.sql_log_count - before

    def test_queries_do_not_grow_with_estimated_bills(self):
        self.company.gas_estimate_limit = 6
        first = self.month("2026-10", 1045)
        self.month("2026-11")
        correction = self.env["gas.correction"].create({"bill_id": first.id})
        correction.reading_ids[-1:].new_value = 1044
        self.assertFalse(correction.problem)
        few, queries = self.count(correction)
        for month in ("2026-12", "2027-01", "2027-02", "2027-03"):
            self.month(month)
        many, more_queries = self.count(correction)
        self.assertEqual((few, many), (2, 6))
        self.assertEqual(more_queries, queries)

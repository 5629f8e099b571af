from contextlib import contextmanager

from odoo.sql_db import db_connect

from odoo.addons.queue_job.job import Job
from odoo.addons.queue_job.jobrunner.runner import PG_ADVISORY_LOCK_ID


class QueueMixin:
    """A runner that listens but starts nothing: the test does the jobs itself."""

    @contextmanager
    def runner(self):
        """Hold the lock that a job runner holds, on a connection of its own."""
        with db_connect(self.env.cr.dbname).cursor() as cr:
            cr.execute("SELECT pg_try_advisory_lock(%s)", (PG_ADVISORY_LOCK_ID,))
            self.assertTrue(cr.fetchone()[0], "a job runner serves the test database")
            try:
                yield
            finally:
                cr.execute("SELECT pg_advisory_unlock(%s)", (PG_ADVISORY_LOCK_ID,))

    def jobs_of(self, record, *states):
        """Return the document's jobs in these states, those that wait by default."""
        return self.env["queue.job"].search(
            [
                ("identity_key", "=like", f"{record._name},{record.id},%"),
                ("state", "in", states or ("pending",)),
            ],
            order="id",
        )

    def perform(self, record, limit=1000):
        """Do the document's jobs as the runner's workers do; return how many."""
        for count in range(limit):
            waiting = self.jobs_of(record)[:1]
            if not waiting:
                return count
            job = Job.load(self.env, waiting.uuid)
            job.set_started()
            job.store()
            job.perform()
            job.set_done()
            job.store()
            self.env.flush_all()
        return limit

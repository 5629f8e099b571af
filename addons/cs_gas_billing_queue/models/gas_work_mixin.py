from psycopg2 import OperationalError

from odoo import api, models
from odoo.service.model import PG_CONCURRENCY_ERRORS_TO_RETRY
from odoo.tools import SQL

from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.queue_job.jobrunner.runner import PG_ADVISORY_LOCK_ID

#: Jobs of one document that may be at work at a time; fewer if the channel has less.
LANES = 8
CHANNEL = "root.gas"
#: Two workers that met try again after some seconds between these.
PAUSE = (1, 3)
TRIES = 50
LIVE = ("wait_dependencies", "pending", "enqueued", "started")


class GasWorkMixin(models.AbstractModel):
    """Work in the background as jobs, where a job runner listens.

    Each lane is a job that does one chunk and, in the same transaction, hands on to
    its successor. A worker that is killed rolls all of that back: another lane takes
    the chunk at once, and the runner starts the dead job again. Without a runner the
    scheduled job does the work, with the very same code.
    """

    _inherit = "gas.work.mixin"

    @api.model
    def _has_runner(self):
        """Tell whether a job runner serves this database: it holds a lock on it."""
        return bool(
            self.env.execute_query(
                SQL(
                    """
                    SELECT 1 FROM pg_locks l
                      JOIN pg_database d ON d.oid = l.database
                     WHERE d.datname = current_database() AND l.granted
                       AND l.locktype = 'advisory' AND l.objsubid = 1
                       AND l.classid = %s::bigint::oid AND l.objid = %s::bigint::oid
                    """,
                    PG_ADVISORY_LOCK_ID >> 32,
                    PG_ADVISORY_LOCK_ID & 0xFFFFFFFF,
                )
            )
        )

    def _work_later(self):
        if not self._has_runner():
            return super()._work_later()
        lanes = min(LANES, len(self._get_chunks())) if self._work_parallel else 1
        for number in range(max(lanes, 1)):
            self._enqueue_lane(number, lanes)
        return None

    def _enqueue_lane(self, number, lanes):
        """Queue the next chunk of a lane; a lane waits in the queue once only."""
        self._as_worker().with_delay(
            channel=CHANNEL,
            description=self.env._("%(document)s: go on", document=self.display_name),
            identity_key=f"{self._name},{self.id},{number}",
            max_retries=TRIES,
        )._job_work(number, lanes)

    def _job_work(self, number, lanes):
        """Do the next chunk of a lane and queue the one after it.

        :return: what the job did, for people
        """
        if not self.exists() or self.state not in self._work_states:
            return self.env._("Nothing is left to do.")
        try:
            count = self._work_chunk((number, lanes))
            self.env.flush_all()
        except OperationalError as error:
            if error.pgcode not in PG_CONCURRENCY_ERRORS_TO_RETRY:
                raise
            raise RetryableJobError(error.pgerror, seconds=PAUSE) from error
        if count:
            self._enqueue_lane(number, lanes)
        return self.env._("%s done", count)

    def _job_failed(self, exc_message=None, **_values):
        """A fault of the program: the last lane that fails stops the work.

        :param exc_message: what is shown on the document
        """
        if self.exists() and self.state in self._work_states:
            self._close_work(exc_message or self.env._("Unknown fault"))

    @api.model
    def _cron_process(self):
        """Work without a runner; with one, queue again what was lost or cancelled."""
        if not self._has_runner():
            return super()._cron_process()
        for record in self.search([("state", "in", self._work_states)], order="id"):
            if not record._has_live_jobs():
                record._work_later()
        return None

    def _has_live_jobs(self):
        return bool(
            self.env["queue.job"]
            .sudo()
            .search_count(
                [
                    ("identity_key", "=like", f"{self._name},{self.id},%"),
                    ("state", "in", LIVE),
                ],
                limit=1,
            )
        )

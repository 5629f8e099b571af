"""Jobs of two worker processes: one killed in the middle loses and doubles nothing."""

import contextlib
import os
import pathlib
import signal
import time

import psycopg2
from processes import Site

from dev import node, scratch

PATIENCE = 100
#: What the work of a state waits for while somebody else holds it, in its chunk.
HELD = {
    "calculating": "SELECT FROM gas_reading WHERE id = (SELECT id FROM gas_reading "
    "WHERE state = 'validated' ORDER BY id OFFSET 100 LIMIT 1) FOR UPDATE",
    "posting": "SELECT FROM res_partner WHERE id = (SELECT partner_id FROM gas_bill "
    "WHERE state = 'approved' AND amount_total > 0 ORDER BY id OFFSET 100 LIMIT 1) "
    "FOR UPDATE",
}


def is_running(pid):
    """Whether a process lives; a job that was lost still names its dead worker."""
    return pathlib.Path(f"/proc/{pid}").exists()


class Jobs(Site):
    """Steps that make jobs, and what becomes of these."""

    def wait(self, text, what):
        """Wait for a row and return it."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            rows = self.sql(text)
            if rows:
                return rows[0]
            # the runner looks for dead jobs once a minute, or when it is woken
            self.sql("NOTIFY queue_job, 'wake'")
            time.sleep(0.3)
        jobs = self.sql("SELECT state, count(*) FROM queue_job GROUP BY state")
        raise AssertionError(f"{what} did not happen; jobs: {jobs}")

    @contextlib.contextmanager
    def held(self, state):
        """Hold a row that the work needs, so that a worker stands still at it.

        Yields the number of the session that holds it.
        """
        options = self.server.options()
        connection = psycopg2.connect(
            dbname=self.name,
            **{key.removeprefix("db_"): value for key, value in options.items()},
        )
        try:
            with connection.cursor() as cursor:
                cursor.execute(HELD[state])
                assert cursor.rowcount == 1
            yield connection.info.backend_pid
        finally:
            connection.close()

    def kill_in(self, state, start):
        """Start the work and kill -9 a worker that stands in the middle of it."""
        with self.held(state) as holder:
            self.step(start)
            self.wait(
                "SELECT 1 FROM pg_stat_activity "
                f"WHERE {holder} = ANY(pg_blocking_pids(pid))",
                f"a worker in the middle of {state}",
            )
            pids = self.sql(
                "SELECT worker_pid FROM queue_job WHERE state = 'started' ORDER BY id"
            )
            os.kill(next(int(pid) for [pid] in pids if is_running(pid)), signal.SIGKILL)
            [[now]] = self.sql("SELECT state FROM gas_bill_run")
            assert now == state


def test_killed_worker(server):
    with scratch.copy(server, "full", "jobs") as name:
        site = Jobs(server, name, "resume.py")
        site.step("load")
        with node.start(site.config, name, "--max-cron-threads=0", workers=3, jobs=2):
            site.wait(
                "SELECT 1 FROM pg_locks l JOIN pg_database d ON d.oid = l.database "
                "WHERE d.datname = current_database() AND l.locktype = 'advisory'",
                "the runner's start",
            )
            site.kill_in("calculating", "calculate")
            site.wait(
                "SELECT 1 FROM gas_bill_run WHERE state = 'calculated'",
                "the end of the calculation",
            )
            site.step("approve")
            site.kill_in("posting", "post")
            site.wait(
                "SELECT 1 FROM gas_bill_run WHERE state = 'posted'",
                "the end of posting",
            )
            [[workers]] = site.sql(
                "SELECT count(DISTINCT worker_pid) FROM queue_job WHERE state = 'done'"
            )
            assert int(workers) >= 2
        site.step("verify")
        assert site.sql("SELECT 1 FROM gas_work_chunk") == []

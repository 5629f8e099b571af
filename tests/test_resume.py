"""A bill run that is killed goes on where it stopped and doubles nothing."""

import pathlib
import signal
import subprocess

import pytest

from dev import odoo, paths, scratch
from dev.database import Builder

HERE = pathlib.Path(__file__).parent
MONTH = HERE / "samples" / "gas_month"
STEPS = HERE / "resume.py"


class Worker:
    """Runs steps on one database, to the end or until killed."""

    def __init__(self, server, name):
        self.server, self.name = server, name
        self.config = Builder(server).config()

    def step(self, step, **options):
        command = [paths.PYTHON, "-m", "dev.inside", self.config, self.name]
        command += [STEPS, step, MONTH]
        return odoo.process(
            [str(part) for part in command],
            cwd=paths.ROOT,
            env=odoo.environment(),
            stdout=subprocess.PIPE,
            text=True,
            **options,
        )

    def finish(self, step):
        with self.step(step) as child:
            output = child.stdout.read()
            assert child.wait(300) == 0, output

    def kill_after(self, chunks):
        """Kill -9 the background worker after some committed chunks."""
        with self.step("work") as child:
            for _number in range(chunks):
                assert child.stdout.readline().strip() == "chunk"
            child.send_signal(signal.SIGKILL)
            child.wait()
        [[state, todo, done]] = self.server.sql(
            "SELECT r.state, r.todo_count, coalesce(sum(c.size), 0) "
            "FROM gas_bill_run r "
            "LEFT JOIN gas_work_chunk c ON c.res_id = r.id AND c.state = 'done' "
            "GROUP BY r.id",
            self.name,
        )
        return state, int(done), int(todo)


@pytest.mark.parametrize("kills", [(1, 3), (5,)])
def test_killed_run_goes_on(server, kills):
    with scratch.copy(server, "full", "resume") as name:
        worker = Worker(server, name)
        worker.finish("load")
        worker.finish("calculate")
        for chunks in kills:
            state, done, todo = worker.kill_after(chunks)
            assert state == "calculating"
            assert 0 <= done < todo
        worker.finish("work")
        worker.finish("approve")
        worker.finish("post")
        for chunks in kills:
            state, done, todo = worker.kill_after(chunks)
            assert state == "posting"
            assert 0 <= done < todo
        worker.finish("work")
        worker.finish("verify")

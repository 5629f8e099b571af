"""A bank result whose worker is killed goes on and books nothing twice."""

import pathlib
import signal
import subprocess

import pytest

from dev import odoo, paths, scratch
from dev.database import Builder

HERE = pathlib.Path(__file__).parent
MONTH = HERE / "samples" / "gas_month"
STEPS = HERE / "bank_resume.py"


class Worker:
    """Runs steps on one database, to the end or until killed."""

    def __init__(self, server, name):
        self.server, self.name = server, name
        self.config = Builder(server).config()

    def step(self, step):
        command = [paths.PYTHON, "-m", "dev.inside", self.config, self.name]
        command += [STEPS, step, MONTH]
        return odoo.process(
            [str(part) for part in command],
            cwd=paths.ROOT,
            env=odoo.environment(),
            stdout=subprocess.PIPE,
            text=True,
        )

    def finish(self, step):
        with self.step(step) as child:
            output = child.stdout.read()
            assert child.wait(300) == 0, output

    def kill_after(self, chunks):
        """Kill -9 the worker after some committed chunks; return answered lines."""
        with self.step("work") as child:
            for _number in range(chunks):
                assert child.stdout.readline().strip() == "chunk"
            child.send_signal(signal.SIGKILL)
            child.wait()
        [[state, done, todo]] = self.server.sql(
            "SELECT r.state, count(*) FILTER (WHERE l.booked), count(*) "
            "FROM gas_debit_result r JOIN gas_debit_result_line l "
            "ON l.import_id = r.id GROUP BY r.id",
            self.name,
        )
        return state, int(done), int(todo)


@pytest.mark.parametrize("kills", [(1, 3), (4,)])
def test_killed_result_goes_on(server, kills):
    with scratch.copy(server, "full", "bankresume") as name:
        worker = Worker(server, name)
        worker.finish("prepare")
        for chunks in kills:
            state, done, todo = worker.kill_after(chunks)
            assert state == "importing"
            assert 0 <= done < todo
        worker.finish("work")
        worker.finish("verify")

"""Steps on a database, each in a process of its own that may be killed."""

import pathlib
import signal
import subprocess

from dev import odoo, paths
from dev.database import Builder, script_command

HERE = pathlib.Path(__file__).parent
MONTH = HERE / "samples" / "gas_month"
PATIENCE = 600


class Site:
    """A database and the file that runs on it, with looks into it from outside."""

    def __init__(self, server, name, file):
        self.server, self.name = server, name
        self.config = Builder(server).config()
        self.file = HERE / file

    def sql(self, text):
        return self.server.sql(text, self.name)

    def start(self, *arguments, **options):
        """Run the file in a process that is gone at the end of the block."""
        return odoo.process(
            script_command(self.name, self.config, self.file, *arguments),
            cwd=paths.ROOT,
            env=odoo.environment(),
            stdout=subprocess.PIPE,
            text=True,
            **options,
        )

    def run(self, *arguments):
        """Run the file to its end; return its exit code and all that it said."""
        with self.start(*arguments, stderr=subprocess.STDOUT) as child:
            output, _nothing = child.communicate(timeout=PATIENCE)
        return child.returncode, output

    def step(self, step):
        """Do a step of the sample month to its end."""
        code, output = self.run(step, MONTH)
        assert code == 0, output

    def kill_after(self, chunks):
        """Kill -9 the background worker after some committed chunks."""
        with self.start("work", MONTH) as child:
            for _number in range(chunks):
                assert child.stdout.readline().strip() == "chunk"
            child.send_signal(signal.SIGKILL)
            assert child.wait() == -signal.SIGKILL

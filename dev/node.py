"""An Odoo server with worker processes, for tests and benchmarks across processes."""

import contextlib
import pathlib
import subprocess
import time
import urllib.error
import urllib.request

from . import odoo, paths
from .testing import free_port
from .ui import Failure

#: Seconds to wait for the first answer.
PATIENCE = 120


class Node:
    """A running server; ``pid`` is its main process."""

    def __init__(self, child, port):
        self.child, self.port = child, port
        self.pid = child.pid

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def workers(self):
        """Process ids of the processes below the main one."""
        found = []
        for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                fields = stat.read_text().rpartition(")")[2].split()
                if int(fields[1]) == self.pid:
                    found.append(int(stat.parent.name))
        return found

    def peak_mb(self):
        """The most memory that one of its processes ever held, in MB."""
        peaks = [0]
        for pid in [self.pid, *self.workers()]:
            with contextlib.suppress(OSError):
                status = pathlib.Path(f"/proc/{pid}/status").read_text()
                line = next(row for row in status.splitlines() if "VmHWM" in row)
                peaks.append(int(line.split()[1]) / 1024)
        return max(peaks)


@contextlib.contextmanager
def start(config, database, *arguments, workers=0, jobs=None, **environment):
    """Run a server on a free port of this machine; it is gone afterwards.

    :param int workers: processes for requests; 0: one process with threads
    :param int jobs: jobs at a time; None: without a job runner
    """
    port = free_port()
    command = [
        *odoo.command(config, "-d", database, f"--db-filter=^{database}$"),
        *(f"--http-port={port}", f"--gevent-port={free_port()}"),
        *(f"--workers={workers}", *map(str, arguments)),
    ]
    if jobs is not None:
        command.append("--load=base,web,queue_job")
        environment["ODOO_QUEUE_JOB_CHANNELS"] = f"root:{jobs}"
    paths.LOG.mkdir(parents=True, exist_ok=True)
    log = paths.LOG / f"node-{database}.log"
    with (
        log.open("ab") as output,
        odoo.process(
            command,
            cwd=paths.ROOT,
            env=odoo.environment(**environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        ) as child,
    ):
        node = Node(child, port)
        _wait(node, log)
        yield node


def _wait(node, log):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and node.child.poll() is None:
        try:
            with urllib.request.urlopen(f"{node.url}/web/login", timeout=60):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise Failure(f"Odoo did not start: look into {log.relative_to(paths.ROOT)}")

"""Running tests."""

import subprocess
import sys

from . import database, odoo, paths, scratch
from .postgres import Embedded
from .ui import say


def quick(addon, tags, among_all, name):
    """Test one addon on a fresh copy of a template, output in the foreground."""
    template = "full" if among_all else "account"
    with scratch.test_server() as server:
        builder = database.Builder(server)
        fresh = name is None or name not in server.databases()
        with _database(server, name, template, fresh) as used:
            action = "-i" if fresh and template == "account" else "-u"
            command = odoo.command(
                builder.config(), "-d", used, action, addon, "--test-tags", tags or f"/{addon}",
                "--stop-after-init", "--max-cron-threads=0", f"--http-port={free_port()}",
                "--log-level=warn", "--log-handler=odoo.tests:INFO", "--log-handler=odoo.addons:INFO",
            )
            with odoo.process(command, cwd=paths.ROOT, env=odoo.environment()) as child:
                return child.wait()


def _database(server, name, template, fresh):
    import contextlib

    if name is None:
        return scratch.copy(server, template, "quick")
    if fresh:
        server.copy(database.Templates(server).by_name(template), name)
    return contextlib.nullcontext(name)


def free_port():
    """A port nobody listens on."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def cases(folder):
    """Check rating against case files, without Odoo."""
    code = "import sys; from tools.cases import main; sys.exit(main(sys.argv[1:]))"
    environment = odoo.environment(PYTHONPATH=str(paths.ADDONS / "cs_gas_billing"))
    return subprocess.run([sys.executable, "-c", code, folder], env=environment, check=False).returncode

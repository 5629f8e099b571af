"""``make run`` and ``make stop``: the web client with demo data."""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

from . import database, demo, odoo, paths, postgres, setup
from .ui import Failure, say

DATABASE = "cs"


def run(port):
    """Set up, make or update the demo database, serve it until interrupted."""
    _check_port(port)
    if running():
        raise Failure("It is already running: make stop")
    steps = setup.ensure(more=1 + demo.expected_steps(DATABASE))
    server = postgres.server("run")
    started = False
    try:
        with steps.step("Starting PostgreSQL"):
            started = server.start()
        if DATABASE in server.databases():
            demo.refresh(server, DATABASE, steps.step)
        else:
            demo.build(server, DATABASE, steps.step)
        return _serve(server, port)
    finally:
        if started:
            server.stop()


def _serve(server, port):
    config = database.Builder(server).config(
        http_port=port, db_name=DATABASE, dbfilter=f"^{DATABASE}$", list_db="False"
    )
    log = paths.LOG / "run.log"
    with (
        log.open("ab") as output,
        odoo.process(
            odoo.command(config),
            cwd=paths.ROOT,
            env=odoo.environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as child,
    ):
        _note(child.pid)
        try:
            _wait_for_login(child, port, log)
            _welcome(port, log)
            return child.wait()
        except KeyboardInterrupt:
            say("\nStopping …")
            return 0
        finally:
            _pid_file().unlink(missing_ok=True)


def _wait_for_login(child, port, log):
    for _attempt in range(600):
        if child.poll() is not None:
            break
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{port}/web/login", timeout=60
            ):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise Failure(f"Odoo did not start: look into {log.relative_to(paths.ROOT)}")


def _welcome(port, log):
    say(f"\nOpen http://localhost:{port}")
    if paths.LOGINS.exists():
        say(paths.LOGINS.read_text(encoding="utf-8").rstrip())
    else:
        say("Log in with: admin / admin")
    say(f"Log: {log.relative_to(paths.ROOT)}. Stop with Ctrl-C or: make stop\n")


def _check_port(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise Failure(f"Port {port} is taken: make run PORT={port + 1}") from None


def _pid_file():
    return paths.PIDS / "odoo.pid"


def _note(pid):
    paths.PIDS.mkdir(parents=True, exist_ok=True)
    _pid_file().write_text(f"{pid} {_started(pid)}")


def _started(pid):
    """Start time of a process: with its id it names one process only."""
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    return stat.rpartition(")")[2].split()[19]


def running():
    """Process id of the Odoo started by ``make run``, or None."""
    try:
        pid, started = _pid_file().read_text().split()
    except (OSError, ValueError):
        return None
    return int(pid) if _started(int(pid)) == started else None


def stop():
    """Stop what we started, and nothing else."""
    pid = running()
    if pid:
        os.kill(pid, signal.SIGTERM)
        for _attempt in range(100):
            if not running():
                break
            time.sleep(0.2)
        say("Odoo stopped.")
    if not paths.VENV.exists():
        return 0
    for name in ("run", "test"):
        server = postgres.server(name)
        if server.stop():
            say(f"PostgreSQL ({name}) stopped.")
    return 0


def play_bank():
    """Answer the demo's sent debit batches; the files go to ``.cs/bank``."""
    setup.ensure()
    server = postgres.server("run")
    started = server.start()
    try:
        if DATABASE not in server.databases():
            raise Failure("There is no demo yet: make run")
        return database.run_script(
            DATABASE,
            database.Builder(server).config(),
            paths.ROOT / "dev" / "play_bank.py",
            [os.path.relpath(paths.STATE / "bank")],
            log_level="warn",
        )
    finally:
        if started:
            server.stop()


def clean():
    """Remove everything that was made, once nothing of it runs."""
    stop()
    if running():
        raise Failure("Odoo still runs: make stop, then try again")
    elsewhere = postgres.home()
    if paths.STATE not in elsewhere.parents:
        shutil.rmtree(elsewhere, ignore_errors=True)
    shutil.rmtree(paths.STATE, ignore_errors=True)
    say("Everything that was made is gone.")
    return 0

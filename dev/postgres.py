"""Which PostgreSQL to use: yours if you name one, else the embedded one."""

import os

from . import odoo
from .embedded import ROLE, Embedded, home
from .server import VARIABLES, Server
from .ui import Failure

__all__ = ["Embedded", "External", "home", "server"]
MINIMUM = 13
MAY_CREATE = """
    SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user
"""


def external():
    """Connection options of a PostgreSQL named by the user, or None."""
    found = {}
    options = odoo.user_options()
    for name, variable in VARIABLES.items():
        value = os.environ.get(variable) or options.get(name)
        if value and value.lower() not in ("false", "none"):
            found[name] = value
    return found if "db_host" in found else None


class External(Server):
    """A PostgreSQL the user named. Never started or stopped."""

    def __init__(self, options):
        user = os.environ.get("USER", ROLE)
        self._options = {"db_port": "5432", "db_user": user, **options}

    def options(self):
        return self._options

    def start(self):
        where = f"{self._options['db_host']}:{self._options['db_port']}"
        user = self._options["db_user"]
        if user == "postgres":
            raise Failure(
                "Odoo refuses the role postgres: name another one "
                "(PGUSER or db_user) that may create databases"
            )
        try:
            major = self.major()
            allowed = self.sql(MAY_CREATE) == [["t"]]
        except Failure as error:
            raise Failure(
                f"Cannot use the PostgreSQL at {where}: {error}. "
                "Correct odoo.conf or the PG* variables"
            ) from None
        if major < MINIMUM:
            raise Failure(
                f"The PostgreSQL at {where} is version {major}: name one from "
                f"{MINIMUM} on, or none for the embedded one"
            )
        if not allowed:
            raise Failure(f"Let the role create databases: ALTER ROLE {user} CREATEDB")
        return False


def server(name):
    """The server for ``run`` or ``test``."""
    options = external()
    return External(options) if options else Embedded(name)

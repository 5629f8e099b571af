"""The demo database of ``make run``: made once, updated when our addons change."""

import json

from . import addons, paths
from .database import Builder
from .ui import Failure, progress

LOAD_DEMO = paths.ROOT / "dev" / "load_demo.py"


def build(server, database, step=progress):
    """Make the database under another name, so that it is whole or absent."""
    builder, new = Builder(server), f"{database}_new"
    plain, financial = addons.foreign()
    with step("Creating the database"):
        builder.base(new, plain, demo=True)
    with step("Installing accounting and our addons"):
        builder.install(new, [*financial, *addons.COMPANIONS, *addons.ours()])
    with step("Loading demo data"):
        _load_demo(builder, new, addons.ours())
    server.drop(database)
    server.rename(new, database)
    _note(database)


def refresh(server, database, step=progress):
    """Install our addons that are new, update those that changed."""
    if not _note_file(database).is_file():
        raise Failure(
            f"The database {database} was not made by this checkout: "
            "drop or rename it, then try again"
        )
    new, changed = outdated(database)
    if not new and not changed:
        return
    builder = Builder(server)
    arguments = ["-i", ",".join(new)] if new else []
    arguments += ["-u", ",".join(changed)] if changed else []
    with step(f"Updating {', '.join(new + changed)}"):
        builder.odoo(database, *arguments, log=f"build-{database}")
        _load_demo(builder, database, new)
    _note(database)


def expected_steps(database):
    """How many steps the next start will show."""
    if not _note_file(database).is_file():
        return 3
    return 1 if any(outdated(database)) else 0


def outdated(database):
    """Our addons that are new, and those that changed, since the last start."""
    file = _note_file(database)
    noted = json.loads(file.read_text()) if file.is_file() else {}
    names = addons.ours()
    new = [name for name in names if name not in noted]
    known = [name for name in names if name in noted]
    changed = [name for name in known if noted[name] != addons.fingerprint(name)]
    return new, changed


def forget(database):
    """Remove what is noted of a database that is dropped."""
    _note_file(database).unlink(missing_ok=True)


def _load_demo(builder, database, names):
    if names:
        builder.script(database, LOAD_DEMO, *names, log=f"build-{database}")


def _note_file(database):
    return paths.STATE / f"db-{database}.json"


def _note(database):
    """Note the state of the addons the database was made from."""
    prints = {name: addons.fingerprint(name) for name in addons.ours()}
    _note_file(database).write_text(json.dumps(prints, indent=1))

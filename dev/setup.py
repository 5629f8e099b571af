"""Sets up everything, each step only when needed."""

from . import odoo, paths, system, venv
from .ui import Steps, digest, lock, stamp, stamped


def _odoo_ready():
    return odoo.package() is not None and (
        odoo.package() != odoo.DIST / "odoo" or stamped("odoo", digest(*odoo.PACKAGES))
    )


def _fetch_odoo():
    odoo.fetch()
    stamp("odoo", digest(*odoo.PACKAGES))


def pending(with_tests=False):
    """Set-up steps still to do: title and action."""
    venv.check_python()
    paths.STATE.mkdir(exist_ok=True)
    steps = []
    lacking = system.missing(with_tests)
    if lacking:
        steps.append(
            (f"Installing {', '.join(lacking)}", lambda: system.install(lacking))
        )
    if not _odoo_ready():
        steps.append(("Downloading Odoo 19", _fetch_odoo))
    if not venv.ready(with_tests):
        steps.append(("Installing Python packages", lambda: venv.create(with_tests)))
    if not venv.oca_ready():
        steps.append(("Installing community addons", venv.install_oca))
    return steps


def ensure(with_tests=False, more=0):
    """Do what is pending; ``more`` steps follow and count into the total."""
    with lock("setup"):
        todo = pending(with_tests)
        steps = Steps(len(todo) + more)
        for title, action in todo:
            with steps.step(title):
                action()
        venv.link_odoo()
    return steps

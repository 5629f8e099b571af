"""The Python environment in ``.cs/venv``: pinned packages and a link to Odoo."""

import os
import pathlib
import shutil
import sys

from . import odoo, paths
from .ui import Failure, digest, run, stamp, stamped

MINIMUM = (3, 11)
#: ReportLab 4 draws bar codes with this back end; the other has to be compiled.
REPORTLAB = 'renderPMBackend = "_renderPM"\n'


def check_python():
    """Refuse a Python that Odoo's pinned packages do not support."""
    if sys.version_info < MINIMUM:
        found = ".".join(map(str, sys.version_info[:2]))
        raise Failure(
            f"Python {found} is too old: install Python 3.11 or later, "
            "then call make PYTHON=python3.11"
        )


def locks(with_tests):
    """Lock files to install."""
    names = ["odoo", "test", "lint"] if with_tests else ["odoo"]
    return [paths.REQUIREMENTS / f"{name}.lock" for name in names]


def _key(with_tests):
    return digest(paths.ROOT, sys.version, *locks(with_tests))


def ready(with_tests):
    """Tell if the environment is up to date."""
    if not paths.PYTHON.exists():
        return False
    return stamped("venv", _key(True)) or (
        not with_tests and stamped("venv", _key(False))
    )


def create(with_tests):
    """Make or update the environment."""
    hint = "Installing Python packages failed. Look at the network, then try again"
    if (
        not stamped("venv-python", digest(paths.ROOT, sys.version))
        or not paths.PYTHON.exists()
    ):
        shutil.rmtree(paths.VENV, ignore_errors=True)
        run(
            [sys.executable, "-m", "venv", paths.VENV],
            "Install python3-venv, then try again",
            "venv",
        )
        stamp("venv-python", digest(paths.ROOT, sys.version))
    files = [part for lock in locks(with_tests) for part in ("-r", lock)]
    run([*_pip(), "--no-deps", *files], hint, "pip")
    _site_packages().joinpath("reportlab_settings.py").write_text(REPORTLAB)
    stamp("venv", _key(with_tests))


def oca_ready():
    """Tell if the community addons are up to date."""
    return paths.OCA.is_dir() and stamped(
        "oca", digest(paths.REQUIREMENTS / "oca.lock")
    )


def install_oca():
    """Install the community addons into their own folder, without dependencies.

    They name ``psycopg2``, which would be compiled; ``odoo.lock`` has all they need.
    """
    shutil.rmtree(paths.OCA, ignore_errors=True)
    lock = paths.REQUIREMENTS / "oca.lock"
    hint = "Installing the community addons failed. Look at the network, then try again"
    run(
        [*_pip(), "--no-deps", "--no-compile", "--target", paths.OCA, "-r", lock],
        hint,
        "pip-oca",
    )
    stamp("oca", digest(lock))


def link_odoo():
    """Make ``import odoo`` find the Odoo in use."""
    link = _site_packages() / "odoo"
    target = odoo.package()
    if not link.is_symlink() or pathlib.Path(os.readlink(link)) != target:
        link.unlink(missing_ok=True)
        link.symlink_to(target)


def _pip():
    return [
        paths.PYTHON,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-input",
    ]


def _site_packages():
    return next(paths.VENV.glob("lib/python3*/site-packages"))

"""Where things are. Everything that is made lives in ``.cs/``."""

import pathlib

ROOT = pathlib.Path(__file__).resolve().parent.parent
ADDONS = ROOT / "addons"
TESTS = ROOT / "tests"
BENCH = ROOT / "bench"
REQUIREMENTS = ROOT / "requirements"
CONF = ROOT / "odoo.conf"
LOGINS = ROOT / "dev" / "logins.txt"

STATE = ROOT / ".cs"
PREFIX = STATE / "odoo"  # the unpacked Debian packages
VENV = STATE / "venv"
PYTHON = VENV / "bin" / "python"
OCA = STATE / "oca"  # community addons that are installed beside ours
DATA = STATE / "data"  # Odoo's file store
ETC = STATE / "etc"
LOG = STATE / "log"
PIDS = STATE / "pid"
STAMPS = STATE / "stamps"

"""Where things are. Everything that is made lives in ``.cs/``."""

import hashlib
import pathlib

ROOT = pathlib.Path(__file__).resolve().parent.parent
#: Names this checkout where things are shared, on a PostgreSQL of your own say.
MARK = hashlib.sha256(bytes(ROOT)).hexdigest()[:8]
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

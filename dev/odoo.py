"""Finding or fetching Odoo 19, and running it."""

import ast
import configparser
import contextlib
import io
import os
import pathlib
import shutil
import subprocess
import threading

from . import paths
from .system import PrivateApt, dangling_links
from .ui import Failure, digest, run

#: Debian's Odoo 19 and what its assets link to. Font Awesome must be 4.7, the
#: later one has other file names, so it comes from Debian 12.
PACKAGES = (
    "odoo-19/sid",
    "libjs-jquery/sid",
    "libjs-jquery-form/sid",
    "libjs-underscore/sid",
    "fonts-font-awesome/bookworm",
    "fonts-inconsolata/bookworm",
    "fonts-montserrat/sid",
    "fonts-ocr-b/sid",
    "fonts-roboto-unhinted/sid",
)
PROGRAM = paths.ROOT / "dev" / "bin" / "odoo"
DIST = paths.PREFIX / "usr" / "lib" / "python3" / "dist-packages"
#: Debian leaves this asset out; a missing asset is a console error in every page.
STRIPPED = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"


def fetch():
    """Unpack Debian's Odoo 19 into ``.cs/odoo``."""
    shutil.rmtree(paths.PREFIX, ignore_errors=True)
    folder = paths.STATE / "apt"
    shutil.rmtree(folder, ignore_errors=True)
    apt = PrivateApt(folder, ["sid", "bookworm"])
    apt.update()
    for file in apt.download(*PACKAGES):
        run(
            ["dpkg", "-x", file, paths.PREFIX],
            "Unpacking failed. Is the disk full?",
            "unpack",
        )
    shutil.rmtree(folder)
    links = dangling_links()
    if links:
        raise Failure(
            f"Odoo's package lacks files ({links[0].name}, …). "
            "Name an Odoo 19 of your own: CS_ODOO=…"
        )
    asset = DIST / "odoo" / "addons" / STRIPPED
    asset.parent.mkdir(parents=True, exist_ok=True)
    asset.touch()


def package():
    """The folder of the ``odoo`` package to use: yours (``CS_ODOO``) or ours."""
    given = os.environ.get("CS_ODOO")
    folder = _given(given) if given else DIST / "odoo"
    if not given and not folder.is_dir():
        return None
    found = version(folder)
    if found[0] != 19:
        raise Failure(
            f"CS_ODOO is Odoo {'.'.join(map(str, found))}; these addons need Odoo 19. "
            "Name another one or leave CS_ODOO out"
        )
    return folder


def _given(value):
    """Resolve ``CS_ODOO``: a checkout, an installed package, or a Python."""
    path = pathlib.Path(value).expanduser()
    for folder in (path / "odoo", path):
        if (folder / "release.py").is_file():
            return folder.resolve()
    code = "import odoo; print(*odoo.__path__)"
    python = path if path.is_file() else "python3" if value == "python" else None
    if python:
        done = subprocess.run(
            [python, "-c", code], capture_output=True, text=True, check=False
        )
        folder = pathlib.Path(done.stdout.strip() or "/nonexistent")
        if (folder / "release.py").is_file():
            return folder.resolve()
    raise Failure(
        f"CS_ODOO={value} holds no Odoo: name a source checkout (the folder with "
        "odoo-bin), a Python in which odoo is installed, or leave it out"
    )


def version(folder):
    """Version of an ``odoo`` package, read without importing it."""
    for node in ast.parse((folder / "release.py").read_text()).body:
        if isinstance(node, ast.Assign) and node.targets[0].id == "version_info":
            names = [ast.unparse(part).strip("'\"") for part in node.value.elts[:2]]
            return [int(name) if name.isdigit() else name for name in names]
    raise Failure(
        f"{folder}/release.py names no version; name another Odoo 19 with CS_ODOO"
    )


def addon_folders():
    """All addons paths, ours first."""
    core = package()
    candidates = [
        paths.ADDONS,
        paths.TESTS / "addons",
        paths.OCA / "odoo" / "addons",
        core.parent / "addons",
        core / "addons",
    ]
    return [folder for folder in candidates if _holds_addons(folder)]


def _holds_addons(folder):
    return folder.is_dir() and next(folder.glob("*/__manifest__.py"), None) is not None


def key():
    """What identifies the Odoo in use: a new one makes new databases."""
    core = package()
    stamps = [core / "release.py", core / "addons" / "base" / "__manifest__.py"]
    return digest(core, *stamps, paths.REQUIREMENTS / "oca.lock")


def write_config(name, database, **options):
    """Write ``.cs/etc/<name>.conf`` and return it.

    The user's ``odoo.conf`` is the basis, the connection and the paths are added.
    """
    values = {
        **user_options(),
        **database,
        "addons_path": ",".join(map(str, addon_folders())),
        "data_dir": paths.DATA,
        **options,
    }
    paths.ETC.mkdir(parents=True, exist_ok=True)
    file = paths.ETC / f"{name}.conf"
    lines = [f"{option} = {value}\n" for option, value in sorted(values.items())]
    text = "[options]\n" + "".join(lines) + _other_sections()
    if not file.is_file() or file.read_text() != text:  # others may be reading it
        new = file.with_name(f"{name}.{os.getpid()}.{threading.get_ident()}")
        new.touch(mode=0o600)
        new.write_text(text)
        new.replace(file)
    return file


def user_options():
    """Options of the user's ``odoo.conf``."""
    parser = _user_config()
    return dict(parser["options"]) if parser.has_section("options") else {}


def _other_sections():
    """What the user's ``odoo.conf`` holds for addons, e.g. ``[queue_job]``."""
    parser = _user_config()
    parser.remove_section("options")
    text = io.StringIO()
    parser.write(text)
    return text.getvalue()


def _user_config():
    parser = configparser.RawConfigParser()
    parser.read(paths.CONF, encoding="utf-8")
    return parser


def command(config, *arguments, subcommand=None):
    """Command line that runs Odoo."""
    parts = [paths.PYTHON, PROGRAM, *([subcommand] if subcommand else [])]
    return [str(part) for part in (*parts, "-c", config, *arguments)]


def environment(**extra):
    """Environment for an Odoo process."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith("PG")
    }
    return {**kept, "PYTHONWARNINGS": "ignore", **extra}


_children = set()


@contextlib.contextmanager
def process(arguments, **options):
    """A child process that is gone afterwards, whatever happens.

    ``setpriv`` ends it even if this process is killed.
    """
    if shutil.which("setpriv"):
        arguments = ["setpriv", "--pdeathsig", "TERM", *arguments]
    child = subprocess.Popen(arguments, **options)
    _children.add(child)
    try:
        yield child
    finally:
        _children.discard(child)
        if child.poll() is None:
            child.terminate()
            try:
                child.wait(20)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def stop_children():
    """Ask all child processes to end."""
    for child in list(_children):
        child.terminate()

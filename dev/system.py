"""Debian packages: the few that the machine must have, and private copies.

Nothing is installed into the system except by root, and then only the packages
of ``NEEDED``. Odoo itself is unpacked into ``.cs/odoo``.
"""

import os
import pathlib
import re
import shutil
import subprocess

from . import paths
from .ui import Failure, run

APT = pathlib.Path("/etc/apt")
KEYRING = pathlib.Path("/usr/share/keyrings/debian-archive-keyring.gpg")
FONT_FILES = (
    "wqy-microhei",
    "NotoSansCJK",
    "NotoSerifCJK",
    "wqy-zenhei",
    "uming",
    "ukai",
)


def _has_chinese_font():
    roots = [pathlib.Path("/usr/share/fonts"), pathlib.Path.home() / ".fonts"]
    return any(
        name in file.name
        for root in roots
        if root.is_dir()
        for file in root.rglob("*.tt*")
        for name in FONT_FILES
    )


def _has_browser():
    names = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
    return any(shutil.which(name) for name in names)


def _has_venv():
    command = ["python3", "-c", "import ensurepip, venv"]
    return (
        subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode == 0
    )


#: package → test that it (or something as good) is there
NEEDED = {
    "python3-venv": _has_venv,
    "ca-certificates": lambda: pathlib.Path(
        "/etc/ssl/certs/ca-certificates.crt"
    ).exists(),
    "wkhtmltopdf": lambda: shutil.which("wkhtmltopdf"),
    "fonts-wqy-microhei": _has_chinese_font,
}
NEEDED_BY_TESTS = {
    "chromium": _has_browser,
}


def missing(with_tests):
    """Names of the Debian packages this machine lacks."""
    needed = {**NEEDED, **(NEEDED_BY_TESTS if with_tests else {})}
    return [name for name, present in needed.items() if not present()]


def install(names):
    """Install Debian packages (root), or say exactly which are missing."""
    command = f"apt-get install --no-install-recommends {' '.join(names)}"
    if os.geteuid() or not shutil.which("apt-get"):
        raise Failure(f"Packages are missing. Run as root, then try again: {command}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    hint = f"Installing packages failed. Look at the network, then run: {command}"
    run(["apt-get", "-q", "update"], hint, "apt-update", env=environment)
    run(
        ["apt-get", "-qy", "install", "--no-install-recommends", *names],
        hint,
        "apt-install",
        env=environment,
    )


def mirror():
    """The Debian mirror this machine's apt uses."""
    listing = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)|$(ORIGIN)"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    found = [line.split("|") for line in listing.splitlines()]
    uris = [
        uri for uri, origin in found if origin == "Debian" and "security" not in uri
    ]
    return (uris or configured_mirrors() or [None])[0]


def configured_mirrors():
    """Mirrors named in apt's own files, for a machine without downloaded lists."""
    files = [APT / "sources.list", *sorted(APT.glob("sources.list.d/*"))]
    text = "\n".join(file.read_text() for file in files if file.is_file())
    text = re.sub(r"^\s*#.*$", "", text, flags=re.MULTILINE)
    uris = re.findall(r"^URIs:\s*(\S+)", text, flags=re.MULTILINE)
    uris += re.findall(r"^deb\s+(?:\[[^]]*\]\s+)?(\S+)", text, flags=re.MULTILINE)
    debian = [uri for uri in uris if "debian" in uri and "security" not in uri]
    return sorted(debian, key=lambda uri: not re.search(r"/debian/?$", uri))


class PrivateApt:
    """apt with its own lists and cache: reads other suites, leaves the system alone."""

    def __init__(self, folder, suites):
        self.folder = folder
        self.suites = suites
        self.hint = (
            "Downloading from the Debian mirror failed. "
            "Look at the network, then try again"
        )

    def update(self):
        if not shutil.which("apt-get") or not shutil.which("dpkg"):
            raise Failure(
                "This is not Debian. Name an Odoo 19 of your own: CS_ODOO=/path/to/odoo"
            )
        uri = mirror()
        if not uri or not KEYRING.exists():
            raise Failure(
                "No Debian mirror or archive keyring found. "
                "Name an Odoo 19 of your own: CS_ODOO=…"
            )
        for name in ("lists/partial", "cache/archives/partial"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        lines = [
            f"deb [signed-by={KEYRING}] {uri} {suite} main\n" for suite in self.suites
        ]
        (self.folder / "sources.list").write_text("".join(lines))
        self._apt("update")

    def download(self, *names):
        """Download packages into the folder and return their files."""
        self._apt("download", *names)
        return sorted(self.folder.glob("*.deb"))

    def _apt(self, *arguments):
        options = {
            "Dir::State::lists": self.folder / "lists",
            "Dir::Cache": self.folder / "cache",
            "Dir::Etc::sourcelist": self.folder / "sources.list",
            "Dir::Etc::sourceparts": "/dev/null",
            "Acquire::Languages": "none",
            "Acquire::Retries": "3",
            "APT::Get::List-Cleanup": "false",
        }
        if not os.geteuid():
            options["APT::Sandbox::User"] = "root"
        flags = [
            part for key, value in options.items() for part in ("-o", f"{key}={value}")
        ]
        run(
            ["apt-get", "-q", *flags, *arguments],
            self.hint,
            f"apt-{arguments[0]}",
            cwd=self.folder,
        )


def dangling_links(folder=paths.PREFIX):
    """Symbolic links below a folder that lead nowhere."""
    links = (path for path in folder.rglob("*") if path.is_symlink())
    return [link for link in links if not link.exists()]

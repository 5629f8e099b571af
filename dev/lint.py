"""Linters: the same for ``make lint``, ``make test`` and pre-commit."""

import re
import subprocess

from . import addons, odoo, paths
from .ui import say

SOURCES = ("addons", "dev", "tests", "bench")
#: Files with their own rules: vendored code, pages of the app store.
EXCLUDED = re.compile(r"(^|/)static/lib/|/static/description/index\.html$")
ODOO_CHECKS = "sql-injection,missing-gettext,gettext-variable,gettext-placeholders"
CONCISE = ("--output-format", "concise")
ODOO_PLUGINS = ("sql_injection", "gettext", "unlink_override")

#: A workflow may be spread over files by topic: no file that nobody dares to open.
PYLINT = ("--rcfile=.pylintrc", "--disable=consider-merging-classes-inherited")


def _bans():
    """Forbidden patterns, read from the pre-commit configuration."""
    text = (paths.ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    for line in text.splitlines():
        if "language: pygrep" not in line:
            continue
        name = re.search(r"name: ([^,]+)", line)[1]
        pattern = re.search(r"entry: '(.*)'", line)[1]
        files = re.search(r"files: '([^']*)'", line)
        types = re.search(r"types: \[(\w+)\]", line)
        suffix = {"python": r"\.py$", "xml": r"\.xml$"}.get(types and types[1])
        yield name, re.compile(pattern), re.compile(files[1] if files else suffix)


def _banned(pattern, wanted):
    """Places in our addons where a forbidden pattern stands."""
    found = []
    for file in sorted(paths.ADDONS.rglob("*")):
        name = str(file.relative_to(paths.ROOT))
        if not wanted.search(name) or EXCLUDED.search(name) or not file.is_file():
            continue
        lines = file.read_text(encoding="utf-8").splitlines()
        found += [
            f"{name}:{number}: {line.strip()}"
            for number, line in enumerate(lines, 1)
            if pattern.search(line)
        ]
    return found


def _tool(*command, **extra):
    """Output lines of a linter that found something."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=paths.ROOT,
        env=odoo.environment(**extra),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if not done.returncode:
        return []
    return (done.stdout + done.stderr).strip().splitlines() or ["failed"]


def checks():
    """Name and function of every check; the function returns what is wrong."""
    bin_folder = paths.VENV / "bin"
    sources = [name for name in SOURCES if (paths.ROOT / name).is_dir()]
    ours = [paths.ADDONS / name for name in addons.ours()]
    yield "ruff", lambda: _tool(bin_folder / "ruff", "check", "-q", *CONCISE, *sources)
    yield (
        "ruff format",
        lambda: _tool(
            bin_folder / "ruff", "format", "-q", "--check", *CONCISE, *sources
        ),
    )
    for name, pattern, wanted in _bans():
        yield name, lambda p=pattern, w=wanted: _banned(p, w)
    if not ours:
        return
    yield (
        "pylint-odoo",
        lambda: _tool(bin_folder / "pylint", *PYLINT, "-j2", *ours, PYTHONPATH="."),
    )
    yield "Odoo's pylint checks", lambda: _odoo_checks(bin_folder, ours)
    yield "view schema", lambda: _tool(paths.PYTHON, "-m", "dev.rngcheck", *ours)
    yield "OCA checks", lambda: _oca_checks(bin_folder, ours)


def _odoo_checks(bin_folder, ours):
    """Odoo's own static checkers, which live in its test_lint addon."""
    folder = odoo.package() / "addons" / "test_lint" / "tests"
    if not folder.is_dir():
        return []
    plugins = ",".join(f"_odoo_checker_{name}" for name in ODOO_PLUGINS)
    return _tool(
        bin_folder / "pylint",
        "--rcfile=/dev/null",
        "--score=n",
        "--disable=all",
        f"--load-plugins={plugins}",
        f"--enable={ODOO_CHECKS},gettext-repr,raise-unlink-override",
        *ours,
        PYTHONPATH=folder,
    )


def _oca_checks(bin_folder, ours):
    manifests = [folder / "__manifest__.py" for folder in ours]
    found = _tool(bin_folder / "oca-checks-odoo-module", *manifests)
    texts = [file for folder in ours for file in sorted(folder.glob("i18n/*.po*"))]
    if texts:
        command = bin_folder / "oca-checks-po"
        found += _tool(command, "--disable=po-pretty-format", *texts)
    return found


def lint():
    """Run all checks; return their number and what is wrong, by check."""
    wrong, number = {}, 0
    for name, check in checks():
        number += 1
        found = check()
        if found:
            wrong[name] = found
    return number, wrong


def report():
    """``make lint``: print what is wrong."""
    number, wrong = lint()
    for name, lines in wrong.items():
        say(f"\n{name}:")
        for line in lines:
            say(f"  {line}")
    say(f"\n{number - len(wrong)} passed, {len(wrong)} failed")
    return int(bool(wrong))


def format_sources():
    """``make format``: put the source into shape."""
    ruff = paths.VENV / "bin" / "ruff"
    sources = [name for name in SOURCES if (paths.ROOT / name).is_dir()]
    subprocess.run(
        [ruff, "check", "-q", "--fix", *sources], cwd=paths.ROOT, check=False
    )
    command = [ruff, "format", *sources]
    return subprocess.run(command, cwd=paths.ROOT, check=False).returncode

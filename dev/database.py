"""Making databases: the demo's, and the templates tests are copied from."""

import os
import re
import subprocess
import sys

from . import addons, odoo, paths
from .ui import Failure, digest, lock, progress, say

PREPARE = paths.ROOT / "dev" / "prepare_company.py"
#: Log lines that make an installation fail although Odoo goes on.
BAD_LINE = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+ "
    r"((ERROR|CRITICAL) |WARNING .*demo data failed to install)"
)
#: The first is everybody's. Tests expect English, the demo is Chinese.
DEMO_LANGUAGES, TEST_LANGUAGES = "zh_CN,en_US", "en_US,zh_CN"


class Builder:
    """Runs Odoo commands on databases of one server."""

    def __init__(self, server):
        self.server = server

    def config(self, **options):
        """Write Odoo's configuration for this server."""
        name = getattr(self.server, "name", "external")
        return odoo.write_config(name, self.server.options(), **options)

    def odoo(self, database, *arguments, log):
        """Run Odoo once without a web server; fail on its errors."""
        command = odoo.command(
            self.config(),
            "-d",
            database,
            "--stop-after-init",
            "--no-http",
            "--max-cron-threads=0",
            *arguments,
        )
        self._run(command, log, f"Odoo failed on the database {database}")

    def script(self, database, file, *arguments, log):
        """Run a Python file with ``env``."""
        command = script_command(database, self.config(), file, *arguments)
        self._run(
            command,
            log,
            f"{file.name} failed on the database {database}",
        )

    def _run(self, command, log, what):
        paths.LOG.mkdir(parents=True, exist_ok=True)
        file = paths.LOG / f"{log}.log"
        with file.open("ab") as output:
            start = output.tell()
            with odoo.process(
                command,
                cwd=paths.ROOT,
                env=odoo.environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            ) as child:
                code = child.wait()
        text = file.read_bytes()[start:].decode(errors="replace")
        bad = [line for line in text.splitlines() if BAD_LINE.match(line)]
        if code or bad:
            say()
            for line in (bad or text.splitlines())[:3] + text.splitlines()[-12:]:
                say(f"    {line}")
            raise Failure(f"{what} (details: {file.relative_to(paths.ROOT)})")

    def base(self, database, modules, *, demo=False):
        """A Chinese company without accounting; in the demo its people are Chinese."""
        log = f"build-{database}"
        (paths.LOG / f"{log}.log").unlink(missing_ok=True)
        self.server.drop(database)
        languages = DEMO_LANGUAGES if demo else TEST_LANGUAGES
        self.odoo(database, "-i", "base", f"--load-language={languages}", log=log)
        self.script(database, PREPARE, *(["--people"] if demo else []), log=log)
        self.install(database, modules)

    def install(self, database, modules):
        """Install addons."""
        if modules:
            self.odoo(database, "-i", ",".join(modules), log=f"build-{database}")


class Templates:
    """Cached databases that tests are copied from, in three storeys."""

    def __init__(self, server):
        self.server = server
        self.builder = Builder(server)

    def _get(self, title, prefix, key, build):
        prefix = f"cs_{paths.MARK}_{prefix}"
        name = f"{prefix}_{digest(key, odoo.key(), PREPARE, TEST_LANGUAGES)}"
        with lock(prefix):
            known = self.server.databases()
            if name in known:
                return name
            for old in known:
                if re.fullmatch(rf"{prefix}_[0-9a-f]{{16}}|{prefix}_new", old):
                    self.server.drop(old)
            with progress(title):
                build(f"{prefix}_new")
            self.server.rename(f"{prefix}_new", name)
        return name

    def plain(self):
        """What stands below our addons, without accounting."""
        plain, _financial = addons.foreign()
        return self._get(
            "Template database without accounting",
            "plain",
            digest(plain),
            lambda name: self.builder.base(name, plain),
        )

    def account(self):
        """The same with accounting and the Chinese chart."""
        plain, financial = addons.foreign()
        self.plain()

        def build(name):
            self.copy("plain", name)
            self.builder.install(name, financial)

        return self._get(
            "Template database with accounting",
            "account",
            digest(plain, financial),
            build,
        )

    def full(self):
        """Accounting, all our addons and what they build a bridge to."""
        plain, financial = addons.foreign()
        names = [*addons.companions(), *addons.ours()]
        prints = [addons.fingerprint(name) for name in addons.ours()]
        self.account()

        def build(name):
            self.copy("account", name)
            self.builder.install(name, names)

        return self._get(
            "Template database with our addons",
            "full",
            digest(plain, financial, *names, *prints),
            build,
        )

    def copy(self, template, name):
        """Make a database from a template given by its short name."""
        getters = {"plain": self.plain, "account": self.account, "full": self.full}
        for attempt in range(3):
            found = getters[template]()
            try:
                self.server.copy(found, name)
            except Failure:  # made anew just now, as our source had changed
                if attempt == 2 or found in self.server.databases():
                    raise
            else:
                return


def scratch_name(label):
    """Name for a database that this process makes and drops."""
    clean = re.sub(r"\W+", "_", label).strip("_").lower()[:30]
    return f"cs_{paths.MARK}_t_{os.getpid()}_{clean}"


def drop_leftovers(server):
    """Drop scratch databases whose process is gone."""
    for name in server.databases():
        found = re.match(rf"cs_{paths.MARK}_t_(\d+)_", name)
        if found and not os.path.exists(f"/proc/{found[1]}"):
            server.drop(name)


def script_command(database, config, file, *arguments):
    """Command line that runs a Python file with ``env``."""
    command = [paths.PYTHON, "-m", "dev.inside", config, database, file, *arguments]
    return [str(part) for part in command]


def run_script(database, config, file, arguments, log_level="info"):
    """Run a Python file with ``env`` in the foreground; return its exit code."""
    with odoo.process(
        script_command(database, config, file, *arguments),
        cwd=paths.ROOT,
        env=odoo.environment(CS_LOG_LEVEL=log_level),
        stdout=sys.stdout,
    ) as child:
        return child.wait()

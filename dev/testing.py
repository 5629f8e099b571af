"""``make test``: everything CI runs, two jobs at a time."""

import concurrent.futures
import contextlib
import math
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

from . import addons, database, lint, odoo, paths, scratch, translations
from .results import LOG_LINE, Result, read_junit, read_odoo_log
from .ui import Failure, say

#: The whole run is cut off after this many seconds.
LIMIT = 85 * 60
#: And one job after this many.
JOB_LIMIT = 40 * 60
#: Memory one job may need, in GiB: fewer run at a time on small machines.
JOB_MEMORY = 2.5
#: Odoo's own rules for addons, kept in its addon test_lint. Left out: what looks
#: at all of Odoo's source.
ODOO_RULES = (
    "TestIndex TestNaming TestLintOverrideSignatures RoutesLinter ManifestLinter "
    "TestOnchangeDomains TestTestHoles PotLinter TestDunderinit TestI18n "
    "TestJsTranslations"
)
BROWSER = re.compile(r"\b(HttpCase|start_tour|browser_js)\b")
LAST = paths.STATE / "last-test.txt"


class Run:
    """One run of everything: a pool of jobs and what they brought."""

    def __init__(self, server):
        self.server = server
        self.deadline = time.monotonic() + LIMIT
        self.results = []
        self.lock = threading.Lock()
        self.pool = concurrent.futures.ThreadPoolExecutor(_jobs_at_a_time())
        self.futures = []

    def submit(self, name, function, *arguments):
        """Queue a job; ``function(result, …)`` fills its result."""
        self.futures.append(self.pool.submit(self._job, name, function, arguments))

    def _job(self, name, function, arguments):
        result, started = Result(name), time.monotonic()
        try:
            function(result, *arguments)
        except Failure as failure:
            result.fail(str(failure))
        except Exception as error:  # noqa: BLE001 (a job must not end the others)
            result.fail(f"{type(error).__name__}: {error}")
        result.seconds = time.monotonic() - started
        with self.lock:
            self.results.append(result)
            say(str(result))

    def wait(self):
        """Wait for all jobs."""
        for future in self.futures:
            future.result()

    def abort(self):
        """Stop the jobs that run and forget the others."""
        self.pool.shutdown(wait=False, cancel_futures=True)
        odoo.stop_children()
        self.pool.shutdown(wait=True)

    def seconds_left(self):
        """Seconds a job may take that starts now."""
        return min(max(self.deadline - time.monotonic(), 1), JOB_LIMIT)

    # Jobs

    def lint(self, result):
        number, wrong = lint.lint()
        result.passed = number - len(wrong)
        for name, lines in wrong.items():
            result.fail("\n".join([f"{name}:", *lines]))

    def pytest(self, result, *arguments):
        """Tests that run outside Odoo; those across addons make their own databases."""
        with tempfile.TemporaryDirectory() as folder:
            report = os.path.join(folder, "report.xml")
            command = [paths.PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
            command += [f"--junitxml={report}", *arguments]
            _code, output = self._call(command, f"test-{result.name}")
            read_junit(result, report, output)

    def cases(self, result):
        code, output = self._call(
            [paths.PYTHON, "-m", "dev", "cases"], f"test-{result.name}"
        )
        total = re.search(r"(\d+) passed, (\d+) failed\s*$", output)
        if total:
            result.passed = int(total[1])
        if code or not total:
            result.fail(output)
            result.failed = max(int(total[2]) if total else 0, 1)

    def addon(self, result, addon, tags):
        """Tests of one addon, with all others installed."""
        with scratch.copy(self.server, "full", result.name) as name:
            command = odoo_test_command(self.server, name, addon, tags)
            code, output = self._call(command, f"test-{result.name}")
            read_odoo_log(result, output, code)

    def contract(self, result, addon):
        """Tests of the contract between addons, with an addon that is there for it."""
        with scratch.copy(self.server, "full", result.name) as name:
            command = odoo_test_command(self.server, name, addon, f"/{addon}", "-i")
            code, output = self._call(command, f"test-{result.name}")
            read_odoo_log(result, output, code)

    def odoo_rules(self, result):
        """Odoo's own rules; the community addons stay out of sight."""
        tags = ",".join(f"/test_lint:{name}" for name in ODOO_RULES.split())
        folders = [folder for folder in odoo.addon_folders() if not _is_oca(folder)]
        option = f"--addons-path={','.join(map(str, folders))}"
        names = ",".join(["test_lint", *addons.without_companions()])
        with scratch.copy(self.server, "account", result.name) as name:
            command = odoo_test_command(self.server, name, names, tags, "-i")
            code, output = self._call([*command, option], f"test-{result.name}")
            read_odoo_log(result, output, code)

    def catalogues(self, result):
        """The translations are complete."""
        with scratch.copy(self.server, "full", result.name) as name:
            config = database.Builder(self.server).config()
            command = database.script_command(name, config, translations.SCRIPT)
            command += ["--check", *addons.ours()]
            code, output = self._call(command, f"test-{result.name}")
        result.passed = int(not code)
        if code:
            lines = output.splitlines()
            result.fail("\n".join(line for line in lines if not LOG_LINE.match(line)))

    def _call(self, command, log):
        """Run a command with its output in a log; return its code and output."""
        name = re.sub(r"[^-.\w]+", "-", log).strip("-")
        file = paths.LOG / f"{name}.log"
        with file.open("wb") as output:
            with odoo.process(
                [str(part) for part in command],
                cwd=paths.ROOT,
                env=odoo.environment(PYTHONPATH=str(paths.ROOT), PYTHONUNBUFFERED="1"),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            ) as child:
                try:
                    code = child.wait(self.seconds_left())
                except subprocess.TimeoutExpired:
                    child.send_signal(signal.SIGQUIT)  # Odoo logs where it stands
                    time.sleep(2)
                    raise Failure(f"cut off: it took too long, see {file}") from None
        return code, file.read_text(errors="replace")


def _is_oca(folder):
    return paths.OCA in folder.parents


def _jobs_at_a_time():
    text = pathlib.Path("/proc/meminfo").read_text()
    memory = int(re.search(r"MemAvailable:\s+(\d+)", text)[1]) / 2**20
    return max(1, min(os.cpu_count() or 1, math.floor(memory / JOB_MEMORY)))


def odoo_test_command(server, name, addon, tags, action="-u"):
    """Command line that tests an addon."""
    return odoo.command(
        database.Builder(server).config(),
        *("-d", name, action, addon, "--test-tags", tags),
        *("--stop-after-init", "--max-cron-threads=0", f"--http-port={free_port()}"),
    )


def groups(addon):
    """Test tags of an addon in one or two groups: with the browser and without.

    The two run side by side; the tests of the browser wait a lot.
    """
    files = sorted((paths.ADDONS / addon / "tests").glob("test_*.py"))
    browser = [file for file in files if BROWSER.search(file.read_text())]
    plain = [file for file in files if file not in browser]
    found = []
    for label, chosen in (("", plain), (" (browser)", browser)):
        if chosen:
            tags = ",".join(f"/{addon}/tests/{file.name}" for file in chosen)
            found.append((f"{addon}{label}", tags))
    return found


def everything():
    """Run it all; print what failed and, last, the counts."""
    started = time.monotonic()
    paths.LOG.mkdir(parents=True, exist_ok=True)
    with scratch.test_server() as server:
        run = Run(server)
        try:
            _queue(run)
            run.wait()
        except BaseException:
            run.abort()
            raise
        run.pool.shutdown()
    return _report(run.results, time.monotonic() - started)


def _queue(run):
    """Queue all jobs, those first that need no database."""
    run.submit("lint", run.lint)
    if (paths.TESTS / "pure").is_dir():
        run.submit("pure", run.pytest, paths.TESTS / "pure")
    if (paths.ADDONS / "cs_gas_billing").is_dir():
        run.submit("cases", run.cases)
    try:
        database.Templates(run.server).full()
    except Failure as failure:
        result = Result("installing our addons")
        result.fail(str(failure))
        run.results.append(result)
        return
    for addon in reversed(addons.ours()):
        found = groups(addon)
        for name, tags in found or [(addon, f"/{addon}")]:
            run.submit(name, run.addon, addon, tags)
    for folder in sorted((paths.TESTS / "addons").glob("*/__manifest__.py")):
        run.submit(folder.parent.name, run.contract, folder.parent.name)
    run.submit("catalogues", run.catalogues)
    run.submit("odoo rules", run.odoo_rules)
    for file in sorted(paths.TESTS.glob("test_*.py")):
        run.submit(file.stem, run.pytest, file)


def _report(results, seconds):
    for result in results:
        for text in result.details:
            say(f"\n=== {result.name}: {text}")
    passed = sum(result.passed for result in results)
    failed = sum(result.failed for result in results)
    if not passed and not failed:
        failed = 1
    say(f"\n{seconds / 60:.1f} minutes; logs are in .cs/log")
    line = f"{passed} passed, {failed} failed"
    LAST.write_text(f"{line}\n")
    say(line)
    return int(bool(failed))


def quick(addon, tags, among_all, name):
    """Test one addon on a fresh copy of a template, output in the foreground."""
    template = "full" if among_all else "account"
    with scratch.test_server() as server:
        fresh = name is None or name not in server.databases()
        with _database(server, name, template, fresh) as used:
            action = "-i" if fresh and template == "account" else "-u"
            command = odoo_test_command(
                server, used, addon, tags or f"/{addon}", action
            )
            with odoo.process(command, cwd=paths.ROOT, env=odoo.environment()) as child:
                return child.wait()


def _database(server, name, template, fresh):
    if name is None:
        return scratch.copy(server, template, "quick")
    if fresh:
        database.Templates(server).copy(template, name)
    return contextlib.nullcontext(name)


def free_port():
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def cases(folder):
    """Check rating against case files, without Odoo."""
    code = "import sys; from tools.cases import main; sys.exit(main(sys.argv[1:]))"
    environment = odoo.environment(PYTHONPATH=str(paths.ADDONS / "cs_gas_billing"))
    command = [sys.executable, "-c", code, folder]
    return subprocess.run(command, env=environment, check=False).returncode

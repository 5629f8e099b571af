"""What a test job brought: counts, time and the texts of what failed."""

import dataclasses
import pathlib
import re
import xml.etree.ElementTree

LOG_LINE = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+ (?P<level>[A-Z]+) \S+ "
    r"(?P<logger>[\w.]+): (?P<text>.*)"
)
TOTAL = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")


@dataclasses.dataclass
class Result:
    """Outcome of one job."""

    name: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0
    details: list = dataclasses.field(default_factory=list)

    def fail(self, text):
        """Count one more failure."""
        self.failed += 1
        self.details.append(text)

    def __str__(self):
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return (
            f"{self.name:<44} {self.passed:>5} passed, {self.failed} failed{skipped}"
            f"  ({self.seconds:.0f} s)"
        )


def read_odoo_log(result, text, code):
    """Fill a result from the log of an Odoo that ran tests.

    An error in the log that is no test's failure is a failure too: what a test
    expects it has to catch (``mute_logger``, ``assertLogs``).
    """
    blocks = _blocks(text)
    ran = 0
    for level, logger, message in blocks:
        total = TOTAL.search(message) if logger == "odoo.tests.result" else None
        if total:
            ran += int(total[3])
        elif level == "INFO" and message.startswith("skipped "):
            result.skipped += 1
            result.details.append(message)
        elif level in ("ERROR", "CRITICAL"):
            result.fail(f"{logger}: {message}")
    if code and not result.failed:
        result.fail(
            f"Odoo ended with code {code}\n" + "\n".join(text.splitlines()[-15:])
        )
    elif not ran:
        result.fail("No test was run")
    result.passed = max(ran - result.failed - result.skipped, 0)


def _blocks(text):
    """Log records with their following lines: level, logger, message."""
    blocks = []
    for line in text.splitlines():
        found = LOG_LINE.match(line)
        if found:
            blocks.append([found["level"], found["logger"], found["text"]])
        elif blocks:
            blocks[-1][2] += f"\n{line}"
    return blocks


def read_junit(result, file, output):
    """Fill a result from pytest's report."""
    if not pathlib.Path(file).is_file():
        result.fail("\n".join(output.splitlines()[-30:]) or "pytest wrote no report")
        return
    for case in xml.etree.ElementTree.parse(file).iter("testcase"):
        problems = [*case.iter("failure"), *case.iter("error")]
        name = f"{case.get('classname')}.{case.get('name')}"
        if problems:
            result.fail(f"{name}\n{problems[0].text or problems[0].get('message')}")
        elif case.find("skipped") is not None:
            result.skipped += 1
            result.details.append(
                f"skipped {name}: {case.find('skipped').get('message')}"
            )
        else:
            result.passed += 1
    if not result.passed + result.failed:
        result.fail("No test was run")

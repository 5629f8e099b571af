"""Run golden cases: ``python -m tools.cases [directory]``.

Every ``gas_*.json`` of the directory is read: ``{"schema": 1, "cases": [{"id",
"kind", "input", "expected"}]}``. A case is mapped to its function by ``kind`` and
gets nothing but ``input``. Every difference is listed with file, case, key path,
expected and computed value; an unknown kind, an exception and a file that cannot
be read are differences too. Numbers are compared as the text they are.
"""

import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

from .allocate import allocate
from .bankfile import bank_file
from .errors import GasInputError
from .estimate import estimate
from .latefee import late_fee
from .rating import rate
from .rebill import rebill
from .usage import check_usage
from .vat import vat

SCHEMA = 1
PATTERN = "gas_*.json"
KINDS = {
    "allocate": allocate,
    "bank_file": bank_file,
    "estimate": estimate,
    "late_fee": late_fee,
    "rate": rate,
    "rebill": rebill,
    "usage": check_usage,
    "vat": vat,
}
MISSING = "<missing>"


class Difference(NamedTuple):
    """One value that is not as expected."""

    file: str
    case: str
    path: str
    expected: Any
    got: Any

    def __str__(self):
        return (
            f"{self.file} {self.case} {self.path}: "
            f"expected {_show(self.expected)}, got {_show(self.got)}"
        )


class Report:
    """Outcome of a run: passed and failed cases per kind, all differences.

    ``broken`` counts files that could not be read.
    """

    def __init__(self):
        self.passed = Counter()
        self.failed = Counter()
        self.differences = []
        self.broken = 0

    @property
    def total(self):
        return sum(self.passed.values()) + sum(self.failed.values())

    @property
    def failures(self):
        return sum(self.failed.values()) + self.broken

    @property
    def ok(self):
        """Every case passed, and there was at least one."""
        return bool(self.total) and not self.failures


def run_dir(path):
    """Run every ``gas_*.json`` in a directory and return a ``Report``."""
    report = Report()
    for file in sorted(Path(path).glob(PATTERN)):
        run_file(file, report)
    return report


def run_file(file, report):
    """Run one file and add its outcome to ``report``."""
    file = Path(file)
    try:
        cases = _load(file)
    except (OSError, ValueError) as error:
        report.broken += 1
        report.differences.append(
            Difference(file.name, "-", "file", "cases", f"{error}")
        )
        return
    for position, case in enumerate(cases):
        run_case(case, position, file.name, report)


def run_case(case, position, file, report):
    """Run one case and add its outcome to ``report``."""
    if not isinstance(case, dict):
        case = {}
    name = str(case.get("id", f"#{position}"))
    kind = case.get("kind")
    kind = kind if isinstance(kind, str) else repr(kind)
    missing = [key for key in ("kind", "input", "expected") if key not in case]
    if missing:
        found = [(key, "present", MISSING) for key in missing]
    elif kind not in KINDS:
        found = [("kind", " | ".join(KINDS), kind)]
    else:
        try:
            got = KINDS[kind](case["input"])
        except Exception as error:  # noqa: BLE001 - whatever fails is a difference
            problem = f"{type(error).__name__}: {error}"
            found = [("", case["expected"], problem)]
        else:
            found = list(compare(case["expected"], got))
    (report.failed if found else report.passed)[kind] += 1
    report.differences.extend(Difference(file, name, *item) for item in found)


def compare(expected, got, path=""):
    """Yield (key path, expected, got) for every difference, types included."""
    if isinstance(expected, dict) and isinstance(got, dict):
        for key in [*expected, *(key for key in got if key not in expected)]:
            yield from compare(
                expected.get(key, MISSING),
                got.get(key, MISSING),
                f"{path}.{key}" if path else str(key),
            )
    elif isinstance(expected, list) and isinstance(got, list):
        for index in range(max(len(expected), len(got))):
            yield from compare(
                expected[index] if index < len(expected) else MISSING,
                got[index] if index < len(got) else MISSING,
                f"{path}[{index}]",
            )
    elif type(expected) is not type(got) or expected != got:
        yield path, expected, got


def main(argv=None):
    """Run the cases of a directory, print the report.

    :return: 0 if all passed, 1 on any difference or without a case, 2 if the
        directory does not exist
    """
    arguments = sys.argv[1:] if argv is None else list(argv)
    directory = Path(arguments[0] if arguments else "tests/cases")
    if not directory.is_dir():
        sys.stderr.write(f"{directory}: no such directory\n")
        return 2
    started = time.perf_counter()
    report = run_dir(directory)
    for difference in report.differences:
        _print(f"{difference}\n")
    for kind in sorted({*report.passed, *report.failed}):
        passed, failed = report.passed[kind], report.failed[kind]
        _print(f"{kind:<10} {passed:>5} passed {failed:>5} failed\n")
    if not report.total:
        _print(f"{directory}: no case in {PATTERN}\n")
    seconds = time.perf_counter() - started
    _print(f"{seconds:.2f} s\n")
    passed = sum(report.passed.values())
    _print(f"{passed} passed, {report.failures} failed\n")
    return 0 if report.ok else 1


def _load(file):
    with file.open(encoding="utf-8-sig") as stream:
        data = json.load(stream)
    schema = data.get("schema") if isinstance(data, dict) else None
    if schema != SCHEMA:
        raise GasInputError(f"schema {schema!r} is not {SCHEMA}")
    if not isinstance(data.get("cases"), list):
        raise GasInputError("no list of cases")
    return data["cases"]


def _print(text):
    """Write a text even where the terminal does not have its characters."""
    encoding = sys.stdout.encoding or "ascii"
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))


def _show(value):
    if value == MISSING:
        return MISSING
    return json.dumps(value, ensure_ascii=False, default=repr)


if __name__ == "__main__":
    sys.exit(main())

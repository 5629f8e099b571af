"""The golden cases and the runner that checks them."""

import copy
import json
import subprocess
import sys
from pathlib import Path

import pytest
from tools import cases

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "tests" / "cases"
GOLDEN = json.loads((CASES / "gas_cases.json").read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("case", GOLDEN, ids=[case["id"] for case in GOLDEN])
def test_golden_case(case):
    report = cases.Report()
    cases.run_case(case, 0, "gas_cases.json", report)
    assert [str(difference) for difference in report.differences] == []


def test_inputs_stay_untouched():
    for case in GOLDEN:
        before = copy.deepcopy(case["input"])
        cases.KINDS[case["kind"]](case["input"])
        assert case["input"] == before, case["id"]


def _write(directory, name, content):
    text = content if isinstance(content, str) else json.dumps(content)
    (directory / name).write_text(text, encoding="utf-8")


def _file(*found):
    return {"schema": 1, "cases": list(found)}


def _case(**changes):
    case = copy.deepcopy(next(case for case in GOLDEN if case["kind"] == "vat"))
    return {**case, **changes}


def test_every_difference_is_listed(tmp_path, capsys):
    good = _case()
    wrong = _case(id="wrong", expected={"base": "1.00", "more": "x"})
    _write(tmp_path, "gas_a.json", _file(good, wrong))
    assert cases.main([str(tmp_path)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "1 passed, 1 failed"
    listed = [line for line in lines if line.startswith("gas_a.json wrong ")]
    assert [line.split()[2] for line in listed] == ["base:", "more:", "tax:"]
    assert 'expected "1.00"' in listed[0]


def test_failures_of_a_case_do_not_stop_the_others(tmp_path, capsys):
    _write(
        tmp_path,
        "gas_a.json",
        _file(
            _case(kind="tea"),
            _case(kind=["vat"]),
            _case(input={"lines": ["x"], "rate": "9", "method": "global"}),
            _case(input=None),
            {"id": "bare"},
            "text",
            _case(),
        ),
    )
    assert cases.main([str(tmp_path)]) == 1
    out = capsys.readouterr().out
    assert out.endswith("1 passed, 6 failed\n")
    assert "'x' is not a number" in out


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", '{"schema": 1}', '{"schema": 2, "cases": []}', '"text"', "null"],
)
def test_a_broken_file_is_reported(tmp_path, capsys, content):
    _write(tmp_path, "gas_a.json", content)
    _write(tmp_path, "gas_b.json", _file(_case()))
    assert cases.main([str(tmp_path)]) == 1
    out = capsys.readouterr().out
    assert "gas_a.json - file: expected" in out
    assert out.endswith("1 passed, 1 failed\n")


def test_no_case_is_a_failure(tmp_path):
    assert cases.main([str(tmp_path)]) == 1
    _write(tmp_path, "other.json", _file(_case()))
    assert cases.main([str(tmp_path)]) == 1
    _write(tmp_path, "gas_empty.json", _file())
    assert cases.main([str(tmp_path)]) == 1
    assert cases.main([str(tmp_path / "absent")]) == 2


def test_types_and_lengths_count():
    assert list(cases.compare({"a": 1}, {"a": 1})) == []
    assert list(cases.compare({"a": 1}, {"a": True})) == [("a", 1, True)]
    assert list(cases.compare({"a": "1"}, {"a": 1})) == [("a", "1", 1)]
    assert list(cases.compare({"a": "14"}, {"a": "14.0"})) == [("a", "14", "14.0")]
    assert list(cases.compare([{"q": "1"}], [])) == [("[0]", {"q": "1"}, "<missing>")]
    assert list(cases.compare([], ["x"])) == [("[0]", "<missing>", "x")]
    assert list(cases.compare({"l": [{"q": "1"}]}, {"l": [{"q": "2"}]})) == [
        ("l[0].q", "1", "2")
    ]


def test_as_a_program():
    done = subprocess.run(
        [sys.executable, "-m", "tools.cases", str(CASES)],
        cwd=ROOT / "addons" / "cs_gas_billing",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    assert done.stdout.splitlines()[-1].endswith(" passed, 0 failed")

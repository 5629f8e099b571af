"""The tooling itself: what it must refuse and what it must not overlook."""

import pathlib

import pytest

from dev import odoo, results, system
from dev.ui import Failure

HEAD = "2026-03-01 08:00:00,000 77"


def _read(text, code=0):
    result = results.Result("x")
    results.read_odoo_log(result, text, code)
    return result


def _total(failed, errors, number):
    text = f"{failed} failed, {errors} error(s) of {number} tests when loading"
    return f"{HEAD} INFO db odoo.tests.result: {text} database 'db'\n"


def test_passed_tests_are_counted():
    result = _read(_total(0, 0, 12))
    assert (result.passed, result.failed) == (12, 0)


def test_failing_test_is_shown_with_its_traceback():
    log = (
        f"{HEAD} ERROR db odoo.addons.cs_base.tests.test_x: FAIL: TestX.test_a\n"
        "Traceback (most recent call last):\nAssertionError: 1 != 2\n"
    )
    result = _read(log + _total(1, 0, 3).replace(" INFO ", " ERROR "), 1)
    assert (result.passed, result.failed) == (2, 1)
    assert "AssertionError: 1 != 2" in result.details[0]


def test_error_in_the_log_is_a_failure():
    result = _read(f"{HEAD} ERROR db odoo.sql_db: bad query\n" + _total(0, 0, 3))
    assert result.failed == 1


def test_no_test_is_a_failure():
    assert _read("").failed == 1
    assert _read(_total(0, 0, 0)).failed == 1


def test_crash_is_a_failure():
    assert _read(_total(0, 0, 3), code=-9).failed == 1


def test_missing_packages_are_named_to_users(monkeypatch):
    monkeypatch.setattr(system.os, "geteuid", lambda: 1000)
    monkeypatch.setitem(system.NEEDED, "wkhtmltopdf", lambda: False)
    monkeypatch.setitem(system.NEEDED_BY_TESTS, "chromium", lambda: False)
    names = system.missing(with_tests=True)
    assert names[-1] == "chromium"
    assert "wkhtmltopdf" in names
    assert "chromium" not in system.missing(with_tests=False)
    with pytest.raises(Failure, match="Run as root.*wkhtmltopdf chromium$"):
        system.install(["wkhtmltopdf", "chromium"])


def _package(folder, version):
    package = folder / "odoo"
    package.mkdir(parents=True)
    (package / "release.py").write_text(f"FINAL = 'final'\nversion_info = {version}\n")
    return folder


def test_other_odoo_is_refused(tmp_path, monkeypatch):
    checkout = _package(tmp_path, "(18, 0, 0, FINAL, 0, '')")
    monkeypatch.setenv("CS_ODOO", str(checkout))
    with pytest.raises(Failure, match="Odoo 18.0.*need Odoo 19"):
        odoo.package()


def test_odoo_19_checkout_is_taken(tmp_path, monkeypatch):
    checkout = _package(tmp_path, "(19, 0, 0, FINAL, 0, '')")
    monkeypatch.setenv("CS_ODOO", str(checkout))
    assert odoo.package() == checkout / "odoo"


def test_folder_without_odoo_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("CS_ODOO", str(tmp_path))
    with pytest.raises(Failure, match="holds no Odoo"):
        odoo.package()


def test_mirror_is_read_from_sources(tmp_path, monkeypatch):
    (tmp_path / "sources.list.d").mkdir()
    (tmp_path / "sources.list").write_text(
        "# deb http://old.example/debian x main\n"
        "deb [arch=amd64] http://one.example/debian bookworm main\n"
        "deb http://other.example/tools stable main\n"
        "deb http://three.example/debian-security bookworm-security main\n"
    )
    (tmp_path / "sources.list.d" / "debian.sources").write_text(
        "Types: deb\nURIs: http://two.example/debian/\nSuites: bookworm\n"
    )
    monkeypatch.setattr(system, "APT", pathlib.Path(tmp_path))
    assert system.configured_mirrors() == [
        "http://two.example/debian/",
        "http://one.example/debian",
    ]

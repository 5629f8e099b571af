"""The sample month, from its files to a ledger that Odoo's own tests find clean."""

import pathlib
import subprocess

from dev import odoo, paths, scratch
from dev.database import Builder

HERE = pathlib.Path(__file__).parent


def run_month(server, name, *folder, file="month.py"):
    command = [paths.PYTHON, "-m", "dev.inside", Builder(server).config(), name]
    command += [HERE / file, *folder]
    return subprocess.run(
        [str(part) for part in command],
        cwd=paths.ROOT,
        env=odoo.environment(),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def test_sample_month(server):
    with scratch.copy(server, "full", "month") as name:
        Builder(server).odoo(name, "-i", "account_test", log="month-account-test")
        done = run_month(server, name)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "288 bills, 134152.21, 8 held, 4 missed, 0 differences" in done.stdout


def test_month_is_collected(server):
    """Debit, refusals, statement, rebills: the accountant's month closes to zero."""
    with scratch.copy(server, "full", "collect") as name:
        Builder(server).odoo(name, "-i", "account_test", log="collect-account-test")
        done = run_month(server, name, file="collect.py")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "collected, 0 differences" in done.stdout


def test_differences_are_told(server, tmp_path):
    """A month that is billed otherwise than expected fails and says where."""
    for file in (HERE / "samples" / "gas_month").iterdir():
        text = file.read_bytes()
        if file.name == "expected.json":
            text = text.replace(b'"57.51"', b'"57.52"', 1)
        (tmp_path / file.name).write_bytes(text)
    with scratch.copy(server, "full", "month_off") as name:
        done = run_month(server, name, tmp_path)
    assert done.returncode == 1
    assert "G07000001: amount 57.52, got 57.51" in done.stdout

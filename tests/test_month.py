"""The sample month, from its files to a ledger that Odoo's own tests find clean."""

from processes import MONTH, Site

from dev import scratch
from dev.database import Builder


def test_sample_month(server):
    with scratch.copy(server, "full", "month") as name:
        Builder(server).odoo(name, "-i", "account_test", log="month-account-test")
        code, output = Site(server, name, "month.py").run()
    assert code == 0, output
    assert "288 bills, 134152.21, 8 held, 4 missed, 0 differences" in output


def test_month_is_collected(server):
    """Debit, refusals, statement, rebills: the accountant's month closes to zero."""
    with scratch.copy(server, "full", "collect") as name:
        Builder(server).odoo(name, "-i", "account_test", log="collect-account-test")
        code, output = Site(server, name, "collect.py").run()
    assert code == 0, output
    assert "collected, 0 differences" in output


def test_differences_are_told(server, tmp_path):
    """A month that is billed otherwise than expected fails and says where."""
    for file in MONTH.iterdir():
        text = file.read_bytes()
        if file.name == "expected.json":
            text = text.replace(b'"57.51"', b'"57.52"', 1)
        (tmp_path / file.name).write_bytes(text)
    with scratch.copy(server, "full", "month_off") as name:
        code, output = Site(server, name, "month.py").run(tmp_path)
    assert code == 1
    assert "G07000001: amount 57.52, got 57.51" in output

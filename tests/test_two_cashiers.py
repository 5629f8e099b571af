"""Cashiers on connections of their own: one wins, nothing is doubled, no gap."""

from processes import Site

from dev import scratch


def test_cashiers_at_once(server):
    with scratch.copy(server, "full", "cashiers") as name:
        code, output = Site(server, name, "two_cashiers.py").run()
    assert code == 0, output
    assert "30 receipts of 4 cashiers, 0 problems" in output

"""Hall against bank on connections of their own: nothing is paid twice or lost."""

from processes import Site

from dev import scratch


def test_hall_against_bank(server):
    with scratch.copy(server, "full", "bankrace") as name:
        code, output = Site(server, name, "bank_race.py").run()
    assert code == 0, output
    assert ", 0 problems" in output

"""A bank result whose worker is killed goes on and books nothing twice."""

from processes import Site

from dev import scratch

#: After so many chunks each time.
KILLS = (1, 3, 4)
PROGRESS = """
    SELECT r.state, count(*) FILTER (WHERE l.booked), count(*)
    FROM gas_debit_result r JOIN gas_debit_result_line l ON l.import_id = r.id
    GROUP BY r.id
"""


def test_killed_result_goes_on(server):
    with scratch.copy(server, "full", "bankresume") as name:
        site = Site(server, name, "bank_resume.py")
        site.step("prepare")
        for chunks in KILLS:
            site.kill_after(chunks)
            [[state, done, todo]] = site.sql(PROGRESS)
            assert state == "importing"
            assert 0 < int(done) < int(todo)
        site.step("work")
        site.step("verify")

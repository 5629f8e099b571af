"""A bill run that is killed goes on where it stopped and doubles nothing."""

from processes import Site

from dev import scratch

#: After so many chunks each time.
KILLS = (1, 3, 5)
PROGRESS = """
    SELECT r.state, r.todo_count, coalesce(sum(c.size), 0)
    FROM gas_bill_run r
    LEFT JOIN gas_work_chunk c ON c.res_id = r.id AND c.state = 'done'
    GROUP BY r.id
"""


def kill(site, chunks, state):
    """Kill the worker in the middle of a state of the run."""
    site.kill_after(chunks)
    [[now, todo, done]] = site.sql(PROGRESS)
    assert now == state
    assert 0 < int(done) < int(todo)


def test_killed_run_goes_on(server):
    with scratch.copy(server, "full", "resume") as name:
        site = Site(server, name, "resume.py")
        site.step("load")
        for start, state in (("calculate", "calculating"), ("post", "posting")):
            site.step(start)
            for chunks in KILLS:
                kill(site, chunks, state)
            site.step("work")
            if state == "calculating":
                site.step("approve")
        site.step("verify")

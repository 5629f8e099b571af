"""A bill run by one and by two worker processes, as jobs of the same server."""

import time

from bench import billing, common, town
from dev import database, node, postgres

COUNT = common.scaled(20000, 1000)
MUST = 1.7
#: One more than jobs at a time, so that there is always somebody for people.
WORKERS = 3
PATIENCE = 1800


def wait(env, ready):
    """Look, each time in a new transaction, until ``ready`` holds."""
    deadline = time.monotonic() + PATIENCE
    while True:
        env.cr.rollback()
        env.invalidate_all()
        if ready():
            return
        assert time.monotonic() < deadline, "the jobs do not come to an end"
        time.sleep(0.2)


def bill(env, roles, month):
    """Bill a month in the background; return seconds of rating and of posting."""
    run = billing.make_run(roles, month)
    with common.Timer() as rating:
        run.action_calculate()
        env.cr.commit()
        wait(env, lambda: run.state == "calculated")
    assert run.bill_count == COUNT, (run.bill_count, run.last_error)
    run.with_env(roles["manager"]).action_approve()
    env.cr.commit()
    with common.Timer() as posting:
        run.action_post()
        env.cr.commit()
        wait(env, lambda: run.state == "posted")
    return rating.seconds, posting.seconds


def measure(env, roles, month, jobs):
    """Bill a month with so many jobs at a time; return seconds and memory."""
    config = database.Builder(postgres.server("test")).config()
    with node.start(
        config, env.cr.dbname, "--max-cron-threads=0", workers=WORKERS, jobs=jobs
    ) as server:
        wait(env, env["gas.work.mixin"]._has_runner)
        rating, posting = bill(env, roles, month)
        memory = server.peak_mb()
    print(f"  {jobs} at a time: rating {rating:.1f} s, posting {posting:.1f} s")
    return rating + posting, memory


def main(env):
    roles = town.set_up(env)
    env.company.gas_inline_limit = 0
    with common.phase(f"{COUNT} accounts"):
        town.fill(env, COUNT)
        town.fill_month(env, 1, billed=False)
    alone, _memory = measure(env, roles, 1, 1)
    town.fill_month(env, 2, billed=False)
    both, memory = measure(env, roles, 2, 2)
    common.report(
        env,
        f"{COUNT:,} bills by two queue workers",
        f"{common.rate(COUNT, both):.0f}/s",
        f"≥ {MUST} ×",
        alone >= MUST * both,
        peer=f"one: {common.rate(COUNT, alone):.0f}/s",
        ratio=alone / both,
        memory=memory,
    )


if "env" in globals():
    main(globals()["env"])

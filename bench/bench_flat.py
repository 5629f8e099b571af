"""A bill run beside 200,000 bills of former months, and one in an empty database."""

from odoo.fields import Command

from bench import billing, common, town

COUNT = common.scaled(20000, 1000)
MONTHS = 10
#: The run may be slower by this share.
SLACK = 0.2


def run_month(env, roles, month, books=()):
    """Calculate, approve and post a month's bills; return the run and bills a second.

    :param books: bill these books only
    """
    run = billing.make_run(
        roles, month, book_ids=[Command.set([book.id for book in books])]
    )

    def work():
        run.action_calculate()
        billing.work_off(env, run)
        run.with_env(roles["manager"]).action_approve()
        env.cr.commit()
        run.action_post()
        billing.work_off(env, run)

    seconds = common.timed(env, work)
    assert run.state == "posted", (run.state, run.last_error)
    env.invalidate_all()
    return run, common.rate(run.bill_count, seconds)


def main(env):
    roles = town.set_up(env)
    env.company.gas_inline_limit = 0
    with common.phase(f"{COUNT} accounts"):
        town.fill(env, COUNT)
        town.fill_month(env, 1, billed=False)
    book = env["gas.book"].search([], limit=1)
    run_month(env, roles, 1, book)  # what is loaded but once
    run, empty = run_month(env, roles, 1)
    with common.phase(f"{COUNT * MONTHS} bills of {MONTHS} months, in the ledger too"):
        for month in range(2, MONTHS + 2):
            town.fill_month(env, month)
            town.fill_ledger(env, run, month)
        town.fill_month(env, MONTHS + 2, billed=False)
    run_month(env, roles, MONTHS + 2, book)
    run, full = run_month(env, roles, MONTHS + 2)
    common.report(
        env,
        f"{COUNT:,} bills beside {COUNT * MONTHS:,}",
        f"{full:.0f}/s",
        f"≥ {1 - SLACK:.1f} ×",
        full >= (1 - SLACK) * empty,
        peer=f"empty: {empty:.0f}/s",
        ratio=full / empty,
        memory=common.peak_mb(),
    )


if "env" in globals():
    main(globals()["env"])

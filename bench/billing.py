"""Bill runs of the town's months, as its staff and the background worker do them."""

from bench import town


def make_run(roles, month, **values):
    """Make the run of a month as the clerk and commit it."""
    run = roles["clerk"]["gas.bill.run"].create(
        {
            "period": f"{town.reading_day(month):%Y-%m}",
            "read_date_from": town.reading_day(month - 1),
            "read_date_to": town.reading_day(month),
            **values,
        }
    )
    run.env.cr.commit()
    return run


def work_off(env, document):
    """Do what is left of a document as the cron does: a commit after each chunk."""
    env.cr.commit()
    worker = env[document._name].browse(document.id)._as_worker()
    while worker._work_chunk():
        env.flush_all()
        env.cr.commit()

"""Rating and posting of 20,000 household bills, against invoices of the same bills."""

from odoo.fields import Command

from bench import billing, common, town

COUNT = common.scaled(20000, 200)
PEER_COUNT = common.scaled(600, 100)
PEER_BATCH = 100
MONTHS = 6


def run_ours(env, roles):
    """Calculate, approve and post as the cron does, with a commit after each chunk.

    :return: seconds of rating, of approving, of posting, and the run
    """
    env.company.gas_inline_limit = 0
    run = billing.make_run(roles, MONTHS + 1)

    def calculate():
        run.action_calculate()
        billing.work_off(env, run)

    def post():
        run.action_post()
        billing.work_off(env, run)

    rating = common.timed(env, calculate)
    approving = common.timed(env, run.with_env(roles["manager"]).action_approve)
    posting = common.timed(env, post)
    assert run.state == "posted" and run.bill_count == COUNT, (
        run.state,
        run.bill_count,
    )
    return rating, approving, posting, run.sudo()


def run_peer(env, run):
    """Create and post customer invoices of the same bills, a line for each tier."""
    company = run.company_id
    bills = run.bill_ids[: PEER_COUNT + 1]
    values = [
        {
            "move_type": "out_invoice",
            "partner_id": bill.partner_id.id,
            "invoice_date": run.accounting_date,
            "invoice_date_due": bill.date_due,
            "ref": bill.name,
            "invoice_line_ids": [
                Command.create(
                    {
                        "name": f"{line.tier}: {line.quantity} m³",
                        "quantity": line.quantity,
                        "price_unit": line.price_unit,
                        "account_id": company.gas_income_account_id.id,
                        "tax_ids": [Command.set(company.gas_tax_id.ids)],
                    }
                )
                for line in bill.line_ids
            ],
        }
        for bill in bills
    ]
    env["account.move"].create(values.pop()).action_post()  # what is loaded but once
    env.cr.commit()
    env.invalidate_all()

    def work():
        for start in range(0, len(values), PEER_BATCH):
            moves = env["account.move"].create(values[start : start + PEER_BATCH])
            moves.action_post()
            env.flush_all()
            env.cr.commit()

    return common.timed(env, work)


def main(env):
    roles = town.set_up(env)
    with common.phase(f"{COUNT} accounts, {COUNT * MONTHS} bills of {MONTHS} months"):
        town.fill(env, COUNT)
        for month in range(1, MONTHS + 1):
            town.fill_month(env, month)
        town.fill_month(env, MONTHS + 1, billed=False)
    rating, approving, posting, run = run_ours(env, roles)
    total = rating + approving + posting
    print(
        f"  rating {rating:.1f} s, approving {approving:.1f} s, posting {posting:.1f} s"
    )
    memory = common.peak_mb()
    ours = common.rate(COUNT, total)
    peer = common.rate(PEER_COUNT, run_peer(env, run))
    common.report(
        env,
        f"rate + post {COUNT:,} household bills",
        f"{ours:.0f}/s",
        "≥ 8 ×",
        ours >= 8 * peer,
        peer=f"{peer:.1f}/s",
        ratio=ours / peer,
        memory=memory,
    )


if "env" in globals():
    main(globals()["env"])

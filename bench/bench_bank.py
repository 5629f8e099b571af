"""A bank's result of 10,000 lines booked and matched, against account.payment."""

import base64

from odoo.fields import Command

from odoo.addons.cs_gas_billing.bulk import insert

from bench import billing, common, town

COUNT = common.scaled(10000, 200)
PEER_COUNT = common.scaled(500, 50)
PEER_BATCH = 100
MONTHS = 2
#: Every so many lines are refused for lack of money, as in a usual month.
REFUSED = 7


def fill(env):
    """Accounts on bank debit with a mandate each, and one posted, unpaid month."""
    town.fill(env, COUNT + PEER_COUNT)
    town.fill_month(env, 1)
    town.fill_month(env, MONTHS, billed=False)
    accounts = env["gas.account"].search([], order="id", limit=COUNT)
    env.cr.execute(
        "UPDATE gas_account SET pay_channel = 'debit' WHERE id = ANY(%s)",
        [accounts.ids],
    )
    insert(
        env["gas.bank.mandate"],
        [
            {
                "account_id": account.id,
                "company_id": account.company_id.id,
                "account_number": f"6222{account.id:015d}",
                "holder": account.partner_id.name,
                "date_from": town.OPENED,
            }
            for account in accounts
        ],
    )
    env.invalidate_all()
    env.cr.commit()


def bill(env, roles):
    run = billing.make_run(roles, MONTHS)
    run.company_id.sudo().gas_inline_limit = 10**6
    run.action_calculate()
    run.with_env(roles["manager"]).action_approve()
    run.action_post()
    assert run.state == "posted", run.last_error
    run.company_id.sudo().gas_inline_limit = 0
    env.cr.commit()
    return run.sudo()


def answer(batch):
    """The bank's file: every seventh line has not enough money."""
    codes = dict.fromkeys(range(REFUSED, batch.line_count + 1, REFUSED), "1001")
    return batch.env["gas.demo.bank"]._answer(batch, codes)


def run_ours(env, roles):
    """Pick, send, check, and take over as the cron does, a commit after each chunk.

    :return: seconds of picking, sending, checking and of taking over; the batch
    """
    profile = env["gas.bank.profile"].search([("kind", "=", "fixed")])
    batch = roles["clerk"]["gas.debit.batch"].create({"profile_id": profile.id})
    picking = common.timed(env, batch.action_pick)
    sending = common.timed(env, batch.action_send)
    assert batch.line_count == COUNT, batch.line_count
    content = answer(batch.sudo())
    env.invalidate_all()
    result = roles["clerk"]["gas.debit.result"].create(
        {"file": base64.b64encode(content), "filename": "result.txt"}
    )
    env.cr.commit()
    checking = common.timed(env, result.action_check)

    def take_over():
        result.action_import()
        billing.work_off(env, result)

    booking = common.timed(env, take_over)
    assert result.state == "done", result.message
    assert result.ok_count + result.refused_count == COUNT
    item = batch.sudo().open_line_id
    assert abs(item.amount_residual - result.amount_ok) < 0.005
    open_bills = env["gas.bill"].search_count(
        [("amount_residual", ">", 0), ("account_id.pay_channel", "=", "debit")]
    )
    assert open_bills == result.refused_count, open_bills
    return picking, sending, checking, booking


def run_peer(env, run):
    """Register a payment for each bill and match it: the way without batches."""
    company = run.company_id
    journal = company.gas_debit_journal_id
    bills = run.bill_ids.filtered(
        lambda row: row.account_id.pay_channel == "cash" and row.amount_residual > 0
    )[: PEER_COUNT + 1]
    method = journal.inbound_payment_method_line_ids[:1]

    def pay(part):
        payments = env["account.payment"].create(
            [
                {
                    "payment_type": "inbound",
                    "partner_type": "customer",
                    "partner_id": row.partner_id.id,
                    "amount": row.amount_residual,
                    "journal_id": journal.id,
                    "payment_method_line_id": method.id,
                    "destination_account_id": row.move_line_id.account_id.id,
                    "memo": row.name,
                    "gas_account_id": row.account_id.id,
                }
                for row in part
            ]
        )
        payments.action_post()
        for row, payment in zip(part, payments, strict=True):
            credit = payment.move_id.line_ids.filtered(
                lambda line: line.account_type == "asset_receivable"
            )
            (credit | row.move_line_id).reconcile()

    pay(bills[:1])  # what is loaded but once
    env.cr.commit()
    env.invalidate_all()

    def work():
        for start in range(1, len(bills), PEER_BATCH):
            pay(bills[start : start + PEER_BATCH])
            env.flush_all()
            env.cr.commit()

    return common.timed(env, work), len(bills) - 1


def main(env):
    roles = town.set_up(env)
    roles["clerk"].user.group_ids = [
        Command.link(env.ref("cs_gas_billing.group_clerk").id)
    ]
    with common.phase(f"{COUNT} accounts on bank debit with a bill each"):
        fill(env)
        run = bill(env, roles)
    picking, sending, checking, booking = run_ours(env, roles)
    memory = common.peak_mb()
    print(
        f"  picking {picking:.1f} s, sending {sending:.1f} s, checking {checking:.1f} "
        f"s, booking and matching {booking:.1f} s"
    )
    total = checking + booking
    ours = common.rate(COUNT, total)
    seconds, count = run_peer(env, run)
    peer = common.rate(count, seconds)
    common.report(
        env,
        f"bank result of {COUNT:,} lines, matched",
        f"{ours:.0f}/s ({total:.0f} s)",
        "≥ 5 ×",
        ours >= 5 * peer,
        peer=f"{peer:.1f}/s",
        ratio=ours / peer,
        memory=memory,
    )
    common.report(
        env,
        f"debit file of {COUNT:,} lines",
        f"{picking + sending:.1f} s",
        "≤ 60 s",
        picking + sending <= 60,
        memory=memory,
    )


if "env" in globals():
    main(globals()["env"])

"""Hall and bank at the same bills, each on a database connection of its own.

``python3 -m dev script tests/bank_race.py``: cashiers collect while a debit batch is
sent, and while the bank's answer to it is taken over. Prints what went wrong.
"""

import base64
import pathlib
import sys

from odoo import api
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.service.model import retrying
from odoo.tools import mute_logger

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from month import Month
from two_cashiers import Desk, together

FOLDER = pathlib.Path(__file__).parent / "samples" / "gas_month"
ROUNDS = 3
#: Collected by each of two cashiers in a round.
PER_ROUND = 12


class Office(Desk):
    """A billing clerk who sends batches and takes the bank's answers over."""

    def do(self, model, record_id, method):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, self.user_id, {})
            return retrying(
                lambda: getattr(env[model].browse(record_id), method)(), env
            )

    def create(self, model, values):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, self.user_id, {})
            return env[model].create(values).id

    def take_over(self, result_id):
        """Check and import a result; a conflict is told to the clerk, who goes on."""
        while True:
            try:
                self.do("gas.debit.result", result_id, "action_import")
                return
            except UserError:
                continue


def pay(desk, account_ids, tag):
    """Collect what the screen shows; of bills at the bank keep the sum as credit."""
    told = []
    for account_id in account_ids:
        shown = desk.call("load_account", account_id)
        seen = {bill["id"]: [bill["principal"], bill["fee"]] for bill in shown["bills"]}
        amount = shown["total"] or sum(b["principal"] for b in shown["at_bank"])
        if not amount:
            continue
        try:
            desk.call(
                "collect",
                account_id,
                "cash",
                amount,
                {**seen, "credit": shown["credit"]},
                keep_credit=True,
                token=f"{tag}-{account_id}",
            )
        except UserError as error:
            told.append(str(error))
    return told


def answer(batch):
    """The bank debits everything but every third line."""
    codes = dict.fromkeys(range(3, batch.line_count + 1, 3), "1001")
    today = batch.company_id._cs_today()
    return batch.env["gas.demo.bank"]._answer(batch, codes, today)


def one_round(env, office, desks, number):
    """Send and answer a batch while two cashiers are at its accounts."""
    profile = env["gas.bank.profile"].search([("kind", "=", "fixed")])
    batch_id = office.create("gas.debit.batch", {"profile_id": profile.id})
    office.do("gas.debit.batch", batch_id, "action_pick")
    env.cr.rollback()  # to see what the office has committed
    accounts = env["gas.debit.line"].search([("batch_id", "=", batch_id)]).account_id
    first, second = accounts.ids[:PER_ROUND], accounts.ids[PER_ROUND : 2 * PER_ROUND]
    env.cr.rollback()
    together(
        lambda: office.do("gas.debit.batch", batch_id, "action_send"),
        lambda: pay(desks[0], first, f"s{number}"),
        lambda: pay(desks[1], first[::-1], f"t{number}"),
    )
    env.cr.rollback()
    env.invalidate_all()
    batch = env["gas.debit.batch"].browse(batch_id)
    if batch.state != "sent":
        yield f"batch {batch_id} is {batch.state}"
        return
    content = answer(batch)
    result_id = office.create(
        "gas.debit.result",
        {"file": base64.b64encode(content), "filename": f"{number}.txt"},
    )
    office.do("gas.debit.result", result_id, "action_check")
    env.cr.rollback()
    together(
        lambda: office.take_over(result_id),
        lambda: pay(desks[0], second, f"u{number}"),
        lambda: pay(desks[1], second[::-1], f"v{number}"),
    )
    env.cr.rollback()
    env.invalidate_all()
    result = env["gas.debit.result"].browse(result_id)
    if result.state != "done" or batch.state != "closed":
        yield f"result is {result.state}, batch {batch.state}: {result.message}"
    accepted = batch.line_ids.filtered(lambda line: line.state == "accepted")
    total = sum(accepted.mapped("amount"))
    if env.company.currency_id.compare_amounts(
        batch.open_line_id.amount_residual, total
    ):
        yield f"open item {batch.open_line_id.amount_residual}, accepted {total}"


def check_books(env, company):
    """Every yuan taken is on a bill or the account's credit; no bill is paid twice."""
    bills = env["gas.bill"].search([("state", "=", "posted")])
    for bill in bills:
        if bill.amount_residual < 0:
            yield f"bill {bill.name} is {bill.amount_residual}"
        matched = sum(bill.move_line_id.matched_credit_ids.mapped("amount"))
        if company.currency_id.compare_amounts(
            bill.amount_total - matched, bill.amount_residual
        ):
            yield f"bill {bill.name}: {matched} matched, {bill.amount_residual} open"
    if bills.debit_line_id:
        yield "a bill is still locked"
    cash = env["gas.receipt"].search([("state", "=", "posted")])
    lines = env["gas.debit.line"].search([("state", "=", "accepted")])
    balance = sum(
        env["account.move.line"]
        .search(
            [
                ("gas_account_id", "!=", False),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ]
        )
        .mapped("balance")
    )
    fees = sum(cash.mapped("amount_fee"))
    due = sum(bills.mapped("amount_total")) + fees
    paid = sum(cash.mapped("amount")) + sum(lines.mapped("amount"))
    if company.currency_id.compare_amounts(balance, due - paid):
        yield f"ledger {balance}, bills and fees {due}, paid {paid}"
    credit = sum(bills.account_id._get_open_credit().values())
    owing = sum(bills.mapped("amount_residual"))
    if company.currency_id.compare_amounts(balance, owing - credit):
        yield f"ledger {balance}, open {owing}, credit {credit}"
    names = cash.mapped("name")
    if len(set(names)) != len(names):
        yield "a receipt number was given twice"


def main(env):
    month = Month(env, FOLDER)
    month.run()
    users = env["res.users"].create(
        [
            {
                "name": f"Cashier {number}",
                "login": f"race_{number}",
                "group_ids": [Command.set(env.ref("cs_gas_billing.group_cashier").ids)],
            }
            for number in range(2)
        ]
    )
    env.company.gas_chunk_size = 10
    env["gas.bank.mandate"].search([]).date_from = "2026-01-01"
    env.cr.commit()
    office = Office(env.registry, month.users["clerk"].id)
    desks = [Desk(env.registry, user.id) for user in users]
    found = []
    with mute_logger("odoo.sql_db", "odoo.service.model"):
        for number in range(ROUNDS):
            found += one_round(env, office, desks, number)
    env.cr.rollback()
    env.invalidate_all()
    found += check_books(env, env.company)
    for line in found:
        print(line)
    lines = env["gas.debit.line"].search([])
    receipts = env["gas.receipt"].search_count([])
    print(f"{len(lines)} lines, {receipts} receipts, {len(found)} problems")
    return 0 if not found and receipts else 1


if "env" in globals():
    raise SystemExit(main(globals()["env"]))

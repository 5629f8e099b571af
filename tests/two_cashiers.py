"""Many cashiers at once on a month's bills, each on a database connection of its own.

``python3 -m dev script tests/two_cashiers.py``: prints what went wrong, if anything.
"""

import pathlib
import sys
import threading

from odoo import api
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.service.model import retrying
from odoo.tools import mute_logger

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from month import Month

FOLDER = pathlib.Path(__file__).parent / "samples" / "gas_month"
CASHIERS = 4
ROUNDS = 5


class Desk:
    """A cashier who sends requests as the server gets them: repeated on conflicts."""

    def __init__(self, registry, user_id):
        self.registry, self.user_id = registry, user_id

    def call(self, method, *args, **kwargs):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, self.user_id, {})
            return retrying(
                lambda: getattr(env["gas.hall"], method)(*args, **kwargs), env
            )

    def collect(self, shown, token):
        """Take what the screen shows; return (receipt, what the cashier is told)."""
        seen = {bill["id"]: [bill["principal"], bill["fee"]] for bill in shown["bills"]}
        try:
            receipt = self.call(
                "collect", shown["id"], "cash", shown["total"], seen, token=token
            )
            return receipt, ""
        except UserError as error:
            return None, str(error)


def together(*works):
    """Do all works at the same moment, each in a thread; return their results."""
    results = [None] * len(works)
    start = threading.Barrier(len(works))

    def run(number):
        start.wait()
        results[number] = works[number]()

    threads = [
        threading.Thread(target=run, args=(number,)) for number in range(len(works))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def same_bill(desks, account_id):
    """All cashiers collect the same bill: exactly one wins, the others are told."""
    shown = desks[0].call("load_account", account_id)
    results = together(
        *(
            lambda desk=desk, token=f"b{account_id}-{number}": desk.collect(
                shown, token
            )
            for number, desk in enumerate(desks)
        )
    )
    booked = [receipt for receipt, _told in results if receipt]
    told = [text for _receipt, text in results if text]
    if len(booked) != 1 or len(told) != len(desks) - 1:
        yield f"account {account_id}: {len(booked)} receipts, {len(told)} refusals"
    if desks[0].call("load_account", account_id)["total"]:
        yield f"account {account_id}: something is still open"


def same_token(desk, account_id):
    """One collection sent several times at once is booked once."""
    shown = desk.call("load_account", account_id)
    work = [lambda: desk.collect(shown, f"t{account_id}")] * CASHIERS
    results = together(*work)
    receipts = {receipt["id"] for receipt, _told in results if receipt}
    if len(receipts) != 1 or any(told for _receipt, told in results):
        yield f"account {account_id}: {results}"


def all_at_once(desks, account_ids):
    """Each cashier takes another account: all succeed."""
    shown = [
        desk.call("load_account", account_id)
        for desk, account_id in zip(desks, account_ids, strict=True)
    ]
    results = together(
        *(
            lambda desk=desk, data=data: desk.collect(data, f"a{data['id']}")
            for desk, data in zip(desks, shown, strict=True)
        )
    )
    for _receipt, told in results:
        if told:
            yield f"refused without reason: {told}"


def check_books(env, company):
    receipts = env["gas.receipt"].search([])
    names = receipts.mapped("name")
    if len(set(names)) != len(names):
        yield "a receipt number was given twice"
    numbers = sorted(int(name[7:]) for name in names)
    if numbers != list(range(1, len(numbers) + 1)):
        yield f"gap in the receipt numbers: {numbers}"
    cash = sum(
        env["account.move.line"]
        .search(
            [("account_id", "=", company.gas_cash_journal_id.default_account_id.id)]
        )
        .mapped("balance")
    )
    taken = sum(receipts.mapped("amount"))
    if company.currency_id.compare_amounts(cash, taken):
        yield f"cash account {cash}, receipts {taken}"


def main(env):
    month = Month(env, FOLDER)
    month.run()
    users = env["res.users"].create(
        [
            {
                "name": f"Cashier {number}",
                "login": f"desk_{number}",
                "group_ids": [Command.set(env.ref("cs_gas_billing.group_cashier").ids)],
            }
            for number in range(CASHIERS)
        ]
    )
    accounts = (
        env["gas.bill"]
        .search([("state", "=", "posted"), ("amount_residual", ">", 0)])
        .account_id.ids
    )
    env.cr.commit()
    desks = [Desk(env.registry, user.id) for user in users]
    found = []
    with mute_logger("odoo.sql_db", "odoo.service.model"):
        for _round in range(ROUNDS):
            found += same_bill(desks, accounts.pop())
            found += same_token(desks[0], accounts.pop())
            found += all_at_once(desks, [accounts.pop() for _desk in desks])
    env.cr.rollback()
    env.invalidate_all()
    found += check_books(env, env.company)
    for line in found:
        print(line)
    count = env["gas.receipt"].search_count([])
    print(f"{count} receipts of {CASHIERS} cashiers, {len(found)} problems")
    expected = ROUNDS * (2 + CASHIERS)
    return 0 if not found and count == expected else 1


if "env" in globals():
    raise SystemExit(main(globals()["env"]))

"""Bill a month of sample data from end to end and compare with what it must give.

Usage: ``make month MONTH_DIR=folder``. The folder holds ``customers.csv``,
``readings.csv`` and ``expected.json`` with the tariffs and what each account must be
billed. Runs in a database of its own, prints every difference and the times.
"""

import base64
import json
import pathlib
import sys
import time
from decimal import Decimal

from odoo.fields import Command

GROUPS = {
    "clerk": ["cs_gas_billing.group_clerk"],
    "manager": ["cs_gas_billing.group_manager"],
    "cashier": ["cs_gas_billing.group_cashier"],
}


class Month:
    """The steps of a month, each done as the role that does it."""

    def __init__(self, env, folder, users=True):
        self.folder = pathlib.Path(folder)
        self.expected = json.loads((self.folder / "expected.json").read_text("utf-8"))
        self.times = {}
        self.company = env.company
        self.env = env
        self.users = {
            name: env["res.users"].create(
                {
                    "name": name,
                    "login": f"month_{name}",
                    "group_ids": [Command.set([env.ref(group).id for group in groups])],
                }
            )
            for name, groups in GROUPS.items()
            if users
        }

    def as_role(self, name):
        return self.env(user=self.users[name])

    def timed(self, name, work):
        start = time.monotonic()
        result = work()
        self.env.flush_all()
        self.env.cr.commit()
        self.times[name] = time.monotonic() - start
        return result

    def set_up(self):
        """Accounting, tariffs and allowances as ``expected.json`` has them."""
        company = self.company
        self.env["gas.setup"]._setup_company(company)
        today = company._cs_today().isoformat()
        high = (self.expected.get("rules") or {}).get("high_ratio")
        if high:
            company.gas_high_ratio = float(high)
        ahead = max(self.expected["read_date"], today)
        if ahead > today:
            company.gas_future_days = 36500
        categories = {
            category.customer_category: category
            for category in self.env["gas.use.category"].search(
                [("company_id", "=", company.id)]
            )
        }
        allowances = self.expected.get("allowance") or {}
        for code, versions in self.expected["tariffs"].items():
            tiered = any(len(steps) > 1 for _day, steps in versions)
            allowance = allowances.get(code)
            kind = "resident" if tiered else "commercial"
            self.env["gas.tariff"].create(
                {
                    "code": code,
                    "name": code,
                    "cycle": "year" if tiered else "none",
                    "use_category_id": categories[kind].id,
                    "allowance_ids": [
                        Command.create(
                            {
                                "tier": tier,
                                "persons": allowance["persons"],
                                "extra": float(extra),
                            }
                        )
                        for tier, extra in enumerate(allowance["extra"], 1)
                    ]
                    if allowance
                    else [],
                    "version_ids": [
                        Command.create(
                            {
                                "date_from": day,
                                "step_ids": [
                                    Command.create(
                                        {
                                            "sequence": number,
                                            "upper": float(upper or 0),
                                            "is_last": upper is None,
                                            "price": float(price),
                                        }
                                    )
                                    for number, (upper, price) in enumerate(steps, 1)
                                ],
                            }
                        )
                        for day, steps in versions
                    ],
                }
            )

    def import_file(self, model, filename):
        """Check and import a file as the billing clerk; return the import."""
        record = self.as_role("clerk")[model].create(
            {
                "name": filename,
                "filename": filename,
                "file": base64.b64encode((self.folder / filename).read_bytes()),
            }
        )
        record.action_check()
        record.action_import()
        while record.state == "importing":
            record.sudo()._import_chunk()
        return record

    def run(self):
        """Do the month; return (customer import, reading import, run)."""
        self.timed("set-up", self.set_up)
        customers = self.timed(
            "customers",
            lambda: self.import_file("gas.customer.import", "customers.csv"),
        )
        readings = self.timed(
            "readings", lambda: self.import_file("gas.reading.import", "readings.csv")
        )
        run = self.make_run()
        self.timed("calculate", lambda: self.calculate(run))
        self.timed("approve", run.with_env(self.as_role("manager")).action_approve)
        self.timed("post", lambda: self.post(run))
        return customers, readings, run

    def make_run(self):
        return self.as_role("clerk")["gas.bill.run"].create(
            {
                "period": self.expected["period"],
                "read_date_from": self.expected["prev_date"],
                "read_date_to": self.expected["read_date"],
            }
        )

    def calculate(self, run):
        run.action_calculate()
        while run.state == "calculating":
            run.sudo()._work_chunk()

    def post(self, run):
        run.action_post()
        while run.state == "posting":
            run.sudo()._work_chunk()


def compare(month, customers, readings, run):
    """Yield a line for each difference between the database and what is expected."""
    totals = month.expected["totals"]
    facts = {
        "accounts": customers.ok_count,
        "billed": run.bill_count,
        "zero_bills": run.zero_count,
        "held": run.held_count,
        "missed": run.missed_count,
        "rejected_lines": readings.rejected_count,
        "duplicate_lines": readings.duplicate_count,
        "volume": Decimal(str(round(run.volume_total, 3))),
        "amount": Decimal(str(round(run.amount_total, 2))),
    }
    for key, got in facts.items():
        if key in totals and Decimal(str(totals[key])) != Decimal(str(got)):
            yield f"totals.{key}: expected {totals[key]}, got {got}"
    bills = {
        bill.account_id.code: bill
        for bill in run.sudo().bill_ids.filtered(lambda b: b.state == "posted")
    }
    codes = {row.account_id.code: row for row in run.sudo().exception_ids}
    for account, want in month.expected["accounts"].items():
        yield from compare_account(account, want, bills.get(account), codes)
    for account in sorted(set(bills) - set(month.expected["accounts"])):
        yield f"{account}: billed, but not expected"


def compare_account(account, want, bill, codes):
    status = "billed" if bill else codes[account].kind if account in codes else "none"
    if status != want["status"]:
        yield f"{account}: expected {want['status']}, got {status}"
        return
    if status != "billed":
        found = (codes[account].code or "").split(",")
        if want.get("code") and want["code"] not in found:
            yield f"{account}: expected {want['code']}, got {','.join(found)}"
        return
    if Decimal(str(round(bill.volume, 3))) != Decimal(str(want["volume"])):
        yield f"{account}: volume {want['volume']}, got {bill.volume}"
    if Decimal(str(round(bill.amount_total, 2))) != Decimal(want["amount"]):
        yield f"{account}: amount {want['amount']}, got {bill.amount_total}"
    lines = [
        (
            line.tier,
            Decimal(str(round(line.quantity, 3))),
            Decimal(str(round(line.price_unit, 6))),
            Decimal(str(round(line.amount, 2))),
        )
        for line in bill.line_ids.sorted("sequence")
    ]
    wanted = [
        (int(tier), Decimal(quantity), Decimal(price), Decimal(amount))
        for tier, quantity, price, amount in want.get("lines", [])
        if Decimal(quantity)
    ]
    if lines != wanted:
        yield f"{account}: lines {wanted}, got {lines}"


def check_ledger(env, run):
    """Yield what an accountant would find: the books must equal the bills."""
    run = run.sudo()
    bills = run.bill_ids
    lines = env["account.move.line"].search(
        [("move_id.gas_run_id", "=", run.id), ("parent_state", "=", "posted")]
    )
    cents = run.currency_id.round
    receivable = lines.filtered(lambda l: l.account_type == "asset_receivable")
    facts = {
        "receivable = open bills": (
            cents(sum(receivable.mapped("amount_residual"))),
            cents(sum(bills.mapped("amount_residual"))),
        ),
        "bills = revenue + VAT": (
            cents(-sum((lines - receivable).mapped("balance"))),
            cents(sum(bills.mapped("amount_total"))),
        ),
        "VAT = Σ VAT of the bill lines": (
            cents(-sum(lines.filtered("tax_line_id").mapped("balance"))),
            cents(sum(bills.line_ids.mapped("tax"))),
        ),
    }
    for name, (ledger, document) in facts.items():
        if ledger != document:
            yield f"{name}: ledger {ledger}, bills {document}"


def check_books(env):
    """Yield what Odoo's own accounting tests 1, 3 and 7 find, where installed."""
    if "accounting.assert.test" not in env:
        return
    report = env["report.account_test.report_accounttest"]
    for number in ("01", "03", "07"):
        test = env.ref(f"account_test.account_test_{number}")
        result = report._execute_code(test.code_exec)
        if result != [env._("The test was passed successfully")]:
            yield f"{test.name}: {result}"


def main(env, args):
    folder = args[0] if args else pathlib.Path(__file__).parent / "samples/gas_month"
    month = Month(env, folder)
    customers, readings, run = month.run()
    differences = [
        *compare(month, customers, readings, run),
        *check_ledger(env, run),
        *check_books(env),
    ]
    for line in differences:
        print(line)
    for name, seconds in month.times.items():
        print(f"{name:>10}: {seconds:6.1f} s")
    print(
        f"{run.bill_count} bills, {run.amount_total:.2f}, {run.held_count} held, "
        f"{run.missed_count} missed, {len(differences)} differences"
    )
    return 1 if differences else 0


if __name__ == "__main__" and "env" in globals():
    raise SystemExit(main(globals()["env"], sys.argv[1:]))

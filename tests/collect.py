"""The second half of a month: debit, refusals, bank statement, three rebills.

Continues ``month.py`` on the same database; what the accountant checks at the end has
to be zero.
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from month import Month, check_books

REFUSED = 7
MISREAD = 3
COMPARISONS = {"revenue", "vat", "receivable", "debit", "cash", "transfer", "qr"}


class Collecting:
    """The steps, each done as the role that does it."""

    def __init__(self, month):
        self.month = month
        self.env = month.env
        self.company = month.company
        self.today = month.company._cs_today()

    def run(self):
        """Collect the month's bills; yield what an accountant would object to."""
        batch = self.month.timed("send", self.send)
        result = self.month.timed("answer", lambda: self.answer(batch))
        yield from self.check_result(batch, result)
        self.month.timed("statement", lambda: self.reconcile(batch))
        corrections = self.month.timed("rebill", lambda: self.rebill(batch))
        yield from self.check_corrections(corrections)
        yield from check_company(self.env, self.company)
        yield from self.check_month()
        yield from check_books(self.env)

    # Bank debit

    def send(self):
        profile = self.env["gas.bank.profile"].search(
            [("company_id", "=", self.company.id), ("kind", "=", "fixed")]
        )
        batch = self.month.as_role("clerk")["gas.debit.batch"].create(
            {"profile_id": profile.id}
        )
        batch.action_pick()
        batch.action_send()
        return batch

    def answer(self, batch):
        """Every seventh line has not enough money."""
        codes = {
            number: "1001" for number in range(REFUSED, batch.line_count + 1, REFUSED)
        }
        user = self.month.users["clerk"]
        return self.env["gas.demo.bank"]._import_answer(batch, user, codes)

    def check_result(self, batch, result):
        refused = batch.line_count // REFUSED
        counts = (batch.accepted_count, batch.refused_count, result.rejected_count)
        wanted = (batch.line_count - refused, refused, 0)
        if counts != wanted:
            yield f"bank result: {counts} instead of {wanted}"
        item = batch.sudo().open_line_id
        if round(item.amount_residual - batch.amount_accepted, 2):
            yield f"open item {item.amount_residual}, accepted {batch.amount_accepted}"
        locked = self.env["gas.bill"].search_count([("debit_line_id", "!=", False)])
        if locked:
            yield f"{locked} bills are still locked"

    def reconcile(self, batch):
        line = self.env["gas.demo.bank"]._show_on_statement(batch, self.today)
        assert line.is_reconciled, line.payment_ref
        assert not batch.sudo().open_line_id.amount_residual

    # Corrections

    def rebill(self, batch):
        """Correct a debited, a refused and a commercial bill."""
        answered = batch.sudo().line_ids.grouped("state")
        bills = [
            self.choose(answered[state].bill_id) for state in ("accepted", "refused")
        ]
        commercial = self.env["gas.bill"].search(
            [("state", "=", "posted"), ("category", "=", "commercial")]
        )
        return [self.correct(bill) for bill in (*bills, self.choose(commercial))]

    def choose(self, bills):
        return bills.filtered(lambda bill: bill.volume > 2 * MISREAD).sorted("id")[0]

    def correct(self, bill):
        correction = self.month.as_role("clerk")["gas.correction"].create(
            {"bill_id": bill.id, "reason": "misread"}
        )
        row = correction.reading_ids.filtered(
            lambda row: row.reading_id in bill.reading_ids
        )[-1]
        row.new_value = row.old_value - MISREAD
        correction.action_request()
        correction.with_env(self.month.as_role("manager")).action_approve()
        return correction.sudo()

    def check_corrections(self, corrections):
        for correction in corrections:
            bill, new = correction.bill_id, correction.new_bill_ids
            if (bill.state, new.state) != ("cancelled", "posted"):
                yield f"{correction.name}: {bill.state}, {new.state}"
            if round(bill.volume - new.volume - MISREAD, 3):
                yield f"{correction.name}: {bill.volume} m³, now {new.volume}"

    def check_month(self):
        """Yield what the accountant's month check shows."""
        check = self.month.env["gas.month.check"].create(
            {"period": self.today.strftime("%Y-%m")}
        )
        left_out = COMPARISONS - set(check.compare_ids.mapped("code"))
        if left_out:
            yield f"month check without {', '.join(sorted(left_out))}"
        for line in check.compare_ids:
            if line.count or line.difference:
                yield f"month check, {line.name}: {line.difference}, {line.count} rows"


def check_company(env, company):
    """Yield where the ledger isn't what the documents say, whoever made the entries."""
    cents = company.currency_id.round
    bills = env["gas.bill"].search(
        [("company_id", "=", company.id), ("state", "=", "posted")]
    )
    accounts = bills.account_id
    lines = env["account.move.line"].search(
        [("gas_account_id", "in", accounts.ids), ("parent_state", "=", "posted")]
    )
    receivable = lines.filtered(lambda line: line.account_type == "asset_receivable")
    moves = env["account.move"].search(
        [
            "|",
            ("gas_run_id", "!=", False),
            ("gas_correction_id", "!=", False),
            ("state", "=", "posted"),
        ]
    )
    revenue = moves.line_ids.filtered(
        lambda line: line.account_type != "asset_receivable"
    )
    transit = env["account.move.line"].search(
        [
            (
                "account_id",
                "in",
                company.gas_debit_journal_id.inbound_payment_method_line_ids.payment_account_id.ids,
            ),
            ("parent_state", "=", "posted"),
        ]
    )
    due, credit = sum(accounts.mapped("amount_due")), accounts._get_open_credit()
    facts = {
        "receivable = open bills - credits": (
            sum(receivable.mapped("balance")),
            due - sum(credit.values()),
        ),
        "bills = revenue + VAT": (
            -sum(revenue.mapped("balance")),
            sum(bills.mapped("amount_total")),
        ),
        "money in transit": (sum(transit.mapped("balance")), 0.0),
        "usage ledger = bills": (
            sum(
                bills.service_point_id.ledger_ids.filtered("bill_id").mapped("quantity")
            ),
            sum(bills.mapped("volume")),
        ),
    }
    for name, (ledger, document) in facts.items():
        if cents(ledger) != cents(document):
            yield f"{name}: ledger {cents(ledger)}, documents {cents(document)}"


def main(env, args):
    folder = args[0] if args else pathlib.Path(__file__).parent / "samples/gas_month"
    month = Month(env, folder)
    month.run()
    differences = list(Collecting(month).run())
    for line in differences:
        print(line)
    for name, seconds in month.times.items():
        print(f"{name:>10}: {seconds:6.1f} s")
    print(f"collected, {len(differences)} differences")
    return 1 if differences else 0


if __name__ == "__main__" and "env" in globals():
    raise SystemExit(main(globals()["env"], sys.argv[1:]))

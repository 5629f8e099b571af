from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL

from ..tools.rounding import ZERO, from_float
from .account_move import GAS_KEY

#: Neither balances nor taxes change by matching: Odoo need not look at them again.
QUICK = {"skip_invoice_sync": True, "check_move_validity": False}


class GasDebitBooking(models.AbstractModel):
    """Books what the bank answered; called with full rights.

    A chunk of accepted lines is one entry: a credit item for each bill, matched with
    it, and one debit item for the money in transit. At the end all of these become
    one open item with the batch's number, the counterpart of the bank statement.
    """

    _name = "gas.debit.booking"
    _description = "Booking of Bank Debits"

    @api.model
    def _get_env(self, company):
        return self.with_company(company).with_context(
            lang=company.partner_id.lang or self.env.lang,
            gas_key=GAS_KEY,
            tracking_disable=True,
        )

    @api.model
    def _check_open(self, batch, day):
        """Refuse a day in a locked period: Odoo would choose another one."""
        journal = batch.profile_id._get_journal()
        batch.company_id._gas_check_open(day, journal, has_tax=False)

    # === ACCEPTED ===#

    @api.model
    def _accept(self, batch, lines, day):
        """Book accepted ``lines`` of ``batch`` on ``day`` as one entry.

        :param lines: at most a chunk, still at the bank
        """
        if not lines:
            return
        self = self._get_env(batch.company_id)  # noqa: PLW0642
        batch, lines = batch.with_env(self.env), lines.with_env(self.env)
        self._check_open(batch, day)
        items = self._post_chunk(batch, lines, day)
        self._mark(lines, items, day)
        late = self._match(lines, items)
        self.env["gas.latefee.policy"]._settle(
            lines.bill_id, batch.company_id._cs_today()
        )
        self.env["gas.allocator"]._use_credits(late)

    def _post_chunk(self, batch, lines, day):
        """Post the entry; return its credit items in the order of ``lines``."""
        total = sum((from_float(line.amount, 2) for line in lines), ZERO)
        values = [
            {
                "account_id": self._get_receivable(line).id,
                "partner_id": line.partner_id.id,
                "gas_account_id": line.account_id.id,
                "name": f"{line.ref} {line.bill_id.name}",
                **self._amount(batch, -line.amount),
            }
            for line in lines
        ]
        values.append(self._prepare_transit(batch, float(total)))
        move = self._post(batch, day, values)
        return move.line_ids.sorted("id")[: len(lines)]

    def _get_receivable(self, line):
        return (
            line.bill_id.move_line_id.account_id
            or line.company_id.gas_receivable_account_id
        )

    def _amount(self, batch, balance, storno=False):
        values = {
            "balance": balance,
            "amount_currency": balance,
            "currency_id": batch.company_id.currency_id.id,
            "tax_ids": [],
            "analytic_distribution": False,
        }
        if storno and batch.company_id.account_storno:
            values["is_storno"] = True
        return values

    def _prepare_transit(self, batch, balance, storno=False, account=None):
        """Return the item for money in transit, on the profile's account if none."""
        if not account:
            journal = batch.profile_id._get_journal()
            account = batch.profile_id._get_transit_account(journal)
        return {
            "account_id": account.id,
            "name": batch.name,
            **self._amount(batch, balance, storno),
        }

    def _post(self, batch, day, values):
        """Create and post an entry of the batch on ``day``, or nothing."""
        move = (
            self.env["account.move"]
            .with_context(**QUICK)
            .create(
                {
                    "move_type": "entry",
                    "journal_id": batch.profile_id._get_journal().id,
                    "date": day,
                    "ref": self.env._("Bank debit %s", batch.name),
                    "gas_locked": True,
                    "gas_debit_batch_id": batch.id,
                    "line_ids": [Command.create(line) for line in values],
                }
            )
        )
        move.with_context(check_move_validity=True).action_post()
        if move.date != day:
            raise UserError(
                self.env._(
                    "The entry would be dated %(real)s instead of %(wanted)s. "
                    "Accounting has to open that day.",
                    real=move.date,
                    wanted=day,
                )
            )
        return move.with_env(self.env)

    def _mark(self, lines, items, day):
        """Note the answer and unlock the bills, in two statements."""
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                "UPDATE gas_debit_line l SET state = 'accepted', answered_on = %s, "
                "move_line_id = i.item, write_date = now() AT TIME ZONE 'UTC', "
                "write_uid = %s FROM unnest(%s, %s) AS i(id, item) "
                "WHERE l.id = i.id RETURNING l.id",
                day,
                self.env.uid,
                lines.ids,
                items.ids,
            )
        )
        lines.invalidate_recordset(["state", "answered_on", "move_line_id"])
        lines._unlock_bills()

    def _match(self, lines, items):
        """Match each credit with its bill; return accounts whose money is left over.

        A bill at the bank can't be paid otherwise, but it can be cancelled and billed
        again: then the money stays as the account's credit.
        """
        plan = []
        left = self.env["gas.account"]
        for line, item in zip(lines, items, strict=True):
            owed = line.bill_id.move_line_id
            if owed and owed.amount_residual > 0:
                plan.append(owed | item)
            if not owed or owed.amount_residual < line.amount:
                left |= line.account_id
        if plan:
            self.env["account.move.line"].with_context(**QUICK)._reconcile_plan(plan)
        return left

    # === ONE OPEN ITEM ===#

    @api.model
    def _close_up(self, batch):
        """Turn the batch's open items for money in transit into one."""
        self = self._get_env(batch.company_id)  # noqa: PLW0642
        batch = batch.with_env(self.env)
        self.env.flush_all()
        items = batch._get_transit_items().filtered(
            lambda item: item.amount_residual > 0
        )
        if not items:
            return
        if len(items) > 1:
            items = self._merge(batch, items)
        batch.open_line_id = items

    def _merge(self, batch, items):
        total = sum((from_float(item.amount_residual, 2) for item in items), ZERO)
        values = [
            self._prepare_transit(batch, -item.amount_residual, account=item.account_id)
            for item in items
        ]
        values.append(self._prepare_transit(batch, float(total)))
        move = self._post(batch, self._get_open_day(batch, items), values)
        closing = move.line_ids.sorted("id")
        plan = [item | line for item, line in zip(items, closing[:-1], strict=True)]
        self.env["account.move.line"].with_context(**QUICK)._reconcile_plan(plan)
        return closing[-1]

    def _get_open_day(self, batch, items):
        """Return the day of the last item; today if that was locked meanwhile."""
        day = max(items.mapped("date"))
        try:
            self._check_open(batch, day)
        except UserError:
            return batch.company_id._cs_today()
        return day

    # === REFUSED ===#

    @api.model
    def _refuse(self, lines, day, answers):
        """Unlock refused ``lines``; credit taken meanwhile pays their bills.

        :param dict answers: {line id: (code, text, outcome)}
        """
        if not lines:
            return
        self = self._get_env(lines.company_id)  # noqa: PLW0642
        lines = lines.with_env(self.env)
        lines._unlock_bills()
        for answer, group in lines.grouped(lambda line: answers[line.id]).items():
            code, text, outcome = answer
            group.write(
                {
                    "state": "refused",
                    "code": code,
                    "message": text,
                    "answered_on": day,
                }
            )
            if outcome == "stop":
                group.mandate_id._block(f"{code} {text}".strip(), day)
        self.env["gas.allocator"]._use_credits(lines.account_id)
        self.env.flush_all()
        self._announce(lines)

    def _announce(self, lines):
        """Give the readers a notice to hand over, if the bill is still open."""
        open_lines = lines.filtered(lambda line: line.bill_id.amount_residual > 0)
        for company, group in open_lines.grouped("company_id").items():
            notes = {}
            for line in group:
                text = self.env._(
                    "Bill %(bill)s: %(amount)s was not debited (%(why)s).",
                    bill=line.bill_id.name,
                    amount=f"{line.amount:.2f}",
                    why=" ".join(filter(None, (line.code, line.message))),
                )
                known = notes.get(line.account_id.id)
                notes[line.account_id.id] = f"{known}\n{text}" if known else text
            tasks = group.account_id._schedule_reader_task(
                self.env._("Hand over a payment notice"), notes
            )
            tasks.date_deadline = self._get_notice_day(company)

    def _get_notice_day(self, company):
        """Return the day of the next month by which the notice is handed over."""
        today = company._cs_today()
        year, month = divmod(today.year * 12 + today.month, 12)
        return today.replace(year, month + 1, company.gas_debit_notice_day)

    # === RETURNED ===#

    @api.model
    def _return(self, line, day, reason, code=None):
        """Take an accepted line back: its bill is open again with its due date.

        It can't be taken back before the day on which it was booked.
        """
        self = self._get_env(line.company_id)  # noqa: PLW0642
        line = line.with_env(self.env)
        batch = line.batch_id
        credit = line.move_line_id
        day = max(day, credit.date)
        self._check_open(batch, day)
        self.env["gas.allocator"]._lock_many(line.account_id)
        transit = (credit.move_id.line_ids - credit).filtered(
            lambda item: item.account_type != "asset_receivable"
        )
        matches = credit.matched_debit_ids | credit.matched_credit_ids
        bills = line.bill_id | matches.debit_move_id.gas_bill_id
        matches.unlink()
        values = [
            {
                "account_id": credit.account_id.id,
                "partner_id": line.partner_id.id,
                "gas_account_id": line.account_id.id,
                "name": f"{line.ref} {line.bill_id.name}",
                **self._amount(batch, line.amount, storno=True),
            },
            self._prepare_transit(
                batch, -line.amount, storno=True, account=transit.account_id
            ),
        ]
        move = self._post(batch, day, values)
        (credit | move.line_ids.sorted("id")[:1]).reconcile()
        line.write(
            {
                "state": "returned",
                "return_move_id": move.id,
                "code": code or line.code,
                "message": reason,
            }
        )
        bills.fee_settled = False
        self.env["gas.latefee.policy"]._settle(bills, line.company_id._cs_today())
        self.env["gas.allocator"]._use_credits(line.account_id)
        self._announce(line)

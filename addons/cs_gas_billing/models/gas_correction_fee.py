from decimal import Decimal

from odoo import api, models
from odoo.fields import Command

from ..tools.rounding import from_float


class GasCorrectionFee(models.AbstractModel):
    """Late fees of bills that were taken back: counted on, or given back.

    What was collected on a bill counts for the one in its place. When the right bill
    is lower, its own late fee is computed with the days of the real payments and the
    difference becomes credit of the account (worked example C03). The bill that ends
    estimates is charged as if nobody had estimated: by its own month and amount.
    """

    _name = "gas.correction.fee"
    _description = "Late Fees of Bills Taken Back"

    @api.model
    def _get_month(self, source, period):
        """Return the bill month from which a bill that became higher is late.

        Nobody is late with an amount he could not know.

        :param source: bill run or correction
        :param period: month of the bill
        """
        return max(source.accounting_date.strftime("%Y-%m"), period)

    @api.model
    def _carry(self, source, old_bills):
        """Carry the late fees of cancelled bills over; sudo, after the new posting.

        :param source: bill run or correction: gives company, accounting date and name
        """
        policies = self.env["gas.latefee.policy"]
        collected = policies._load_collected(old_bills)
        waived = policies._load_waived(old_bills)
        refunds = []
        zero = Decimal(0)
        for new, olds in old_bills.grouped("replaced_by_id").items():
            money = {
                old: collected.get(old.id, zero) + from_float(old.fee_carried, 2)
                for old in olds
            }
            let_off = sum(
                waived.get(old.id, zero) + from_float(old.fee_waived, 2) for old in olds
            )
            kept, let_off = self._get_kept(
                source, new, olds, sum(money.values()), let_off
            )
            new.write({"fee_carried": float(kept), "fee_waived": float(let_off)})
            for old, amount in money.items():
                excess = max(amount - kept, zero)
                kept -= amount - excess
                if excess:
                    refunds.append((old, excess))
        if refunds:
            self._give_back(source, self._get_day(source, refunds), refunds)
        policies._settle(old_bills.replaced_by_id, source.company_id._cs_today())

    def _get_kept(self, source, new, olds, money, let_off):
        """Return how much late fee stays collected, and how much stays waived."""
        estimated = "estimate" in olds.mapped("kind")
        if not new or not new.amount_total or new.account_id != olds.account_id:
            return Decimal(0), Decimal(0)
        higher = new.amount_total >= sum(olds.mapped("amount_total"))
        if not (money or let_off) or (higher and not estimated):
            return money, let_off
        as_of = source.company_id._cs_today()
        right = self.env["gas.latefee.policy"]._get_accrued(new, as_of)[new]
        let_off = min(let_off, right)
        return min(money, right - let_off), let_off

    def _get_day(self, source, refunds):
        """Return the accounting date, or the day of the last fee if that is later."""
        bills = self.env["gas.bill"].concat(*(bill for bill, _amount in refunds))
        lines = self.env["gas.receipt.line"].search(
            [
                ("bill_id", "in", bills.ids),
                ("fee", "!=", 0),
                ("receipt_id.state", "=", "posted"),
            ]
        )
        return max([source.accounting_date, *lines.receipt_id.mapped("date")])

    def _give_back(self, source, day, refunds):
        """Book a credit note per account; it stays as credit or pays what is open.

        :param source: bill run, correction, or receipt that was reversed
        :param day: date of the notes
        :param refunds: pairs of cancelled bill and amount
        """
        by_account = {}
        for bill, amount in refunds:
            by_account.setdefault(bill.account_id, []).append((bill, amount))
        for account, rows in by_account.items():
            note = self.env["account.move"].create(
                self._prepare_note(source, day, account, rows)
            )
            receivable = note.line_ids.filtered(
                lambda line: line.account_type == "asset_receivable"
            )
            receivable.gas_account_id = account
            wanted = source.company_id.gas_receivable_account_id
            if receivable.account_id != wanted:
                receivable.account_id = wanted
            if source.company_id.account_storno:
                note.line_ids.is_storno = True
            note.action_post()
            self.env["gas.bill.poster"]._check_date(note, day)
            for bill, amount in rows:
                bill.write({"fee_returned": float(amount), "fee_note_id": note.id})
            self.env["gas.allocator"]._use_credits(account)

    def _prepare_note(self, source, day, account, rows):
        company = source.company_id
        texts = self.with_context(lang=company.partner_id.lang or self.env.lang).env
        return {
            "move_type": "out_refund",
            "journal_id": company.gas_sale_journal_id.id,
            "partner_id": account.partner_id.id,
            "invoice_date": day,
            "date": day,
            "invoice_payment_term_id": False,
            "ref": texts._("Late fee given back %s", source.name),
            "gas_locked": True,
            "gas_account_id": account.id,
            **self._prepare_link(source),
            "invoice_line_ids": [
                Command.create(
                    {
                        "name": texts._("Late fee of cancelled bill %s", bill.name),
                        "quantity": 1,
                        "price_unit": float(amount),
                        "account_id": company.gas_fee_account_id.id,
                        "tax_ids": [Command.set(company.gas_tax_id.ids)],
                        "gas_account_id": account.id,
                    }
                )
                for bill, amount in rows
            ],
        }

    def _prepare_link(self, source):
        if source._name == "gas.receipt":
            return {}
        return self.env["gas.bill.poster"]._prepare_link(source)

    # === REVERSED RECEIPTS ===#

    @api.model
    def _get_notes(self, receipt):
        """Return the notes that gave late fees of the receipt back; sudo."""
        bills = receipt.line_ids.filtered("fee").bill_id
        notes = bills.fee_note_id
        while bills := self._get_successors(bills):
            notes |= bills.fee_note_id
        return notes

    def _get_successors(self, bills):
        """Return the posted bills in the place of ``bills``."""
        return bills.filtered(lambda bill: bill.state == "cancelled").replaced_by_id

    @api.model
    def _take_back(self, receipt, notes):
        """Late fees that were given back were never paid; sudo.

        :param receipt: receipt that was reversed
        :param notes: notes reversed with it; what they gave back of other receipts is
            given back again
        """
        for line in receipt.line_ids.filtered("fee"):
            bill, left = line.bill_id, from_float(line.fee, 2)
            while bill:
                returned = from_float(bill.fee_returned, 2)
                taken = min(left, returned)
                bill.fee_returned = float(returned - taken)
                left -= taken
                bill = self._get_successors(bill)
                if bill:
                    bill.fee_carried = float(from_float(bill.fee_carried, 2) - left)
        bills = self.env["gas.bill"].search([("fee_note_id", "in", notes.ids)])
        bills.fee_note_id = False
        refunds = [
            (bill, from_float(bill.fee_returned, 2))
            for bill in bills.filtered("fee_returned")
        ]
        if refunds:
            self._give_back(receipt, receipt.date, refunds)

from odoo import api, models
from odoo.fields import Command
from odoo.tools import SQL

from ..bulk import insert
from ..tools.rounding import from_float
from .account_move import GAS_KEY


class GasBillReverser(models.AbstractModel):
    """Takes bills back in red, each with exactly its own share of the entry.

    The money that paid a bill is set free first and stays on the account as credit;
    who calls it decides what the credit pays next.
    """

    _name = "gas.bill.reverser"
    _description = "Bill Reversal"

    @api.model
    def _reverse(self, source, bills):
        """Cancel posted ``bills``; sudo.

        :param source: bill run or correction: gives company, accounting date and name
        :param bills: posted bills of one company
        """
        company = source.company_id
        self = self.with_company(company).with_context(  # noqa: PLW0642
            lang=company.partner_id.lang or self.env.lang,
            gas_key=GAS_KEY,
            tracking_disable=True,
        )
        bills = bills.with_env(self.env)
        self._free_money(bills)
        booked = bills.filtered("move_line_id")
        single = booked.filtered(lambda bill: bill.move_id.move_type == "out_invoice")
        red = {
            **self._book_summary(source, booked - single),
            **self._book_refunds(source, single),
        }
        for bill, line in red.items():
            bill.red_line_id = line
        self._match(red)
        self._reverse_ledger(bills)
        bills.write(
            {
                "state": "cancelled",
                "cancelled_date": source.accounting_date,
                "fee_settled": True,
            }
        )
        self.env.flush_all()

    def _free_money(self, bills):
        """Undo what was matched with the bills; receipts and payments stay booked."""
        bills.move_line_id.matched_credit_ids.unlink()

    # === RED ENTRIES ===#

    def _book_summary(self, source, bills):
        """Book the red share of bills in summary entries; return {bill: red line}."""
        if not bills:
            return {}
        company = source.company_id
        poster = self.env["gas.bill.poster"]
        values = [
            line | {"balance": -line["balance"], "amount_currency": -line["balance"]}
            for line in poster._prepare_receivables(bills, company)
        ]
        values += poster._prepare_revenue(bills, company, sign=1, document="refund")
        storno = company.account_storno
        move = (
            self.env["account.move"]
            .with_context(skip_invoice_sync=True, check_move_validity=False)
            .create(
                {
                    "move_type": "entry",
                    "journal_id": company.gas_sale_journal_id.id,
                    "date": source.accounting_date,
                    "ref": self.env._("Cancelled gas bills %s", source.name),
                    "gas_locked": True,
                    **poster._prepare_link(source),
                    "line_ids": [
                        Command.create(line | {"is_storno": storno}) for line in values
                    ],
                }
            )
        )
        move.with_context(check_move_validity=True).action_post()
        poster._check_date(move, source.accounting_date)
        lines = move.line_ids.filtered("gas_bill_id").grouped("gas_bill_id")
        return {bill: lines[bill] for bill in bills}

    def _book_refunds(self, source, bills):
        """Book a credit note for each invoiced bill; return {bill: red line}."""
        if not bills:
            return {}
        company = source.company_id
        poster = self.env["gas.bill.poster"]
        notes = bills.move_id._reverse_moves(
            [
                {
                    "date": source.accounting_date,
                    "invoice_date": source.accounting_date,
                    "ref": self.env._("Cancelled gas bill %s", bill.name),
                    "gas_locked": True,
                    "gas_account_id": bill.account_id.id,
                    **poster._prepare_link(source),
                }
                for bill in bills
            ]
        )
        red = {}
        for bill, note in zip(bills, notes, strict=True):
            if company.account_storno:
                note.line_ids.is_storno = True
            line = note.line_ids.filtered(
                lambda row: row.account_type == "asset_receivable"
            )
            line.write({"gas_bill_id": bill.id, "gas_account_id": bill.account_id.id})
            red[bill] = line
        notes.action_post()
        poster._check_date(notes, source.accounting_date)
        return red

    def _match(self, red):
        pairs = [
            bill.move_line_id | line
            for bill, line in red.items()
            if not line.reconciled
        ]
        if pairs:
            self.env["account.move.line"]._reconcile_plan(pairs)

    # === LEDGER ===#

    def _reverse_ledger(self, bills):
        """Take the volumes out of the year again."""
        self.env.flush_all()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT company_id, service_point_id, cycle_year, bill_id,
                       quantity::text
                  FROM gas_usage_ledger
                 WHERE bill_id = ANY(%s) AND kind IN ('bill', 'provisional')
                """,
                bills.ids,
            )
        )
        ledger = self.env["gas.usage.ledger"]
        insert(
            ledger,
            [
                row | {"kind": "reversal", "quantity": -from_float(row["quantity"], 3)}
                for row in rows
            ],
        )
        ledger.invalidate_model()

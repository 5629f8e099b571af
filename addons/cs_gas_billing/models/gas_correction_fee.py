from decimal import Decimal

from odoo import api, models
from odoo.fields import Command

from ..tools.rounding import from_float


class GasCorrectionFee(models.AbstractModel):
    """Late fees after a correction: counted on, or given back.

    What was collected on a bill counts for the one in its place. When the right bill
    is lower and paid, its own late fee is computed with the days of the real payments
    and the difference becomes credit of the account (worked example C03).
    """

    _name = "gas.correction.fee"
    _description = "Late Fees of a Correction"

    @api.model
    def _carry(self, correction, old_bills):
        """Carry the late fees of cancelled bills over; sudo, after the new posting."""
        policies = self.env["gas.latefee.policy"]
        collected = policies._load_collected(old_bills)
        waived = policies._load_waived(old_bills)
        refunds = []
        for old in old_bills:
            new = old.replaced_by_id
            money = collected.get(old.id, Decimal(0)) + from_float(old.fee_carried, 2)
            let_off = waived.get(old.id, Decimal(0)) + from_float(old.fee_waived, 2)
            excess = self._get_excess(correction, old, new, money)
            new.write(
                {"fee_carried": float(money - excess), "fee_waived": float(let_off)}
            )
            if excess:
                refunds.append((old, excess))
        self._give_back(correction, refunds)
        policies._settle(old_bills.replaced_by_id, correction.company_id._cs_today())

    def _get_excess(self, correction, old, new, money):
        """Return what was collected above the late fee of the right bill."""
        if not money or (new and new.amount_total >= old.amount_total):
            return Decimal(0)
        if not new or not new.amount_total:
            return money
        if new.amount_residual:
            return Decimal(0)
        as_of = correction.company_id._cs_today()
        right = self.env["gas.latefee.policy"]._get_accrued(new, as_of)[new]
        return max(money - right, Decimal(0))

    def _give_back(self, correction, refunds):
        """Book a credit note per account; it stays as credit or pays what is open."""
        by_account = {}
        for bill, amount in refunds:
            by_account.setdefault(bill.account_id, []).append((bill, amount))
        for account, rows in by_account.items():
            note = self.env["account.move"].create(
                self._prepare_note(correction, account, rows)
            )
            receivable = note.line_ids.filtered(
                lambda line: line.account_type == "asset_receivable"
            )
            receivable.gas_account_id = account
            wanted = correction.company_id.gas_receivable_account_id
            if receivable.account_id != wanted:
                receivable.account_id = wanted
            if correction.company_id.account_storno:
                note.line_ids.is_storno = True
            note.action_post()
            self.env["gas.bill.poster"]._check_date(note, correction)
            self.env["gas.allocator"]._use_credits(account)

    def _prepare_note(self, correction, account, rows):
        company = correction.company_id
        texts = self.with_context(lang=company.partner_id.lang or self.env.lang).env
        return {
            "move_type": "out_refund",
            "journal_id": company.gas_sale_journal_id.id,
            "partner_id": account.partner_id.id,
            "invoice_date": correction.accounting_date,
            "date": correction.accounting_date,
            "invoice_payment_term_id": False,
            "ref": texts._("Late fee given back %s", correction.name),
            "gas_locked": True,
            "gas_account_id": account.id,
            "gas_correction_id": correction.id,
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

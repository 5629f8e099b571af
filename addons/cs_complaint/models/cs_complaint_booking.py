from odoo import api, models
from odoo.exceptions import LockError, UserError
from odoo.fields import Command, Domain
from odoo.tools import format_amount

from ..tools.cents import split
from .account_move import SETTLEMENT_KEY

#: Most that rounding of taxes explains, in the company's currency.
MAX_ROUNDING = 0.02


class CsComplaintBooking(models.AbstractModel):
    """Makes the native documents of settlements: credit notes and payments.

    Called with full rights, after the settlement has checked who asks and holds the
    lock of its case.
    """

    _name = "cs.complaint.booking"
    _description = "Booking of Settlements"

    # === CHECKS === #

    @api.model
    def _check_line(self, line):
        """Raise, naming the setting or the figure, if ``line`` could not be booked."""
        case, company = line.complaint_id, line.company_id
        if case.masked and line.kind in ("allowance", "refund"):
            raise UserError(
                self.env._(
                    "The books must not name a masked person: offer a compensation, "
                    "which is paid by number."
                )
            )
        if not self._partner(line):
            raise UserError(
                self.env._(
                    "%s has no customer who could get money. Enter the complainant.",
                    case.display_name,
                )
            )
        company._cs_check_complaint_money(line.kind, line.invoice_id)
        if line.invoice_id:
            self._check_invoice(line)
        if line.kind == "refund":
            self._check_credit(line)

    @api.model
    def _partner(self, line):
        case = line.complaint_id
        if case.masked or line.kind == "reward":
            return line.company_id.cs_masked_partner_id
        return case._cs_partner()

    @api.model
    def _check_invoice(self, line):
        """Refuse another customer's invoice, and more than is left of it."""
        invoice = line.invoice_id
        partner = self._partner(line).commercial_partner_id
        if invoice.move_type != "out_invoice" or invoice.state != "posted":
            raise UserError(
                self.env._("%s is no posted customer invoice.", invoice.display_name)
            )
        if invoice.commercial_partner_id != partner:
            raise UserError(
                self.env._("%s is another customer's invoice.", invoice.display_name)
            )
        if invoice.currency_id != line.currency_id:
            raise UserError(
                self.env._(
                    "%s is in another currency; accounting credits it.",
                    invoice.display_name,
                )
            )
        credited = invoice.reversal_move_ids.filtered(
            lambda move: move.state != "cancel" and move.move_type == "out_refund"
        )
        mine = credited.filtered(lambda move: move.cs_settlement_line_id == line)
        left = invoice.amount_total - sum((credited - mine).mapped("amount_total"))
        if line.currency_id.compare_amounts(line.amount, left) > 0:
            raise UserError(
                self.env._(
                    "Invoice %(invoice)s has %(left)s left to credit; %(amount)s is "
                    "more.",
                    invoice=invoice.name,
                    left=format_amount(self.env, left, line.currency_id),
                    amount=format_amount(self.env, line.amount, line.currency_id),
                )
            )

    @api.model
    def _credit_lines(self, line):
        """What the customer has to get by credit notes and by what he paid.

        Not by entries of other origin, nor what belongs to an account of another app.
        """
        partner = self._partner(line).commercial_partner_id
        open_credit = Domain(
            [
                ("company_id", "=", line.company_id.id),
                ("partner_id", "child_of", partner.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("amount_residual", "<", 0),
            ]
        )
        native = Domain.OR(
            [
                Domain("move_id.move_type", "=", "out_refund"),
                Domain("move_id.origin_payment_id", "!=", False),
                Domain("move_id.statement_line_id", "!=", False),
            ]
        )
        bound = self.env["res.partner"]._cs_bound_credit()
        return self.env["account.move.line"].search(
            open_credit & native & ~bound, order="date, id"
        )

    @api.model
    def _check_credit(self, line):
        credit = -sum(self._credit_lines(line).mapped("amount_residual"))
        if line.currency_id.compare_amounts(line.amount, credit) > 0:
            raise UserError(
                self.env._(
                    "The customer has %(credit)s of credit; %(amount)s can't be "
                    "refunded.",
                    credit=format_amount(self.env, credit, line.currency_id),
                    amount=format_amount(self.env, line.amount, line.currency_id),
                )
            )

    # === BOOKING === #

    @api.model
    def _book(self, line):
        """Book what ``line`` says, or post the draft there is; never a second one."""
        company = line.company_id
        booking = self.with_company(company).with_context(
            cs_settlement_key=SETTLEMENT_KEY,
            mail_create_nosubscribe=True,
            lang=company.partner_id.lang or self.env.lang,
        )
        line = line.with_env(booking.env)
        document = line.document_id
        if document.state == "draft":
            return booking._post_again(line, document)
        if line.amount_booked:
            raise UserError(
                self.env._(
                    "%(document)s was reversed in part: accounting decides, or a "
                    "manager waives the rest.",
                    document=document.display_name,
                )
            )
        booking._lock_money(line)
        booking._check_line(line)
        document.cs_settlement_main = False
        document.flush_recordset()  # before the next document takes its place
        move, account = (
            booking._credit_note(line)
            if line.kind == "allowance"
            else booking._payment(line)
        )
        line.write(
            {
                "document_id": move.id,
                "account_id": account.id,
                "booked_by_id": self.env.uid,
            }
        )
        return move

    @api.model
    def _lock_money(self, line):
        """One at a time credits an invoice, or gives a customer's credit back."""
        record = line.invoice_id or self._partner(line).commercial_partner_id
        try:
            record.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody else is booking on %s right now.", record.display_name
                )
            ) from error
        record.invalidate_recordset()

    @api.model
    def _post_again(self, line, document):
        """Post the draft accounting left, if it still says what was approved."""
        if document.origin_payment_id:
            document.origin_payment_id.action_post()
        else:
            document.action_post()
        self._match_invoice(line, document)
        return document

    # === CREDIT NOTE === #

    @api.model
    def _credit_note(self, line):
        if not line.certificate_on:
            raise UserError(
                self.env._(
                    "The credit note is booked when the allowance certificate came "
                    "back with the customer's seal."
                )
            )
        company, invoice = line.company_id, line.invoice_id
        today = company._cs_today()
        move = self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": (invoice.partner_id or self._partner(line)).id,
                "journal_id": (
                    invoice.journal_id or company.cs_allowance_journal_id
                ).id,
                "invoice_date": today,
                "date": today,
                "ref": line.name,
                "reversed_entry_id": invoice.id,
                "cs_settlement_line_id": line.id,
                "cs_settlement_main": True,
                "invoice_line_ids": [
                    Command.create(values) for values in self._credit_values(line)
                ],
            }
        )
        self._settle_cents(line, move)
        if company.account_storno:
            move.line_ids.is_storno = True
        move.action_post()
        receivable = move.line_ids.filtered(
            lambda item: item.account_id.account_type == "asset_receivable"
        )
        self._match_invoice(line, move)
        return move, receivable.account_id[:1]

    @api.model
    def _credit_values(self, line):
        """Lines of the credit note: by the invoice's taxes, summing to the amount."""
        company, invoice = line.company_id, line.invoice_id
        label = self.env._("Price allowance %s", line.name)
        product = company.cs_allowance_product_id
        account = company.cs_allowance_account_id
        if not invoice:
            taxes = product.taxes_id.filtered(lambda tax: tax.company_id == company)
            return [self._credit_line(label, line.amount, taxes, account, product)]
        items = invoice.invoice_line_ids.filtered(
            lambda item: item.display_type == "product" and item.price_total > 0
        )
        groups = list(items.grouped("tax_ids").items())
        weights = [sum(group.mapped("price_total")) for _taxes, group in groups]
        parts = split(f"{line.amount:.2f}", weights)
        return [
            self._credit_line(label, float(part), taxes, account, product)
            for (taxes, _group), part in zip(groups, parts, strict=True)
            if part
        ]

    @api.model
    def _credit_line(self, label, total, taxes, account, product):
        """One line of which price and tax come to ``total`` as nearly as can be."""
        currency = self.env.company.currency_id
        price = total
        excluded = taxes.filtered(lambda tax: not tax.price_include)
        if excluded:
            rate = excluded.compute_all(1000000.0, currency)["total_included"]
            base = excluded.compute_all(1000000.0, currency)["total_excluded"]
            price = currency.round(total * base / rate)
        return {
            "name": label,
            "product_id": product.id,
            "account_id": account.id,
            "quantity": 1,
            "price_unit": price,
            "discount": 0,
            "tax_ids": [Command.set(taxes.ids)],
        }

    @api.model
    def _settle_cents(self, line, move):
        """Bring the total to what was approved by a line of a cent without tax.

        Not in the tax itself: a reversal computes that anew.

        :raise UserError: the total is off by more than rounding explains
        """
        currency = line.currency_id
        account = line.company_id.cs_allowance_account_id
        off = currency.round(line.amount - move.amount_total)
        if off and abs(off) <= MAX_ROUNDING:
            move.write(
                {
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": self.env._("Rounding"),
                                "account_id": account.id,
                                "quantity": 1,
                                "price_unit": off,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ]
                }
            )
            off = currency.round(line.amount - move.amount_total)
        if off:
            raise UserError(
                self.env._(
                    "With its taxes the credit note would be %(total)s instead of "
                    "%(amount)s. Accounting has to look at the taxes.",
                    total=format_amount(self.env, move.amount_total, currency),
                    amount=format_amount(self.env, line.amount, currency),
                )
            )

    @api.model
    def _match_invoice(self, line, move):
        """Set the credit note off against what the invoice still asks for."""
        if not line.invoice_id or move.move_type != "out_refund":
            return
        both = (move | line.invoice_id).line_ids.filtered(
            lambda item: (
                item.account_id.account_type == "asset_receivable"
                and not item.reconciled
            )
        )
        if len(both.move_id) > 1 and len(both.account_id) == 1:
            both.reconcile()

    # === PAYMENT === #

    @api.model
    def _payment(self, line):
        """Pay the customer, or the neutral partner of masked persons."""
        company, today = line.company_id, line.company_id._cs_today()
        credit = self.env["account.move.line"]
        if line.kind == "refund":
            credit = self._credit_lines(line)
            account = credit[:1].account_id
        elif line.kind == "reward":
            account = company.cs_reward_account_id
        else:
            account = company.cs_compensation_account_id
        journal = company.cs_compensation_journal_id
        payment = self.env["account.payment"].create(
            {
                "payment_type": "outbound",
                "partner_type": "customer",
                "partner_id": self._partner(line).id,
                "amount": line.amount,
                "date": today,
                "journal_id": journal.id,
                "payment_method_line_id": journal.outbound_payment_method_line_ids[
                    :1
                ].id,
                "destination_account_id": account.id,
                "memo": line.name,
                "cs_settlement_line_id": line.id,
            }
        )
        payment.action_post()
        move = payment.move_id
        self._match_credit(
            line, move, credit.filtered(lambda item: item.account_id == account)
        )
        return move, account

    @api.model
    def _match_credit(self, line, move, credit):
        if line.kind != "refund":
            return
        mine = move.line_ids.filtered(
            lambda item: item.account_id.account_type == "asset_receivable"
        )
        for item in credit:
            if mine.reconciled:
                break
            (mine | item).reconcile()
        if mine.amount_residual:
            raise UserError(
                self.env._(
                    "The customer's credit could not be matched with the refund. "
                    "Nothing was booked; tell accounting."
                )
            )

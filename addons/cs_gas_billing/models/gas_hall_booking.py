from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL

from ..tools.cashing import owed, settle
from ..tools.rounding import from_float, money, plain
from .account_move import GAS_KEY

#: More change than this nobody gives: the amount was mistyped.
MAX_CHANGE = Decimal(1_000)


class GasHallBooking(models.AbstractModel):
    """Books a collection: late fee invoice, one native payment, pair by pair matching.

    Called with full rights after ``gas.hall`` has checked who asks.
    """

    _name = "gas.hall.booking"
    _description = "Hall Booking"

    # === WORKFLOW ===#

    @api.model
    def _book(self, account, request):
        """Book the collection; return the receipt."""
        company = account.company_id
        company._check_gas_setup()
        self = self._prepare_env(company)  # noqa: PLW0642
        account = account.with_env(self.env)
        self._lock(account, request.token)
        today = company._cs_today()
        bills = self.env["gas.allocator"]._get_hall_bills(account)
        fees = self.env["gas.latefee.policy"]._get_fees(bills, today)
        credit = self._get_credit(account) if request.use_credit else Decimal(0)
        self._check_unchanged(account, bills, fees, credit, request)
        chosen = self._choose(bills, request)
        plan = self._plan(account, chosen, fees, request, credit)
        self._check_open(company, today, request.method)
        fee_move = self._invoice_fees(account, plan, today)
        name = self.env["cs.numbering"].next("gas.receipt", company)
        payment = self._pay(account, request, plan, today, name)
        receipt = self.env["gas.receipt"].create(
            self._prepare_receipt(account, request, plan, today)
            | {"name": name, "payment_id": payment.id, "fee_move_id": fee_move.id}
        )
        self._match(receipt, plan)
        receipt.credit_balance = float(self._get_credit(account))
        self.env["gas.latefee.policy"]._settle(bills, today)
        self._log(receipt, bills, chosen)
        return receipt

    def _prepare_env(self, company):
        return self.with_company(company).with_context(
            gas_key=GAS_KEY,
            tracking_disable=True,
            mail_create_nosubscribe=True,
        )

    def _lock(self, account, token):
        """Let one collection at a time through.

        The same request sent twice waits for itself. Another cashier is refused while
        a collection goes on; one who read the account before it ended is stopped by
        the update, then everything is looked at again.
        """
        self.env.execute_query(
            SQL("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", token)
        )
        self.env["gas.allocator"]._lock(account)

    def _log(self, receipt, bills, chosen):
        self.env["cs.event"]._cs_log("gas.receipt.post", receipt)
        if chosen != bills:
            self.env["cs.event"]._cs_log(
                "gas.receipt.choice",
                receipt,
                details={"bills": len(chosen), "open": len(bills)},
            )

    # === CHECKS ===#

    def _get_owed(self, bills, fees):
        """Return what is owed in the form of the gas arithmetic."""
        return [
            {
                "id": f"{bill.id:012d}",
                "due": bill.date_due.isoformat(),
                "principal": money(from_float(bill.amount_residual, 2)),
                "fee": money(fees[bill]),
            }
            for bill in bills
        ]

    def _get_credit(self, account):
        return from_float(account._get_open_credit().get(account.id, 0.0), 2)

    def _check_unchanged(self, account, bills, fees, credit, request):
        """Refuse when the account isn't what the cashier saw, and say what happened."""
        now = {
            bill.id: (from_float(bill.amount_residual, 2), fees[bill])
            for bill in bills
            if bill.amount_residual or fees[bill]
        }
        credit_changed = (
            request.use_credit
            and request.seen_credit is not None
            and request.seen_credit != credit
        )
        if now == request.seen and not credit_changed:
            return
        last, changed = self._get_last_change(account)
        if last and changed.date() == account.company_id._cs_today():
            if last.state == "reversed":
                raise UserError(
                    self.env._(
                        "Nothing was booked: at %(time)s %(cashier)s reversed receipt "
                        "%(receipt)s of this account. Look at it again, then collect.",
                        time=changed.strftime("%H:%M"),
                        cashier=last.reversed_by_id.name,
                        receipt=last.name,
                    )
                )
            raise UserError(
                self.env._(
                    "Nothing was booked: at %(time)s %(cashier)s took %(amount)s for "
                    "this account (receipt %(receipt)s). Look at what is still open.",
                    time=changed.strftime("%H:%M"),
                    cashier=last.cashier_id.name,
                    amount=f"{last.amount:.2f}",
                    receipt=last.name,
                )
            )
        raise UserError(
            self.env._(
                "Nothing was booked: bills or late fees of this account changed since "
                "they were shown. Look at it again, then collect."
            )
        )

    def _get_last_change(self, account):
        """Return the receipt that was booked or reversed last, and when (local)."""
        receipts = self.env["gas.receipt"].search(
            [("account_id", "=", account.id)], order="id desc", limit=10
        )
        last = max(
            receipts, key=lambda row: row.reversed_on or row.moment, default=receipts
        )
        moment = last and (last.reversed_on or last.moment)
        return last, moment and account.company_id._cs_to_local(moment)

    def _choose(self, bills, request):
        if request.bill_ids is None:
            return bills
        chosen = bills.filtered(lambda bill: bill.id in set(request.bill_ids))
        if len(chosen) != len(set(request.bill_ids)):
            raise UserError(
                self.env._("A chosen bill isn't open any more. Look at it again.")
            )
        return chosen

    def _plan(self, account, bills, fees, request, credit):
        """Return the settlement; refuse one that no customer means."""
        rows = self._get_owed(bills, fees)
        cash = request.method == "cash"
        plan = settle(
            rows,
            plain(request.tendered),
            plain(credit),
            gives_change=cash and not request.keep_credit,
        )
        if cash and not request.keep_credit and not owed(rows):
            raise UserError(
                self.env._(
                    "Nothing is owed by account %s. To take money in advance, choose "
                    "“keep as credit”.",
                    account.code,
                )
            )
        if not plan.kept and not plan.credit_used:
            raise UserError(self.env._("Enter the amount received."))
        if plan.change > MAX_CHANGE:
            raise UserError(
                self.env._(
                    "%(amount)s for %(due)s would give %(change)s change. Check the "
                    "amount, or keep the rest as credit.",
                    amount=f"{request.tendered:,.2f}",
                    due=f"{owed(rows):,.2f}",
                    change=f"{plan.change:,.2f}",
                )
            )
        return plan

    def _check_open(self, company, day, method):
        """Refuse while accounting has locked the day: Odoo would move the date."""
        journals = self._get_journal(company, method) | company.gas_sale_journal_id
        company._gas_check_open(day, journals)

    # === BOOKING ===#

    def _get_journal(self, company, method):
        journal = company[f"gas_{method}_journal_id"]
        if not journal:
            raise UserError(
                self.env._(
                    "%s has no journal for this kind of payment. An administrator sets "
                    "it in Gas > Configuration > Settings.",
                    company.name,
                )
            )
        return journal

    def _get_bill(self, row):
        return self.env["gas.bill"].browse(int(row["id"]))

    def _get_receivable(self, company, plan):
        """Return the receivable account of the bills that are paid."""
        for row in plan.applied:
            if line := self._get_bill(row).move_line_id:
                return line.account_id
        return company.gas_receivable_account_id

    def _invoice_fees(self, account, plan, day):
        """Invoice the late fees that are collected, VAT included, one line a bill."""
        rows = [row for row in plan.applied if row["fee"]]
        moves = self.env["account.move"]
        if not rows:
            return moves
        move = moves.create(self._prepare_fee_invoice(account, rows, day))
        if from_float(move.amount_total, 2) != plan.fee:
            raise UserError(
                self.env._(
                    "The late fee's invoice isn't %s. Check the gas tax.", plan.fee
                )
            )
        receivable = self._get_receivable_lines(move)
        receivable.gas_account_id = account
        wanted = self._get_receivable(account.company_id, plan)
        if receivable.account_id != wanted:
            receivable.account_id = wanted
        move.action_post()
        return move

    def _prepare_fee_invoice(self, account, rows, day):
        company = account.company_id
        texts = self.with_context(lang=company.partner_id.lang or self.env.lang).env
        return {
            "move_type": "out_invoice",
            "journal_id": company.gas_sale_journal_id.id,
            "partner_id": account.partner_id.id,
            "invoice_date": day,
            "date": day,
            "invoice_date_due": day,
            "invoice_payment_term_id": False,
            "ref": texts._("Late fee %s", account.code),
            "gas_account_id": account.id,
            "invoice_line_ids": [
                Command.create(
                    {
                        "name": texts._(
                            "Late fee of bill %s", self._get_bill(row).name
                        ),
                        "quantity": 1,
                        "price_unit": float(row["fee"]),
                        "account_id": company.gas_fee_account_id.id,
                        "tax_ids": [Command.set(company.gas_tax_id.ids)],
                        "gas_account_id": account.id,
                    }
                )
                for row in rows
            ],
        }

    def _pay(self, account, request, plan, day, name):
        """Make the native payment of what is kept."""
        payments = self.env["account.payment"]
        if not plan.kept:
            return payments
        company = account.company_id
        journal = self._get_journal(company, request.method)
        method = journal.inbound_payment_method_line_ids[:1]
        return self._post_payment(
            account,
            {
                "payment_type": "inbound",
                "amount": float(plan.kept),
                "date": day,
                "journal_id": journal.id,
                "payment_method_line_id": method.id,
                "destination_account_id": self._get_receivable(company, plan).id,
                "memo": " ".join(filter(None, (name, account.code, request.reference))),
            },
        )

    def _post_payment(self, account, values):
        """Make a native payment of the account's customer, on its very day.

        :raise UserError: accounting has locked the day
        """
        payment = self.env["account.payment"].create(
            {
                "partner_type": "customer",
                "partner_id": account.partner_id.id,
                "gas_account_id": account.id,
                **values,
            }
        )
        payment.action_post()
        if payment.move_id.date != values["date"]:
            raise UserError(
                self.env._(
                    "The payment would be dated %s. Accounting has to open today.",
                    payment.move_id.date,
                )
            )
        return payment

    def _prepare_receipt(self, account, request, plan, day):
        return {
            "company_id": account.company_id.id,
            "account_id": account.id,
            "partner_id": account.partner_id.id,
            "cashier_id": self.env.uid,
            "date": day,
            "moment": fields.Datetime.now(),
            "method": request.method if plan.kept else "credit",
            "reference": request.reference,
            "token": request.token,
            "tendered": float(request.tendered),
            "change": float(plan.change),
            "amount": float(plan.kept),
            "amount_principal": float(plan.principal),
            "amount_fee": float(plan.fee),
            "amount_credit": float(plan.on_credit),
            "amount_credit_used": float(plan.credit_used),
            "line_ids": [
                Command.create(
                    {
                        "bill_id": self._get_bill(row).id,
                        "principal": float(row["principal"]),
                        "fee": float(row["fee"]),
                    }
                )
                for row in plan.applied
            ],
        }

    # === MATCHING ===#

    def _get_receivable_lines(self, move):
        return move.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )

    def _match(self, receipt, plan):
        """Match money and debts pair by pair, in the order of the settlement.

        The fees of all bills are one receivable; it is paid in full, so taking it
        with the first bill that has a fee gives the same amounts.
        """
        lines = self.env["account.move.line"]
        credit = lines
        if plan.credit_used:
            credit = lines.search(
                receipt.account_id._get_open_credit_domain(), order="date, id"
            ).filtered(lambda line: line.move_id != receipt.payment_id.move_id)
        money_lines = [*credit, *self._get_receivable_lines(receipt.payment_id.move_id)]
        debts = []
        for row in plan.applied:
            if row["principal"]:
                debts.append((self._get_bill(row).move_line_id, row["principal"]))
            fee_lines = self._get_receivable_lines(receipt.fee_move_id)
            if row["fee"] and (fee_lines, plan.fee) not in debts:
                debts.append((fee_lines, plan.fee))
        allocator = self.env["gas.allocator"].with_context(
            default_gas_receipt_id=receipt.id
        )
        before = [debt.amount_residual for debt, _amount in debts]
        allocator._match(money_lines, [debt for debt, _amount in debts])
        for (debt, amount), residual in zip(debts, before, strict=True):
            paid = from_float(residual - debt.amount_residual, 2)
            if paid != amount:
                raise UserError(
                    self.env._(
                        "%(what)s took %(paid)s instead of %(amount)s. Nothing was "
                        "booked; tell accounting.",
                        what=debt.name or debt.move_id.name,
                        paid=paid,
                        amount=amount,
                    )
                )

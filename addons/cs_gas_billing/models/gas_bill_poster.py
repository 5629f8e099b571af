from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL

from .account_move import GAS_KEY


class GasBillPoster(models.AbstractModel):
    """Books bills: households in summary entries, commercial bills as invoices.

    In a summary entry each bill has its own receivable line, so it is an open item
    like any invoice; revenue and VAT stand once per use category. This follows what a
    point of sale does with a session and is an order of magnitude faster than one
    invoice a bill.
    """

    _name = "gas.bill.poster"
    _description = "Bill Posting"

    @api.model
    def _post(self, source, bills):
        """Post ``bills`` and use the accounts' credit on them; sudo.

        Posted bills that these replace are taken back first.

        :param source: bill run or correction: gives company, accounting date and name
        :param bills: approved bills of one company, at most a chunk
        """
        company = source.company_id
        self = self.with_company(company).with_context(  # noqa: PLW0642
            lang=company.partner_id.lang or self.env.lang,
            gas_key=GAS_KEY,
            tracking_disable=True,
        )
        replaced = bills.replaces_ids.filtered(lambda bill: bill.state == "posted")
        if replaced:
            self.env["gas.allocator"]._lock_many(replaced.account_id)
            self.env["gas.bill.reverser"]._reverse(source, replaced)
            self._set_fee_month(source, replaced)
        self._number(bills, source.accounting_date)
        owed = bills.filtered("amount_total")
        owed.partner_id._mark_gas_customers()
        single = owed.filtered(
            lambda bill: bill.category == "commercial" or company.gas_invoice_each
        )
        self._post_summary(source, owed - single)
        self._post_invoices(source, single)
        (bills - owed)._mark_posted()
        self.env["gas.allocator"]._use_credits((owed | replaced).account_id)
        if replaced:
            self.env["gas.correction.fee"]._carry(source, replaced)

    def _set_fee_month(self, source, replaced):
        """Nobody is late with what is above the estimates that he knew."""
        for new, olds in replaced.grouped("replaced_by_id").items():
            if new.amount_total > sum(olds.mapped("amount_total")):
                fees = self.env["gas.correction.fee"]
                new.fee_month = fees._get_month(source, new.period)

    def _number(self, bills, day):
        """Give a number to every bill that has none.

        At posting, so that discarded ones leave no gap. A run numbers all its bills
        before: who takes numbers keeps others waiting until his transaction ends.
        """
        bills = bills.filtered(lambda bill: not bill.name)
        if not bills:
            return
        names = self.env["cs.numbering"]._next_many(
            "gas.bill", bills.company_id, day, len(bills)
        )
        self.env.execute_query(
            SQL(
                "UPDATE gas_bill b SET name = n.name "
                "FROM unnest(%s, %s) AS n(id, name) WHERE b.id = n.id RETURNING b.id",
                bills.ids,
                names,
            )
        )
        bills.invalidate_recordset(["name"])

    @api.model
    def _prepare_link(self, source):
        """Return the field of the entry that leads back to what made it."""
        name = "gas_run_id" if source._name == "gas.bill.run" else "gas_correction_id"
        return {name: source.id}

    # === SUMMARY ENTRY ===#

    def _post_summary(self, source, bills):
        if not bills:
            return
        company = source.company_id
        values = self._prepare_receivables(bills, company)
        values += self._prepare_revenue(bills, company)
        # the balance is checked once, by the posting
        move = (
            self.env["account.move"]
            .with_context(skip_invoice_sync=True, check_move_validity=False)
            .create(
                {
                    "move_type": "entry",
                    "journal_id": company.gas_sale_journal_id.id,
                    "date": source.accounting_date,
                    "ref": self.env._("Gas bills %s", source.name),
                    **self._prepare_link(source),
                    "line_ids": [Command.create(line) for line in values],
                }
            )
        )
        move.with_context(check_move_validity=True).action_post()
        self._check_date(move, source.accounting_date)
        bills._mark_posted()

    def _prepare_receivables(self, bills, company):
        account_id = company.gas_receivable_account_id.id
        return [
            {
                "account_id": account_id,
                "partner_id": bill.partner_id.id,
                "name": bill.name,
                "balance": bill.amount_total,
                "amount_currency": bill.amount_total,
                "currency_id": company.currency_id.id,
                "date_maturity": bill.date_due,
                "tax_ids": [],
                "analytic_distribution": False,
                "gas_account_id": bill.account_id.id,
                "gas_bill_id": bill.id,
            }
            for bill in bills
        ]

    def _prepare_revenue(self, bills, company, sign=-1, document="invoice"):
        """Return revenue and VAT lines per use category.

        :param sign: -1 books revenue, 1 takes it back (red, with the refund's
            repartition)
        """
        tax = company.gas_tax_id
        repartition = tax[f"{document}_repartition_line_ids"]
        rep_base = repartition.filtered(lambda r: r.repartition_type == "base")
        rep_tax = repartition.filtered(lambda r: r.repartition_type == "tax")
        round_cents = company.currency_id.round
        values = []
        booked = self._get_booked_incomes(bills) if document == "refund" else {}
        groups = bills.grouped(
            lambda bill: (
                bill.use_category_id,
                booked.get((bill.move_id, bill.use_category_id))
                or self._get_income_account(bill.use_category_id, company),
            )
        )
        for (category, income), group in groups.items():
            base = round_cents(sign * sum(group.mapped("amount_base")))
            vat = round_cents(sign * sum(group.mapped("amount_tax")))
            values.append(
                {
                    "account_id": income.id,
                    "name": category.name,
                    "balance": base,
                    "tax_ids": [Command.set(tax.ids)],
                    "tax_tag_ids": [Command.set(rep_base.tag_ids.ids)],
                    "analytic_distribution": False,
                }
            )
            if vat:
                values.append(
                    {
                        "account_id": rep_tax.account_id.id,
                        "name": tax.name,
                        "balance": vat,
                        "display_type": "tax",
                        "tax_repartition_line_id": rep_tax.id,
                        "tax_tag_ids": [Command.set(rep_tax.tag_ids.ids)],
                        "tax_base_amount": base,
                        "tax_ids": [],
                        "analytic_distribution": False,
                    }
                )
        return values

    def _get_booked_incomes(self, bills):
        """Return {(entry, use category): the account its revenue was booked on}.

        What is taken back leaves the account it came to, whatever the category's
        account is by now.
        """
        lines = self.env["account.move.line"].search(
            [("move_id", "in", bills.move_id.ids), ("tax_ids", "!=", False)]
        )
        by_move = lines.grouped("move_id")
        booked = {}
        for move, category in bills.grouped(
            lambda bill: (bill.move_id, bill.use_category_id)
        ):
            known = by_move.get(move, lines.browse())
            named = known.filtered(lambda line, name=category.name: line.name == name)
            accounts = (named or known).account_id
            if len(accounts) == 1:
                booked[move, category] = accounts
        return booked

    @api.model
    def _get_income_account(self, category, company):
        return category.income_account_id or company.gas_income_account_id

    # === INVOICES ===#

    def _post_invoices(self, source, bills):
        if not bills:
            return
        moves = self.env["account.move"].create(
            [self._prepare_invoice(source, bill) for bill in bills]
        )
        by_bill = dict(zip(moves, bills, strict=True))
        for move, bill in by_bill.items():
            if move.currency_id.compare_amounts(move.amount_total, bill.amount_total):
                raise UserError(
                    self.env._(
                        "Bill %(bill)s is %(total)s, but its invoice would be "
                        "%(invoice)s. Check the gas tax.",
                        bill=bill.name,
                        total=bill.amount_total,
                        invoice=move.amount_total,
                    )
                )
            receivable = move.line_ids.filtered(
                lambda line: line.account_type == "asset_receivable"
            )
            receivable.write(
                {"gas_bill_id": bill.id, "gas_account_id": bill.account_id.id}
            )
        moves.action_post()
        self._check_date(moves, source.accounting_date)
        bills._mark_posted()

    def _prepare_invoice(self, source, bill):
        company = source.company_id
        income = self._get_income_account(bill.use_category_id, company)
        return {
            "move_type": "out_invoice",
            "journal_id": company.gas_sale_journal_id.id,
            "partner_id": bill.partner_id.id,
            "invoice_date": source.accounting_date,
            "date": source.accounting_date,
            "invoice_date_due": bill.date_due,
            "invoice_payment_term_id": False,
            "ref": bill.name,
            "payment_reference": bill.name,
            **self._prepare_link(source),
            "gas_account_id": bill.account_id.id,
            "invoice_line_ids": [
                Command.create(
                    {
                        "name": self.env._(
                            "%(category)s tier %(tier)s: %(volume)s m³ × %(price)s",
                            category=bill.use_category_id.name,
                            tier=line.tier_label,
                            volume=f"{line.quantity:g}",
                            price=f"{line.price_unit:g}",
                        ),
                        "quantity": 1,
                        "price_unit": line.amount,
                        "account_id": income.id,
                        "tax_ids": [Command.set(company.gas_tax_id.ids)],
                    }
                )
                for line in bill.line_ids
            ],
        }

    def _check_date(self, moves, day):
        """A locked period makes Odoo choose another date; then nothing is posted."""
        dates = defaultdict(list)
        for move in moves:
            dates[move.date].append(move.name)
        if set(dates) != {day}:
            raise UserError(
                self.env._(
                    "The entries would be dated %(real)s instead of %(wanted)s. Choose "
                    "another accounting date.",
                    real=", ".join(map(str, dates)),
                    wanted=day,
                )
            )

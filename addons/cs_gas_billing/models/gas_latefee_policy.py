from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.choices import CATEGORIES, PAY_CHANNELS
from ..tools.latefee import late_fee
from ..tools.rounding import from_float, plain, to_decimal


class GasLatefeePolicy(models.Model):
    """How late payment is charged 违约金, by customer category and payment channel.

    H-001 article 14: residents 0.3 % a day from the 21st of the month after the bill
    month, floored to 0.5 yuan; article 7: commercial customers 0.5 %.
    """

    _name = "gas.latefee.policy"
    _description = "Late Fee Policy"
    _order = "company_id, category, pay_channel"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    category = fields.Selection(
        selection=CATEGORIES,
        required=True,
        default="resident",
    )
    pay_channel = fields.Selection(
        selection=PAY_CHANNELS,
        string="Payment Channel",
        help="Empty: every channel without a policy of its own.",
    )
    rate = fields.Float(
        string="Rate per Day (%)", digits=(12, 4), required=True, default=0.3
    )
    month_offset = fields.Integer(
        string="Months after the Bill Month", required=True, default=1
    )
    start_day = fields.Integer(string="From Day", required=True, default=21)
    step = fields.Float(
        string="Floored to (yuan)", digits=(12, 2), required=True, default=0.5
    )

    _uniq = models.UniqueIndex(
        "(company_id, category, COALESCE(pay_channel, ''))",
        "There is a policy for this category and channel already.",
    )
    _range = models.Constraint(
        "CHECK (rate >= 0 AND step > 0 AND start_day BETWEEN 1 AND 31 "
        "AND month_offset >= 0)",
        "A late fee has a rate, a step above zero and a day of the month.",
    )

    @api.depends("category", "pay_channel")
    def _compute_display_name(self):
        categories = dict(self._fields["category"]._description_selection(self.env))
        channels = dict(self._fields["pay_channel"]._description_selection(self.env))
        for policy in self:
            policy.display_name = " · ".join(
                filter(
                    None,
                    (categories.get(policy.category), channels.get(policy.pay_channel)),
                )
            )

    def _get_engine_policy(self):
        self.ensure_one()
        return {
            "rate": plain(from_float(self.rate, 4) / 100),
            "start_day": self.start_day,
            "month_offset": self.month_offset,
            "step": plain(from_float(self.step, 2)),
        }

    @api.model
    def _find(self, company):
        """Return {(category, channel or False): engine policy} of a company."""
        return {
            (policy.category, policy.pay_channel): policy._get_engine_policy()
            for policy in self.sudo().search([("company_id", "=", company.id)])
        }

    @api.model
    def _get_fees(self, bills, as_of):
        """Return {bill: late fee still due} as of a day; pure and repeatable.

        The fee of the principal's history up to ``as_of``, floored per bill, less what
        was collected and waived. Bills of one company.

        :param as_of: date
        """
        accrued = self._get_accrued(
            bills.filtered(
                lambda bill: (
                    bill.state == "posted"
                    and not (bill.fee_settled and not bill.amount_residual)
                )
            ),
            as_of,
        )
        settled = self._load_settled(bills)
        zero = Decimal(0)
        return {
            bill: max(accrued.get(bill, zero) - settled.get(bill.id, zero), zero)
            for bill in bills
        }

    def _get_accrued(self, bills, as_of):
        """Return {bill: the whole late fee as of a day}, collected or not."""
        payments = self._load_payments(bills)
        policies = {
            company: self._find(company) for company in bills.mapped("company_id")
        }
        fees = {}
        for bill in bills:
            known = policies[bill.company_id]
            policy = known.get(
                (bill.category, bill.account_id.pay_channel)
            ) or known.get((bill.category, False))
            fees[bill] = Decimal(0)
            if not policy:
                continue
            result = late_fee(
                {
                    "principal": plain(from_float(bill.amount_total, 2)),
                    "bill_month": bill.fee_month or bill.period,
                    "payments": payments.get(bill.move_line_id.id, []),
                    "as_of": as_of.isoformat(),
                    "policy": policy,
                }
            )
            fees[bill] = to_decimal(result["fee"])
        return fees

    @api.model
    def _settle(self, bills, as_of):
        """Mark bills on which nothing is left, neither principal nor late fee.

        The fee of a paid bill doesn't grow any more; without the mark it would be
        computed again whenever the account is shown. Bills that were opened again
        lose the mark.
        """
        bills.filtered(
            lambda bill: bill.fee_settled and bill.amount_residual
        ).fee_settled = False
        paid = bills.filtered(
            lambda bill: not bill.amount_residual and not bill.fee_settled
        )
        if paid:
            fees = self._get_fees(paid, as_of)
            paid.filtered(lambda bill: not fees[bill]).fee_settled = True

    def _load_payments(self, bills):
        """Return {receivable line id: [[day, amount]]} of what was matched."""
        lines = bills.sudo().move_line_id
        if not lines:
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT p.debit_move_id, c.date, p.amount::text
                  FROM account_partial_reconcile p
                  JOIN account_move_line c ON c.id = p.credit_move_id
                 WHERE p.debit_move_id = ANY(%s)
                """,
                lines.ids,
                to_flush=self.env["account.partial.reconcile"]._fields["amount"],
            )
        )
        result = {}
        for line_id, day, amount in rows:
            result.setdefault(line_id, []).append([day.isoformat(), amount])
        return result

    def _load_settled(self, bills):
        """Return {bill id: late fee collected or waived, also on what it replaced}."""
        result = {
            bill.id: from_float(bill.fee_carried, 2) + from_float(bill.fee_waived, 2)
            for bill in bills
            if bill.fee_carried or bill.fee_waived
        }
        for loaded in (self._load_collected(bills), self._load_waived(bills)):
            for bill_id, amount in loaded.items():
                result[bill_id] = result.get(bill_id, Decimal(0)) + amount
        return result

    def _load_collected(self, bills):
        """Return {bill id: late fee that receipts collected on it}."""
        rows = (
            self.env["gas.receipt.line"]
            .sudo()
            ._read_group(
                [("bill_id", "in", bills.ids), ("receipt_id.state", "=", "posted")],
                ["bill_id"],
                ["fee:sum"],
            )
        )
        return {bill.id: from_float(amount, 2) for bill, amount in rows}

    def _load_waived(self, bills):
        """Return {bill id: late fee that was waived on it}."""
        rows = (
            self.env["gas.latefee.waiver"]
            .sudo()
            ._read_group(
                [("bill_id", "in", bills.ids), ("state", "=", "approved")],
                ["bill_id"],
                ["amount:sum"],
            )
        )
        return {bill.id: from_float(amount, 2) for bill, amount in rows}

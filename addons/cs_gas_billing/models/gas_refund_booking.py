from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.rounding import from_float
from .account_move import GAS_KEY


class GasRefundBooking(models.AbstractModel):
    """Pays an approved refund: one native payment, matched with the oldest credit.

    Called with full rights after ``gas.credit.refund`` has checked who asks.
    """

    _name = "gas.refund.booking"
    _description = "Refund Booking"

    @api.model
    def _pay(self, refund):
        """Book the payment of ``refund``."""
        company = refund.company_id
        company._check_gas_setup()
        self = self.with_company(company).with_context(  # noqa: PLW0642
            gas_key=GAS_KEY, tracking_disable=True, mail_create_nosubscribe=True
        )
        refund = refund.with_env(self.env)
        account = refund.account_id
        allocator = self.env["gas.allocator"]
        allocator._lock(account)
        refund.invalidate_recordset(["state"])
        self._check_payable(refund)
        today = company._cs_today()
        hall = self.env["gas.hall.booking"]
        hall._check_open(company, today, refund.method)
        credit = self.env["account.move.line"].search(
            account._get_open_credit_domain(), order="date, id"
        )
        payment = self._make_payment(refund, credit[:1].account_id, today)
        receivable = hall._get_receivable_lines(payment.move_id)
        allocator._match(credit, [receivable])
        if receivable.amount_residual:
            raise UserError(
                self.env._(
                    "The credit of account %s could not be matched with the refund. "
                    "Nothing was booked; tell accounting.",
                    account.code,
                )
            )
        refund.write(
            {
                "state": "paid",
                "cashier_id": self.env.uid,
                "date": today,
                "moment": fields.Datetime.now(),
                "payment_id": payment.id,
                "credit_after": account._get_open_credit().get(account.id, 0.0),
            }
        )

    def _check_payable(self, refund):
        """Look at state, approval and credit once more, now that nobody else books."""
        if refund.state == "paid":
            raise UserError(
                self.env._(
                    "Refund %(refund)s was paid by %(who)s on %(day)s already.",
                    refund=refund.name,
                    who=refund.cashier_id.name,
                    day=refund.date,
                )
            )
        if refund.state != "approved":
            raise UserError(
                self.env._(
                    "Refund %s is not approved. It is paid after that.", refund.name
                )
            )
        refund._cs_check_approved("gas.credit.refund")
        account = refund.account_id
        credit = from_float(account._get_open_credit().get(account.id, 0.0), 2)
        if from_float(refund.amount, 2) > credit:
            raise UserError(
                self.env._(
                    "Account %(account)s has only %(credit)s of credit left: the rest "
                    "paid bills meanwhile. Withdraw the refund and ask for the smaller "
                    "amount.",
                    account=account.code,
                    credit=f"{credit:.2f}",
                )
            )

    def _make_payment(self, refund, receivable, day):
        """Make the native outbound payment."""
        company = refund.company_id
        hall = self.env["gas.hall.booking"]
        journal = hall._get_journal(company, refund.method)
        method = journal.outbound_payment_method_line_ids[:1]
        return hall._post_payment(
            refund.account_id,
            {
                "payment_type": "outbound",
                "amount": refund.amount,
                "date": day,
                "journal_id": journal.id,
                "payment_method_line_id": method.id,
                "destination_account_id": receivable.id,
                "memo": f"{refund.name} {refund.account_id.code}",
            },
        )

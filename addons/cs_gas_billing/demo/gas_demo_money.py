from datetime import timedelta

from odoo import models
from odoo.fields import Command

from .gas_demo import HISTORY

#: The bank keeps this of the last batch; the accountant finds it on the statement.
BANK_FEE = 12.0
#: Every so many customers leave bills open, some of them for a long time.
FORGETS_ALWAYS = 149
FORGETS_THREE = 37
FORGETS_LAST = 5


class GasDemo(models.AbstractModel):
    """How the demo's customers paid: the bank debited, others paid before the start.

    What came in before the demo's company began to work with the hall is taken over
    like opening balances, so that takings and cash agree from the first day on.
    """

    _inherit = "gas.demo"

    def _take_money(self, company, period, day):
        """Let most customers pay: some late, some in part, some too much."""
        bills = self.env["gas.bill"].search(
            [("period", "=", period), ("amount_residual", ">", 0)], order="id"
        )
        rows = []
        for number, bill in enumerate(bills):
            channel = bill.account_id.pay_channel
            if channel == "debit" or self._forgets(period, number):
                continue
            amount = bill.amount_residual
            if channel == "cash" and number % 23 == 0:
                amount = round(amount / 2, 2)
            elif channel == "cash" and number % 31 == 0:
                amount = round(amount + 50, -1)
            rows.append((bill, amount))
        self._take_over_money(company, rows, day + timedelta(days=6))
        self._debit(company, period, day + timedelta(days=8))
        self.env["gas.latefee.policy"]._settle(bills, company._cs_today())

    def _forgets(self, period, number):
        months = [month for month, _day, _factors in HISTORY]
        left = len(months) - months.index(period)
        return (
            number % FORGETS_ALWAYS == 0
            or (left <= 3 and number % FORGETS_THREE == 0)
            or (left == 1 and number % FORGETS_LAST == 0)
        )

    def _take_over_money(self, company, rows, day):
        """Book what was paid before the start, an open item each, and match it."""
        if not rows:
            return
        total = sum(amount for _bill, amount in rows)
        journal = self.env["account.journal"].search(
            [("company_id", "=", company.id), ("type", "=", "general")], limit=1
        )
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": journal.id,
                "date": min(day, company._cs_today()),
                "ref": f"期初收款 {day:%Y-%m}",
                "line_ids": [
                    *(
                        Command.create(self._prepare_credit(company, bill, amount))
                        for bill, amount in rows
                    ),
                    Command.create(
                        {
                            "account_id": company.gas_opening_account_id.id,
                            "balance": total,
                        }
                    ),
                ],
            }
        )
        move.action_post()
        credits = move.line_ids.filtered("gas_account_id").grouped("gas_account_id")
        move.line_ids._reconcile_plan(
            [credits[bill.account_id] | bill.move_line_id for bill, _amount in rows]
        )

    def _prepare_credit(self, company, bill, amount):
        return {
            "account_id": company.gas_receivable_account_id.id,
            "partner_id": bill.partner_id.id,
            "name": bill.account_id.code,
            "gas_account_id": bill.account_id.id,
            "balance": -amount,
        }

    def _debit(self, company, period, day):
        """Send a batch, take the bank's answer over, show it on the statement.

        The last month's money, less a fee, is left for the accountant to match.
        """
        bank = self.env["gas.demo.bank"]
        day = min(day, company._cs_today())
        profile = self.env["gas.bank.profile"].search(
            [("company_id", "=", company.id), ("kind", "=", "fixed")], limit=1
        )
        batch = self._as_role("clerk")["gas.debit.batch"].create(
            {"profile_id": profile.id, "date": day}
        )
        batch.action_pick()
        batch.action_send()
        bank._import_answer(batch, self._get_user("clerk"), day=day)
        if period == HISTORY[-1][0]:
            bank._show_on_statement(batch, day + timedelta(days=1), BANK_FEE)
        else:
            bank._show_on_statement(batch, day + timedelta(days=1))

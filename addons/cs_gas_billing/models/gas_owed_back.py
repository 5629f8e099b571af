from odoo import api, models


class GasAllocator(models.AbstractModel):
    """Credit that was paid out although its money went back to the bank.

    A late return 退票 takes a debit away whose money may have become credit and been
    refunded. The customer owes the refund then; money that comes in pays it first.
    """

    _inherit = "gas.allocator"

    @api.model
    def _get_owed_back(self, accounts):
        """Return open items of refunds whose credit was taken back; sudo."""
        return self.env["account.move.line"].search(
            [
                ("gas_account_id", "in", accounts.ids),
                ("gas_bill_id", "=", False),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("amount_residual", ">", 0),
                ("move_id.origin_payment_id.gas_refund_ids", "!=", False),
            ],
            order="date, id",
        )

    @api.model
    def _pay_owed_back(self, account):
        """Let the account's credit pay what it owes back; sudo."""
        owed = self._get_owed_back(account)
        if owed:
            credit = self.env["account.move.line"].search(
                account._get_open_credit_domain(), order="date, id"
            )
            self._match(credit, owed)


class GasAccount(models.Model):
    _inherit = "gas.account"

    def _compute_balance(self):
        """Refunds to pay back are due like bills."""
        result = super()._compute_balance()
        owed = self.env["gas.allocator"].sudo()._get_owed_back(self)
        for item in owed:
            item.gas_account_id.with_env(self.env).amount_due += item.amount_residual
        return result


class GasHallDesk(models.AbstractModel):
    _inherit = "gas.hall.desk"

    @api.model
    def _get_account_values(self, account):
        """Show refunds to pay back; money kept as credit pays them."""
        owed = self.env["gas.allocator"]._get_owed_back(account)
        return {
            **super()._get_account_values(account),
            "owed_back": [
                {
                    "id": item.id,
                    "name": item.move_id.origin_payment_id.gas_refund_ids[:1].name,
                    "date": item.date.isoformat(),
                    "amount": item.amount_residual,
                }
                for item in owed
            ],
        }


class GasHallBooking(models.AbstractModel):
    _inherit = "gas.hall.booking"

    def _match(self, receipt, plan):
        result = super()._match(receipt, plan)
        if plan.on_credit:
            self.env["gas.allocator"]._pay_owed_back(receipt.account_id)
        return result


class GasDebitBooking(models.AbstractModel):
    _inherit = "gas.debit.booking"

    def _announce(self, lines):
        """Have refunds that must be paid back collected too."""
        result = super()._announce(lines)
        owed = self.env["gas.allocator"]._get_owed_back(lines.account_id)
        if owed:
            accounts = owed.gas_account_id
            accounts._schedule_reader_task(
                self.env._("Refund to pay back"),
                {
                    account.id: self.env._(
                        "The bank took back money that had been refunded: %s has to "
                        "be paid back at the hall.",
                        f"{sum(items.mapped('amount_residual')):.2f}",
                    )
                    for account, items in owed.grouped("gas_account_id").items()
                },
            )
        return result

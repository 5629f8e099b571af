from odoo import fields, models
from odoo.exceptions import UserError

from .account_move import GAS_KEY


class AccountPayment(models.Model):
    _inherit = "account.payment"

    gas_account_id = fields.Many2one(
        comodel_name="gas.account",
        index="btree_not_null",
        copy=False,
    )
    gas_receipt_ids = fields.One2many(
        comodel_name="gas.receipt", inverse_name="payment_id", readonly=True
    )

    gas_refund_ids = fields.One2many(
        comodel_name="gas.credit.refund", inverse_name="payment_id", readonly=True
    )

    def _refuse_gas(self):
        if self.env.context.get("gas_key") is GAS_KEY:
            return
        paid_back = self.filtered(lambda payment: payment.sudo().gas_refund_ids)
        if paid_back:
            raise UserError(
                self.env._(
                    "Payment %s belongs to a refund of credit, which stays.",
                    ", ".join(paid_back.mapped("display_name")[:3]),
                )
            )
        guarded = self.filtered(lambda payment: payment.sudo().gas_receipt_ids)
        if guarded:
            raise UserError(
                self.env._(
                    "Payment %s belongs to a hall receipt; reverse the receipt.",
                    ", ".join(guarded.mapped("display_name")[:3]),
                )
            )

    def _generate_move_vals(
        self, write_off_line_vals=None, force_balance=None, line_ids=None
    ):
        values = super()._generate_move_vals(
            write_off_line_vals, force_balance, line_ids
        )
        if self.gas_account_id:
            values["gas_account_id"] = self.gas_account_id.id
        return values

    def _prepare_move_line_default_vals(
        self, write_off_line_vals=None, force_balance=None
    ):
        """All matching is per gas account: the receivable line carries it."""
        lines = super()._prepare_move_line_default_vals(
            write_off_line_vals, force_balance
        )
        if self.gas_account_id:
            for line in lines:
                if line["account_id"] == self.destination_account_id.id:
                    line["gas_account_id"] = self.gas_account_id.id
        return lines

    def action_draft(self):
        self._refuse_gas()
        return super().action_draft()

    def action_cancel(self):
        self._refuse_gas()
        return super().action_cancel()

from odoo import api, fields, models
from odoo.exceptions import UserError

from .account_move import SETTLEMENT_KEY, is_ours, refuse_forged

OWN = ("cs_settlement_line_id",)


class AccountPayment(models.Model):
    """Payments of settlements; their entries are guarded in ``account.move``."""

    _inherit = "account.payment"

    cs_settlement_line_id = fields.Many2one(
        comodel_name="cs.complaint.settlement.line",
        string="Complaint Settlement",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.model_create_multi
    def create(self, vals_list):
        refuse_forged(self, OWN, vals_list)
        return super().create(vals_list)

    def write(self, vals):
        refuse_forged(self, OWN, [vals])
        return super().write(vals)

    def _generate_move_vals(
        self, write_off_line_vals=None, force_balance=None, line_ids=None
    ):
        values = super()._generate_move_vals(
            write_off_line_vals, force_balance, line_ids
        )
        if line := self.cs_settlement_line_id:
            values |= {"cs_settlement_line_id": line.id, "cs_settlement_main": True}
        return values

    @api.ondelete(at_uninstall=False)
    def _unlink_except_settlement(self):
        if not is_ours(self.env) and self.sudo().cs_settlement_line_id:
            raise UserError(
                self.env._("It pays a settlement of a complaint: cancel it instead.")
            )

    def action_cancel(self):
        """Core deletes the draft entry of a cancelled payment; it may here as well."""
        paid = self.filtered(lambda payment: payment.sudo().cs_settlement_line_id)
        for payment in paid:
            lines = payment.sudo().cs_settlement_line_id
            lines.filtered(
                lambda one: one.document_id.state == "draft"
            ).document_id = False
        super(
            AccountPayment, paid.with_context(cs_settlement_key=SETTLEMENT_KEY)
        ).action_cancel()
        return super(AccountPayment, self - paid).action_cancel()

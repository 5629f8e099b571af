from odoo import fields, models


class GasReceiptReverse(models.TransientModel):
    """Asks why a receipt is reversed."""

    _name = "gas.receipt.reverse"
    _description = "Reverse a Receipt"

    receipt_id = fields.Many2one(
        comodel_name="gas.receipt",
        required=True,
        readonly=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    reason = fields.Char(required=True)

    def action_reverse(self):
        self.ensure_one()
        self.receipt_id.action_reverse(self.reason)
        return {"type": "ir.actions.act_window_close"}

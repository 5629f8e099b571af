from odoo import api, fields, models


class GasBillDispute(models.TransientModel):
    """Notes what a customer disputes; that much is not debited."""

    _name = "gas.bill.dispute"
    _description = "Dispute of a Bill"

    bill_id = fields.Many2one(
        comodel_name="gas.bill",
        required=True,
        readonly=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    currency_id = fields.Many2one(related="bill_id.currency_id")
    open_amount = fields.Monetary(related="bill_id.amount_residual", string="Open")
    amount = fields.Monetary(
        string="Disputed",
        compute="_compute_amount",
        store=True,
        readonly=False,
        help="0 ends the dispute.",
    )
    reason = fields.Char(
        compute="_compute_amount",
        store=True,
        readonly=False,
        help="What the customer says.",
    )

    @api.depends("bill_id")
    def _compute_amount(self):
        for wizard in self:
            bill = wizard.bill_id
            wizard.amount = bill.disputed_amount or bill.amount_residual
            wizard.reason = bill.dispute_reason

    def action_confirm(self):
        self.ensure_one()
        self.bill_id.action_dispute(self.amount, self.reason)
        return {"type": "ir.actions.act_window_close"}

    def action_end(self):
        self.ensure_one()
        self.bill_id.action_dispute(0, "")
        return {"type": "ir.actions.act_window_close"}

from odoo import fields, models


class CsComplaintInvoiceChoiceRow(models.TransientModel):
    _name = "cs.complaint.invoice.choice.row"
    _description = "Invoice to Choose"
    _order = "date desc, id"

    choice_id = fields.Many2one(
        comodel_name="cs.complaint.invoice.choice",
        required=True,
        ondelete="cascade",
        index=True,
    )
    move_id = fields.Many2one(
        comodel_name="account.move", string="Invoice", required=True, readonly=True
    )
    currency_id = fields.Many2one(related="move_id.currency_id")
    date = fields.Date(related="move_id.invoice_date", store=True)
    amount = fields.Monetary(related="move_id.amount_total")
    amount_due = fields.Monetary(related="move_id.amount_residual")
    chosen = fields.Boolean()

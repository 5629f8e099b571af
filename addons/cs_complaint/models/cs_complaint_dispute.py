from odoo import fields, models


class CsComplaintDispute(models.Model):
    """An invoice a case is about: while the case is open, its payment is delayed by
    us, not by the customer. Rows are made by the case's own methods."""

    _name = "cs.complaint.dispute"
    _description = "Disputed Invoice"
    _inherit = ["cs.complaint.part", "cs.guarded"]
    _order = "id"
    _rec_name = "move_id"

    complaint_id = fields.Many2one(
        comodel_name="cs.complaint",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="move_id.currency_id")
    move_id = fields.Many2one(
        comodel_name="account.move",
        string="Invoice",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    date = fields.Date(related="move_id.invoice_date")
    amount = fields.Monetary(related="move_id.amount_total")
    amount_due = fields.Monetary(related="move_id.amount_residual")
    active = fields.Boolean(
        default=True, help="Not active: taken off the case again.", readonly=True
    )

    _once = models.UniqueIndex("(complaint_id, move_id)")

from odoo import fields, models


class GasReceiptLine(models.Model):
    """What a receipt paid on one bill."""

    _name = "gas.receipt.line"
    _description = "Hall Receipt Line"
    _order = "receipt_id, id"

    receipt_id = fields.Many2one(
        comodel_name="gas.receipt", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="receipt_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    bill_id = fields.Many2one(comodel_name="gas.bill", required=True, index=True)
    period = fields.Char(related="bill_id.period", string="Month")
    principal = fields.Monetary(string="On the Bill")
    fee = fields.Monetary(string="Late Fee")

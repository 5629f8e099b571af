from odoo import fields, models

from ..models.cs_complaint_settlement_line import KINDS


class CsComplaintMonthCheckRow(models.TransientModel):
    _name = "cs.complaint.month.check.row"
    _description = "Kind of Settlement in a Month"
    _order = "id"

    check_id = fields.Many2one(
        comodel_name="cs.complaint.month.check",
        required=True,
        ondelete="cascade",
        index=True,
    )
    currency_id = fields.Many2one(related="check_id.company_id.currency_id")
    kind = fields.Selection(selection=KINDS, readonly=True)
    count = fields.Integer(string="Documents Counted", readonly=True)
    documents = fields.Monetary(readonly=True)
    ledger = fields.Monetary(readonly=True)
    difference = fields.Monetary(readonly=True)

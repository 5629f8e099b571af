from odoo import fields, models


class CsComplaintRow(models.AbstractModel):
    """A row of a case's history: read by who may read the case, written by methods."""

    _name = "cs.complaint.row"
    _description = "Row of a Complaint"
    _inherit = ["cs.complaint.part", "cs.guarded"]

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

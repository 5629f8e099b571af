from odoo import fields, models


class CsComplaintLink(models.TransientModel):
    """The link that is given to a customer, to copy."""

    _name = "cs.complaint.link"
    _description = "Link for the Customer"

    complaint_id = fields.Many2one(
        comodel_name="cs.complaint", required=True, readonly=True, ondelete="cascade"
    )
    url = fields.Char(string="Link", readonly=True)

from odoo import fields, models


class CsComplaintIdentity(models.Model):
    """Who complains: beside the case, as who may know him differs from who may
    read the case."""

    _name = "cs.complaint.identity"
    _description = "Complainant"
    _rec_name = "complaint_id"

    complaint_id = fields.Many2one(
        comodel_name="cs.complaint", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, precompute=True, index=True
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", index=True
    )
    anonymous = fields.Boolean()
    phone = fields.Char()
    address = fields.Char()

    _complaint_uniq = models.UniqueIndex(
        "(complaint_id)", "A case has one complainant."
    )

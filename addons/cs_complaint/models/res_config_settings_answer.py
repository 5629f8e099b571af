from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    cs_complaint_reopen_days = fields.Integer(
        related="company_id.cs_complaint_reopen_days", readonly=False
    )
    cs_complaint_silent_days = fields.Integer(
        related="company_id.cs_complaint_silent_days", readonly=False
    )
    cs_complaint_link_days = fields.Integer(
        related="company_id.cs_complaint_link_days", readonly=False
    )
    cs_complaint_dissatisfied = fields.Selection(
        related="company_id.cs_complaint_dissatisfied", readonly=False
    )
    cs_complaint_portal_limit = fields.Integer(
        related="company_id.cs_complaint_portal_limit", readonly=False
    )

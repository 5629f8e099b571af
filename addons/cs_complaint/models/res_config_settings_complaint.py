from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    cs_complaint_deputy_id = fields.Many2one(
        related="company_id.cs_complaint_deputy_id", readonly=False
    )
    cs_complaint_head_id = fields.Many2one(
        related="company_id.cs_complaint_head_id", readonly=False
    )
    cs_complaint_spokesperson_id = fields.Many2one(
        related="company_id.cs_complaint_spokesperson_id", readonly=False
    )
    cs_complaint_duplicate_days = fields.Integer(
        related="company_id.cs_complaint_duplicate_days", readonly=False
    )
    cs_complaint_hard_chases = fields.Integer(
        related="company_id.cs_complaint_hard_chases", readonly=False
    )

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    cs_complaint_steward = fields.Boolean(
        related="company_id.cs_complaint_steward", readonly=False
    )
    cs_complaint_mask_anonymous = fields.Boolean(
        related="company_id.cs_complaint_mask_anonymous", readonly=False
    )

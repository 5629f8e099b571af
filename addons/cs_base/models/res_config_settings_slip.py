from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    cs_info_clerk_id = fields.Many2one(
        related="company_id.cs_info_clerk_id", readonly=False
    )
    cs_arbiter_id = fields.Many2one(related="company_id.cs_arbiter_id", readonly=False)

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    cs_profile = fields.Selection(related="company_id.cs_profile", readonly=False)
    cs_quiet_from = fields.Float(related="company_id.cs_quiet_from", readonly=False)
    cs_quiet_to = fields.Float(related="company_id.cs_quiet_to", readonly=False)

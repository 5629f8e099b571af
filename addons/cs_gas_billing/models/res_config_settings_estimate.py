from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    gas_estimate_limit = fields.Integer(
        related="company_id.gas_estimate_limit", readonly=False
    )

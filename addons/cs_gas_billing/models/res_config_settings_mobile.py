from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    gas_customer_reading = fields.Selection(
        related="company_id.gas_customer_reading", readonly=False
    )
    gas_customer_reading_limit = fields.Integer(
        related="company_id.gas_customer_reading_limit", readonly=False
    )
    gas_photo_max_mb = fields.Integer(
        related="company_id.gas_photo_max_mb", readonly=False
    )
    gas_reader_days = fields.Integer(
        related="company_id.gas_reader_days", readonly=False
    )

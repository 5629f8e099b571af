from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    cs_tz = fields.Selection(
        string="Company Time Zone",
        related="company_id.resource_calendar_id.tz",
        readonly=False,
    )
    cs_absence_days = fields.Integer(
        related="company_id.cs_absence_days", readonly=False
    )
    cs_mail_keep_days = fields.Integer(
        related="company_id.cs_mail_keep_days", readonly=False
    )

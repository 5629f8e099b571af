from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    cs_duty_rest_hours = fields.Integer(
        related="company_id.cs_duty_rest_hours", readonly=False
    )
    cs_duty_max_days = fields.Integer(
        related="company_id.cs_duty_max_days", readonly=False
    )
    cs_duty_home_is_work = fields.Boolean(
        related="company_id.cs_duty_home_is_work", readonly=False
    )
    cs_duty_swaps_a_month = fields.Integer(
        related="company_id.cs_duty_swaps_a_month", readonly=False
    )
    cs_duty_count_colleague = fields.Boolean(
        related="company_id.cs_duty_count_colleague", readonly=False
    )
    cs_duty_count_cancelled = fields.Boolean(
        related="company_id.cs_duty_count_cancelled", readonly=False
    )
    cs_duty_notice_hours = fields.Integer(
        related="company_id.cs_duty_notice_hours", readonly=False
    )
    cs_duty_same_team = fields.Boolean(
        related="company_id.cs_duty_same_team", readonly=False
    )
    cs_duty_missed_amount = fields.Monetary(
        related="company_id.cs_duty_missed_amount",
        currency_field="company_currency_id",
        readonly=False,
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )

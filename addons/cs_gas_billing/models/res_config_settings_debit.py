from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    gas_debit_journal_id = fields.Many2one(
        related="company_id.gas_debit_journal_id", readonly=False
    )
    gas_debit_notice_day = fields.Integer(
        related="company_id.gas_debit_notice_day", readonly=False
    )

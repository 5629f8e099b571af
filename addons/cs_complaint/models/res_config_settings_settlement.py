from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    cs_allowance_account_id = fields.Many2one(
        related="company_id.cs_allowance_account_id", readonly=False
    )
    cs_allowance_product_id = fields.Many2one(
        related="company_id.cs_allowance_product_id", readonly=False
    )
    cs_allowance_journal_id = fields.Many2one(
        related="company_id.cs_allowance_journal_id", readonly=False
    )
    cs_compensation_journal_id = fields.Many2one(
        related="company_id.cs_compensation_journal_id", readonly=False
    )
    cs_compensation_account_id = fields.Many2one(
        related="company_id.cs_compensation_account_id", readonly=False
    )
    cs_reward_account_id = fields.Many2one(
        related="company_id.cs_reward_account_id", readonly=False
    )
    cs_reward_amount = fields.Monetary(
        related="company_id.cs_reward_amount",
        readonly=False,
        currency_field="currency_id",
    )
    cs_masked_partner_id = fields.Many2one(
        related="company_id.cs_masked_partner_id", readonly=False
    )

    def action_cs_complaint_money(self):
        """Fill what is missing of these settings from the chart of accounts."""
        self.ensure_one()
        self.check_access("write")
        self.company_id._cs_setup_complaint_money()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

from odoo import api, fields, models
from odoo.exceptions import AccessError


class ResConfigSettings(models.TransientModel):
    """The gas rules of the company, each explained with an example on the page."""

    _inherit = "res.config.settings"

    # Rating
    gas_price_change = fields.Selection(
        related="company_id.gas_price_change", readonly=False
    )
    gas_year_end = fields.Selection(related="company_id.gas_year_end", readonly=False)
    gas_allowance = fields.Selection(related="company_id.gas_allowance", readonly=False)
    gas_new_account = fields.Selection(
        related="company_id.gas_new_account", readonly=False
    )
    # Checks of readings
    gas_high_ratio = fields.Float(related="company_id.gas_high_ratio", readonly=False)
    gas_low_ratio = fields.Float(related="company_id.gas_low_ratio", readonly=False)
    gas_low_ratio_commercial = fields.Float(
        related="company_id.gas_low_ratio_commercial", readonly=False
    )
    gas_two_people_ratio = fields.Float(
        related="company_id.gas_two_people_ratio", readonly=False
    )
    gas_long_days = fields.Integer(related="company_id.gas_long_days", readonly=False)
    gas_future_days = fields.Integer(
        related="company_id.gas_future_days", readonly=False
    )
    gas_import_max_mb = fields.Integer(
        related="company_id.gas_import_max_mb", readonly=False
    )
    gas_import_max_lines = fields.Integer(
        related="company_id.gas_import_max_lines", readonly=False
    )
    # Bills
    gas_inline_limit = fields.Integer(
        related="company_id.gas_inline_limit", readonly=False
    )
    gas_chunk_size = fields.Integer(related="company_id.gas_chunk_size", readonly=False)
    gas_invoice_each = fields.Boolean(
        related="company_id.gas_invoice_each", readonly=False
    )
    gas_high_bill_ratio = fields.Float(
        related="company_id.gas_high_bill_ratio", readonly=False
    )
    # Accounting
    gas_sale_journal_id = fields.Many2one(
        related="company_id.gas_sale_journal_id", readonly=False
    )
    gas_cash_journal_id = fields.Many2one(
        related="company_id.gas_cash_journal_id", readonly=False
    )
    gas_transfer_journal_id = fields.Many2one(
        related="company_id.gas_transfer_journal_id", readonly=False
    )
    gas_qr_journal_id = fields.Many2one(
        related="company_id.gas_qr_journal_id", readonly=False
    )
    gas_tax_id = fields.Many2one(related="company_id.gas_tax_id", readonly=False)
    gas_income_account_id = fields.Many2one(
        related="company_id.gas_income_account_id", readonly=False
    )
    gas_fee_account_id = fields.Many2one(
        related="company_id.gas_fee_account_id", readonly=False
    )
    gas_receivable_account_id = fields.Many2one(
        related="company_id.gas_receivable_account_id", readonly=False
    )
    gas_opening_account_id = fields.Many2one(
        related="company_id.gas_opening_account_id", readonly=False
    )
    gas_has_chart = fields.Boolean(compute="_compute_gas_state")
    gas_is_set_up = fields.Boolean(compute="_compute_gas_state")

    @api.depends("company_id")
    def _compute_gas_state(self):
        for settings in self:
            company = settings.company_id.sudo()
            settings.gas_has_chart = bool(company.chart_template)
            settings.gas_is_set_up = bool(
                company.gas_sale_journal_id and company.gas_tax_id
            )

    def action_gas_setup(self):
        """Create the company's gas journals, tax and accounts; adds what is missing."""
        self.ensure_one()
        if not self.env.user.has_group("cs_gas_billing.group_manager"):
            raise AccessError(self.env._("A billing manager sets up the gas accounts."))
        self.env["gas.setup"]._setup_company(self.company_id)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

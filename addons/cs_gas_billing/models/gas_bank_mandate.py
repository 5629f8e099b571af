from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.cs_base.tools.masking import is_masked, mask_account


class GasBankMandate(models.Model):
    """The customer's authorisation to debit his bank account 委托扣款."""

    _name = "gas.bank.mandate"
    _description = "Bank Debit Mandate"
    _order = "date_from desc, id desc"
    _check_company_auto = True

    account_id = fields.Many2one(
        comodel_name="gas.account", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="account_id.company_id", store=True, index=True
    )
    bank_name = fields.Char(string="Bank")
    account_number = fields.Char(
        string="Full Bank Account No.",
        groups="cs_base.group_personal_data",
    )
    account_masked = fields.Char(
        string="Bank Account No.",
        compute="_compute_account_masked",
        inverse="_inverse_account_masked",
        compute_sudo=True,
        help="Shown in part; type a new number to replace it.",
    )
    holder = fields.Char(string="Account Holder")
    reference = fields.Char(string="Authorisation No.")
    date_from = fields.Date(
        required=True, default=lambda self: self.env.company._cs_today()
    )
    date_to = fields.Date()

    _date_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "A mandate can't end before it starts.",
    )
    _one_at_a_time = models.Constraint(
        "EXCLUDE USING gist (account_id WITH =, "
        "daterange(date_from, date_to, '[]') WITH &&)",
        "The account has another mandate in this period.",
    )

    @api.depends("account_number")
    def _compute_account_masked(self):
        for mandate in self:
            mandate.account_masked = mask_account(mandate.account_number)

    def _inverse_account_masked(self):
        """Take a number that was typed in; who may enter one need not see others."""
        for mandate in self:
            text = (mandate.account_masked or "").replace(" ", "")
            if text and not is_masked(text):
                mandate.sudo().account_number = text

    @api.depends("bank_name", "account_masked")
    def _compute_display_name(self):
        for mandate in self:
            mandate.display_name = " ".join(
                filter(None, (mandate.bank_name, mandate.account_masked))
            )

    @api.model_create_multi
    def create(self, vals_list):
        mandates = super().create(vals_list)
        if any(not mandate.account_number for mandate in mandates.sudo()):
            raise ValidationError(self.env._("A mandate needs a bank account number."))
        return mandates

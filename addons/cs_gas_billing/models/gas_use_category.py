from odoo import fields, models

from ..tools.choices import CATEGORIES


class GasUseCategory(models.Model):
    """What the gas is used for: one revenue and VAT line each in a summary entry."""

    _name = "gas.use.category"
    _description = "Gas Use Category"
    _order = "sequence, code"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    customer_category = fields.Selection(
        selection=CATEGORIES,
        required=True,
        default="resident",
        help="Decides the late-fee rate, the checks of readings and how the bill is "
        "posted.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    income_account_id = fields.Many2one(
        comodel_name="account.account",
        check_company=True,
        help="Empty: the gas income account of the company.",
    )

    _code_company_uniq = models.UniqueIndex(
        "(company_id, code)", "A use category with this code exists already."
    )

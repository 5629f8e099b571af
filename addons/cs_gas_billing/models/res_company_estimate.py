from odoo import fields, models


class ResCompany(models.Model):
    """How often a month may be estimated."""

    _inherit = "res.company"

    gas_estimate_limit = fields.Integer(
        string="Estimates in a Row",
        default=2,
        help="The next one is refused and the reader gets a visit task.",
    )

    _gas_estimate_range = models.Constraint(
        "CHECK (gas_estimate_limit >= 0)",
        "The number of estimates in a row can't be negative.",
    )

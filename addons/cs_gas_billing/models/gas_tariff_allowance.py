from odoo import api, fields, models


class GasTariffAllowance(models.Model):
    """More volume per tier and year for each person above the base 多人口基数."""

    _name = "gas.tariff.allowance"
    _description = "Household Allowance"
    _order = "tariff_id, tier"

    tariff_id = fields.Many2one(
        comodel_name="gas.tariff", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="tariff_id.company_id", store=True, index=True, precompute=True
    )
    tier = fields.Integer(required=True, default=1)
    persons = fields.Integer(
        string="Base Persons",
        required=True,
        default=4,
        help="Households with more persons get the extra volume per person.",
    )
    extra = fields.Float(
        string="Extra m³ per Person and Year", digits=(12, 3), required=True
    )

    _tier_uniq = models.UniqueIndex(
        "(tariff_id, tier)", "Each tier has one household allowance."
    )

    @api.depends("tier", "extra")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.tier}: {row.extra:g}"

    @api.model_create_multi
    def create(self, vals_list):
        self.env["gas.tariff"].browse(
            [vals["tariff_id"] for vals in vals_list if vals.get("tariff_id")]
        )._check_allowance_open()
        return super().create(vals_list)

    def write(self, vals):
        self.tariff_id._check_allowance_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        self.tariff_id._check_allowance_open()

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.rounding import from_float, money, plain


class GasTariffStep(models.Model):
    _name = "gas.tariff.step"
    _description = "Tariff Tier"
    _order = "version_id, sequence, id"

    version_id = fields.Many2one(
        comodel_name="gas.tariff.version",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="version_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    sequence = fields.Integer(string="Tier", required=True, default=1)
    is_last = fields.Boolean(string="No Upper Bound")
    upper = fields.Float(
        string="Up to (m³ a year)",
        digits=(12, 3),
        help="Volume of the year up to which this price holds.",
    )
    price = fields.Float(
        string="Price per m³",
        digits=(12, 6),
        required=True,
        help="VAT included.",
    )

    _tier_uniq = models.UniqueIndex(
        "(version_id, sequence)", "Each tier of a version needs its own number."
    )
    _positive = models.Constraint(
        "CHECK (price >= 0 AND (is_last IS TRUE OR upper > 0))",
        "A tier has a positive bound and a price that isn't negative.",
    )

    @api.depends("sequence", "price")
    def _compute_display_name(self):
        for step in self:
            step.display_name = f"{step.sequence}: {step.price:g}"

    @api.model_create_multi
    def create(self, vals_list):
        versions = self.env["gas.tariff.version"].browse(
            [vals["version_id"] for vals in vals_list if vals.get("version_id")]
        )
        versions._check_unbilled()
        return super().create(vals_list)

    def write(self, vals):
        self.version_id._check_unbilled()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        self.version_id._check_unbilled()

    def _check_ladder(self):
        """Bounds rise from tier to tier, and exactly the last tier is open."""
        steps = self.sorted("sequence")
        bounds = [step.upper for step in steps[:-1]]
        open_steps = steps.filtered("is_last")
        if not steps or open_steps != steps[-1:] or bounds != sorted(set(bounds)):
            raise ValidationError(
                self.env._(
                    "The tiers of a version must rise, and only the last one has no "
                    "upper bound."
                )
            )

    def _get_upper_text(self):
        """Return the upper bound as exact text, None if there is none."""
        return None if self.is_last else plain(from_float(self.upper, 3))

    def _get_price_text(self):
        """Return the price as exact text with two decimals at least."""
        price = from_float(self.price, 6)
        text = plain(price)
        return text if len(text.partition(".")[2]) > 2 else money(price)

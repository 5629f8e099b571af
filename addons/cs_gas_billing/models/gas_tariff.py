from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.rating import Tariff
from ..tools.rounding import from_float, plain


class GasTariff(models.Model):
    """A price list 气价: versions by date, tiers over the volume of a year."""

    _name = "gas.tariff"
    _description = "Gas Tariff"
    _order = "code"
    _rec_names_search = ["code", "name"]
    _check_company_auto = True

    code = fields.Char(required=True)
    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    use_category_id = fields.Many2one(
        comodel_name="gas.use.category",
        required=True,
        index=True,
        check_company=True,
    )
    cycle = fields.Selection(
        selection=[("year", "Calendar year"), ("none", "No tiers, one price")],
        string="Tiers Accumulate Over",
        required=True,
        default="year",
    )
    version_ids = fields.One2many(
        comodel_name="gas.tariff.version", inverse_name="tariff_id", string="Versions"
    )
    allowance_ids = fields.One2many(
        comodel_name="gas.tariff.allowance",
        inverse_name="tariff_id",
        string="Household Allowance",
    )
    current_version_id = fields.Many2one(
        comodel_name="gas.tariff.version", compute="_compute_current_version_id"
    )
    price_text = fields.Char(string="Prices", compute="_compute_price_text")
    is_billed = fields.Boolean(compute="_compute_is_billed")

    _code_company_uniq = models.UniqueIndex(
        "(company_id, code)", "A tariff with this code exists already."
    )

    @api.depends("code", "name")
    def _compute_display_name(self):
        for tariff in self:
            tariff.display_name = " ".join(filter(None, (tariff.code, tariff.name)))

    @api.depends("version_ids.date_from")
    def _compute_current_version_id(self):
        for tariff in self:
            today = (tariff.company_id or self.env.company)._cs_today()
            versions = tariff.version_ids.filtered(
                lambda v, today=today: v.date_from and v.date_from <= today
            )
            tariff.current_version_id = versions.sorted("date_from")[-1:]

    @api.depends("version_ids.price_text", "version_ids.date_from")
    def _compute_price_text(self):
        for tariff in self:
            tariff.price_text = tariff.current_version_id.price_text

    @api.depends("version_ids.is_billed")
    def _compute_is_billed(self):
        for tariff in self:
            tariff.is_billed = any(tariff.version_ids.mapped("is_billed"))

    # === BUSINESS ===#

    def _check_allowance_open(self):
        for tariff in self:
            if tariff.is_billed:
                raise UserError(
                    self.env._(
                        "%s is on bills already. Its household allowance can't change; "
                        "make a new tariff.",
                        tariff.display_name,
                    )
                )

    def _get_rating_data(self):
        """Return the tariff as the rating engine's plain data (numbers as strings).

        The result is frozen with each bill, so a bill can be recomputed for ever.
        """
        self.ensure_one()
        allowance = None
        rows = self.allowance_ids.sorted("tier")
        if rows:
            allowance = {
                "persons": rows[0].persons,
                "extra": [plain(from_float(row.extra, 3)) for row in rows],
            }
        return {
            "code": self.code,
            "cycle": self.cycle,
            "allowance": allowance,
            "versions": [
                {
                    "from": version.date_from.isoformat(),
                    "steps": [
                        [
                            step._get_upper_text(),
                            step._get_price_text(),
                        ]
                        for step in version.step_ids.sorted("sequence")
                    ],
                }
                for version in self.version_ids.sorted("date_from")
            ],
        }

    def _get_engine(self):
        """Return (plain data, parsed tariff) for rating many bills."""
        data = self._get_rating_data()
        return data, Tariff.from_dict(data)

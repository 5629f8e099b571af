from odoo import api, fields, models

from ..tools.errors import GasInputError
from ..tools.rounding import from_float, plain
from ..tools.tariff import tier_position


class GasServicePoint(models.Model):
    """A place where gas is taken 用气点. The year's volume belongs to it."""

    _name = "gas.service.point"
    _description = "Gas Service Point"
    _order = "code"
    _rec_name = "code"
    _rec_names_search = ["code", "premises_id.full_address"]
    _check_company_auto = True

    code = fields.Char(required=True, copy=False)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    premises_id = fields.Many2one(
        comodel_name="cs.premises",
        required=True,
        index=True,
        check_company=True,
    )
    state = fields.Selection(
        selection=[
            ("planned", "Planned"),
            ("live", "Live"),
            ("stopped", "Stopped"),
            ("removed", "Removed"),
        ],
        required=True,
        default="live",
    )
    opening_mean = fields.Float(
        string="Opening Monthly Mean",
        digits=(12, 3),
        help="Mean monthly volume in m³ until six actual months are known.",
    )
    agreement_ids = fields.One2many(
        comodel_name="gas.agreement", inverse_name="service_point_id"
    )
    install_ids = fields.One2many(
        comodel_name="gas.meter.install",
        inverse_name="service_point_id",
        string="Meters",
    )
    household_ids = fields.One2many(
        comodel_name="gas.household",
        inverse_name="service_point_id",
        string="Registered Persons",
    )
    ledger_ids = fields.One2many(
        comodel_name="gas.usage.ledger",
        inverse_name="service_point_id",
        string="Usage Ledger",
    )
    year_volume = fields.Float(
        string="This Year's Volume",
        digits=(12, 3),
        compute="_compute_year_volume",
        help="Volume counted in this calendar year, in m³.",
    )

    tier_position = fields.Json(
        string="Tiers of the Year",
        compute="_compute_tier_position",
        help="This year's volume in the tiers, and what is left in the current one.",
    )

    _code_company_uniq = models.UniqueIndex(
        "(company_id, code)", "A service point with this code exists already."
    )

    @api.depends("code", "premises_id.full_address")
    def _compute_display_name(self):
        for point in self:
            point.display_name = " ".join(
                filter(None, (point.code, point.premises_id.full_address))
            )

    @api.depends("ledger_ids.quantity")
    def _compute_year_volume(self):
        volumes = {}
        for company, points in self.grouped("company_id").items():
            year = company._cs_today().year if company else 0
            volumes |= dict(
                self.env["gas.usage.ledger"]._read_group(
                    [
                        ("service_point_id", "in", points.ids),
                        ("cycle_year", "=", year),
                    ],
                    ["service_point_id"],
                    ["quantity:sum"],
                )
            )
        for point in self:
            point.year_volume = volumes.get(point, 0.0)

    @api.depends("year_volume", "household_ids.persons", "agreement_ids.tariff_id")
    def _compute_tier_position(self):
        engines = {}
        for point in self:
            agreement = point._get_agreement()
            tariff = agreement.tariff_id
            if not tariff or tariff.cycle == "none":
                point.tier_position = False
                continue
            if tariff not in engines:
                engines[tariff] = tariff._get_rating_data()
            point.tier_position = point._get_tier_position(agreement, engines[tariff])

    def _get_agreement(self):
        """Return the agreement that is valid today."""
        self.ensure_one()
        today = (self.company_id or self.env.company)._cs_today()
        return self.agreement_ids.filtered(
            lambda row: (
                row.date_from
                and row.date_from <= today
                and (not row.date_to or row.date_to >= today)
            )
        )[:1]

    def _get_tier_position(self, agreement, tariff):
        """Return where the point stands in the tiers today, False without a price."""
        try:
            return tier_position(
                tariff,
                self.company_id._cs_today(),
                ytd=plain(max(from_float(self.year_volume, 3), 0)),
                persons=[
                    [row.date_from.isoformat(), row.persons]
                    for row in self.household_ids
                    if row.date_from
                ],
                opened=agreement.account_id.opened_on.isoformat(),
                policy=self.company_id._get_gas_policy(),
            )
        except GasInputError:
            return False

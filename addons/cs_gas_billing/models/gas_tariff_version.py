from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class GasTariffVersion(models.Model):
    """Prices of a tariff from a day on. Immutable as soon as a bill uses it."""

    _name = "gas.tariff.version"
    _description = "Tariff Version"
    _order = "tariff_id, date_from desc"
    _check_company_auto = True

    tariff_id = fields.Many2one(
        comodel_name="gas.tariff", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="tariff_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(string="Valid from", required=True)
    document = fields.Char(help="The price notice this version follows.")
    step_ids = fields.One2many(
        comodel_name="gas.tariff.step", inverse_name="version_id", string="Tiers"
    )
    price_text = fields.Char(string="Prices", compute="_compute_price_text")
    is_billed = fields.Boolean(string="Billed", compute="_compute_is_billed")

    _day_uniq = models.UniqueIndex(
        "(tariff_id, date_from)", "The tariff has a version from this day already."
    )

    @api.depends("tariff_id.code", "date_from")
    def _compute_display_name(self):
        for version in self:
            version.display_name = f"{version.tariff_id.code} {version.date_from}"

    @api.depends("step_ids.price", "step_ids.sequence")
    def _compute_price_text(self):
        for version in self:
            steps = version.step_ids.sorted("sequence")
            version.price_text = " / ".join(step._get_price_text() for step in steps)

    @api.depends("tariff_id")
    def _compute_is_billed(self):
        used = {
            version.id
            for (version,) in self.env["gas.bill.line"]
            .sudo()
            ._read_group([("version_id", "in", self.ids)], ["version_id"])
        }
        for version in self:
            version.is_billed = version.id in used

    @api.constrains("step_ids")
    def _check_steps(self):
        for version in self:
            version.step_ids._check_ladder()

    @api.model_create_multi
    def create(self, vals_list):
        versions = super().create(vals_list)
        versions._check_not_in_past()
        return versions

    def write(self, vals):
        if {"tariff_id", "date_from", "step_ids"} & vals.keys():
            self._check_unbilled()
        result = super().write(vals)
        if "date_from" in vals:
            self._check_not_in_past()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        self._check_unbilled()

    def _check_unbilled(self):
        for version in self:
            if version.is_billed:
                raise UserError(
                    self.env._(
                        "The prices of %s are on bills already and can't be changed. "
                        "Add a version with a later date.",
                        version.display_name,
                    )
                )

    def _check_not_in_past(self):
        """A version that begins inside billed time would silently change old bills."""
        for version in self:
            line = (
                self.env["gas.bill.line"]
                .sudo()
                .search(
                    [
                        ("version_id.tariff_id", "=", version.tariff_id.id),
                        ("date_to", ">=", version.date_from),
                        ("bill_id.state", "!=", "cancelled"),
                    ],
                    order="date_to desc",
                    limit=1,
                )
            )
            if line:
                raise ValidationError(
                    self.env._(
                        "%(tariff)s is billed up to %(day)s. A new version must begin "
                        "after that day.",
                        tariff=version.tariff_id.display_name,
                        day=line.date_to,
                    )
                )

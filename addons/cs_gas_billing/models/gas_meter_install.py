from odoo import api, fields, models

from ..bulk import insert


class GasMeterInstall(models.Model):
    """A meter at a service point from its opening reading to its removal reading."""

    _name = "gas.meter.install"
    _description = "Meter Installation"
    _order = "date_from desc, id desc"
    _rec_names_search = ["meter_id.serial", "service_point_id.code"]
    _check_company_auto = True

    meter_id = fields.Many2one(
        comodel_name="gas.meter", required=True, index=True, check_company=True
    )
    service_point_id = fields.Many2one(
        comodel_name="gas.service.point",
        required=True,
        index=True,
        check_company=True,
    )
    company_id = fields.Many2one(
        related="service_point_id.company_id", store=True, index=True, precompute=True
    )
    date_from = fields.Date(string="Installed on", required=True)
    date_to = fields.Date(string="Removed on")
    reading_on = fields.Float(string="Opening Reading", digits=(12, 3), required=True)
    reading_off = fields.Float(string="Removal Reading", digits=(12, 3))
    seal = fields.Char(string="Seal No.")

    _date_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "A meter can't be removed before it was installed.",
    )
    _one_meter = models.Constraint(
        "EXCLUDE USING gist (meter_id WITH =, "
        "daterange(date_from, date_to, '[)') WITH &&)",
        "The meter is installed elsewhere in this period.",
    )
    _one_point = models.Constraint(
        "EXCLUDE USING gist (service_point_id WITH =, "
        "daterange(date_from, date_to, '[)') WITH &&)",
        "The service point has another meter in this period.",
    )

    @api.depends("meter_id.serial", "service_point_id.code")
    def _compute_display_name(self):
        for install in self:
            install.display_name = (
                f"{install.meter_id.serial} / {install.service_point_id.code}"
            )

    @api.model_create_multi
    def create(self, vals_list):
        installs = super().create(vals_list)
        installs._create_opening_readings()
        return installs

    def _create_opening_readings(self):
        """The chain of readings of a meter starts with the register at installing."""
        readings = self.env["gas.reading"].sudo()
        insert(
            readings,
            [
                {
                    "company_id": install.company_id.id,
                    "service_point_id": install.service_point_id.id,
                    "install_id": install.id,
                    "read_date": install.date_from,
                    "value": install.reading_on,
                    "source": "opening",
                    "state": "billed",
                }
                for install in self
            ],
        )
        readings.invalidate_model()

    @api.model
    def _current_for(self, points, day=None):
        """Return {service point: its installed meter's row} on ``day`` or now."""
        domain = [("service_point_id", "in", points.ids)]
        if day:
            domain += [
                ("date_from", "<=", day),
                "|",
                ("date_to", "=", False),
                ("date_to", ">", day),
            ]
        else:
            domain += [("date_to", "=", False)]
        return {row.service_point_id: row for row in self.search(domain)}

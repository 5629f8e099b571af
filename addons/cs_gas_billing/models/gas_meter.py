from odoo import api, fields, models


class GasMeter(models.Model):
    _name = "gas.meter"
    _description = "Gas Meter"
    _order = "serial"
    _rec_name = "serial"
    _check_company_auto = True

    serial = fields.Char(string="Meter No.", required=True)
    manufacturer = fields.Char(required=True, default="-")
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    kind = fields.Selection(
        selection=[("ordinary", "Ordinary"), ("ic", "IC Card"), ("nb", "NB-IoT")],
        required=True,
        default="ordinary",
    )
    digits = fields.Integer(
        string="Register Digits",
        required=True,
        default=5,
        help="Whole digits of the register; it rolls over at 10 to this power.",
    )
    decimals = fields.Integer(
        default=0, help="Decimals that are read and billed (0 to 3)."
    )
    qmax = fields.Float(
        string="Qmax (m³/h)",
        digits=(12, 3),
        required=True,
        default=4.0,
        help="Largest flow; what exceeds Qmax × 24 h × days is not plausible.",
    )
    calibration_due = fields.Date()
    active = fields.Boolean(default=True)
    install_ids = fields.One2many(
        comodel_name="gas.meter.install", inverse_name="meter_id"
    )

    service_point_id = fields.Many2one(
        comodel_name="gas.service.point",
        string="Installed at",
        compute="_compute_service_point_id",
    )

    _serial_uniq = models.UniqueIndex(
        "(company_id, manufacturer, serial)", "This meter exists already."
    )
    _serial_idx = models.Index("(serial text_pattern_ops)")
    _digits_range = models.Constraint(
        "CHECK (digits BETWEEN 1 AND 12 AND decimals BETWEEN 0 AND 3 AND qmax > 0)",
        "A register has 1 to 12 digits, 0 to 3 decimals and a positive Qmax.",
    )

    @api.depends("serial", "manufacturer")
    def _compute_display_name(self):
        for meter in self:
            maker = meter.manufacturer if meter.manufacturer != "-" else False
            meter.display_name = " ".join(filter(None, (meter.serial, maker)))

    @api.depends("install_ids.date_to", "install_ids.service_point_id")
    def _compute_service_point_id(self):
        for meter in self:
            current = meter.install_ids.filtered(lambda row: not row.date_to)
            meter.service_point_id = current[:1].service_point_id

from odoo import api, fields, models
from odoo.exceptions import UserError

READING_STATES = [
    ("draft", "New"),
    ("validated", "Validated"),
    ("held", "Held"),
    ("billed", "Billed"),
    ("superseded", "Superseded"),
]
READING_SOURCES = [
    ("handheld", "Handheld"),
    ("manual", "Entered by Hand"),
    ("photo", "Photo"),
    ("nb", "NB-IoT"),
    ("estimate", "Estimate"),
    ("exchange", "Meter Exchange"),
    ("check", "Meter Check"),
    ("final", "Final Reading"),
    ("opening", "Opening"),
]
#: Codes that hold a reading until somebody decides.
HOLDING = {"NEG", "HIGH", "DUP", "PREV", "EXCH"}
#: What a person gives when entering a reading; the rest follows from the rules.
ENTRY_FIELDS = {
    "account_id",
    "install_id",
    "service_point_id",
    "read_date",
    "value",
    "source",
    "note",
    "reader",
    "photo",
}


class GasReading(models.Model):
    """A register value of an installed meter on a day, checked before it is billed.

    Written in bulk by the imports (see ``gas.reading.vee``); a reading that was decided
    on keeps who, why and the value it replaced.
    """

    _name = "gas.reading"
    _description = "Meter Reading"
    _inherit = ["gas.reading.decision.mixin"]
    _order = "read_date desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    service_point_id = fields.Many2one(
        comodel_name="gas.service.point",
        required=True,
        index=True,
        check_company=True,
    )
    install_id = fields.Many2one(
        comodel_name="gas.meter.install",
        string="Meter",
        required=True,
        check_company=True,
    )
    account_id = fields.Many2one(
        comodel_name="gas.account", index=True, check_company=True
    )
    partner_id = fields.Many2one(related="account_id.partner_id", string="Customer")
    category = fields.Selection(related="account_id.category")
    address = fields.Char(
        related="service_point_id.premises_id.full_address", string="Address"
    )
    book_id = fields.Many2one(
        comodel_name="gas.book", string="Reading Book", index=True, check_company=True
    )
    read_date = fields.Date(
        string="Read on",
        required=True,
        default=lambda self: self.env.company._cs_today(),
    )
    value = fields.Float(
        string="Register", digits=(12, 3), required=True, aggregator=None
    )
    previous_id = fields.Many2one(comodel_name="gas.reading", string="Previous Reading")
    prev_date = fields.Date(string="Previous Date")
    prev_value = fields.Float(
        string="Previous Register", digits=(12, 3), aggregator=None
    )
    file_prev_value = fields.Float(
        string="Previous Register in the File",
        digits=(12, 3),
        aggregator=None,
        help="What the handheld took for the previous register.",
    )
    usage = fields.Float(string="Usage (m³)", digits=(12, 3))
    mean = fields.Float(
        string="Monthly Mean",
        digits=(12, 3),
        aggregator="avg",
        help="The mean the reading was compared with, in m³; as many monthly means as "
        "the reading covers months.",
    )
    ratio = fields.Float(
        string="× Mean",
        digits=(12, 1),
        compute="_compute_ratio",
        help="Usage divided by the monthly mean.",
    )
    source = fields.Selection(
        selection=READING_SOURCES, required=True, default="manual"
    )
    vee_codes = fields.Char(
        string="Codes", help="What the checks found, separated by commas."
    )
    findings = fields.Char(
        compute="_compute_findings", help="What the checks found, in words."
    )
    history = fields.Json(
        string="Last Six Months",
        compute="_compute_history",
        help="Billed volumes of the last six months and this reading's usage.",
    )
    state = fields.Selection(
        selection=READING_STATES, required=True, default="draft", readonly=True
    )
    reader = fields.Char(help="The reader's name as the handheld gave it.")
    note = fields.Char()
    photo = fields.Image(max_width=1600, max_height=1600, copy=False)
    bill_id = fields.Many2one(
        comodel_name="gas.bill", readonly=True, index="btree_not_null", copy=False
    )
    import_id = fields.Many2one(
        comodel_name="gas.reading.import",
        string="Imported with",
        readonly=True,
        index="btree_not_null",
        copy=False,
    )

    _standing_uniq = models.UniqueIndex(
        "(install_id, read_date, source) WHERE state IN ('validated', 'billed')",
        "The meter has a reading on this day already.",
    )
    _line_uniq = models.UniqueIndex(
        "(install_id, read_date, value, source) "
        "WHERE state IN ('validated', 'billed', 'held')",
        "This reading was imported by somebody else just now. Check the file again.",
    )
    _chain_uniq = models.UniqueIndex(
        "(previous_id) WHERE state IN ('validated', 'billed') AND source != 'estimate'",
        "The meter got another reading just now. Check again.",
    )
    _install_idx = models.Index("(install_id, read_date DESC, id DESC)")
    _open_idx = models.Index(
        "(company_id, service_point_id, read_date) WHERE state = 'validated'"
    )
    _held_idx = models.Index("(company_id, read_date) WHERE state = 'held'")

    # === COMPUTE ===#

    @api.depends("read_date", "value", "install_id.meter_id.serial")
    def _compute_display_name(self):
        for reading in self:
            if not reading.install_id:
                reading.display_name = self.env._("New")
                continue
            reading.display_name = " ".join(
                filter(
                    None,
                    (
                        reading.install_id.meter_id.serial,
                        reading.read_date and str(reading.read_date),
                        f"{reading.value:g}",
                    ),
                )
            )

    @api.depends("usage", "mean")
    def _compute_ratio(self):
        for reading in self:
            reading.ratio = reading.usage / reading.mean if reading.mean else 0.0

    @api.depends("vee_codes", "usage", "mean", "value", "prev_value", "prev_date")
    def _compute_findings(self):
        explain = self.env["gas.reading.vee"]._explain
        for reading in self:
            codes = (reading.vee_codes or "").split(",")
            reading.findings = (
                explain(codes, reading._get_facts()) if all(codes) else ""
            )

    def _get_facts(self):
        """Return the values that explain what the checks found."""
        return {
            "value": self.value,
            "usage": self.usage,
            "mean": self.mean,
            "read_date": self.read_date,
            "prev_date": self.prev_date,
            "prev_value": self.prev_value if self.prev_date else None,
            "previous": self.file_prev_value,
        }

    @api.depends("service_point_id", "usage", "mean")
    def _compute_history(self):
        self.env["gas.bill"].flush_model()
        months = self.env["gas.reading.vee"]._load_months(self.service_point_id.ids)
        for reading in self:
            known = months.get(reading.service_point_id.id, [])
            reading.history = {
                "months": [
                    {"period": period, "volume": float(volume)}
                    for period, volume in reversed(known)
                ],
                "usage": reading.usage,
                "mean": reading.mean,
                "held": reading.state == "held",
            }

    @api.onchange("account_id")
    def _onchange_account_id(self):
        """The account's meter is the one that is read."""
        for reading in self:
            point = reading.account_id.service_point_id
            installs = self.env["gas.meter.install"]._current_for(point)
            reading.service_point_id = point
            reading.install_id = installs.get(point)
            reading.book_id = reading.account_id.book_id
            reading._preview()

    @api.onchange("install_id", "value", "read_date")
    def _onchange_value(self):
        for reading in self:
            reading.service_point_id = reading.install_id.service_point_id
            reading._preview()

    def _preview(self):
        """Show what the checks would say of a reading that is being entered."""
        shown = self.env["gas.reading.entry"]._get_preview(self)
        self.update(shown)

    # === CRUD ===#

    @api.model_create_multi
    def create(self, vals_list):
        """Readings entered by hand pass the same checks as imported ones."""
        if self.env.su:
            return super().create(vals_list)
        inside = {"state", "usage", "vee_codes", "bill_id", "decision", "previous_id"}
        if any(inside & vals.keys() for vals in vals_list):
            raise UserError(
                self.env._(
                    "State, usage and checks of a reading follow from the rules."
                )
            )
        self.check_access("create")
        return self.env["gas.reading.entry"]._enter(
            [
                {key: vals[key] for key in ENTRY_FIELDS & vals.keys()}
                for vals in vals_list
            ]
        )

    def write(self, vals):
        if not self.env.su and vals.keys() - {"note"}:
            raise UserError(
                self.env._(
                    "A reading is evidence and can't be changed. Use “Correct” or "
                    "“Read again”."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env.su:
            raise UserError(
                self.env._("Readings are kept. Correct or re-read them instead.")
            )

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
    ("check", "Check"),
    ("opening", "Opening"),
]
#: Readings that stand: later readings are compared with them.
STANDING = ("validated", "billed")
#: Codes that hold a reading until somebody decides.
HOLDING = {"NEG", "HIGH", "DUP", "PREV", "EXCH"}


class GasReading(models.Model):
    """A register value of an installed meter on a day, checked before it is billed.

    Written in bulk by the imports (see ``gas.reading.vee``); a reading that was decided
    on keeps who, why and the value it replaced.
    """

    _name = "gas.reading"
    _description = "Meter Reading"
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
        index=True,
        check_company=True,
    )
    account_id = fields.Many2one(
        comodel_name="gas.account", string="Account", index=True, check_company=True
    )
    book_id = fields.Many2one(
        comodel_name="gas.book", string="Book", index=True, check_company=True
    )
    read_date = fields.Date(required=True)
    value = fields.Float(string="Register", digits=(12, 3), required=True)
    previous_id = fields.Many2one(
        comodel_name="gas.reading", string="Previous Reading", index="btree_not_null"
    )
    prev_date = fields.Date(string="Previous Date")
    prev_value = fields.Float(string="Previous Register", digits=(12, 3))
    usage = fields.Float(string="Usage (m³)", digits=(12, 3))
    mean = fields.Float(
        string="Monthly Mean",
        digits=(12, 3),
        help="The mean the reading was compared with, in m³.",
    )
    ratio = fields.Float(
        string="× Mean",
        digits=(12, 2),
        compute="_compute_ratio",
        help="Usage divided by the monthly mean.",
    )
    source = fields.Selection(
        selection=READING_SOURCES, required=True, default="manual"
    )
    vee_codes = fields.Char(
        string="Codes", help="What the checks found, separated by commas."
    )
    state = fields.Selection(
        selection=READING_STATES, required=True, default="draft", readonly=True
    )
    reader = fields.Char(help="The reader's name as the handheld gave it.")
    note = fields.Char()
    decision = fields.Selection(
        selection=[
            ("accepted", "Accepted"),
            ("corrected", "Corrected"),
            ("reread", "Read Again"),
        ],
        readonly=True,
        copy=False,
    )
    reason = fields.Char(readonly=True, copy=False)
    decided_by_id = fields.Many2one(comodel_name="res.users", readonly=True, copy=False)
    decided_on = fields.Datetime(readonly=True, copy=False)
    replaced_by_id = fields.Many2one(
        comodel_name="gas.reading", readonly=True, index="btree_not_null", copy=False
    )
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
    _install_idx = models.Index(
        "(install_id, read_date DESC, id DESC) "
        "WHERE state IN ('validated', 'billed', 'held')"
    )
    _open_idx = models.Index(
        "(company_id, service_point_id, read_date) WHERE state = 'validated'"
    )
    _held_idx = models.Index("(company_id, read_date) WHERE state = 'held'")
    _import_idx = models.Index("(import_id) WHERE import_id IS NOT NULL")

    @api.depends("read_date", "value", "install_id.meter_id.serial")
    def _compute_display_name(self):
        for reading in self:
            reading.display_name = (
                f"{reading.install_id.meter_id.serial} {reading.read_date} "
                f"{reading.value:g}"
            )

    @api.depends("usage", "mean")
    def _compute_ratio(self):
        for reading in self:
            reading.ratio = reading.usage / reading.mean if reading.mean else 0.0

    # === CRUD ===#

    @api.model_create_multi
    def create(self, vals_list):
        """Readings entered by hand pass the same checks as imported ones."""
        if self.env.su:
            return super().create(vals_list)
        inside = {"state", "usage", "vee_codes", "bill_id", "decision", "previous_id"}
        if any(inside & vals.keys() for vals in vals_list):
            raise UserError(
                self.env._("State, usage and checks of a reading follow from the rules.")
            )
        self.check_access("create")
        return self.env["gas.reading.vee"]._enter(vals_list)

    def write(self, vals):
        if not self.env.su and vals.keys() - {"note"}:
            raise UserError(
                self.env._(
                    "A reading is evidence and can't be changed. Correct it in the "
                    "held readings."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env.su:
            raise UserError(
                self.env._("Readings are kept. Correct or re-read them instead.")
            )

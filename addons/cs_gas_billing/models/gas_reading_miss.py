from odoo import api, fields, models
from odoo.exceptions import UserError

MISS_REASONS = [
    ("absent", "Nobody at home"),
    ("locked", "Gate or meter box locked"),
    ("blocked", "Meter can't be reached"),
    ("illegible", "Register can't be read"),
    ("missing", "Meter not found"),
    ("refused", "Access refused"),
    ("danger", "Dog or danger"),
    ("other", "Other"),
]


class GasReadingMiss(models.Model):
    """A reader stood there and could not read the meter 未见表: when, where and why."""

    _name = "gas.reading.miss"
    _description = "Missed Reading"
    _order = "miss_date desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, readonly=True
    )
    install_id = fields.Many2one(
        comodel_name="gas.meter.install",
        string="Meter",
        required=True,
        readonly=True,
        check_company=True,
    )
    service_point_id = fields.Many2one(
        comodel_name="gas.service.point",
        required=True,
        index=True,
        readonly=True,
        check_company=True,
    )
    account_id = fields.Many2one(
        comodel_name="gas.account",
        required=True,
        index=True,
        readonly=True,
        check_company=True,
    )
    partner_id = fields.Many2one(related="account_id.partner_id", string="Customer")
    address = fields.Char(
        related="service_point_id.premises_id.full_address", string="Address"
    )
    book_id = fields.Many2one(
        comodel_name="gas.book",
        string="Reading Book",
        index=True,
        readonly=True,
        check_company=True,
    )
    miss_date = fields.Date(string="Tried on", required=True, readonly=True)
    reason = fields.Selection(selection=MISS_REASONS, required=True, readonly=True)
    note = fields.Char(readonly=True)
    photo = fields.Image(max_width=1600, max_height=1600, readonly=True, copy=False)
    reader_id = fields.Many2one(
        comodel_name="res.users", string="Meter Reader", required=True, readonly=True
    )
    client_uuid = fields.Char(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="Made by the phone; the same entry sent again is taken once.",
    )
    device_time = fields.Datetime(string="Time of the Phone", readonly=True)

    _install_idx = models.Index("(install_id, miss_date DESC, id DESC)")
    _client_uuid_uniq = models.UniqueIndex(
        "(client_uuid) WHERE client_uuid IS NOT NULL",
        "This entry of a phone was taken already.",
    )

    @api.depends("install_id.meter_id.serial", "miss_date")
    def _compute_display_name(self):
        for miss in self:
            miss.display_name = (
                f"{miss.install_id.meter_id.serial or ''} {miss.miss_date or ''}"
            )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("Missed readings come from the reader's phone."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            raise UserError(self.env._("What a reader noted on site stays as it is."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env.su:
            raise UserError(self.env._("What a reader noted on site stays as it is."))

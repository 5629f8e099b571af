from odoo import api, fields, models
from odoo.exceptions import ValidationError

SECTIONS = [
    ("header", "Header"),
    ("detail", "Detail Line"),
    ("trailer", "Trailer"),
    ("result_header", "Result: Header"),
    ("result_detail", "Result: Detail Line"),
    ("result_trailer", "Result: Trailer"),
]
SOURCES = [
    ("constant", "Constant"),
    ("filler", "Passed Over"),
    ("ref", "Line Reference"),
    ("account", "Bank Account No."),
    ("holder", "Account Holder"),
    ("amount", "Amount (yuan)"),
    ("cents", "Amount (cents)"),
    ("customer", "Gas Account No."),
    ("bill", "Bill No."),
    ("mandate", "Authorisation No."),
    ("batch", "Batch No."),
    ("count", "Number of Lines"),
    ("date", "Date"),
    ("code", "Answer Code"),
    ("text", "Answer Text"),
]
#: What can stand where.
TOTALS = {"constant", "filler", "batch", "count", "amount", "cents", "date"}
SENT = {
    *("constant", "filler", "ref", "account", "holder", "amount", "cents"),
    *("customer", "bill", "mandate", "batch", "date"),
}


class GasBankProfileField(models.Model):
    """One field of a line of a bank's file."""

    _name = "gas.bank.profile.field"
    _description = "Bank Profile Field"
    _order = "profile_id, section, sequence, id"

    profile_id = fields.Many2one(
        comodel_name="gas.bank.profile", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="profile_id.company_id", store=True, index=True, precompute=True
    )
    kind = fields.Selection(related="profile_id.kind")
    section = fields.Selection(selection=SECTIONS, required=True, default="detail")
    sequence = fields.Integer(default=10)
    source = fields.Selection(selection=SOURCES, string="Content", required=True)
    value = fields.Char(string="Constant", help="Written as it stands.")
    width = fields.Integer(
        string="Bytes", help="Width after encoding; a Chinese character has 2 to 4."
    )
    align = fields.Selection(
        selection=[("left", "Left"), ("right", "Right")], required=True, default="left"
    )
    pad = fields.Char(
        string="Filled with", size=1, help="Empty: spaces. Numbers often use 0."
    )
    date_format = fields.Selection(
        selection=[
            ("YYYYMMDD", "20261120"),
            ("YYYY-MM-DD", "2026-11-20"),
            ("YYYY/MM/DD", "2026/11/20"),
        ],
        help="Of dates; empty: 20261120.",
    )

    @api.depends("section", "source")
    def _compute_display_name(self):
        sections = dict(self._fields["section"]._description_selection(self.env))
        sources = dict(self._fields["source"]._description_selection(self.env))
        for row in self:
            parts = (sections.get(row.section), sources.get(row.source))
            row.display_name = " · ".join(filter(None, parts))

    @api.model
    def _get_exported(self):
        names = ("section", "source", "value", "width", "align", "pad")
        return (*names, "date_format")

    def _get_spec(self):
        """Return the field in the form of ``tools.bankfile``."""
        self.ensure_one()
        spec = {"len": self.width} if self.width else {}
        if self.align == "right":
            spec["align"] = "right"
        if self.pad:
            spec["pad"] = self.pad
        if self.source == "constant":
            return spec | {"value": self.value or ""}
        if self.source == "filler" and not self.section.startswith("result_"):
            return spec | {"value": ""}
        if self.date_format:
            spec["format"] = self.date_format
        return spec | {"name": self.source}

    def _check_usable(self):
        """Refuse a field that can't work, with its place and what to do."""
        self.ensure_one()
        where = self.display_name
        if self.kind == "fixed" and self.width < 1:
            raise ValidationError(
                self.env._("%s: enter the width in bytes, above zero.", where)
            )
        section = self.section.removeprefix("result_")
        allowed = TOTALS
        if section == "detail":
            allowed = SENT if self.section == "detail" else SENT | {"code", "text"}
        if self.source not in allowed:
            raise ValidationError(
                self.env._("%s: this content doesn't exist in this line.", where)
            )
        if self.source == "constant" and not (self.value or "").strip():
            raise ValidationError(
                self.env._("%s: enter the constant, or choose “passed over”.", where)
            )

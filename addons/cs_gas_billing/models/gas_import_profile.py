from odoo import fields, models

from ..tools.tabular import clean


class GasImportProfile(models.Model):
    """How a file's headings map to our columns; one per handheld or former system."""

    _name = "gas.import.profile"
    _description = "Import Profile"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        selection=[("reading", "Readings"), ("customer", "Customers")],
        required=True,
        default="reading",
    )
    encoding = fields.Selection(
        selection=[
            ("gb18030", "GB18030 / GBK"),
            ("utf-8", "UTF-8"),
            ("big5", "Big5"),
        ],
        help="Empty: recognised from the file.",
    )
    column_ids = fields.One2many(
        comodel_name="gas.import.profile.column",
        inverse_name="profile_id",
        string="Columns",
        copy=True,
    )

    def _get_column_map(self, defaults):
        """Return {heading: our column}; the profile's headings come before ours."""
        mapping = dict(defaults)
        for column in self.column_ids:
            mapping[clean(column.heading)] = column.target
        return mapping

from odoo import fields, models

from .gas_import_mixin import LINE_STATES


class GasImportLineMixin(models.AbstractModel):
    """What was found in one row of a file; written by the check only."""

    _name = "gas.import.line.mixin"
    _description = "Line of a Checked File Import"
    _order = "row, id"
    _rec_name = "row"

    row = fields.Integer(help="Row in the file; the heading is row 1.", aggregator=None)
    company_id = fields.Many2one(comodel_name="res.company", required=True, index=True)
    state = fields.Selection(selection=LINE_STATES, required=True)
    code = fields.Char(
        string="Message Code", help="What is wrong or worth knowing, for sorting."
    )
    message = fields.Char()

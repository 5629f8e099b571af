from odoo import api, fields, models
from odoo.exceptions import UserError


class GasCorrectionReading(models.Model):
    """A register that was billed, and what it should have been."""

    _name = "gas.correction.reading"
    _description = "Corrected Reading"
    _order = "correction_id, read_date, id"

    correction_id = fields.Many2one(
        comodel_name="gas.correction", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="correction_id.company_id", store=True, index=True, precompute=True
    )
    reading_id = fields.Many2one(
        comodel_name="gas.reading", required=True, index=True, ondelete="restrict"
    )
    read_date = fields.Date(related="reading_id.read_date", store=True)
    meter_id = fields.Many2one(related="reading_id.install_id.meter_id")
    source = fields.Selection(related="reading_id.source")
    old_value = fields.Float(
        string="Billed Register",
        digits=(12, 3),
        aggregator=None,
        compute="_compute_old_value",
        store=True,
    )
    new_value = fields.Float(
        string="Right Register", digits=(12, 3), aggregator=None, required=True
    )

    @api.depends("reading_id")
    def _compute_old_value(self):
        for row in self:
            row.old_value = row.reading_id.value

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("Give the right register in the rows shown."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            if vals.keys() - {"new_value"}:
                raise UserError(
                    self.env._("Give the right register in the rows shown.")
                )
            if any(row.correction_id.state != "draft" for row in self):
                raise UserError(
                    self.env._("This correction was sent for approval and is fixed.")
                )
        result = super().write(vals)
        if "new_value" in vals:
            self.correction_id._propose()
        return result

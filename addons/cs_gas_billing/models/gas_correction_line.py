from odoo import api, fields, models


class GasCorrectionLine(models.Model):
    """A bill before and after a correction."""

    _name = "gas.correction.line"
    _description = "Corrected Bill"
    _order = "correction_id, sequence, id"

    correction_id = fields.Many2one(
        comodel_name="gas.correction", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="correction_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="correction_id.currency_id")
    sequence = fields.Integer()
    bill_id = fields.Many2one(
        comodel_name="gas.bill", required=True, index=True, ondelete="restrict"
    )
    new_bill_id = fields.Many2one(related="bill_id.replaced_by_id", string="New Bill")
    account_id = fields.Many2one(related="bill_id.account_id")
    period = fields.Char(related="bill_id.period")
    changed = fields.Boolean()
    old_volume = fields.Float(string="As Billed (m³)", digits=(12, 3), aggregator=None)
    new_volume = fields.Float(
        string="As Corrected (m³)", digits=(12, 3), aggregator=None
    )
    old_amount = fields.Monetary(string="As Billed")
    new_amount = fields.Monetary(string="As Corrected")
    difference = fields.Monetary(compute="_compute_difference")
    tiers = fields.Char(
        string="New Tiers", help="Volume × price of each tier after the correction."
    )
    calc = fields.Json(string="Frozen Inputs", prefetch=False)

    @api.depends("old_amount", "new_amount")
    def _compute_difference(self):
        for line in self:
            line.difference = line.new_amount - line.old_amount

from odoo import fields, models


class GasEstimateWizardLine(models.TransientModel):
    """What the estimate of one service point would be, or why there is none."""

    _name = "gas.estimate.wizard.line"
    _description = "Proposed Estimate"

    wizard_id = fields.Many2one(
        comodel_name="gas.estimate.wizard",
        required=True,
        index=True,
        ondelete="cascade",
        export_string_translation=False,
    )
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    service_point_id = fields.Many2one(comodel_name="gas.service.point", required=True)
    account_id = fields.Many2one(comodel_name="gas.account")
    actual_date = fields.Date(string="Last Actual Reading")
    prev_value = fields.Float(string="Previous Register", digits=(12, 3))
    count = fields.Integer(
        string="In a Row",
        help="Estimates since the last actual reading, this one not counted.",
    )
    mean = fields.Float(
        string="Monthly Mean",
        digits=(12, 3),
        help="Of the last six actual months, in m³.",
    )
    cap = fields.Float(
        string="At Most",
        digits=(12, 3),
        help="Last year's highest actual month, in m³. An estimate is never higher.",
    )
    capped = fields.Boolean(export_string_translation=False)
    usage = fields.Float(string="Estimate (m³)", digits=(12, 3))
    value = fields.Float(string="Register", digits=(12, 3))
    amount = fields.Monetary()
    fault = fields.Char(string="Not Possible")
    refused = fields.Boolean(export_string_translation=False)

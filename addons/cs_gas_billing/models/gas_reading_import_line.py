from odoo import fields, models


class GasReadingImportLine(models.Model):
    _name = "gas.reading.import.line"
    _description = "Reading Import Line"
    _inherit = ["gas.import.line.mixin"]

    import_id = fields.Many2one(
        comodel_name="gas.reading.import",
        required=True,
        index=True,
        ondelete="cascade",
    )
    account = fields.Char(string="Account No.")
    meter = fields.Char(string="Meter No.")
    read_date = fields.Date(string="Date")
    previous = fields.Float(string="Previous (File)", digits=(12, 3))
    value = fields.Float(string="Register", digits=(12, 3))
    usage = fields.Float(string="Usage (m³)", digits=(12, 3))
    mean = fields.Float(string="Monthly Mean", digits=(12, 3))
    reader = fields.Char()
    note = fields.Char()
    vee_codes = fields.Char(string="Codes")
    held = fields.Boolean()
    gas_account_id = fields.Many2one(comodel_name="gas.account")
    install_id = fields.Many2one(comodel_name="gas.meter.install")
    previous_id = fields.Many2one(comodel_name="gas.reading")
    prev_date = fields.Date(string="Previous Date")
    prev_value = fields.Float(string="Previous (Ours)", digits=(12, 3))

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    gas_debit_journal_id = fields.Many2one(
        comodel_name="account.journal", string="Bank Debit"
    )
    gas_debit_notice_day = fields.Integer(
        string="Notice of a Refused Debit by Day",
        default=5,
        help="Day of the next month by which the reader hands over the notice.",
    )

    _gas_debit_notice_day = models.Constraint(
        "CHECK (gas_debit_notice_day BETWEEN 1 AND 28)",
        "The day of the notice is between 1 and 28.",
    )

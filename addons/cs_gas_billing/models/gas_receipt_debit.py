from odoo import fields, models


class GasReceipt(models.Model):
    """What the receipt says of bills that are at the bank."""

    _inherit = "gas.receipt"

    bank_note = fields.Char(
        string="Bills at the Bank",
        readonly=True,
        copy=False,
        help="Bills that were at the bank when the money was taken: it is kept as "
        "credit and pays them if the bank refuses.",
    )

from odoo import fields, models


class ResCompany(models.Model):
    """How readings come in from customers and from the readers' phones."""

    _inherit = "res.company"

    gas_customer_reading = fields.Selection(
        selection=[
            ("off", "Not accepted"),
            ("confirm", "A clerk confirms each one"),
            ("direct", "Taken unless a check objects"),
        ],
        string="Readings by Customers",
        required=True,
        default="confirm",
    )
    gas_customer_reading_limit = fields.Integer(
        string="Readings by Customers per Account and Day", default=5
    )
    gas_photo_max_mb = fields.Integer(string="Largest Photo (MB)", default=8)
    gas_reader_days = fields.Integer(
        string="Read within (Days)",
        default=15,
        help="On the reader's phone a meter counts as read if its last reading is not "
        "older.",
    )

    _gas_mobile_range = models.Constraint(
        "CHECK (gas_customer_reading_limit > 0 AND gas_photo_max_mb > 0 "
        "AND gas_reader_days > 0)",
        "Limits of readings by phone are above zero.",
    )

from odoo import fields, models


class GasReading(models.Model):
    """What a reading that was entered on a phone keeps of its way here."""

    _inherit = "gas.reading"

    from_customer = fields.Boolean(
        string="Entered by the Customer", readonly=True, copy=False
    )
    client_uuid = fields.Char(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="Made by the phone; the same entry sent again is taken once.",
    )
    device_time = fields.Datetime(
        string="Time of the Phone",
        readonly=True,
        copy=False,
        help="When it was entered, by the phone's clock. The server's time is that of "
        "the record's creation.",
    )

    _claim_idx = models.Index(
        "(install_id) WHERE state = 'held' AND from_customer IS TRUE"
    )
    _client_uuid_uniq = models.UniqueIndex(
        "(client_uuid) WHERE client_uuid IS NOT NULL",
        "This entry of a phone was taken already.",
    )

from odoo import fields, models


class GasReading(models.Model):
    """What an estimated reading keeps of what it was estimated from.

    An estimate follows the last actual reading or another estimate of the meter; the
    next actual reading never follows an estimate: its usage counts from the last actual
    one, and every estimate in between is overtaken.
    """

    _inherit = "gas.reading"

    actual_date = fields.Date(
        string="Last Actual Reading on",
        readonly=True,
        copy=False,
        help="Day of the actual reading an estimate builds on.",
    )
    prior_bill_id = fields.Many2one(
        comodel_name="gas.bill",
        string="Billed Before with",
        readonly=True,
        index="btree_not_null",
        copy=False,
        help="The estimated bill an actual reading stood on before it was trued up.",
    )

    _estimate_uniq = models.UniqueIndex(
        "(previous_id) WHERE state IN ('validated', 'billed') AND source = 'estimate'",
        "The month was estimated by somebody else just now.",
    )
    _estimate_idx = models.Index(
        "(service_point_id, install_id) "
        "WHERE source = 'estimate' AND state IN ('validated', 'billed')"
    )

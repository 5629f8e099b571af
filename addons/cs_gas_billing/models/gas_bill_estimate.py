from odoo import models


class GasBill(models.Model):
    """How estimated bills are found again."""

    _inherit = "gas.bill"

    _estimate_idx = models.Index(
        "(service_point_id) WHERE kind = 'estimate' AND state != 'cancelled'"
    )

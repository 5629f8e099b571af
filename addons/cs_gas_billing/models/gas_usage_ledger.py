from odoo import fields, models


class GasUsageLedger(models.Model):
    """Volume per service point and calendar year; its sum decides the tiers.

    Written together with a bill's lines, taken back with them; never changed.
    """

    _name = "gas.usage.ledger"
    _description = "Usage Ledger"
    _order = "cycle_year desc, id desc"
    _allow_sudo_commands = False

    company_id = fields.Many2one(comodel_name="res.company", required=True)
    service_point_id = fields.Many2one(
        comodel_name="gas.service.point", required=True, index=True
    )
    cycle_year = fields.Integer(string="Year", required=True, aggregator=None)
    quantity = fields.Float(string="Volume (m³)", digits=(12, 3), required=True)
    kind = fields.Selection(
        selection=[
            ("opening", "Opening"),
            ("bill", "Bill"),
            ("provisional", "Estimate"),
            ("reversal", "Reversal"),
        ],
        required=True,
        default="bill",
    )
    bill_id = fields.Many2one(comodel_name="gas.bill", ondelete="cascade")

    _sum_idx = models.Index("(service_point_id, cycle_year) INCLUDE (quantity)")
    _opening_uniq = models.UniqueIndex(
        "(service_point_id, cycle_year) WHERE kind = 'opening'",
        "The opening volume of this year is in the ledger already.",
    )
    _bill_uniq = models.UniqueIndex(
        "(bill_id, cycle_year, kind) WHERE bill_id IS NOT NULL",
        "The bill's volume is in the ledger already.",
    )

from odoo import api, fields, models

from ..tools.charge import AVERAGE_TIER


class GasBillLine(models.Model):
    """One tier of one price version and year, as it is printed."""

    _name = "gas.bill.line"
    _description = "Gas Bill Line"
    _order = "bill_id, sequence"

    bill_id = fields.Many2one(
        comodel_name="gas.bill", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(comodel_name="res.company", required=True)
    currency_id = fields.Many2one(comodel_name="res.currency", required=True)
    period = fields.Char(related="bill_id.period", string="Bill Month")
    category = fields.Selection(related="bill_id.category")
    book_id = fields.Many2one(related="bill_id.book_id", string="Reading Book")
    sequence = fields.Integer(default=1)
    year = fields.Integer(help="Year whose tiers were used; 0 without tiers.")
    tier = fields.Integer(required=True, aggregator=None)
    tier_label = fields.Char(
        string="Tier or Average",
        compute="_compute_tier_label",
        help="The tier, or “average” for the average price of an estimate.",
    )
    version_id = fields.Many2one(comodel_name="gas.tariff.version", required=True)
    date_to = fields.Date(
        string="Billed up to", help="Last day of the bill; prices up to it are fixed."
    )
    quantity = fields.Float(string="Volume (m³)", digits=(12, 3), required=True)
    price_unit = fields.Float(
        string="Price", digits=(12, 6), required=True, aggregator=None
    )
    amount = fields.Monetary(required=True)
    base = fields.Monetary(string="Net", required=True)
    tax = fields.Monetary(string="VAT", required=True)

    _version_idx = models.Index("(version_id, date_to DESC)")

    @api.depends_context("lang")
    @api.depends("tier")
    def _compute_tier_label(self):
        for line in self:
            line.tier_label = (
                self.env._("average") if line.tier == AVERAGE_TIER else str(line.tier)
            )

    @api.depends_context("lang")
    @api.depends("tier_label", "quantity")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.tier_label}: {line.quantity:g} m³"

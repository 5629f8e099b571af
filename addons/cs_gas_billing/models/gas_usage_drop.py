from odoo import fields, models
from odoo.tools import SQL

from ..tools.figures import DROP_LEAST, DROP_MONTHS, DROP_SHARE
from .gas_position import SOURCES


class GasUsageDrop(models.Model):
    """Commercial points whose month fell below 60 % of the mean before.

    The mean is that of the known months among the twelve before, at least three; the
    rule is ``tools.figures.is_drop``. Such customers are visited: a bypass, a broken
    meter, or a business that closes.
    """

    _name = "gas.usage.drop"
    _description = "Commercial Usage Drop"
    _auto = False
    _order = "period desc, lost desc, id"
    _rec_name = "account_id"

    bill_id = fields.Many2one(comodel_name="gas.bill", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    account_id = fields.Many2one(comodel_name="gas.account", readonly=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", readonly=True
    )
    phone_masked = fields.Char(related="partner_id.cs_phone_masked", string="Phone")
    address = fields.Char(
        related="service_point_id.premises_id.full_address", string="Address"
    )
    service_point_id = fields.Many2one(comodel_name="gas.service.point", readonly=True)
    book_id = fields.Many2one(
        comodel_name="gas.book", string="Reading Book", readonly=True
    )
    period = fields.Char(string="Bill Month", readonly=True)
    volume = fields.Float(string="Volume (m³)", digits=(12, 3), readonly=True)
    mean = fields.Float(
        string="Mean before (m³)", digits=(12, 1), readonly=True, aggregator=None
    )
    months = fields.Integer(
        string="Known Months", readonly=True, aggregator=None, help="Of the last 12."
    )
    share = fields.Float(
        string="Of the Mean (%)", digits=(5, 1), readonly=True, aggregator=None
    )
    lost = fields.Float(string="Below the Mean (m³)", digits=(12, 1), readonly=True)

    _depends = SOURCES

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT d.bill_id AS id, d.bill_id, d.company_id, d.account_id,
                   b.partner_id, d.service_point_id, b.book_id, d.period, d.volume,
                   d.months, round(d.mean, 1) AS mean,
                   round(100 * d.volume / nullif(d.mean, 0), 1) AS share,
                   round(d.mean - d.volume, 1) AS lost
              FROM (
                   SELECT v.*, count(*) OVER before AS months,
                          avg(v.volume) OVER before AS mean
                     FROM (
                          SELECT b.service_point_id, b.period, b.company_id,
                                 left(b.period, 4)::int * 12
                                     + right(b.period, 2)::int AS number,
                                 max(b.id) AS bill_id, max(b.account_id) AS account_id,
                                 sum(b.volume) AS volume
                            FROM gas_bill b
                           WHERE b.category = 'commercial' AND b.kind != 'opening'
                             AND b.service_point_id IS NOT NULL AND %(condition)s
                           GROUP BY b.service_point_id, b.period, b.company_id) v
                   WINDOW before AS (
                          PARTITION BY v.service_point_id ORDER BY v.number
                          RANGE BETWEEN %(span)s PRECEDING AND 1 PRECEDING)) d
              JOIN gas_bill b ON b.id = d.bill_id
             WHERE d.months >= %(least)s AND d.volume < %(share)s * d.mean
            """,
            condition=self._get_condition(),
            span=DROP_MONTHS,
            least=DROP_LEAST,
            share=DROP_SHARE,
        )

    def _get_condition(self):
        """Bills that stood on the day; from the month of the context on."""
        positions = self.env["gas.position"]
        counted = positions._get_counted(positions._get_as_of())
        first = self.env.context.get("gas_first_month")
        return SQL("%s AND b.period >= %s", counted, first) if first else counted

    def action_account(self):
        """Open the account behind the row."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "gas.account",
            "res_id": self.account_id.id,
            "views": [(False, "form")],
        }

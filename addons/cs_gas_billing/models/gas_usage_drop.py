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

    bill_id = fields.Many2one(comodel_name="gas.bill", string="Bill", readonly=True)
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
        positions = self.env["gas.position"]
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
                          SELECT s.service_point_id, s.period, s.company_id,
                                 left(s.period, 4)::int * 12
                                     + right(s.period, 2)::int AS number,
                                 max(s.id) AS bill_id, max(s.account_id) AS account_id,
                                 sum(s.volume) AS volume
                            FROM (%(source)s) s
                           WHERE s.service_point_id IS NOT NULL
                           GROUP BY s.service_point_id, s.period, s.company_id) v
                   WINDOW before AS (
                          PARTITION BY v.service_point_id ORDER BY v.number
                          RANGE BETWEEN %(span)s PRECEDING AND 1 PRECEDING)) d
              JOIN gas_bill b ON b.id = d.bill_id
             WHERE d.months >= %(least)s AND d.volume < %(share)s * d.mean
            """,
            source=positions._get_source(
                positions._get_as_of(),
                self._get_condition(),
            ),
            span=DROP_MONTHS,
            least=DROP_LEAST,
            share=DROP_SHARE,
        )

    def _get_condition(self):
        """Read the months from that of the context on, if one is given."""
        condition = SQL("b.category = 'commercial' AND b.kind != 'opening'")
        first = self.env.context.get("gas_first_month")
        return SQL("%s AND b.period >= %s", condition, first) if first else condition

    def action_account(self):
        """Open the account behind the row."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "gas.account",
            "res_id": self.account_id.id,
            "views": [(False, "form")],
        }

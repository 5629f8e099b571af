from odoo import fields, models
from odoo.tools import SQL

from ..tools.choices import CATEGORIES
from ..tools.figures import BUCKETS
from .gas_position import SOURCES


class GasAging(models.Model):
    """What an account owed on a day, by age from the original due date.

    The day comes with the context as in ``gas.position``, whose rows these sum up.
    """

    _name = "gas.aging"
    _description = "Arrears by Age"
    _auto = False
    _order = "open desc, id"
    _rec_name = "account_id"

    account_id = fields.Many2one(comodel_name="gas.account", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", readonly=True
    )
    phone_masked = fields.Char(related="partner_id.cs_phone_masked", string="Phone")
    address = fields.Char(related="account_id.address", string="Address")
    category = fields.Selection(
        selection=CATEGORIES,
        readonly=True,
    )
    pay_channel = fields.Selection(
        selection=lambda self: self.env["gas.position"]._get_channels(),
        string="Payment Channel",
        readonly=True,
    )
    account_state = fields.Selection(related="account_id.state", string="Account State")
    book_id = fields.Many2one(
        comodel_name="gas.book", string="Reading Book", readonly=True
    )
    book_seq = fields.Integer(string="Order in Book", readonly=True, aggregator=None)
    community = fields.Char(readonly=True)
    bill_count = fields.Integer(string="Open Bills", readonly=True)
    date_due = fields.Date(string="Oldest Due", readonly=True, aggregator="min")
    days = fields.Integer(string="Days Overdue", readonly=True, aggregator="max")
    open = fields.Monetary(readonly=True)
    not_due = fields.Monetary(readonly=True)
    d30 = fields.Monetary(string="0–30 days", readonly=True)
    d60 = fields.Monetary(string="31–60 days", readonly=True)
    d90 = fields.Monetary(string="61–90 days", readonly=True)
    d180 = fields.Monetary(string="91–180 days", readonly=True)
    d365 = fields.Monetary(string="181–365 days", readonly=True)
    older = fields.Monetary(string="Over 365 days", readonly=True)

    _depends = SOURCES

    @property
    def _table_query(self):
        positions = self.env["gas.position"]
        bucket = positions._get_bucket_sql(SQL("s.days"))
        sums = SQL(", ").join(
            SQL(
                "coalesce(sum(s.open) FILTER (WHERE %s = %s), 0) AS %s",
                bucket,
                key,
                SQL.identifier(key),
            )
            for key, _last in BUCKETS
        )
        return SQL(
            """
            SELECT a.id, a.id AS account_id, a.company_id, a.partner_id, a.category,
                   a.pay_channel, a.book_id, a.book_seq, max(m.community) AS community,
                   count(*) AS bill_count, min(s.date_due) AS date_due,
                   max(s.days) AS days, sum(s.open) AS open, %(sums)s
              FROM (%(source)s) s
              JOIN gas_account a ON a.id = s.account_id
              LEFT JOIN gas_service_point p ON p.id = s.service_point_id
              LEFT JOIN cs_premises m ON m.id = p.premises_id
             WHERE s.open != 0
             GROUP BY a.id
            """,
            sums=sums,
            source=positions._get_source(positions._get_as_of()),
        )

    def action_positions(self):
        """Open the account's bills behind the row, on the same day."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cs_gas_billing.gas_position_action_open"
        )
        return action | {
            "name": self.account_id.display_name,
            "display_name": self.account_id.display_name,
            "domain": [("account_id", "=", self.account_id.id), ("open", "!=", 0)],
            "context": {"gas_as_of": self.env.context.get("gas_as_of")},
        }

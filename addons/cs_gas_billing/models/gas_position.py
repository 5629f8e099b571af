from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.choices import CATEGORIES
from ..tools.figures import BUCKETS

#: What the positions follow from; read before every query.
SOURCES = {
    "gas.bill": [
        "account_id",
        "amount_residual",
        "amount_total",
        "cancelled_date",
        "date_due",
        "date_posted",
        "replaced_by_id",
        "state",
    ],
    "gas.account": ["pay_channel"],
    "gas.service.point": ["premises_id"],
    "cs.premises": ["community"],
    "account.partial.reconcile": ["amount", "max_date"],
    "gas.settlement.undone": ["amount", "date", "undone_on"],
}


class GasPosition(models.Model):
    """A bill as it stood on a day: amount, collected, open, age.

    The day comes with the context (``gas_as_of``), today without it. A day in the past
    gives what was true then, whatever was paid, cancelled or billed again since:
    bills count from their accounting date to that of their red entry, money from the
    later date of the two matched items to the day the matching was undone.
    """

    _name = "gas.position"
    _description = "Bill Position"
    _auto = False
    _order = "date_due, id"
    _rec_name = "bill_id"

    bill_id = fields.Many2one(comodel_name="gas.bill", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    account_id = fields.Many2one(comodel_name="gas.account", readonly=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", readonly=True
    )
    phone_masked = fields.Char(related="partner_id.cs_phone_masked", string="Phone")
    category = fields.Selection(
        selection=CATEGORIES,
        readonly=True,
    )
    pay_channel = fields.Selection(
        selection=lambda self: self._get_channels(),
        string="Payment Channel",
        readonly=True,
    )
    use_category_id = fields.Many2one(comodel_name="gas.use.category", readonly=True)
    book_id = fields.Many2one(
        comodel_name="gas.book", string="Reading Book", readonly=True
    )
    community = fields.Char(readonly=True)
    period = fields.Char(string="Bill Month", readonly=True)
    kind = fields.Selection(
        selection=lambda self: self._get_kinds(), string="Bill Kind", readonly=True
    )
    date_due = fields.Date(
        string="Originally Due",
        readonly=True,
        help="Of a bill that replaces another: when that one was due.",
    )
    days = fields.Integer(string="Days Overdue", readonly=True, aggregator="max")
    bucket = fields.Selection(
        selection=lambda self: self._get_buckets(), string="Age", readonly=True
    )
    volume = fields.Float(string="Volume (m³)", digits=(12, 3), readonly=True)
    amount = fields.Monetary(string="Charged", readonly=True)
    collected = fields.Monetary(readonly=True)
    open = fields.Monetary(readonly=True)
    rate = fields.Float(
        string="Collection Rate (%)",
        digits=(5, 1),
        readonly=True,
        aggregator="avg",
        help="Collected ÷ charged; of groups: of their sums.",
    )

    _depends = SOURCES

    @api.model
    def _get_buckets(self):
        labels = {
            "not_due": self.env._("Not due"),
            "d30": self.env._("0–30 days"),
            "d60": self.env._("31–60 days"),
            "d90": self.env._("61–90 days"),
            "d180": self.env._("91–180 days"),
            "d365": self.env._("181–365 days"),
            "older": self.env._("Over 365 days"),
        }
        return [(key, labels[key]) for key, _last in BUCKETS]

    @api.model
    def _get_channels(self):
        field = self.env["gas.account"]._fields["pay_channel"]
        return field._description_selection(self.env)

    @api.model
    def _get_kinds(self):
        field = self.env["gas.bill"]._fields["kind"]
        return field._description_selection(self.env)

    # === QUERY ===#

    @api.model
    def _get_as_of(self):
        """Return the day asked for: that of the context, else today.

        :raise UserError: the context has something else
        """
        text = self.env.context.get("gas_as_of")
        if not text:
            return self.env.company._cs_today()
        try:
            return fields.Date.to_date(text)
        except (TypeError, ValueError) as error:
            raise UserError(
                self.env._("Write the day as YYYY-MM-DD, e.g. 2026-10-31.")
            ) from error

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT s.id, s.id AS bill_id, s.company_id, s.currency_id, s.account_id,
                   s.partner_id, s.category, a.pay_channel, s.use_category_id,
                   s.book_id, m.community, s.period, s.kind, s.date_due, s.days,
                   %(bucket)s AS bucket, s.volume, s.amount,
                   s.amount - s.open AS collected, s.open,
                   CASE WHEN s.amount > 0
                        THEN round(100 * (s.amount - s.open) / s.amount, 1)
                   END AS rate
              FROM (%(source)s) s
              JOIN gas_account a ON a.id = s.account_id
              LEFT JOIN gas_service_point p ON p.id = s.service_point_id
              LEFT JOIN cs_premises m ON m.id = p.premises_id
            """,
            source=self._get_source(self._get_as_of()),
            bucket=self._get_bucket_sql(SQL("s.days")),
        )

    @api.model
    def _get_bucket_sql(self, days):
        """Return the expression of the aging bucket; the bounds are of ``tools``."""
        cases = [
            SQL("WHEN %s <= %s THEN %s", days, last, key)
            for key, last in BUCKETS
            if last is not None
        ]
        return SQL("CASE %s ELSE %s END", SQL(" ").join(cases), BUCKETS[-1][0])

    @api.model
    def _get_source(self, as_of, condition=None):
        """Return the query of bills as they stood on a day, narrow and quick.

        Open on a day in the past = open now + what was matched later − what was matched
        then and undone since; so only what happened after the day is summed.

        :param date as_of: last day that counts
        :param SQL condition: on the bill ``b``, to read fewer
        """
        return SQL(
            """
            WITH RECURSIVE origin AS (
                SELECT replaced_by_id AS id, date_due
                  FROM gas_bill WHERE replaced_by_id IS NOT NULL
                UNION
                SELECT r.replaced_by_id, o.date_due
                  FROM origin o JOIN gas_bill r ON r.id = o.id
                 WHERE r.replaced_by_id IS NOT NULL
            ), first_due AS (
                SELECT id, min(date_due) AS date_due FROM origin GROUP BY id
            ), later AS (
                SELECT debit_move_id AS line_id, sum(amount) AS amount
                  FROM account_partial_reconcile
                 WHERE max_date > %(day)s GROUP BY debit_move_id
                 UNION ALL
                SELECT n.move_line_id, -sum(p.amount)
                  FROM gas_bill n
                  JOIN account_partial_reconcile p ON p.credit_move_id = n.move_line_id
                 WHERE n.amount_total < 0 AND p.max_date > %(day)s
                 GROUP BY n.move_line_id
            ), undone AS (
                SELECT bill_id, sum(amount) AS amount
                  FROM gas_settlement_undone
                 WHERE date <= %(day)s AND undone_on > %(day)s
                 GROUP BY bill_id
            )
            SELECT b.id, b.company_id, b.currency_id, b.account_id, b.partner_id,
                   b.service_point_id, b.category, b.use_category_id, b.book_id,
                   b.period, b.kind, b.volume, b.amount_total AS amount,
                   coalesce(f.date_due, b.date_due) AS date_due,
                   %(day)s - coalesce(f.date_due, b.date_due) AS days,
                   b.amount_residual + coalesce(later.amount, 0)
                       - coalesce(undone.amount, 0) AS open
              FROM gas_bill b
              LEFT JOIN first_due f ON f.id = b.id
              LEFT JOIN later ON later.line_id = b.move_line_id
              LEFT JOIN undone ON undone.bill_id = b.id
             WHERE %(counted)s AND %(condition)s
            """,
            day=as_of,
            counted=self._get_counted(as_of),
            condition=condition or SQL("TRUE"),
        )

    @api.model
    def _get_counted(self, as_of):
        """Return the condition that the bill ``b`` stood on a day."""
        return SQL(
            "(b.state = 'posted' OR b.state = 'cancelled' AND b.cancelled_date > %s) "
            "AND b.date_posted <= %s",
            as_of,
            as_of,
        )

    def _read_group_select(self, aggregate_spec, query):
        """The rate of a group is that of its sums."""
        if aggregate_spec != "rate:avg":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "round(100 * sum(%(part)s) / nullif(greatest(sum(%(whole)s), 0), 0), 1)",
            part=self._field_to_sql(self._table, "collected", query),
            whole=self._field_to_sql(self._table, "amount", query),
        )

    # === ACTIONS ===#

    def action_bill(self):
        """Open the bill behind the row."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "gas.bill",
            "res_id": self.bill_id.id,
            "views": [(False, "form")],
        }

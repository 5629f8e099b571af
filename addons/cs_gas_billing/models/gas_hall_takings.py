from odoo import api, fields, models
from odoo.tools import SQL


class GasTakings(models.Model):
    """What was taken and given back at the hall, per cashier, day and method.

    Reversed receipts count as taken and given back: reversal is possible on the same
    day only, so a day's figures don't change later. Refunded credit is money that went
    out on the day it was paid.
    """

    _name = "gas.takings"
    _description = "Hall Takings"
    _auto = False
    _order = "date desc, cashier_id, method"

    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    cashier_id = fields.Many2one(comodel_name="res.users", readonly=True)
    date = fields.Date(readonly=True)
    method = fields.Selection(selection=lambda self: self._get_methods(), readonly=True)
    amount = fields.Monetary(
        string="Takings",
        readonly=True,
        help="Received less reversed and refunded.",
    )
    amount_principal = fields.Monetary(string="On Bills", readonly=True)
    amount_fee = fields.Monetary(string="Late Fees", readonly=True)
    amount_credit = fields.Monetary(string="On Credit", readonly=True)
    amount_credit_used = fields.Monetary(string="Credit Used", readonly=True)
    amount_received = fields.Monetary(
        string="Received", readonly=True, help="With what was reversed later."
    )
    amount_reversed = fields.Monetary(string="Reversed", readonly=True)
    amount_refunded = fields.Monetary(
        string="Refunded", readonly=True, help="Credit paid back to customers."
    )
    receipt_count = fields.Integer(string="Receipts", readonly=True)
    reversed_count = fields.Integer(string="Reversed Receipts", readonly=True)
    refund_count = fields.Integer(string="Refunds", readonly=True)

    _depends = {
        "gas.receipt": [
            "company_id",
            "cashier_id",
            "date",
            "method",
            "state",
            "amount",
            "amount_principal",
            "amount_fee",
            "amount_credit",
            "amount_credit_used",
        ],
        "gas.credit.refund": [
            "company_id",
            "cashier_id",
            "date",
            "method",
            "state",
            "amount",
        ],
    }

    @api.model
    def _get_methods(self):
        return (
            self.env["gas.receipt"]._fields["method"]._description_selection(self.env)
        )

    @property
    def _table_query(self):
        sums = SQL(", ").join(
            SQL(
                "coalesce(sum(%s) FILTER (WHERE state = 'posted'), 0) AS %s",
                SQL.identifier(name),
                SQL.identifier(name),
            )
            for name in (
                "amount_principal",
                "amount_fee",
                "amount_credit",
                "amount_credit_used",
            )
        )
        return SQL(
            """
            SELECT min(id) AS id, company_id, cashier_id, date, method, %s,
                   coalesce(sum(amount) FILTER (WHERE state = 'posted'), 0)
                 - coalesce(sum(amount) FILTER (WHERE state = 'refund'), 0) AS amount,
                   coalesce(sum(amount) FILTER (WHERE state != 'refund'), 0)
                       AS amount_received,
                   coalesce(sum(amount) FILTER (WHERE state = 'reversed'), 0)
                       AS amount_reversed,
                   coalesce(sum(amount) FILTER (WHERE state = 'refund'), 0)
                       AS amount_refunded,
                   count(*) FILTER (WHERE state != 'refund') AS receipt_count,
                   count(*) FILTER (WHERE state = 'reversed') AS reversed_count,
                   count(*) FILTER (WHERE state = 'refund') AS refund_count
              FROM (
                SELECT 2 * id AS id, company_id, cashier_id, date, method, state,
                       amount, amount_principal, amount_fee, amount_credit,
                       amount_credit_used
                  FROM gas_receipt
                 UNION ALL
                SELECT 2 * id + 1, company_id, cashier_id, date, method, 'refund',
                       amount, 0, 0, 0, 0
                  FROM gas_credit_refund
                 WHERE state = 'paid'
              ) AS moved
             GROUP BY company_id, cashier_id, date, method
            """,
            sums,
        )

    def action_receipts(self):
        """Open the receipts behind the figures; the refunds if there are only those."""
        self.ensure_one()
        name = (
            "gas_receipt_action" if self.receipt_count else "gas_credit_refund_action"
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(f"cs_gas_billing.{name}")
        return action | {
            "domain": [
                ("company_id", "=", self.company_id.id),
                ("cashier_id", "=", self.cashier_id.id),
                ("date", "=", self.date),
                ("method", "=", self.method),
            ],
            "context": {},
        }

    @api.model
    def _get_figures(self, company, day, cashier=None):
        """Return a day's takings by method, of one cashier or of the whole hall.

        Methods that are always there come first, so that an empty day shows zeros.
        """
        domain = [("company_id", "=", company.id), ("date", "=", day)]
        if cashier:
            domain.append(("cashier_id", "=", cashier.id))
        names = [
            "amount",
            "amount_received",
            "amount_reversed",
            "amount_refunded",
            "amount_principal",
            "amount_fee",
            "amount_credit",
            "amount_credit_used",
            "receipt_count",
            "reversed_count",
            "refund_count",
        ]
        groups = {
            method: dict(zip(names, values, strict=True))
            for method, *values in self._read_group(
                domain, ["method"], [f"{name}:sum" for name in names]
            )
        }
        methods = []
        for method, label in self._get_methods():
            figures = groups.get(method)
            if figures or method != "credit":
                zeros = dict.fromkeys(names, 0)
                methods.append({"method": method, "label": label, **(figures or zeros)})
        return {
            "methods": methods,
            **{name: sum(row[name] for row in methods) for name in names},
        }

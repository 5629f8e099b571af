from odoo import api, fields, models
from odoo.tools import SQL


class GasTakings(models.Model):
    """What was taken at the hall, per cashier, day and method.

    Reversed receipts count as taken and given back: reversal is possible on the same
    day only, so a day's figures don't change later.
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
        string="Takings", readonly=True, help="Received less reversed."
    )
    amount_principal = fields.Monetary(string="On Bills", readonly=True)
    amount_fee = fields.Monetary(string="Late Fees", readonly=True)
    amount_credit = fields.Monetary(string="On Credit", readonly=True)
    amount_credit_used = fields.Monetary(string="Credit Used", readonly=True)
    amount_received = fields.Monetary(
        string="Received", readonly=True, help="With what was reversed later."
    )
    amount_reversed = fields.Monetary(string="Reversed", readonly=True)
    receipt_count = fields.Integer(string="Receipts", readonly=True)
    reversed_count = fields.Integer(string="Reversed Receipts", readonly=True)

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
        ]
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
                "amount",
                "amount_principal",
                "amount_fee",
                "amount_credit",
                "amount_credit_used",
            )
        )
        return SQL(
            """
            SELECT min(id) AS id, company_id, cashier_id, date, method, %s,
                   sum(amount) AS amount_received,
                   coalesce(sum(amount) FILTER (WHERE state = 'reversed'), 0)
                       AS amount_reversed,
                   count(*) AS receipt_count,
                   count(*) FILTER (WHERE state = 'reversed') AS reversed_count
              FROM gas_receipt
             GROUP BY company_id, cashier_id, date, method
            """,
            sums,
        )

    def action_receipts(self):
        """Open the receipts behind the figures."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cs_gas_billing.gas_receipt_action"
        )
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
            "amount_principal",
            "amount_fee",
            "amount_credit",
            "amount_credit_used",
            "receipt_count",
            "reversed_count",
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

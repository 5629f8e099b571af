import datetime

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tools import SQL

from ..models.cs_complaint_settlement_line import MONEY

READERS = (
    "cs_complaint.group_manager,account.group_account_readonly,"
    "account.group_account_invoice,cs_base.group_auditor"
)


class CsComplaintMonthCheck(models.TransientModel):
    """Settlements of a month against the ledger, to the cent."""

    _name = "cs.complaint.month.check"
    _description = "Settlements and Ledger"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    month = fields.Date(
        required=True,
        default=lambda self: self.env.company._cs_today().replace(day=1),
        help="Any day of the month.",
    )
    row_ids = fields.One2many(
        comodel_name="cs.complaint.month.check.row",
        inverse_name="check_id",
        string="Kinds",
        readonly=True,
    )

    def action_check(self):
        """Count anew and show the result."""
        self.ensure_one()
        rows = self._cs_month_check(self.company_id, self.month)
        self.row_ids = [Command.clear(), *(Command.create(row) for row in rows)]
        title = self.env._("Settlements and Ledger")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    @api.model
    def _cs_month_check(self, company, month):
        """Documents and ledger of a month, for each kind of money.

        :param month: any day of it
        :return: dicts with kind, count, documents, ledger, difference; documents are
            totals of posted documents less their reversals, the ledger is the sum of
            their items on the account of the settlement
        """
        if not self.env.su and not self.env.user.has_groups(READERS):
            raise AccessError(self.env._("Managers and accounting check the month."))
        if company not in self.env.companies:
            raise AccessError(self.env._("This is another company."))
        month = fields.Date.to_date(month)
        first = datetime.date(month.year, month.month, 1)
        found = self._cs_month_sums(company, first, first + relativedelta(months=1))
        rows = []
        for kind in MONEY:
            count, documents, ledger = found.get(kind, (0, 0, 0))
            difference = company.currency_id.round(float(documents - ledger))
            rows.append(
                {
                    "kind": kind,
                    "count": count,
                    "documents": float(documents),
                    "ledger": float(ledger),
                    "difference": difference,
                }
            )
        return rows

    @api.model
    def _cs_month_sums(self, company, first, after):
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                WITH doc AS (
                    SELECT move.id, line.kind, line.account_id,
                           CASE WHEN origin.cs_settlement_line_id IS NULL
                                THEN 1 ELSE -1 END * move.amount_total AS total,
                           CASE WHEN line.kind = 'allowance'
                                THEN -1 ELSE 1 END AS sign
                      FROM account_move move
                      JOIN cs_complaint_settlement_line line
                        ON line.id = move.cs_settlement_line_id
                 LEFT JOIN account_move origin ON origin.id = move.reversed_entry_id
                     WHERE move.company_id = %s AND move.state = 'posted'
                       AND move.date >= %s AND move.date < %s
                )
                SELECT kind, COUNT(*), SUM(total), SUM(sign * COALESCE(booked, 0))
                  FROM doc
             LEFT JOIN LATERAL (
                    SELECT SUM(item.balance) AS booked
                      FROM account_move_line item
                     WHERE item.move_id = doc.id
                       AND item.account_id = doc.account_id
                   ) ledger ON TRUE
              GROUP BY kind
                """,
                company.id,
                first,
                after,
            )
        )
        return {kind: tuple(figures) for kind, *figures in rows}

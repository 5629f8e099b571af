from odoo import models
from odoo.tools import SQL


class GasMonthFigures(models.AbstractModel):
    """Takings of the hall against customers' money in the desk's journals."""

    _inherit = "gas.month.figures"

    def _query_cash(self, company, first, last):
        return self._compare_takings(company, first, last, "cash")

    def _query_transfer(self, company, first, last):
        return self._compare_takings(company, first, last, "transfer")

    def _query_qr(self, company, first, last):
        return self._compare_takings(company, first, last, "qr")

    def _compare_takings(self, company, first, last, method):
        """Compare receipt by receipt; entries without a receipt stand for themselves.

        Bank transactions (statement lines) are no takings, nor is cash that is taken
        to the bank: only entries with a receivable count.
        """
        return SQL(
            """
            WITH papers AS (
                SELECT 2 * id AS key, account_id, id AS receipt_id,
                       NULL::int AS refund_id, payment_id, date,
                       CASE WHEN state = 'posted' THEN amount ELSE 0 END AS amount
                  FROM gas_receipt
                 WHERE company_id = %(company)s AND method = %(method)s
                   AND date BETWEEN %(first)s AND %(last)s
                 UNION ALL
                SELECT 2 * id + 1, account_id, NULL, id, payment_id, date, -amount
                  FROM gas_credit_refund
                 WHERE company_id = %(company)s AND method = %(method)s
                   AND state = 'paid' AND date BETWEEN %(first)s AND %(last)s
            ), moves AS (
                SELECT m.id, m.date, m.reversed_entry_id, -sum(l.balance) AS amount
                  FROM account_move m
                  JOIN account_move_line l ON l.move_id = m.id
                  JOIN account_account a
                    ON a.id = l.account_id AND a.account_type = 'asset_receivable'
                 WHERE m.journal_id = %(journal)s AND m.state = 'posted'
                   AND m.statement_line_id IS NULL
                   AND m.date BETWEEN %(first)s AND %(last)s
                 GROUP BY m.id
            ), found AS (
                SELECT p.key, m.id AS move_id, m.amount
                  FROM papers p
                  JOIN account_payment y ON y.id = p.payment_id
                  JOIN moves m ON m.id = y.move_id
                 UNION ALL
                SELECT p.key, m.id, m.amount
                  FROM papers p
                  JOIN account_payment y ON y.id = p.payment_id
                  JOIN moves m ON m.reversed_entry_id = y.move_id
            )
            SELECT %(paper_columns)s
              FROM papers p
              LEFT JOIN (SELECT key, min(move_id) AS move_id, sum(amount) AS amount
                           FROM found GROUP BY key) AS f USING (key)
             UNION ALL
            SELECT %(move_columns)s
              FROM moves m
             WHERE NOT EXISTS (SELECT 1 FROM found f WHERE f.move_id = m.id)
            """,
            company=company.id,
            method=method,
            first=first,
            last=last,
            journal=company[f"gas_{method}_journal_id"].id or None,
            paper_columns=self._select(
                account_id=SQL("p.account_id"),
                receipt_id=SQL("p.receipt_id"),
                refund_id=SQL("p.refund_id"),
                move_id=SQL("f.move_id"),
                date=SQL("p.date"),
                ledger=SQL("coalesce(f.amount, 0)"),
                document=SQL("p.amount"),
            ),
            move_columns=self._select(
                move_id=SQL("m.id"), date=SQL("m.date"), ledger=SQL("m.amount")
            ),
        )

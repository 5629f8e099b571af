from odoo import models
from odoo.tools import SQL


class GasMonthFigures(models.AbstractModel):
    """Balances at the end of the month: receivables and money in transit."""

    _inherit = "gas.month.figures"

    def _query_receivable(self, company, first, last):
        """Receivable of each gas account = its open bills less its credit.

        As of the last day, whatever was matched, unmatched or cancelled since.
        """
        return SQL(
            """
            WITH ledger AS (
                SELECT l.gas_account_id AS account_id, sum(l.balance) AS amount
                  FROM account_move_line l
                  JOIN account_account a
                    ON a.id = l.account_id AND a.account_type = 'asset_receivable'
                 WHERE l.gas_account_id IS NOT NULL AND l.company_id = %(company)s
                   AND l.parent_state = 'posted' AND l.date <= %(last)s
                 GROUP BY l.gas_account_id
            ), documents AS (
                SELECT account_id, sum(amount) AS amount
                  FROM (%(bills)s UNION ALL %(credits)s UNION ALL %(refunds)s) AS open
                 GROUP BY account_id
            )
            SELECT %(columns)s
              FROM ledger l
              FULL JOIN documents d USING (account_id)
            """,
            company=company.id,
            last=last,
            bills=self._get_open_bills(company, last),
            credits=self._get_open_credits(company, last),
            refunds=self._get_owed_back(company, last),
            columns=self._select(
                account_id=SQL("account_id"),
                ledger=SQL("coalesce(l.amount, 0)"),
                document=SQL("coalesce(d.amount, 0)"),
            ),
        )

    def _get_open_bills(self, company, last):
        """What was open of each bill on the last day."""
        return SQL(
            """
            SELECT b.account_id, b.amount_total - coalesce(p.amount, 0) AS amount
              FROM gas_bill b
              LEFT JOIN account_move_line l ON l.id = b.move_line_id
              LEFT JOIN gas_bill_run r
                     ON r.id = b.run_id AND b.correction_id IS NULL
              LEFT JOIN gas_correction c ON c.id = b.correction_id
              LEFT JOIN (
                SELECT debit_move_id, sum(amount) AS amount
                  FROM account_partial_reconcile
                 WHERE company_id = %(company)s AND max_date <= %(last)s
                 GROUP BY debit_move_id
              ) AS p ON p.debit_move_id = b.move_line_id
             WHERE b.company_id = %(company)s AND b.name IS NOT NULL
               AND coalesce(c.accounting_date, r.accounting_date, l.date) <= %(last)s
               AND (b.state = 'posted' OR b.cancelled_date > %(last)s)
            """,
            company=company.id,
            last=last,
        )

    def _get_open_credits(self, company, last):
        """Money of gas accounts that had paid nothing on the last day."""
        return SQL(
            """
            SELECT l.gas_account_id, l.balance + coalesce(p.amount, 0)
              FROM account_move_line l
              JOIN account_account a
                ON a.id = l.account_id AND a.account_type = 'asset_receivable'
              LEFT JOIN (
                SELECT credit_move_id, sum(amount) AS amount
                  FROM account_partial_reconcile
                 WHERE company_id = %(company)s AND max_date <= %(last)s
                 GROUP BY credit_move_id
              ) AS p ON p.credit_move_id = l.id
             WHERE l.gas_account_id IS NOT NULL AND l.gas_bill_id IS NULL
               AND l.company_id = %(company)s AND l.parent_state = 'posted'
               AND l.date <= %(last)s AND l.balance < 0
            """,
            company=company.id,
            last=last,
        )

    def _get_owed_back(self, company, last):
        """Refunds whose credit had been taken back on the last day."""
        return SQL(
            """
            SELECT r.account_id, l.balance - coalesce(p.amount, 0)
              FROM gas_credit_refund r
              JOIN account_payment y ON y.id = r.payment_id
              JOIN account_move_line l ON l.move_id = y.move_id
              JOIN account_account a
                ON a.id = l.account_id AND a.account_type = 'asset_receivable'
              LEFT JOIN (
                SELECT debit_move_id, sum(amount) AS amount
                  FROM account_partial_reconcile
                 WHERE company_id = %(company)s AND max_date <= %(last)s
                 GROUP BY debit_move_id
              ) AS p ON p.debit_move_id = l.id
             WHERE r.company_id = %(company)s AND r.state = 'paid'
               AND l.parent_state = 'posted' AND l.date <= %(last)s
            """,
            company=company.id,
            last=last,
        )

    def _query_unassigned(self, company, first, last):
        """Open receivable items of gas customers that belong to no gas account."""
        return SQL(
            """
            SELECT %(columns)s
              FROM account_move_line l
              JOIN account_account a
                ON a.id = l.account_id AND a.account_type = 'asset_receivable'
              JOIN account_move m ON m.id = l.move_id
             WHERE l.company_id = %(company)s AND l.parent_state = 'posted'
               AND l.reconciled IS NOT TRUE AND l.gas_account_id IS NULL
               AND l.date <= %(last)s AND l.amount_residual != 0
               AND (m.journal_id = ANY(%(journals)s) OR l.balance < 0)
               AND EXISTS (SELECT 1 FROM gas_account g
                            WHERE g.partner_id = l.partner_id
                              AND g.company_id = l.company_id)
            """,
            columns=self._select(
                move_id=SQL("l.move_id"),
                date=SQL("l.date"),
                ledger=SQL("l.amount_residual"),
            ),
            company=company.id,
            last=last,
            journals=company._get_gas_journals().ids,
        )

    def _query_stored(self, company, first, last):
        """What bills show as open = what their items have open; as of now."""
        return SQL(
            """
            SELECT %(columns)s
              FROM gas_bill b
              LEFT JOIN account_move_line l ON l.id = b.move_line_id
             WHERE b.company_id = %(company)s AND b.state = 'posted'
               AND (b.amount_residual != 0 OR l.amount_residual != 0)
            """,
            columns=self._select(
                account_id=SQL("b.account_id"),
                bill_id=SQL("b.id"),
                move_id=SQL("l.move_id"),
                date=SQL("b.date_due"),
                ledger=SQL("coalesce(l.amount_residual, 0)"),
                document=SQL("b.amount_residual"),
            ),
            company=company.id,
        )

    # === BANK DEBIT ===#

    def _query_debit(self, company, first, last):
        """Money in transit of each batch = debited, less returned, less on statements.

        Entries on the account in transit that belong to no batch stand for themselves.
        """
        return SQL(
            """
            WITH items AS (
                SELECT l.id, l.move_id, l.date, l.balance, m.gas_debit_batch_id
                  FROM account_move_line l
                  JOIN account_move m ON m.id = l.move_id
                 WHERE l.account_id = ANY(%(accounts)s) AND l.company_id = %(company)s
                   AND l.parent_state = 'posted' AND l.date <= %(last)s
            ), pairs AS (
                SELECT p.debit_move_id AS id, p.credit_move_id AS other, p.amount
                  FROM account_partial_reconcile p
                  JOIN items i ON i.id = p.debit_move_id
                 WHERE p.max_date <= %(last)s
                 UNION ALL
                SELECT p.credit_move_id, p.debit_move_id, -p.amount
                  FROM account_partial_reconcile p
                  JOIN items i ON i.id = p.credit_move_id
                 WHERE p.max_date <= %(last)s
            ), shown AS (
                SELECT i.gas_debit_batch_id AS batch_id, o.id AS item_id,
                       sum(p.amount) AS amount
                  FROM pairs p
                  JOIN items i ON i.id = p.id AND i.gas_debit_batch_id IS NOT NULL
                  JOIN items o ON o.id = p.other AND o.gas_debit_batch_id IS NULL
                 GROUP BY 1, 2
            ), batches AS (%(batches)s)
            SELECT %(batch_columns)s
              FROM (SELECT gas_debit_batch_id AS batch_id, sum(balance) AS amount,
                           max(date) AS date
                      FROM items WHERE gas_debit_batch_id IS NOT NULL GROUP BY 1) AS l
              FULL JOIN batches d USING (batch_id)
              LEFT JOIN (SELECT batch_id, sum(amount) AS amount
                           FROM shown GROUP BY 1) AS s USING (batch_id)
             UNION ALL
            SELECT %(entry_columns)s
              FROM items i
              LEFT JOIN (SELECT item_id, sum(amount) AS amount
                           FROM shown GROUP BY 1) AS s ON s.item_id = i.id
             WHERE i.gas_debit_batch_id IS NULL
            """,
            accounts=company._get_gas_transit_accounts().ids,
            company=company.id,
            last=last,
            batches=self._get_debited(company, last),
            batch_columns=self._select(
                batch_id=SQL("batch_id"),
                date=SQL("l.date"),
                ledger=SQL("coalesce(l.amount, 0) - coalesce(s.amount, 0)"),
                document=SQL("coalesce(d.amount, 0) - coalesce(s.amount, 0)"),
            ),
            entry_columns=self._select(
                move_id=SQL("i.move_id"),
                date=SQL("i.date"),
                ledger=SQL("i.balance + coalesce(s.amount, 0)"),
            ),
        )

    def _get_debited(self, company, last):
        """What the bank debited for each batch, returns taken off."""
        return SQL(
            """
            SELECT l.batch_id,
                   sum(CASE WHEN m.date <= %(last)s THEN 0 ELSE l.amount END) AS amount
              FROM gas_debit_line l
              LEFT JOIN account_move m ON m.id = l.return_move_id
             WHERE l.company_id = %(company)s AND l.answered_on <= %(last)s
               AND l.state IN ('accepted', 'returned')
             GROUP BY l.batch_id
            """,
            company=company.id,
            last=last,
        )

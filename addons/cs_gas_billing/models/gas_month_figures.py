from odoo import api, models
from odoo.tools import SQL

#: Order on the screen; each has a method ``_query_<code>``.
CHECKS = (
    "revenue",
    "vat",
    "items",
    "fees",
    "receivable",
    "unassigned",
    "stored",
    "debit",
    "cash",
    "transfer",
    "qr",
)
#: What the rows of a check may point to.
LINKS = ("account_id", "bill_id", "move_id", "receipt_id", "refund_id", "batch_id",
         "run_id", "correction_id")  # fmt: skip


class GasMonthFigures(models.AbstractModel):
    """What ledger and documents say of a month, compared row by row in the database.

    A check is one query with a row for each thing that is compared: ``LINKS``,
    ``date``, ``ledger`` and ``document``. Its totals and the rows that differ come
    from the same query, so they can't contradict each other.
    """

    _name = "gas.month.figures"
    _description = "Ledger against Documents"

    @api.model
    def _get_totals(self, code, company, first, last):
        """Return ledger, document and the number of rows that differ.

        :param date first: first day of the month; ``last``: its last day
        """
        self.env.flush_all()
        [(ledger, document, count)] = self.env.execute_query(
            SQL(
                """
                SELECT coalesce(sum(ledger), 0)::text,
                       coalesce(sum(document), 0)::text,
                       count(*) FILTER (WHERE round(ledger - document, 2) != 0)
                  FROM (%s) AS compared
                """,
                self._get_query(code, company, first, last),
            )
        )
        return ledger, document, count

    @api.model
    def _get_rows(self, code, company, first, last, limit=None):
        """Return the rows that differ as dicts, biggest difference first."""
        self.env.flush_all()
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT %s, date, ledger::text, document::text
                  FROM (%s) AS compared
                 WHERE round(ledger - document, 2) != 0
                 ORDER BY abs(ledger - document) DESC, %s
                 LIMIT %s
                """,
                SQL(", ").join(map(SQL.identifier, LINKS)),
                self._get_query(code, company, first, last),
                SQL(", ").join(map(SQL.identifier, LINKS)),
                limit,
            )
        )

    def _get_query(self, code, company, first, last):
        return getattr(self, f"_query_{code}")(company.sudo(), first, last)

    def _select(self, **columns):
        """Return the select list of a check; links that aren't given are empty."""
        parts = [
            SQL("%s AS %s", columns.get(name, SQL("NULL::int")), SQL.identifier(name))
            for name in LINKS
        ]
        parts += [
            SQL("%s AS %s", columns.get(name, default), SQL.identifier(name))
            for name, default in (
                ("date", SQL("NULL::date")),
                ("ledger", SQL("0::numeric")),
                ("document", SQL("0::numeric")),
            )
        ]
        return SQL(", ").join(parts)

    # === REVENUE AND VAT ===#

    def _query_revenue(self, company, first, last):
        """Net amounts of the bills, corrections taken off = revenue of gas entries."""
        return self._compare_sources(
            company, first, last, "amount_base", SQL("a.account_type LIKE 'income%%'")
        )

    def _query_vat(self, company, first, last):
        return self._compare_sources(
            company, first, last, "amount_tax", SQL("l.display_type = 'tax'")
        )

    def _compare_sources(self, company, first, last, name, kind):
        """Compare by run, correction or, for entries of neither, by entry."""
        return SQL(
            """
            WITH documents AS (%(documents)s), ledger AS (%(ledger)s)
            SELECT %(columns)s
              FROM documents d
              FULL JOIN ledger l USING (run_key, correction_key, move_key, bill_key)
            """,
            documents=self._get_documents(company, first, last, name),
            ledger=self._get_revenue_ledger(company, first, last, kind),
            columns=self._select(
                run_id=SQL("nullif(run_key, 0)"),
                correction_id=SQL("nullif(correction_key, 0)"),
                move_id=SQL("nullif(move_key, 0)"),
                bill_id=SQL("nullif(bill_key, 0)"),
                date=SQL("coalesce(l.date, d.date)"),
                ledger=SQL("coalesce(l.amount, 0)"),
                document=SQL("coalesce(d.amount, 0)"),
            ),
        )

    def _get_documents(self, company, first, last, name):
        """Bills posted and taken back in the month, by what did it."""
        amount = SQL.identifier("b", name)
        return SQL(
            """
            SELECT run_key, correction_key, 0 AS move_key, bill_key,
                   max(date) AS date, sum(amount) AS amount
              FROM (
                SELECT CASE WHEN b.correction_id IS NULL THEN b.run_id ELSE 0 END
                           AS run_key,
                       coalesce(b.correction_id, 0) AS correction_key, 0 AS bill_key,
                       b.posted_on AS date, %(amount)s AS amount
                  FROM (%(posted)s) AS b
                 UNION ALL
                SELECT coalesce(CASE WHEN m.gas_correction_id IS NULL
                                     THEN m.gas_run_id END, 0),
                       coalesce(m.gas_correction_id, 0),
                       CASE WHEN m.id IS NULL THEN b.id ELSE 0 END,
                       b.cancelled_date, - %(amount)s
                  FROM gas_bill b
                  LEFT JOIN account_move_line l ON l.id = b.red_line_id
                  LEFT JOIN account_move m ON m.id = l.move_id
                 WHERE b.company_id = %(company)s AND b.kind != 'opening'
                   AND b.cancelled_date BETWEEN %(first)s AND %(last)s
                   AND b.amount_total != 0
              ) AS moved
             GROUP BY run_key, correction_key, bill_key
            """,
            amount=amount,
            posted=self._get_posted(company, first, last),
            company=company.id,
            first=first,
            last=last,
        )

    def _get_posted(self, company, first, last):
        """Bills by the accounting date of the run or correction that posted them."""
        return SQL(
            """
            SELECT b.*, r.accounting_date AS posted_on
              FROM gas_bill_run r
              JOIN gas_bill b ON b.run_id = r.id AND b.correction_id IS NULL
             WHERE r.company_id = %(company)s
               AND r.accounting_date BETWEEN %(first)s AND %(last)s
               AND b.name IS NOT NULL AND b.kind != 'opening'
             UNION ALL
            SELECT b.*, c.accounting_date
              FROM gas_correction c
              JOIN gas_bill b ON b.correction_id = c.id
             WHERE c.company_id = %(company)s
               AND c.accounting_date BETWEEN %(first)s AND %(last)s
               AND b.name IS NOT NULL
            """,
            company=company.id,
            first=first,
            last=last,
        )

    def _get_revenue_ledger(self, company, first, last, kind):
        """Entries of the gas journal without those of late fees."""
        return SQL(
            """
            SELECT coalesce(CASE WHEN m.gas_correction_id IS NULL
                                 THEN m.gas_run_id END, 0) AS run_key,
                   coalesce(m.gas_correction_id, 0) AS correction_key,
                   CASE WHEN m.gas_correction_id IS NULL AND m.gas_run_id IS NULL
                        THEN m.id ELSE 0 END AS move_key,
                   0 AS bill_key, max(m.date) AS date, -sum(l.balance) AS amount
              FROM account_move m
              JOIN account_move_line l ON l.move_id = m.id
              JOIN account_account a ON a.id = l.account_id
             WHERE m.journal_id = %(journal)s AND m.state = 'posted'
               AND m.date BETWEEN %(first)s AND %(last)s AND %(kind)s
               AND NOT EXISTS (SELECT 1 FROM gas_receipt r
                                WHERE r.fee_move_id IN (m.id, m.reversed_entry_id))
               AND NOT EXISTS (SELECT 1 FROM account_move n
                                WHERE n.id IN (m.id, m.reversed_entry_id)
                                  AND n.move_type = 'out_refund' AND NOT EXISTS (
                        SELECT 1 FROM account_move_line x
                         WHERE x.move_id = n.id AND x.gas_bill_id IS NOT NULL))
             GROUP BY 1, 2, 3
            """,
            journal=company.gas_sale_journal_id.id or None,
            first=first,
            last=last,
            kind=kind,
        )

    def _query_items(self, company, first, last):
        """Each bill of the month against its own item in the ledger."""
        return SQL(
            """
            SELECT %(columns)s
              FROM (%(posted)s) AS b
              LEFT JOIN account_move_line l
                     ON l.id = b.move_line_id AND l.parent_state = 'posted'
            """,
            columns=self._select(
                account_id=SQL("b.account_id"),
                bill_id=SQL("b.id"),
                move_id=SQL("l.move_id"),
                date=SQL("b.posted_on"),
                ledger=SQL("coalesce(l.balance, 0)"),
                document=SQL("b.amount_total"),
            ),
            posted=self._get_posted(company, first, last),
        )

    def _query_fees(self, company, first, last):
        """Late fees on receipts = what was invoiced for them."""
        return SQL(
            """
            SELECT %(columns)s
              FROM gas_receipt r
              LEFT JOIN LATERAL (
                SELECT sum(l.balance) AS amount, min(m.id) AS move_id
                  FROM account_move m
                  JOIN account_move_line l ON l.move_id = m.id
                  JOIN account_account a
                    ON a.id = l.account_id AND a.account_type = 'asset_receivable'
                 WHERE (m.id = r.fee_move_id OR m.reversed_entry_id = r.fee_move_id)
                   AND m.state = 'posted' AND m.date BETWEEN %(first)s AND %(last)s
              ) AS l ON r.fee_move_id IS NOT NULL
             WHERE r.company_id = %(company)s
               AND r.date BETWEEN %(first)s AND %(last)s
               AND (r.amount_fee != 0 OR r.fee_move_id IS NOT NULL)
            """,
            columns=self._select(
                account_id=SQL("r.account_id"),
                receipt_id=SQL("r.id"),
                move_id=SQL("l.move_id"),
                date=SQL("r.date"),
                ledger=SQL("coalesce(l.amount, 0)"),
                document=SQL(
                    "CASE WHEN r.state = 'posted' THEN r.amount_fee ELSE 0 END"
                ),
            ),
            company=company.id,
            first=first,
            last=last,
        )

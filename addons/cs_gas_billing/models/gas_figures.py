from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ..tools.figures import (
    BUCKETS,
    DROP_MONTHS,
    TREND_MONTHS,
    months_back,
    percent,
    shift_month,
)
from ..tools.rounding import to_decimal

#: Rows of a comparison; the rest is behind it.
COMPARED = 8
#: States of a debit line that the bank has answered.
ANSWERS = ("accepted", "refused", "returned")
#: Customers of the list of falling use.
DROPS = 6


class GasFigures(models.AbstractModel):
    """The figures of a month up to a day, each from one statement.

    Everything is built on the positions of bills on that day, so what was right for a
    closed month stays so. Called with full rights after ``gas.dashboard`` has checked
    who asks; amounts leave as floats for the screen.
    """

    _name = "gas.figures"
    _description = "Figures of a Month"

    @api.model
    def _get_periods(self, company):
        """Return the first and the last month with posted bills, or Nones."""
        [(first, last)] = self.env.execute_query(
            SQL(
                """
                SELECT (SELECT period FROM gas_bill
                         WHERE company_id = %(company)s AND state = 'posted'
                           AND kind != 'opening' ORDER BY period LIMIT 1),
                       (SELECT period FROM gas_bill
                         WHERE company_id = %(company)s AND state = 'posted'
                           AND kind != 'opening' ORDER BY period DESC LIMIT 1)
                """,
                company=company.id,
            )
        )
        return first, last

    @api.model
    def _get_bills(self, company, period, day):
        """Return all that is summed from bills: they are read once.

        :return: ``trend`` of twelve months up to ``period``, ``aging`` of everything
            open, ``books`` and ``communities`` with the most open money of the month
        """
        months = months_back(period, TREND_MONTHS)
        rows = self.env.execute_query(
            SQL(
                """
                WITH bill AS MATERIALIZED (
                     SELECT s.*, kind != 'opening' AND period BETWEEN %(first)s
                                 AND %(last)s AS shown
                       FROM (%(source)s) s),
                     month AS (SELECT * FROM bill WHERE shown AND period = %(last)s)
                SELECT 'trend', period, %(sums)s
                  FROM bill b WHERE shown GROUP BY period
                 UNION ALL
                SELECT 'aging', %(bucket)s, sum(open)::text, NULL, NULL, count(*), 0
                  FROM bill b WHERE open != 0 GROUP BY 2
                 UNION ALL
                (SELECT 'books', book_id::text, %(sums)s
                   FROM month b GROUP BY book_id
                  ORDER BY sum(open) DESC, book_id LIMIT %(compared)s)
                 UNION ALL
                (SELECT 'communities', m.community, %(sums)s
                   FROM month b
                   LEFT JOIN gas_service_point p ON p.id = b.service_point_id
                   LEFT JOIN cs_premises m ON m.id = p.premises_id
                  GROUP BY m.community
                  ORDER BY sum(open) DESC, m.community LIMIT %(compared)s)
                """,
                first=months[0],
                last=months[-1],
                sums=SQL(
                    "sum(b.amount)::text, sum(b.amount - b.open)::text, "
                    "sum(b.volume)::text, count(*), "
                    "count(*) FILTER (WHERE b.kind = 'estimate')"
                ),
                bucket=self.env["gas.position"]._get_bucket_sql(SQL("days")),
                compared=COMPARED,
                source=self._get_source(company, day, months),
            )
        )
        parts = {"trend": [], "aging": [], "books": [], "communities": []}
        for part, *row in rows:
            parts[part].append(row)
        return {
            "trend": self._list_trend(months, parts["trend"]),
            "aging": self._list_aging(parts["aging"]),
            "books": self._list_books(parts["books"]),
            "communities": [
                {
                    "key": community or False,
                    "label": community or self.env._("Without address"),
                    **self._get_total(*values),
                }
                for community, *values in parts["communities"]
            ],
        }

    def _get_source(self, company, day, months):
        """Return the positions of the bills of some months, and of open ones."""
        return self.env["gas.position"]._get_source(
            day,
            SQL(
                "b.company_id = %s AND (%s OR b.kind != 'opening' "
                "AND b.period BETWEEN %s AND %s)",
                company.id,
                self._get_open_condition(company, day),
                months[0],
                months[-1],
            ),
        )

    def _get_open_condition(self, company, day):
        """Return what spares reading old paid bills if nothing happened after."""
        [(changed,)] = self.env.execute_query(
            SQL(
                """
                SELECT EXISTS (SELECT FROM account_partial_reconcile
                                WHERE company_id = %(company)s AND max_date > %(day)s)
                    OR EXISTS (SELECT FROM gas_settlement_undone
                                WHERE company_id = %(company)s AND undone_on > %(day)s)
                    OR EXISTS (SELECT FROM gas_bill
                                WHERE company_id = %(company)s
                                  AND cancelled_date > %(day)s)
                """,
                company=company.id,
                day=day,
            )
        )
        return SQL("TRUE") if changed else SQL("b.amount_residual != 0")

    def _list_trend(self, months, rows):
        known = {row[0]: row[1:] for row in rows}
        nothing = ("0", "0", "0", 0, 0)
        return [
            {"period": month, **self._get_total(*known.get(month, nothing))}
            for month in months
        ]

    def _list_aging(self, rows):
        known = {key: (amount, count) for key, amount, _c, _v, count, _e in rows}
        labels = dict(self.env["gas.position"]._get_buckets())
        return [
            {
                "bucket": key,
                "label": labels[key],
                "amount": float(known.get(key, ("0", 0))[0]),
                "count": known.get(key, ("0", 0))[1],
            }
            for key, _last in BUCKETS
        ]

    def _list_books(self, rows):
        ids = [int(row[0]) for row in rows if row[0]]
        names = {
            str(book.id): book.display_name for book in self.env["gas.book"].browse(ids)
        }
        return [
            {
                "key": int(key) if key else False,
                "label": names.get(key) or self.env._("Without book"),
                **self._get_total(*values),
            }
            for key, *values in rows
        ]

    def _get_total(self, billed, collected, volume, count, estimated):
        rate = percent(to_decimal(collected), to_decimal(billed))
        return {
            "billed": float(billed),
            "collected": float(collected),
            "open": float(to_decimal(billed) - to_decimal(collected)),
            "rate": self._show(rate),
            "volume": float(volume),
            "count": count,
            "estimated": estimated,
        }

    def _show(self, rate):
        return None if rate is None else float(rate)

    @api.model
    def _get_readings(self, company, period, day, month):
        """Return what was read, estimated, held and missed.

        :param dict month: the month's row of the trend
        """
        exceptions = self.env["gas.bill.run.exception"].with_context(gas_as_of=day)
        known = dict(
            self.env.execute_query(
                SQL(
                    "SELECT kind, count(*) FROM gas_bill_run_exception "
                    "WHERE id IN (%s) GROUP BY kind",
                    exceptions._get_pending_query(company, period),
                )
            )
        )
        held, missed = known.get("held", 0), known.get("missed", 0)
        faults = known.get("error", 0)
        due = month["count"] + held + missed + faults
        read = due - missed - month["estimated"]
        return {
            "due": due,
            "read": read,
            "rate": self._show(percent(read, due)),
            "held": held,
            "missed": missed,
            "error": faults,
            "estimated": month["estimated"],
            "estimate_rate": self._show(percent(month["estimated"], month["count"])),
        }

    @api.model
    def _get_tiers(self, company, period, day):
        """Return volume and amount by tier; prices without tiers are tier 0."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT CASE WHEN l.year = 0 THEN 0 ELSE l.tier END AS tier,
                       sum(l.quantity)::text, sum(l.amount)::text, count(*)
                  FROM gas_bill b JOIN gas_bill_line l ON l.bill_id = b.id
                 WHERE b.company_id = %s AND b.period = %s AND b.kind != 'opening'
                   AND %s
                 GROUP BY 1 ORDER BY 1
                """,
                company.id,
                period,
                self.env["gas.position"]._get_counted(day),
            )
        )
        total = sum((to_decimal(row[1]) for row in rows), Decimal(0))
        return [
            {
                "tier": tier,
                "volume": float(volume),
                "amount": float(amount),
                "count": count,
                "share": self._show(percent(to_decimal(volume), total)) or 0.0,
            }
            for tier, volume, amount, count in rows
        ]

    @api.model
    def _get_debit(self, company, period, day):
        """Return what the bank said about the month's bills, None if none was sent.

        A bill that was refused and sent again counts with each of its lines.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT CASE WHEN d.state IN ('accepted', 'refused', 'returned')
                             AND d.answered_on <= %(day)s
                            THEN d.state ELSE 'sent' END AS state,
                       count(*), sum(d.amount)::text
                  FROM gas_debit_line d
                  JOIN gas_bill b ON b.id = d.bill_id
                  JOIN gas_debit_batch t ON t.id = d.batch_id
                 WHERE b.company_id = %(company)s AND b.period = %(period)s
                   AND d.state NOT IN ('queued', 'dropped') AND t.date <= %(day)s
                 GROUP BY 1
                """,
                company=company.id,
                period=period,
                day=day,
            )
        )
        if not rows:
            return None
        result = {
            state: {"count": 0, "amount": 0.0}
            for state in ("accepted", "refused", "returned", "sent")
        }
        for state, count, amount in rows:
            result[state] = {"count": count, "amount": float(amount)}
        answered = sum(result[state]["count"] for state in ANSWERS)
        rate = percent(result["accepted"]["count"], answered)
        return {**result, "answered": answered, "rate": self._show(rate)}

    @api.model
    def _get_drops(self, company, period, day):
        """Return commercial customers of whom the month is far below the mean."""
        drops = self.env["gas.usage.drop"].with_context(
            gas_as_of=day, gas_first_month=shift_month(period, -DROP_MONTHS)
        )
        domain = [("company_id", "=", company.id), ("period", "=", period)]
        rows = drops.search_fetch(
            domain, ["account_id", "partner_id", "volume", "mean", "share"]
        )
        return {
            "count": len(rows),
            "rows": [
                {
                    "account_id": row.account_id.id,
                    "code": row.account_id.code,
                    "customer": row.partner_id.name,
                    "volume": row.volume,
                    "mean": row.mean,
                    "share": row.share,
                }
                for row in rows[:DROPS]
            ],
        }

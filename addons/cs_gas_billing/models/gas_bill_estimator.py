from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ..tools.charge import covered_months, spread
from ..tools.figures import shift_month
from ..tools.rounding import CENT

#: Actual months an average comes from.
MONTHS = 6


class GasBillEstimator(models.AbstractModel):
    """What estimated bills are made from, and how an actual reading ends them.

    The next actual reading counts from the last actual one. Its bill takes the place of
    all estimated bills since: they are marked at calculating, taken back in red at
    posting, and restored if the calculated bill is discarded.
    """

    _name = "gas.bill.estimator"
    _description = "Estimated Bills"

    # === FACTS ===#

    @api.model
    def _load_averages(self, readings):
        """Return {point id: [(volume, amount)]} of the last months, oldest first.

        :param readings: {point id: readings}; only points with an estimate among them
            are looked up
        """
        points = [
            point_id
            for point_id, rows in readings.items()
            if any(row["source"] == "estimate" for row in rows)
        ]
        months = self._load_month_amounts(points) if points else {}
        return {
            point_id: [(volume, amount) for _period, volume, amount in rows[:MONTHS]][
                ::-1
            ]
            for point_id, rows in months.items()
        }

    @api.model
    def _load_month_amounts(self, point_ids):
        """Return {point id: [(period, volume, amount)]} of actual months, latest first.

        A bill over several months counts as so many equal months; two bills in one
        month are one.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT b.service_point_id, b.period, sum(b.volume)::text,
                       sum(b.amount_total)::text, max(b.date_to) - min(b.date_from),
                       c.gas_long_days
                  FROM gas_bill b JOIN res_company c ON c.id = b.company_id
                 WHERE b.service_point_id = ANY(%s) AND b.kind = 'actual'
                   AND b.state != 'cancelled' AND b.replaced_by_id IS NULL
                 GROUP BY b.service_point_id, b.period, c.gas_long_days
                """,
                list(point_ids),
            )
        )
        months = defaultdict(lambda: defaultdict(lambda: [0, 0]))
        for point_id, period, volume, amount, days, long_days in rows:
            parts = covered_months(days or 0, long_days)
            shares = zip(
                spread(volume, parts), spread(amount, parts, CENT), strict=True
            )
            for number, (part, price) in enumerate(shares):
                month = months[point_id][shift_month(period, number + 1 - parts)]
                month[0] += part
                month[1] += price
        return {
            point_id: [
                (period, *known[period]) for period in sorted(known, reverse=True)
            ]
            for point_id, known in months.items()
        }

    @api.model
    def _load_replaced(self, point_ids, readings):
        """Return {point id: estimated bills that its actual readings overtake}.

        Unbilled estimates that are overtaken are taken out of ``readings``, and actual
        readings that stood on the replaced bills (the old meter's, after an exchange)
        are put in.
        """
        latest = self._get_latest_actual(readings)
        result = defaultdict(list)
        seen = set()
        for row in self._load_estimates(point_ids):
            overtaken = row["actual_date"] < latest.get(
                row["install_id"], row["actual_date"]
            )
            if overtaken and row["bill_id"] not in seen:
                seen.add(row["bill_id"])
                result[row["point_id"]].append(row)
        for rows in readings.values():
            rows[:] = [
                row
                for row in rows
                if row["source"] != "estimate"
                or row["actual_date"]
                >= latest.get(row["install_id"], row["actual_date"])
            ]
        self._take_over(result, readings)
        return dict(result)

    def _get_latest_actual(self, readings):
        """Return {install id: day of its last actual reading} among ``readings``."""
        latest = {}
        for rows in readings.values():
            for row in rows:
                if row["source"] != "estimate":
                    known = latest.get(row["install_id"], row["read_date"])
                    latest[row["install_id"]] = max(known, row["read_date"])
        return latest

    def _load_estimates(self, point_ids):
        """Return the estimates that stand on bills which nothing replaces yet."""
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT r.service_point_id AS point_id, r.install_id, r.actual_date,
                       b.id AS bill_id, b.state, b.period, b.debit_line_id
                  FROM gas_reading r JOIN gas_bill b ON b.id = r.bill_id
                 WHERE r.service_point_id = ANY(%s) AND r.source = 'estimate'
                   AND r.state = 'billed' AND b.state != 'cancelled'
                   AND b.replaced_by_id IS NULL
                 ORDER BY b.date_to, b.id
                """,
                list(point_ids),
            )
        )

    def _take_over(self, replaced, readings):
        """Bill the actual readings of replaced bills again."""
        bill_ids = [row["bill_id"] for rows in replaced.values() for row in rows]
        if not bill_ids:
            return
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT %s
                 WHERE r.bill_id = ANY(%s) AND r.source != 'estimate'
                   AND r.state = 'billed'
                """,
                self.env["gas.bill.facts"]._get_reading_columns(),
                bill_ids,
            )
        )
        for row in rows:
            readings[row["service_point_id"]].append(row)
        for point_id in {row["service_point_id"] for row in rows}:
            readings[point_id].sort(key=lambda row: (row["read_date"], row["id"]))

    @api.model
    def _load_provisional(self, point_ids, gone):
        """Return (point, year, m³) of estimates that do not count any more.

        :param gone: estimated bills about to be replaced; those that wait for the
            posting of their successor are found here
        """
        return self.env.execute_query(
            SQL(
                """
                SELECT l.service_point_id, l.cycle_year, l.quantity::text
                  FROM gas_bill b JOIN gas_usage_ledger l ON l.bill_id = b.id
                 WHERE b.service_point_id = ANY(%s) AND b.kind = 'estimate'
                   AND b.state != 'cancelled' AND l.kind = 'provisional'
                   AND (b.replaced_by_id IS NOT NULL OR b.id = ANY(%s::int[]))
                """,
                list(point_ids),
                list(gone),
            )
        )

    # === BEFORE CALCULATING ===#

    @api.model
    def _clear_overtaken(self, run, point_ids):
        """Drop estimates that an actual reading came in for; sudo.

        An estimated bill that this run calculated and nobody posted is simply thrown
        away; posted ones are replaced.
        """
        self.env.flush_all()
        bills = self.env["gas.bill"].browse(
            row[0]
            for row in self.env.execute_query(
                SQL(
                    """
                    SELECT DISTINCT b.id
                      FROM gas_reading e JOIN gas_bill b ON b.id = e.bill_id
                     WHERE e.service_point_id = ANY(%s) AND e.source = 'estimate'
                       AND e.state = 'billed' AND b.state = 'calc' AND b.run_id = %s
                       AND EXISTS (
                           SELECT FROM gas_reading a
                            WHERE a.install_id = e.install_id
                              AND a.state = 'validated' AND a.source != 'estimate'
                              AND a.read_date > e.actual_date)
                    """,
                    list(point_ids),
                    run.id,
                )
            )
        )
        if bills:
            self.env["gas.bill.calculator"]._discard(bills)
            self.env.flush_all()
        self.env["gas.reading.estimator"]._supersede(points=point_ids)

    # === REPLACING ===#

    @api.model
    def _mark_replaced(self, drafts):
        """Take replaced bills out of the way of their successors, which have no id yet.

        Both may end on the same day: a bill that points to itself is replaced by one
        that is being made.
        """
        bill_ids = [row["bill_id"] for draft in drafts for row in draft["replaced"]]
        if bill_ids:
            self.env.execute_query(
                SQL(
                    "UPDATE gas_bill SET replaced_by_id = id WHERE id = ANY(%s) "
                    "RETURNING id",
                    bill_ids,
                )
            )

    @api.model
    def _link_replaced(self, bills):
        """Lead each replaced bill to its successor.

        :param bills: pairs of (bill id, its draft)
        """
        pairs = [
            (row["bill_id"], bill_id)
            for bill_id, draft in bills
            for row in draft["replaced"]
        ]
        if pairs:
            self.env.execute_query(
                SQL(
                    "UPDATE gas_bill b SET replaced_by_id = p.successor "
                    "FROM unnest(%s, %s) AS p(id, successor) WHERE b.id = p.id "
                    "RETURNING b.id",
                    [pair[0] for pair in pairs],
                    [pair[1] for pair in pairs],
                )
            )

    @api.model
    def _release(self, bills):
        """Estimated readings end with the bill that was taken back; sudo."""
        estimates = bills.filtered(
            lambda bill: bill.kind == "estimate"
        ).reading_ids.filtered(
            lambda reading: reading.source == "estimate" and reading.state == "billed"
        )
        if estimates:
            estimates.write({"state": "superseded"})

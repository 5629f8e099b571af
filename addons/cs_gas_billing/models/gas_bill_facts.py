from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ..tools.rounding import to_decimal


class GasBillFacts(models.AbstractModel):
    """What rating needs to know of a chunk of service points, in a few statements."""

    _name = "gas.bill.facts"
    _description = "Facts for Bills"

    @api.model
    def _load(self, run, point_ids, extra=None):
        """Return the facts by name, each a mapping of service point ids.

        :param dict extra: {point id: a reading that is only supposed}; then nothing is
            locked
        :return: ``readings``, ``replaced`` (estimated bills they overtake), ``months``
            (for those that are estimated), ``terms``, ``ledger``, ``persons`` and
            ``previous``
        """
        readings = self._load_readings(run, point_ids, lock=extra is None)
        for point_id, reading in (extra or {}).items():
            readings[point_id].append(reading)
        estimates = self.env["gas.bill.estimator"]
        replaced = estimates._load_replaced(point_ids, readings)
        gone = [row["bill_id"] for rows in replaced.values() for row in rows]
        return {
            "readings": readings,
            "replaced": replaced,
            "months": estimates._load_averages(readings),
            "terms": self._load_terms(run, point_ids),
            "ledger": self._load_ledger(point_ids, gone),
            "persons": self._load_persons(point_ids),
            "previous": self._load_previous(point_ids, gone),
        }

    def _load_readings(self, run, point_ids, lock=True):
        """Return {point id: its unbilled readings, oldest first}; rows are locked."""
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT %s
                 WHERE r.service_point_id = ANY(%s) AND r.state = 'validated'
                   AND r.read_date <= %s
                 ORDER BY r.service_point_id, r.read_date, r.id
                %s
                """,
                self._get_reading_columns(),
                point_ids,
                run.read_date_to,
                SQL("FOR UPDATE OF r") if lock else SQL(""),
            )
        )
        result = defaultdict(list)
        for row in rows:
            result[row["service_point_id"]].append(row)
        return result

    @api.model
    def _get_reading_columns(self):
        return SQL(
            """
            r.id, r.service_point_id, r.install_id, r.read_date, r.value::text,
            r.prev_date, r.prev_value::text, r.usage::text, r.source, r.actual_date,
            m.decimals
              FROM gas_reading r
              JOIN gas_meter_install i ON i.id = r.install_id
              JOIN gas_meter m ON m.id = i.meter_id
            """
        )

    def _load_terms(self, run, point_ids):
        """Return {point id: [agreements with their account]}."""
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT g.service_point_id, g.id AS agreement_id, g.tariff_id,
                       g.date_from, g.date_to, a.id AS account_id, a.partner_id,
                       a.category, a.opened_on, a.book_id, a.book_seq
                  FROM gas_agreement g JOIN gas_account a ON a.id = g.account_id
                 WHERE g.service_point_id = ANY(%s)
                """,
                point_ids,
            )
        )
        result = defaultdict(list)
        for row in rows:
            result[row["service_point_id"]].append(row)
        return result

    def _load_ledger(self, point_ids, gone=()):
        """Return {point id: {year: volume}}, without estimates that are taken back.

        :param gone: bills that are about to be replaced
        """
        rows = self.env.execute_query(
            SQL(
                "SELECT service_point_id, cycle_year, sum(quantity)::text "
                "FROM gas_usage_ledger WHERE service_point_id = ANY(%s) "
                "GROUP BY service_point_id, cycle_year",
                point_ids,
            )
        )
        result = defaultdict(dict)
        for point_id, year, quantity in rows:
            result[point_id][year] = to_decimal(quantity)
        provisional = self.env["gas.bill.estimator"]._load_provisional(point_ids, gone)
        for point_id, year, quantity in provisional:
            result[point_id][year] -= to_decimal(quantity)
        return result

    def _load_persons(self, point_ids):
        """Return {point id: [[from, persons]]} in order of time."""
        self.env["gas.household"].flush_model()
        rows = self.env.execute_query(
            SQL(
                "SELECT service_point_id, date_from, persons FROM gas_household "
                "WHERE service_point_id = ANY(%s) ORDER BY service_point_id, date_from",
                point_ids,
            )
        )
        result = defaultdict(list)
        for point_id, day, persons in rows:
            result[point_id].append([day.isoformat(), persons])
        return result

    def _load_previous(self, point_ids, gone=()):
        """Return {point id: (volume, amount, last version, account)} of the last bill.

        :param gone: bills that are about to be replaced
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT p.id, b.volume::text, b.amount_total::text, l.version_id,
                       b.account_id
                  FROM unnest(%s::int[]) AS p(id)
                 CROSS JOIN LATERAL (
                       SELECT id, volume, amount_total, account_id FROM gas_bill
                        WHERE service_point_id = p.id AND state != 'cancelled'
                          AND kind != 'opening' AND replaced_by_id IS NULL
                          AND NOT id = ANY(%s::int[])
                        ORDER BY date_to DESC LIMIT 1) b
                  LEFT JOIN LATERAL (
                       SELECT version_id FROM gas_bill_line
                        WHERE bill_id = b.id ORDER BY sequence DESC LIMIT 1) l ON TRUE
                """,
                point_ids,
                list(gone),
            )
        )
        return {row[0]: row[1:] for row in rows}

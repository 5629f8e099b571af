from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ..tools.rounding import plain, to_decimal


class GasBillFacts(models.AbstractModel):
    """What rating needs to know of a chunk of service points, in a few statements."""

    _name = "gas.bill.facts"
    _description = "Facts for Bills"

    @api.model
    def _load(self, run, point_ids):
        """Return the facts by name, each a mapping of service point ids.

        :return: ``readings``, ``terms``, ``ledger``, ``persons`` and ``previous``
        """
        return {
            "readings": self._load_readings(run, point_ids),
            "terms": self._load_terms(run, point_ids),
            "ledger": self._load_ledger(point_ids),
            "persons": self._load_persons(point_ids),
            "previous": self._load_previous(point_ids),
        }

    def _load_readings(self, run, point_ids):
        """Return {point id: its unbilled readings, oldest first}; rows are locked."""
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT r.id, r.service_point_id, r.read_date, r.value::text,
                       r.prev_date, r.prev_value::text, r.usage::text, r.source,
                       m.decimals
                  FROM gas_reading r
                  JOIN gas_meter_install i ON i.id = r.install_id
                  JOIN gas_meter m ON m.id = i.meter_id
                 WHERE r.service_point_id = ANY(%s) AND r.state = 'validated'
                   AND r.read_date <= %s
                 ORDER BY r.service_point_id, r.read_date, r.id
                   FOR UPDATE OF r
                """,
                point_ids,
                run.read_date_to,
            )
        )
        result = defaultdict(list)
        for row in rows:
            result[row["service_point_id"]].append(row)
        return result

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

    def _load_ledger(self, point_ids):
        """Return {point id: {year: volume}}."""
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
            result[point_id][year] = plain(to_decimal(quantity))
        return result

    def _load_persons(self, point_ids):
        """Return {point id: [[from, persons]]} in order of time."""
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

    def _load_previous(self, point_ids):
        """Return {point id: (volume, amount, last version)} of the last bill."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT p.id, b.volume::text, b.amount_total::text, l.version_id
                  FROM unnest(%s::int[]) AS p(id)
                 CROSS JOIN LATERAL (
                       SELECT id, volume, amount_total FROM gas_bill
                        WHERE service_point_id = p.id AND state != 'cancelled'
                          AND kind != 'opening'
                        ORDER BY date_to DESC LIMIT 1) b
                  LEFT JOIN LATERAL (
                       SELECT version_id FROM gas_bill_line
                        WHERE bill_id = b.id ORDER BY sequence DESC LIMIT 1) l ON TRUE
                """,
                point_ids,
            )
        )
        return {row[0]: row[1:] for row in rows}

from datetime import timedelta

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..tools.rounding import plain, to_decimal
from .gas_reading_miss import MISS_REASONS


class GasReader(models.AbstractModel):
    """The meter reader's phone 抄表: his own books, in the order he walks.

    The page keeps what it gets here and works without a connection; what it sends
    back is taken by ``gas.reader.push``.
    """

    _name = "gas.reader"
    _description = "Reader's Phone"

    @api.model
    def _check_role(self):
        if not self.env.user.has_group("cs_gas_billing.group_reader"):
            raise AccessError(
                self.env._("Only meter readers have books to read on the phone.")
            )

    @api.model
    def _get_books(self):
        """Return the user's own books with all their lines and the rules to check.

        Phones and bank accounts stay out.
        """
        self._check_role()
        company = self.env.company
        books_sudo = (
            self.env["gas.book"]
            .sudo()
            .search([("reader_id", "=", self.env.uid), ("company_id", "=", company.id)])
        )
        lines = self._get_lines(company, books_sudo)
        return {
            "uid": self.env.uid,
            "user": self.env.user.name,
            "company": company.name,
            "today": company._cs_today().isoformat(),
            "rules": {
                "high": company.gas_high_ratio,
                "low": company.gas_low_ratio,
                "low_commercial": company.gas_low_ratio_commercial,
                "max_mb": company.gas_photo_max_mb,
            },
            "reasons": self._get_reasons(),
            "books": [
                {
                    "id": book.id,
                    "code": book.code,
                    "name": book.name or "",
                    "lines": lines.get(book.id, []),
                }
                for book in books_sudo
            ],
        }

    def _get_reasons(self):
        field = self.env["gas.reading.miss"]._fields["reason"]
        labels = dict(field._description_selection(self.env))
        return [[code, labels[code]] for code, _label in MISS_REASONS]

    @api.model
    def _get_lines(self, company, books, install_ids=None):
        """Return {book id: [line]} in walking order.

        :param install_ids: only these meters; default: all
        """
        rows = self._load_rows(company, books, install_ids)
        vee = self.env["gas.reading.vee"]
        history = vee._load_history({row["service_point_id"] for row in rows})
        states = dict(
            self.env["gas.reading"]._fields["state"]._description_selection(self.env)
        )
        lines = {}
        for row in rows:
            mean = vee._get_mean(row, history)
            lines.setdefault(row["book_id"], []).append(
                {
                    "install": row["install_id"],
                    "seq": row["book_seq"],
                    "code": row["code"],
                    "name": row["name"] or "",
                    "address": row["address"] or "",
                    "place": row["place"] or "",
                    "room": row["room"] or "",
                    "serial": row["serial"],
                    "seal": row["seal"] or "",
                    "note": row["note"] or "",
                    "category": row["category"],
                    "stopped": row["account_state"] != "active"
                    or row["point_state"] != "live",
                    "digits": row["digits"],
                    "decimals": row["decimals"],
                    "qmax": float(row["qmax"]),
                    "mean": round(float(mean), 3) if mean else None,
                    "prev": row["prev_value"] and plain(to_decimal(row["prev_value"])),
                    "prev_date": row["prev_date"] and row["prev_date"].isoformat(),
                    "read": self._get_read(row, states),
                    "customer": self._get_customer_reading(row),
                    "miss": self._get_miss(row),
                }
            )
        return lines

    def _get_read(self, row, states):
        """Return this round's reading of the meter, or None."""
        if row["read_state"] is None:
            return None
        return {
            "value": plain(to_decimal(row["read_value"])),
            "date": row["read_date"].isoformat(),
            "state": row["read_state"],
            "label": states[row["read_state"]],
            "uuid": row["read_uuid"] or "",
            "reader": row["reader"] or "",
        }

    def _get_customer_reading(self, row):
        """Return what the customer sent himself and nobody confirmed yet, or None."""
        if row["customer_value"] is None:
            return None
        return {
            "value": plain(to_decimal(row["customer_value"])),
            "date": row["customer_date"].isoformat(),
        }

    def _get_miss(self, row):
        if row["miss_reason"] is None:
            return None
        return {
            "reason": row["miss_reason"],
            "date": row["miss_date"].isoformat(),
            "uuid": row["miss_uuid"] or "",
        }

    def _load_rows(self, company, books, install_ids):
        self.env.flush_all()
        today = company._cs_today()
        chosen = SQL("")
        if install_ids is not None:
            chosen = SQL("AND i.id = ANY(%s)", list(install_ids))
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT a.book_id, a.book_seq, a.code, a.category, a.note,
                       a.state AS account_state, p.name,
                       pr.full_address AS address, pr.room,
                       concat_ws(' ', pr.community, pr.building, pr.unit) AS place,
                       s.id AS service_point_id, s.state AS point_state,
                       s.opening_mean::text, i.id AS install_id, i.seal,
                       m.serial, m.digits, m.decimals, m.qmax::text,
                       last.value::text AS prev_value, last.read_date AS prev_date,
                       cur.value::text AS read_value, cur.read_date, cur.reader,
                       cur.state AS read_state, cur.client_uuid AS read_uuid,
                       own.value::text AS customer_value,
                       own.read_date AS customer_date,
                       miss.reason AS miss_reason, miss.miss_date,
                       miss.client_uuid AS miss_uuid
                  FROM %(meters)s
                  LEFT JOIN LATERAL (
                       SELECT value, read_date, reader, state, client_uuid
                         FROM gas_reading
                        WHERE install_id = i.id AND read_date > %(since)s
                          AND state IN ('validated', 'billed', 'held')
                          AND source NOT IN ('opening', 'estimate')
                          AND NOT (state = 'held' AND from_customer IS TRUE)
                        ORDER BY read_date DESC, id DESC LIMIT 1) cur ON TRUE
                  LEFT JOIN LATERAL (
                       SELECT value, read_date FROM gas_reading
                        WHERE install_id = i.id AND state IN ('validated', 'billed')
                          AND (cur.read_date IS NULL OR read_date < cur.read_date)
                        ORDER BY read_date DESC, id DESC LIMIT 1) last ON TRUE
                  LEFT JOIN LATERAL (
                       SELECT value, read_date FROM gas_reading
                        WHERE install_id = i.id AND read_date > %(since)s
                          AND state = 'held' AND from_customer IS TRUE
                        ORDER BY read_date DESC, id DESC LIMIT 1) own ON TRUE
                  LEFT JOIN LATERAL (
                       SELECT reason, miss_date, client_uuid FROM gas_reading_miss
                        WHERE install_id = i.id AND miss_date > %(since)s
                        ORDER BY miss_date DESC, id DESC LIMIT 1) miss ON TRUE
                 WHERE a.book_id = ANY(%(books)s) AND a.state != 'closed'
                   AND a.company_id = %(company)s %(chosen)s
                 ORDER BY a.book_id, a.book_seq, a.code, m.serial
                """,
                meters=books._get_meters(today),
                since=today - timedelta(days=company.gas_reader_days),
                books=books.ids,
                company=company.id,
                chosen=chosen,
            )
        )

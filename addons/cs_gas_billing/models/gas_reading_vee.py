from datetime import timedelta
from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.rounding import to_decimal
from ..tools.usage import check_usage
from .gas_reading import HOLDING


class GasReadingVee(models.AbstractModel):
    """Validates readings in batches: facts in a few statements, rules in ``tools``."""

    _name = "gas.reading.vee"
    _description = "Validation of Readings"

    # === FACTS ===#

    @api.model
    def _load_installs(self, company, serials):
        """Return {serial: [installation facts]} for meters that are or were installed.

        Each row: install, service point and its state, account (with code, category,
        state, book), the days of both, and what the register is like.
        """
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT m.serial, m.digits, m.decimals, m.qmax::text,
                       i.id AS install_id, i.date_from, i.date_to,
                       p.id AS service_point_id, p.state AS point_state,
                       p.opening_mean::text,
                       a.id AS account_id, a.code AS account, a.category,
                       a.state AS account_state, a.book_id,
                       g.date_from AS agreed_from, g.date_to AS agreed_to
                  FROM gas_meter m
                  JOIN gas_meter_install i ON i.meter_id = m.id
                  JOIN gas_service_point p ON p.id = i.service_point_id
                  JOIN gas_agreement g ON g.service_point_id = p.id
                  JOIN gas_account a ON a.id = g.account_id
                 WHERE m.company_id = %s AND m.serial = ANY(%s)
                """,
                company.id,
                list(serials),
            )
        )
        result = {}
        for row in rows:
            result.setdefault(row["serial"], []).append(row)
        return result

    @api.model
    def _load_last_readings(self, install_ids):
        """Return {install id: its last standing reading}."""
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT i.id AS install_id, r.id, r.read_date, r.value::text
                  FROM unnest(%s::int[]) AS i(id)
                 CROSS JOIN LATERAL (
                       SELECT id, read_date, value FROM gas_reading
                        WHERE install_id = i.id AND state IN ('validated', 'billed')
                        ORDER BY read_date DESC, id DESC LIMIT 1) r
                """,
                list(install_ids),
            )
        )
        return {row["install_id"]: row for row in rows}

    @api.model
    def _load_same_days(self, install_ids, days):
        """Return {(install id, day): [known readings]} that stand or wait."""
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT id, install_id, read_date, value::text, state FROM gas_reading
                 WHERE install_id = ANY(%s) AND read_date = ANY(%s)
                   AND state IN ('validated', 'billed', 'held')
                """,
                list(install_ids),
                list(days),
            )
        )
        result = {}
        for row in rows:
            result.setdefault((row["install_id"], row["read_date"]), []).append(row)
        return result

    @api.model
    def _load_history(self, point_ids, months=6):
        """Return {service point id: [actual volumes of its last months, latest first]}.

        Estimated bills are no actual months; two bills in one period are one month.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT p.id, array_agg(b.volume::text ORDER BY b.period DESC)
                  FROM unnest(%s::int[]) AS p(id)
                 CROSS JOIN LATERAL (
                       SELECT period, sum(volume) AS volume FROM gas_bill
                        WHERE service_point_id = p.id AND kind = 'actual'
                          AND state != 'cancelled'
                        GROUP BY period ORDER BY period DESC LIMIT %s) b
                 GROUP BY p.id
                """,
                list(point_ids),
                months,
            )
        )
        return {
            point_id: [to_decimal(volume) for volume in volumes]
            for point_id, volumes in rows
        }

    @api.model
    def _load_pending(self, point_ids):
        """Return {service point id: [validated, unbilled segments]}."""
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT r.service_point_id, r.install_id, r.prev_date,
                       r.prev_value::text, r.value::text, m.digits, m.qmax::text
                  FROM gas_reading r
                  JOIN gas_meter_install i ON i.id = r.install_id
                  JOIN gas_meter m ON m.id = i.meter_id
                 WHERE r.service_point_id = ANY(%s) AND r.state = 'validated'
                """,
                list(point_ids),
            )
        )
        result = {}
        for row in rows:
            result.setdefault(row["service_point_id"], []).append(row)
        return result

    # === RULES ===#

    @api.model
    def _get_mean(self, facts, history):
        """Return the mean of six actual months, or the opening mean until then."""
        months = history.get(facts["service_point_id"], [])
        if len(months) >= 6:
            return sum(months, Decimal(0)) / len(months)
        if facts["opening_mean"] and to_decimal(facts["opening_mean"]):
            return to_decimal(facts["opening_mean"])
        if months:
            return sum(months, Decimal(0)) / len(months)
        return None

    @api.model
    def _evaluate(self, company, facts, previous, value, day, history, pending):
        """Check one reading.

        :param facts: row of :meth:`_load_installs`
        :param previous: the last standing reading of the install
        :param Decimal value: the register on ``day``
        :return: dict of usage, mean, codes and whether it is held
        """
        segments = [
            {
                "prev": row["prev_value"],
                "cur": row["value"],
                "digits": row["digits"],
                "qmax": row["qmax"],
            }
            for row in pending.get(facts["service_point_id"], [])
            if row["install_id"] != facts["install_id"]
        ]
        own = {
            "prev": previous["value"],
            "cur": value,
            "digits": facts["digits"],
            "qmax": facts["qmax"],
        }
        started = min(
            [previous["read_date"]]
            + [
                row["prev_date"]
                for row in pending.get(facts["service_point_id"], [])
                if row["install_id"] != facts["install_id"] and row["prev_date"]
            ]
        )
        days = (day - started).days
        mean = self._get_mean(facts, history)
        rules = company._get_vee_rules()
        result = check_usage(
            {
                "segments": [*segments, own],
                "days": days,
                "mean": mean,
                "category": facts["category"],
            },
            **rules,
        )
        codes = list(result["codes"])
        alone = check_usage(
            {"segments": [own], "days": days, "mean": None, "category": "resident"},
            **rules,
        )
        usage = alone["usage"]
        usage = None if usage is None else to_decimal(usage)
        if usage and (
            facts["account_state"] != "active" or facts["point_state"] != "live"
        ):
            codes.append("STOP")
        if days > company.gas_long_days:
            codes.append("LONG")
        return {
            "usage": usage,
            "mean": mean,
            "codes": codes,
            "held": bool(result["held"]) or bool(HOLDING.intersection(codes)),
        }

    # === ENTRY BY HAND ===#

    @api.model
    def _enter(self, vals_list):
        """Create readings entered one by one through the checks.

        :param vals_list: dicts with ``install_id`` (or ``service_point_id``),
            ``read_date``, ``value`` and optionally ``source``, ``note``, ``reader``
        """
        readings = self.env["gas.reading"]
        return readings.concat(*(self._enter_one(vals) for vals in vals_list))

    def _enter_one(self, vals):
        install = self.env["gas.meter.install"].browse(vals.get("install_id"))
        if not install and vals.get("service_point_id"):
            point = self.env["gas.service.point"].browse(vals["service_point_id"])
            install = self.env["gas.meter.install"]._current_for(point).get(
                point, install
            )
        if not install:
            raise UserError(self.env._("Choose the meter that was read."))
        install.check_access("read")
        company = install.company_id
        day = self.env["gas.reading"]._fields["read_date"].convert_to_cache(
            vals.get("read_date"), self.env["gas.reading"]
        )
        value = to_decimal(str(round(vals.get("value") or 0.0, 3)))
        values = self.sudo()._prepare_entry(company, install, day, value)
        source = vals.get("source") or "manual"
        if source not in ("manual", "photo", "check"):
            raise UserError(self.env._("Only readings made by people are entered here."))
        values.update(
            source=source, note=vals.get("note") or None, reader=self.env.user.name
        )
        sudo_reading = self.env["gas.reading"].sudo().create(values)
        return sudo_reading.sudo(False)

    def _prepare_entry(self, company, install, day, value):
        """Return the values of a checked reading of ``install`` on ``day``; sudo."""
        if not day or day > company._cs_today() + timedelta(
            days=company.gas_future_days
        ):
            raise UserError(self.env._("The reading's date lies in the future."))
        if value < 0:
            raise UserError(self.env._("A register can't be negative."))
        self.env.flush_all()
        known = self._load_installs(company, [install.meter_id.serial])
        facts = self._choose_install(
            [
                row
                for row in known.get(install.meter_id.serial, [])
                if row["install_id"] == install.id
            ],
            day,
        )
        if not facts:
            raise UserError(
                self.env._("The meter was not installed at an account on this day.")
            )
        previous = self._load_last_readings([install.id]).get(install.id)
        if not previous or previous["read_date"] >= day:
            raise UserError(
                self.env._(
                    "The meter has a reading on %s; a new one must be later.",
                    previous["read_date"] if previous else "-",
                )
            )
        outcome = self._evaluate(
            company,
            facts,
            previous,
            value,
            day,
            self._load_history([facts["service_point_id"]]),
            self._load_pending([facts["service_point_id"]]),
        )
        return self._prepare_reading(company, facts, previous, value, day, outcome)

    @api.model
    def _choose_install(self, rows, day, account=None):
        """Return the facts of ``rows`` valid on ``day`` (for ``account``), or None."""
        for row in rows:
            if (
                (account is None or row["account"] == account)
                and row["date_from"] <= day
                and (row["date_to"] is None or day <= row["date_to"])
                and row["agreed_from"] <= day
                and (row["agreed_to"] is None or day <= row["agreed_to"])
            ):
                return row
        return None

    @api.model
    def _prepare_reading(self, company, facts, previous, value, day, outcome):
        return {
            "company_id": company.id,
            "service_point_id": facts["service_point_id"],
            "install_id": facts["install_id"],
            "account_id": facts["account_id"],
            "book_id": facts["book_id"],
            "read_date": day,
            "value": value,
            "previous_id": previous["id"],
            "prev_date": previous["read_date"],
            "prev_value": previous["value"],
            "usage": outcome["usage"] or 0,
            "mean": outcome["mean"] or 0,
            "vee_codes": ",".join(outcome["codes"]) or None,
            "state": "held" if outcome["held"] else "validated",
        }

    @api.model
    def _raise_tasks(self, readings):
        """Tasks on the account for its reader: theft, low use, zero three times."""
        zero = readings.filtered(lambda r: "ZERO" in (r.vee_codes or "").split(","))
        history = self._load_history(zero.service_point_id.ids, 2)
        found = {"stop": [], "low": [], "zero": []}
        for reading in readings:
            codes = (reading.vee_codes or "").split(",")
            months = history.get(reading.service_point_id.id, [])
            if "STOP" in codes:
                found["stop"].append(reading)
            elif "LOW" in codes and reading.account_id.category == "commercial":
                found["low"].append(reading)
            elif "ZERO" in codes and len(months) >= 2 and not any(months):
                found["zero"].append(reading)
        summaries = {
            "stop": self.env._("Gas used while stopped: check on site"),
            "low": self.env._("Use dropped: check the meter"),
            "zero": self.env._("No use three times in a row: inspect the meter"),
        }
        for key, flagged in found.items():
            accounts = self.env["gas.account"].concat(*(r.account_id for r in flagged))
            accounts._schedule_reader_task(
                summaries[key],
                {
                    reading.account_id.id: self.env._(
                        "%(day)s: register %(value)s, usage %(usage)s m³",
                        day=reading.read_date,
                        value=reading.value,
                        usage=reading.usage,
                    )
                    for reading in flagged
                },
            )

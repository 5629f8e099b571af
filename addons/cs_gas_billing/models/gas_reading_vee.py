from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ..tools.charge import covered_months, spread
from ..tools.figures import shift_month
from ..tools.rounding import plain, to_decimal
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
                 ORDER BY i.date_from DESC, g.date_from DESC
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
    def _choose_install(self, rows, day, account=None, install_id=None):
        """Return the facts of ``rows`` that are valid on ``day``, or None.

        A place whose customer moved out and that nobody took over is still his, so that
        gas used there is noticed.
        """
        installed = [
            row
            for row in rows
            if install_id in (None, row["install_id"])
            and row["date_from"] <= day
            and (row["date_to"] is None or day <= row["date_to"])
            and row["agreed_from"] <= day
        ]
        valid = [
            row for row in installed if not row["agreed_to"] or day <= row["agreed_to"]
        ]
        for row in valid or installed[:1]:
            if account in (None, row["account"]):
                return row
        return None

    @api.model
    def _load_last_readings(self, install_ids):
        """Return {install id: its last standing reading}; estimates don't count."""
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT i.id AS install_id, r.id, r.read_date, r.value::text
                  FROM unnest(%s::int[]) AS i(id)
                 CROSS JOIN LATERAL (
                       SELECT id, read_date, value FROM gas_reading
                        WHERE install_id = i.id AND state IN ('validated', 'billed')
                          AND source != 'estimate'
                        ORDER BY read_date DESC, id DESC LIMIT 1) r
                """,
                list(install_ids),
            )
        )
        return {row["install_id"]: row for row in rows}

    @api.model
    def _load_readings_before(self, pairs):
        """Return {(install id, day): the last standing reading before that day}."""
        pairs = list(pairs)
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT i.id AS install_id, i.day, r.id, r.read_date, r.value::text
                  FROM unnest(%s::int[], %s::date[]) AS i(id, day)
                 CROSS JOIN LATERAL (
                       SELECT id, read_date, value FROM gas_reading
                        WHERE install_id = i.id AND state IN ('validated', 'billed')
                          AND source != 'estimate' AND read_date < i.day
                        ORDER BY read_date DESC, id DESC LIMIT 1) r
                """,
                [install_id for install_id, _day in pairs],
                [day for _install_id, day in pairs],
            )
        )
        return {(row["install_id"], row["day"]): row for row in rows}

    @api.model
    def _load_same_days(self, install_ids, days):
        """Return {(install id, day): [readings of that day in any state]}.

        Neither the opening register nor an estimate is one of them: nothing
        contradicts these.
        """
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT id, install_id, read_date, value::text, state, decision
                  FROM gas_reading
                 WHERE install_id = ANY(%s) AND read_date = ANY(%s::date[])
                   AND source NOT IN ('opening', 'estimate')
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
    def _load_months(self, point_ids, months=6):
        """Return {service point id: [(period, actual volume)], latest first}.

        Estimated bills are no actual months; two bills in one period are one month. A
        bill over several months (nobody read, or estimates were trued up) is as many
        equal months.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT p.id, b.period, b.volume::text, b.days, c.gas_long_days
                  FROM unnest(%s::int[]) AS p(id)
                  JOIN gas_service_point s ON s.id = p.id
                  JOIN res_company c ON c.id = s.company_id
                 CROSS JOIN LATERAL (
                       SELECT period, sum(volume) AS volume,
                              max(date_to) - min(date_from) AS days
                         FROM gas_bill
                        WHERE service_point_id = p.id AND kind = 'actual'
                          AND state != 'cancelled'
                        GROUP BY period ORDER BY period DESC LIMIT %s) b
                 ORDER BY p.id, b.period DESC
                """,
                list(point_ids),
                months,
            )
        )
        result = {}
        for point_id, period, volume, days, long_days in rows:
            known = result.setdefault(point_id, [])
            parts = covered_months(days or 0, long_days)
            shares = spread(volume, parts) if parts > 1 else [to_decimal(volume)]
            for back in range(min(parts, months - len(known))):
                known.append((shift_month(period, -back), shares[-1 - back]))
        return result

    @api.model
    def _load_history(self, point_ids, months=6):
        """Return {service point id: [actual volumes of its months, latest first]}."""
        return {
            point_id: [volume for _period, volume in rows]
            for point_id, rows in self._load_months(point_ids, months).items()
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
                   AND r.source != 'estimate'
                """,
                list(point_ids),
            )
        )
        result = {}
        for row in rows:
            result.setdefault(row["service_point_id"], []).append(row)
        return result

    @api.model
    def _load_estimates(self, point_ids):
        """Return {install id: [its standing estimates]}."""
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT install_id, read_date, actual_date FROM gas_reading
                 WHERE service_point_id = ANY(%s) AND source = 'estimate'
                   AND state IN ('validated', 'billed')
                """,
                list(point_ids),
            )
        )
        result = {}
        for row in rows:
            result.setdefault(row["install_id"], []).append(row)
        return result

    @api.model
    def _load_context(self, company, point_ids):
        """Return what :meth:`_evaluate` needs of a company and some service points."""
        return {
            "rules": company._get_vee_rules(),
            "long_days": company.gas_long_days,
            "history": self._load_history(point_ids),
            "pending": self._load_pending(point_ids),
            "estimates": self._load_estimates(point_ids),
        }

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
    def _evaluate(self, context, facts, previous, value, day):
        """Check one reading.

        :param context: see :meth:`_load_context`
        :param facts: row of :meth:`_load_installs`
        :param previous: the standing reading before, or None
        :param Decimal value: the register on ``day``
        :return: dict of usage, mean, codes and whether it is held
        """
        mean = self._get_mean(facts, context["history"])
        if not previous:
            return {"usage": None, "mean": mean, "codes": ["EXCH"], "held": True}
        own = {
            "prev": previous["value"],
            "cur": value,
            "digits": facts["digits"],
            "qmax": facts["qmax"],
        }
        others = [
            row
            for row in context["pending"].get(facts["service_point_id"], ())
            if row["install_id"] != facts["install_id"] and row["prev_date"]
        ]
        started = min([previous["read_date"], *(row["prev_date"] for row in others)])
        days = (day - started).days
        if mean is not None:
            mean *= self._count_months(context, facts, previous, day)
        result = self._check_usage(context, facts, [own], others, days, mean)
        codes = list(result["codes"])
        usage = result["usage"]
        if others and usage is not None:
            usage = self._check_usage(context, facts, [own], [], days, None)["usage"]
        usage = None if usage is None else to_decimal(usage)
        if usage and self._is_stopped(facts, day):
            codes.append("STOP")
        if days > context["long_days"]:
            codes.append("LONG")
        held = bool(result["held"]) or not HOLDING.isdisjoint(codes)
        return {"usage": usage, "mean": mean, "codes": codes, "held": held}

    @api.model
    def _is_stopped(self, facts, day):
        """Whether no gas should have flowed: stopped, or nobody's since.

        What was used up to the end of an agreement is in order, whatever became of the
        account.
        """
        if facts["agreed_to"]:
            return day > facts["agreed_to"] or facts["point_state"] != "live"
        return facts["account_state"] != "active" or facts["point_state"] != "live"

    @api.model
    def _count_months(self, context, facts, previous, day):
        """Return how many months a reading covers: its own and the estimated ones."""
        return 1 + sum(
            row["actual_date"] == previous["read_date"] and row["read_date"] < day
            for row in context["estimates"].get(facts["install_id"], ())
        )

    @api.model
    def _check_usage(self, context, facts, own, others, days, mean):
        segments = [
            {
                "prev": row["prev_value"],
                "cur": row["value"],
                "digits": row["digits"],
                "qmax": row["qmax"],
            }
            for row in others
        ]
        return check_usage(
            {
                "segments": [*segments, *own],
                "days": days,
                "mean": mean,
                "category": facts["category"],
            },
            **context["rules"],
        )

    # === WORDS ===#

    @api.model
    def _explain(self, codes, facts):
        """Say in words what the checks found.

        :param facts: mapping with ``value``, ``prev_value``, ``read_date``,
            ``prev_date``, ``usage``, ``mean`` and perhaps ``previous`` (the file's)
        """
        usage, mean = facts["usage"] or 0, facts["mean"] or 0
        values = {
            "usage": plain(to_decimal(str(usage))),
            "ratio": f"{usage / mean:.1f}" if mean else "",
            "days": (facts["read_date"] - facts["prev_date"]).days
            if facts["prev_date"]
            else "-",
            "ours": _number(facts["prev_value"]),
            "theirs": _number(facts.get("previous")),
            "value": _number(facts["value"]),
        }
        return "; ".join(self._explain_code(code, values) for code in codes)

    def _explain_code(self, code, values):
        if code == "HIGH" and (not values["ratio"] or values["days"] == 0):
            return self.env._(
                "%(usage)s m³ in %(days)s days is more than the meter can pass",
                **values,
            )
        texts = {
            "DUP": self.env._("another value of the same day is known"),
            "PREV": self.env._(
                "the file's previous register %(theirs)s is not ours, %(ours)s",
                **values,
            ),
            "NEG": self.env._(
                "register %(value)s is below the previous one, %(ours)s", **values
            ),
            "ROLL": self.env._("the register rolled over"),
            "HIGH": self.env._(
                "%(usage)s m³ is %(ratio)s × the monthly mean", **values
            ),
            "LOW": self.env._(
                "%(usage)s m³ is only %(ratio)s × the monthly mean", **values
            ),
            "ZERO": self.env._("no gas was used"),
            "LONG": self.env._("%(days)s days since the previous reading", **values),
            "STOP": self.env._("gas was used although it is stopped"),
            "EXCH": self.env._("the meter's start reading is missing"),
            "EST": self.env._("estimated too often in a row"),
            "ESTCAP": self.env._("the estimate was cut to the highest month"),
        }
        return texts.get(code, code)


def _number(value):
    return "-" if value is None or value is False else plain(to_decimal(str(value)))

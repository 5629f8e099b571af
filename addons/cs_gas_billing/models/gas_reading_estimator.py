from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..bulk import insert
from ..tools.charge import covered_months
from ..tools.errors import NoHistoryError
from ..tools.estimate import estimate, estimate_volume
from ..tools.rounding import ONE, plain, ratio_half_up, to_decimal

#: Actual months an estimate comes from.
MONTHS = 6


class GasReadingEstimator(models.AbstractModel):
    """Estimates months that nobody read 估抄.

    The volume is the mean of the last six actual months, at most last year's highest
    one. After so many estimates in a row as the company allows, only a visit helps.
    """

    _name = "gas.reading.estimator"
    _description = "Estimated Readings"

    # === PROPOSING ===#

    @api.model
    def _propose(self, company, points, day, rated=True):
        """Return what an estimate of each point on ``day`` would be; sudo.

        :param points: service points of ``company``
        :param rated: also tell what it would cost
        :return: {point id: dict}; ``fault`` is why there is none, ``refused`` whether
            that is because of too many in a row
        """
        self.env.flush_all()
        facts = self._load_facts(company, points.ids, day)
        months = self.env["gas.bill.estimator"]._load_month_amounts(points.ids)
        proposals = {}
        for point_id in points.ids:
            row = facts.get(point_id)
            proposal = self._start(row)
            if not proposal["fault"]:
                self._measure(company, proposal, row, months.get(point_id, []), day)
            if not proposal["fault"]:
                self._check(company, proposal, row, day)
            proposals[point_id] = proposal
        if rated:
            self._rate(company, proposals, day)
        return proposals

    def _load_facts(self, company, point_ids, day):
        """Return {point id: meter, account and standing readings on ``day``}."""
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT p.id AS point_id, p.state AS point_state,
                       p.opening_mean::text, i.id AS install_id, m.digits, m.decimals,
                       a.id AS account_id, a.state AS account_state, a.book_id,
                       l.id AS actual_id, l.read_date AS actual_date,
                       l.value::text AS actual_value, l.source AS actual_source,
                       e.id AS estimate_id, e.read_date AS estimate_date,
                       e.value::text AS estimate_value, coalesce(n.count, 0) AS count,
                       x.prev_date AS exchange_from,
                       h.id AS held_id
                  FROM gas_service_point p
                  LEFT JOIN gas_meter_install i ON i.service_point_id = p.id
                   AND i.date_from <= %(day)s
                   AND (i.date_to IS NULL OR i.date_to > %(day)s)
                  LEFT JOIN gas_meter m ON m.id = i.meter_id
                  LEFT JOIN gas_agreement g ON g.service_point_id = p.id
                   AND g.date_from <= %(day)s
                   AND (g.date_to IS NULL OR g.date_to >= %(day)s)
                  LEFT JOIN gas_account a ON a.id = g.account_id
                  LEFT JOIN LATERAL (
                       SELECT id, read_date, value, source FROM gas_reading
                        WHERE install_id = i.id AND state IN ('validated', 'billed')
                          AND source != 'estimate'
                        ORDER BY read_date DESC, id DESC LIMIT 1) l ON TRUE
                  LEFT JOIN LATERAL (
                       SELECT count(*) FROM gas_reading
                        WHERE service_point_id = p.id AND install_id = i.id
                          AND state IN ('validated', 'billed')
                          AND source = 'estimate' AND actual_date = l.read_date) n
                    ON TRUE
                  LEFT JOIN LATERAL (
                       SELECT id, read_date, value FROM gas_reading
                        WHERE service_point_id = p.id AND install_id = i.id
                          AND state IN ('validated', 'billed')
                          AND source = 'estimate' AND actual_date = l.read_date
                        ORDER BY read_date DESC LIMIT 1) e ON TRUE
                  LEFT JOIN LATERAL (
                       SELECT prev_date FROM gas_reading
                        WHERE service_point_id = p.id AND state = 'validated'
                          AND source = 'exchange' AND prev_date IS NOT NULL
                        ORDER BY prev_date LIMIT 1) x ON TRUE
                  LEFT JOIN LATERAL (
                       SELECT id FROM gas_reading
                        WHERE service_point_id = p.id AND state = 'held' LIMIT 1) h
                    ON TRUE
                 WHERE p.id = ANY(%(points)s) AND p.company_id = %(company)s
                """,
                day=day,
                points=list(point_ids),
                company=company.id,
            )
        )
        return {row["point_id"]: row for row in rows}

    def _start(self, row):
        """Return an empty proposal, with a fault if the point can't be estimated."""
        fault = False
        if not row or not row["install_id"] or not row["actual_id"]:
            fault = self.env._("No meter is installed here on this day.")
        elif not row["account_id"]:
            fault = self.env._("Nobody has an account here on this day.")
        elif row["account_state"] != "active" or row["point_state"] != "live":
            fault = self.env._("Gas is stopped here, no reading is expected.")
        elif row["held_id"]:
            fault = self.env._(
                "A reading waits for a decision. Decide on it instead of estimating."
            )
        row = row or defaultdict(lambda: None)
        estimated = bool(row["estimate_id"])
        return {
            "install_id": row["install_id"],
            "account_id": row["account_id"],
            "book_id": row["book_id"],
            "actual_date": row["actual_date"],
            "previous_id": row["estimate_id"] if estimated else row["actual_id"],
            "prev_date": row["estimate_date"] if estimated else row["actual_date"],
            "prev_value": row["estimate_value"] if estimated else row["actual_value"],
            "count": row["count"] or 0,
            "mean": None,
            "cap": None,
            "usage": None,
            "value": None,
            "codes": [],
            "amount": None,
            "fault": fault,
            "refused": False,
        }

    def _measure(self, company, proposal, row, months, day):
        """Work the volume out, and the register it leads to."""
        last_year = f"{day.year - 1}-"
        highest = [
            volume for period, volume, _amount in months if period.startswith(last_year)
        ]
        cap = plain(max(highest)) if highest else None
        recent = [[plain(volume), plain(amount)] for _period, volume, amount in months][
            :MONTHS
        ][::-1]
        try:
            result = estimate({"history": recent, "max_actual_last_year": cap})
            volume, codes = result["volume"], result["codes"]
            total = sum(to_decimal(row[0]) for row in recent)
            mean = ratio_half_up(total, Decimal(len(recent)), Decimal("0.001"))
        except NoHistoryError:
            mean = to_decimal(row["opening_mean"] or "0")
            if not mean:
                proposal["fault"] = self.env._(
                    "There is no actual month and no opening mean to estimate from."
                )
                return
            volume, codes = estimate_volume(mean, cap)
        usage = self._get_share(company, to_decimal(volume), row, day)
        value = (to_decimal(proposal["prev_value"]) + usage) % 10 ** row["digits"]
        proposal.update(mean=mean, cap=cap, usage=usage, codes=codes, value=value)

    def _get_share(self, company, volume, row, day):
        """Return what of the month's volume the meter shows.

        A meter that was put in since the last bill shows its days' share; the removed
        one's use is known.
        """
        if row["actual_source"] != "opening" or not row["exchange_from"]:
            return volume
        days = (day - row["exchange_from"]).days
        own = (day - row["actual_date"]).days
        if days <= 0 or own <= 0:
            return volume
        months = covered_months(days, company.gas_long_days)
        return ratio_half_up(volume * months * own, Decimal(days), ONE)

    def _check(self, company, proposal, row, day):
        """Refuse too early, too late or too many estimates."""
        shortest = company.gas_long_days // 3
        latest = self.env["gas.reading.checker"]._get_latest_day(company)
        since = (
            proposal["prev_date"]
            if proposal["previous_id"] != row["actual_id"] or not row["exchange_from"]
            else row["exchange_from"]
        )
        if day > latest:
            proposal["fault"] = self.env._("The day lies in the future.")
        elif day <= proposal["prev_date"]:
            proposal["fault"] = self.env._(
                "The meter has a reading on %s; an estimate must be later.",
                proposal["prev_date"],
            )
        elif day - since < timedelta(days=shortest):
            proposal["fault"] = self.env._(
                "Only %(days)s days since the reading of %(day)s: nothing is missed.",
                days=(day - since).days,
                day=since,
            )
        elif proposal["count"] >= company.gas_estimate_limit:
            proposal["refused"] = True
            proposal["fault"] = self.env._(
                "Estimated %s times in a row: a visit is needed.", proposal["count"]
            )

    def _rate(self, company, proposals, day):
        """Fill in what each possible estimate would cost."""
        supposed = {
            point_id: {
                "id": 0,
                "service_point_id": point_id,
                "install_id": proposal["install_id"],
                "read_date": day,
                "value": plain(proposal["value"]),
                "prev_date": proposal["prev_date"],
                "prev_value": proposal["prev_value"],
                "usage": plain(proposal["usage"]),
                "source": "estimate",
                "actual_date": proposal["actual_date"],
                "decimals": 0,
            }
            for point_id, proposal in proposals.items()
            if not proposal["fault"]
        }
        if not supposed:
            return
        shown = self.env["gas.bill.calculator"]._preview(company, day, supposed)
        for point_id, drafts in shown.items():
            if isinstance(drafts, str):
                proposals[point_id]["fault"] = drafts
            else:
                proposals[point_id]["amount"] = drafts[-1]["result"]["amount"]

    # === MAKING ===#

    @api.model
    def _make(self, company, points, day, reason):
        """Create the estimates; those refused for the limit give a visit task; sudo.

        :param points: service points of ``company``
        :return: (readings, {point id: proposal without a reading})
        :raise UserError: somebody works on one of the points right now
        """
        if len(points.try_lock_for_update(allow_referencing=True)) != len(points):
            raise UserError(
                self.env._("Somebody else is working on these service points now.")
            )
        proposals = self._propose(company, points, day)
        good = {key: row for key, row in proposals.items() if not row["fault"]}
        readings = insert(
            self.env["gas.reading"],
            [
                self._prepare_reading(company, point_id, proposal, day, reason)
                for point_id, proposal in good.items()
            ],
        )
        readings.invalidate_model()
        for reading in readings:
            self.env["cs.event"]._cs_log(
                "gas.reading.estimate",
                reading,
                details={
                    "usage": reading.usage,
                    "codes": reading.vee_codes.replace(",", "."),
                },
            )
        left = {key: row for key, row in proposals.items() if row["fault"]}
        self._give_visits({key: row for key, row in left.items() if row["refused"]})
        return readings, left

    def _prepare_reading(self, company, point_id, proposal, day, reason):
        return {
            "company_id": company.id,
            "service_point_id": point_id,
            "install_id": proposal["install_id"],
            "account_id": proposal["account_id"],
            "book_id": proposal["book_id"],
            "read_date": day,
            "value": proposal["value"],
            "previous_id": proposal["previous_id"],
            "prev_date": proposal["prev_date"],
            "prev_value": proposal["prev_value"],
            "actual_date": proposal["actual_date"],
            "usage": proposal["usage"],
            "mean": proposal["mean"],
            "vee_codes": ",".join(proposal["codes"]),
            "source": "estimate",
            "state": "validated",
            "reader": self.env.user.name,
            "reason": reason,
            "decided_by_id": self.env.uid,
            "decided_on": fields.Datetime.now(),
        }

    def _give_visits(self, refused):
        """Send the readers to meters that were estimated too often."""
        summary = self.env._("Visit and read the meter: estimated too often")
        notes = {row["account_id"]: row["fault"] for row in refused.values()}
        self.env["gas.reading.task"]._schedule(summary, notes)

    # === WHAT AN ACTUAL READING ENDS ===#

    @api.model
    def _supersede(self, points=(), installs=()):
        """Set unbilled estimates aside that an actual reading overtook; sudo.

        So are those whose own previous reading was dropped. One statement, whatever
        the number of points or meters.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE gas_reading e SET state = 'superseded'
                 WHERE e.source = 'estimate' AND e.state = 'validated'
                   AND (e.service_point_id = ANY(%s::int[])
                        OR e.install_id = ANY(%s::int[]))
                   AND (EXISTS (
                            SELECT FROM gas_reading a
                             WHERE a.install_id = e.install_id
                               AND a.state IN ('validated', 'billed')
                               AND a.source != 'estimate'
                               AND a.read_date > e.actual_date)
                        OR NOT EXISTS (
                            SELECT FROM gas_reading a
                             WHERE a.install_id = e.install_id
                               AND a.state IN ('validated', 'billed')
                               AND a.source != 'estimate'
                               AND a.read_date = e.actual_date)
                        OR NOT EXISTS (
                            SELECT FROM gas_reading p
                             WHERE p.id = e.previous_id
                               AND p.state IN ('validated', 'billed')))
             RETURNING e.id
                """,
                list(points),
                list(installs),
            )
        )
        if rows:
            self.env["gas.reading"].invalidate_model(["state"])

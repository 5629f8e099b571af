from collections import defaultdict
from decimal import Decimal

from odoo import models
from odoo.tools import groupby

from ..tools.charge import charge
from ..tools.errors import GasInputError
from ..tools.rounding import plain, to_decimal


class GasBillCalculator(models.AbstractModel):
    """From the readings of one service point to rated drafts of bills."""

    _inherit = "gas.bill.calculator"

    def _rate_point(self, run, point_id, context):
        """Yield a draft for each account the point's readings belong to, in order.

        After a transfer 过户 a point has two bills in a period: the old account's up to
        the final reading and the new one's from it. The year's volume stays with the
        point, so the second bill goes on where the first left the tiers.

        :raises GasInputError: a reading lies in no agreement, a day has no price
        """
        replaced = context["replaced"].get(point_id, [])
        self._check_replaced(replaced)
        readings = context["readings"][point_id]
        used = defaultdict(Decimal, context["ledger"][point_id])

        def find_terms(reading):
            return self._find_terms(context["terms"][point_id], reading["read_date"])

        vacant = None
        for agreement_id, group in groupby(
            readings, lambda reading: (find_terms(reading) or {}).get("agreement_id")
        ):
            if agreement_id is None:
                vacant = group[-1]["read_date"]
                continue
            terms = find_terms(group[0])
            draft = self._rate_group(point_id, group, terms, used, context)
            yield draft | {"replaced": replaced}
            replaced = []
            for year, volume in draft["years"].items():
                used[year] += volume
        if vacant:
            raise GasInputError(self.env._("No agreement on %s.", vacant))

    def _check_replaced(self, bills):
        """Refuse when an estimate that is overtaken can't be taken back yet."""
        for bill in bills:
            if bill["state"] != "posted":
                raise GasInputError(
                    self.env._(
                        "The estimated bill of %s is not posted yet. Post or discard "
                        "its run first, then calculate again.",
                        bill["period"],
                    )
                )
            if bill["debit_line_id"]:
                raise GasInputError(
                    self.env._(
                        "The estimated bill of %s is with the bank for debit. "
                        "Calculate again when the bank has answered.",
                        bill["period"],
                    )
                )

    def _find_terms(self, agreements, day):
        """Return the agreement that is valid on ``day``, or None."""
        for row in agreements:
            if row["date_from"] <= day and (
                row["date_to"] is None or row["date_to"] >= day
            ):
                return row
        return None

    def _rate_group(self, point_id, readings, terms, used, context):
        """Return the draft of one bill.

        :param readings: of one agreement, oldest first
        :param used: {year: m³} of the point before this bill
        """
        tariff = self._get_tariff(terms["tariff_id"], context)
        frozen = self._freeze(point_id, readings, tariff, used, context)
        estimated = any(reading["source"] == "estimate" for reading in readings)
        if estimated:
            months = context["months"].get(point_id, [])
            frozen["estimate"] = {
                "history": [[plain(volume), plain(amount)] for volume, amount in months]
            }
        result = charge(frozen, tariff["engine"])
        previous = context["previous"].get(point_id)
        if previous and previous[-1] != terms["account_id"]:
            previous = None
        last = readings[-1]["read_date"]
        return {
            "point_id": point_id,
            "kind": "estimate" if estimated else "actual",
            "readings": readings,
            "first_date": min(reading["prev_date"] for reading in readings),
            "terms": terms,
            "tariff": tariff,
            "frozen": frozen,
            "result": result,
            "years": self._get_year_volumes(result, last),
            "tax_rate": context["tax_rate"],
            "previous": previous,
        }

    def _freeze(self, point_id, readings, tariff, used, context):
        """Return everything the price depends on, as exact text."""
        first, last = readings[0]["prev_date"], readings[-1]["read_date"]
        years = [year for year in range(first.year, last.year + 1) if year in used]
        tiered = tariff["data"]["cycle"] != "none"
        decimals = max(row["decimals"] for row in readings)
        return {
            "tariff": tariff["data"],
            "persons": context["persons"][point_id],
            "opened": self._get_opened(context["terms"][point_id], last).isoformat(),
            "resolution": plain(Decimal(1).scaleb(-decimals)),
            "policy": context["policy"],
            "reads": self._get_reads(readings),
            "ytd": {str(year): plain(used[year]) for year in years if tiered},
        }

    def _get_opened(self, agreements, day):
        """Return since when the point is supplied.

        The year's volume stays with the point when the customer changes, so its tiers
        do too: a new customer's first year counts from the point's first one.
        """
        return min(row["opened_on"] for row in agreements if row["date_from"] <= day)

    def _get_year_volumes(self, result, last):
        """Return what each year's volume grows by.

        Tariffs without tiers count in the year of the reading, so that a change to a
        tiered tariff finds the year's volume.
        """
        volumes = defaultdict(Decimal)
        for line in result["lines"]:
            volumes[line["year"] or last.year] += to_decimal(line["qty"])
        return volumes

    def _get_reads(self, readings):
        """Return the readings as a register that only runs forward.

        A meter exchange or a rollover would break it, so from the first reading on the
        usages are added up.
        """
        value = to_decimal(readings[0]["prev_value"])
        reads = [[readings[0]["prev_date"].isoformat(), plain(value)]]
        for reading in readings:
            value += to_decimal(reading["usage"])
            day = reading["read_date"].isoformat()
            if reads[-1][0] == day and len(reads) > 1:
                reads[-1][1] = plain(value)
            else:
                reads.append([day, plain(value)])
        return reads

    def _get_tariff(self, tariff_id, context):
        if tariff_id not in context["tariffs"]:
            tariff = self.env["gas.tariff"].browse(tariff_id)
            data, engine = tariff._get_engine()
            context["tariffs"][tariff_id] = {
                "data": data,
                "engine": engine,
                "use_category_id": tariff.use_category_id.id,
                "versions": {
                    version.date_from.isoformat(): version.id
                    for version in tariff.version_ids
                },
            }
        return context["tariffs"][tariff_id]

    # === PREVIEW ===#

    def _preview(self, company, day, supposed):
        """Rate bills as they would be with readings that are only supposed; sudo.

        :param day: last day of the readings
        :param dict supposed: {point id: reading as the facts give it}
        :return: {point id: the rated drafts, or the text why there is none}
        """
        run = self.env["gas.bill.run"].new(
            {
                "company_id": company.id,
                "period": day.strftime("%Y-%m"),
                "read_date_from": day,
                "read_date_to": day,
            }
        )
        context = self._load_context(run, list(supposed), supposed)
        shown = {}
        for point_id in supposed:
            try:
                shown[point_id] = list(self._rate_point(run, point_id, context))
            except GasInputError as error:
                shown[point_id] = str(error)
        return shown

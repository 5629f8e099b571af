"""Rating: register readings and a dated tariff become priced tier lines.

The rule, as the golden cases state it:

* The first reading belongs to the previous bill. The days of a pair of readings
  run from the day after the earlier one up to the later one.
* ``price_change: days`` cuts a pair at each version's first day,
  ``year_end: days`` (cycle ``year`` only) at 1 January. The volume up to a cut is
  volume × days up to the cut ÷ days, half-up to ``resolution``; a part takes the
  difference to the cut before. ``reading_date`` makes no such cut: the later
  reading of the pair decides the version, or the year.
* Neighbouring parts of the same year and version are one part.
* Tiers accumulate per cycle year from ``ytd``. Cycle ``none`` has one flat price
  and counts everything under year 0; allowance and new-account rule do not apply.
* One line per year, version and tier: quantity × price, half-up to 0.01.

Upper bounds of the tiers are those of the part's last day (``tariff``).

Readings of the rule where its text is silent:

* A part with no volume yields no line but still touches its year, so the year
  appears in ``ytd_after``; a bill without volume has no lines and amount 0.00.
* If readings are finer than ``resolution``, a rounded share never exceeds the
  volume of the pair, so no part is negative.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from .errors import GasInputError, required
from .rounding import (
    ZERO,
    exact,
    half_up,
    money,
    non_negative,
    plain,
    positive,
    ratio_half_up,
    to_date,
)
from .tariff import (
    DEFAULT_POLICY,
    Tariff,
    parse_policy,
    parse_terms,
    tier_bounds,
    tier_position,
)

__all__ = [
    "DEFAULT_POLICY",
    "ENGINE_VERSION",
    "Tariff",
    "canonical_json",
    "explain",
    "input_hash",
    "rate",
    "tier_position",
]

#: Changes whenever the same input could give another result.
ENGINE_VERSION = "1"

_DAY = timedelta(days=1)


class Part:
    """Consumption of one year at one version.

    It runs from the day after the part before it up to ``last``.
    """

    __slots__ = ("last", "quantity", "version", "year")

    def __init__(self, year, version, last, quantity):
        self.year = year
        self.version = version
        self.last = last
        self.quantity = quantity


@exact
def rate(data, tariff=None):
    """Rate one bill.

    :param data: mapping with ``tariff``, ``persons`` ``[[from, number]]``,
        ``opened`` (date or None), ``resolution``, ``policy``, ``reads``
        ``[[date, value]]`` (ascending, no rollover) and ``ytd`` (m³ already used per
        cycle year); numbers are text, integers or Decimals
    :param tariff: the parsed tariff of ``data``, to spare parsing it again
    :return: ``{"volume", "lines": [{"year", "version", "tier", "qty", "price",
        "amount"}], "amount", "ytd_after": {year: m³}}`` with numbers as text
    :raises GasInputError: see the messages; MissingVersionError if a day has no price
    """
    tariff = tariff or Tariff.from_dict(required(data, "tariff"))
    policy = parse_policy(data.get("policy"))
    reads = _reads(required(data, "reads"))
    parts = _cut(tariff, reads, _resolution(data), policy)
    terms = parse_terms(data, policy)
    ytd = _ytd(data.get("ytd"))
    used_in = {}
    lines = []
    total = ZERO
    for part in parts:
        year = part.year
        used = used_in.get(year)
        if used is None:
            used = non_negative(ytd.get(str(year), ZERO), f"ytd {year}")
        used_in[year] = used + part.quantity
        if not part.quantity:
            continue
        bounds = tier_bounds(tariff, part.version, year, part.last, terms)
        for tier, quantity in _fill(bounds, used, part.quantity):
            step = part.version.steps[tier]
            amount = half_up(quantity * step.price)
            total += amount
            lines.append(
                {
                    "year": year,
                    "version": part.version.text,
                    "tier": tier + 1,
                    "qty": plain(quantity),
                    "price": step.price_text,
                    "amount": str(amount),
                }
            )
    return {
        "volume": plain(reads[-1][1] - reads[0][1]),
        "lines": lines,
        "amount": money(total),
        "ytd_after": {str(year): plain(used) for year, used in used_in.items()},
    }


@exact
def explain(data, tariff=None):
    """Return the parts behind a bill, for printing how it was split.

    :param data: as for ``rate``
    :return: ``[{"from", "to", "days", "year", "version", "qty", "bounds"}]``; bounds
        are the upper bounds in force for the part, None for the open tier
    """
    tariff = tariff or Tariff.from_dict(required(data, "tariff"))
    policy = parse_policy(data.get("policy"))
    reads = _reads(required(data, "reads"))
    terms = parse_terms(data, policy)
    rows = []
    first = reads[0][0] + _DAY
    for part in _cut(tariff, reads, _resolution(data), policy):
        bounds = tier_bounds(tariff, part.version, part.year, part.last, terms)
        rows.append(
            {
                "from": first.isoformat(),
                "to": part.last.isoformat(),
                "days": (part.last - first).days + 1,
                "year": part.year,
                "version": part.version.text,
                "qty": plain(part.quantity),
                "bounds": [None if bound is None else plain(bound) for bound in bounds],
            }
        )
        first = part.last + _DAY
    return rows


def canonical_json(data):
    """Return ``data`` as JSON with sorted keys and no whitespace.

    Decimals become text and dates ISO text, so that the text can be read back and
    printed again unchanged.

    :raises GasInputError: a float anywhere (its text is not exact), other types
    """
    _refuse_floats(data)
    return json.dumps(
        data,
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        default=_json_default,
    )


def input_hash(data, engine_version=ENGINE_VERSION):
    """SHA-256 (hex) over the engine version and the canonical input.

    :param data: the input mapping, or its canonical JSON text
    """
    text = data if isinstance(data, str) else canonical_json(data)
    payload = f"{engine_version}\n{text}"
    return hashlib.sha256(payload.encode()).hexdigest()


# -- parsing ---------------------------------------------------------------


def _resolution(data):
    return positive(required(data, "resolution"), "resolution")


def _ytd(ytd):
    ytd = ytd or {}
    for year in ytd:
        if not isinstance(year, str):
            raise GasInputError(f"ytd: year {year!r} must be text")
    return ytd


def _reads(pairs):
    reads = [(to_date(day), non_negative(value, "reading")) for day, value in pairs]
    if len(reads) < 2:
        raise GasInputError("reads: a bill needs at least two readings")
    before, low = reads[0]
    for day, value in reads[1:]:
        if day <= before:
            raise GasInputError(f"reads: {day} is not after {before}")
        if value < low:
            raise GasInputError(f"reads: {value} on {day} is below {low} on {before}")
        before, low = day, value
    return reads


# -- splitting -------------------------------------------------------------


def _cut(tariff, reads, resolution, policy):
    """Return the parts of a bill, neighbours of one year and version merged."""
    price_by_days = policy["price_change"] == "days"
    yearly = tariff.cycle == "year"
    year_by_days = yearly and policy["year_end"] == "days"
    parts = []
    for (before, low), (day, value) in pairwise(reads):
        first = before + _DAY
        cuts = set()
        if price_by_days:
            cuts.update(tariff.changes_between(first, day))
        if year_by_days and first.year != day.year:
            cuts.update(date(y, 1, 1) for y in range(first.year + 1, day.year + 1))
        volume = value - low
        days = Decimal((day - before).days)
        done = ZERO
        for cut in (*sorted(cuts), day + _DAY):
            last = cut - _DAY
            if last == day:
                upto = volume
            else:
                share = volume * (cut - first).days
                upto = min(volume, ratio_half_up(share, days, resolution))
            year = (last if year_by_days else day).year if yearly else 0
            version = tariff.version_on(last if price_by_days else day)
            _append(parts, year, version, last, upto - done)
            done = upto
    return parts


def _append(parts, year, version, last, quantity):
    if parts and parts[-1].year == year and parts[-1].version is version:
        parts[-1].last = last
        parts[-1].quantity += quantity
    else:
        parts.append(Part(year, version, last, quantity))


# -- tiers -----------------------------------------------------------------


def _fill(bounds, used, quantity):
    """Yield (tier index, m³) for ``quantity`` on top of ``used``."""
    for index, bound in enumerate(bounds):
        room = quantity if bound is None else min(quantity, bound - used)
        if room > 0:
            yield index, room
            used += room
            quantity -= room
            if not quantity:
                return


# -- frozen input ----------------------------------------------------------


def _json_default(value):
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    raise GasInputError(f"{value!r} cannot be frozen as JSON")


def _refuse_floats(value):
    if isinstance(value, float):
        raise GasInputError(f"{value!r}: a float cannot be frozen, write it as text")
    if isinstance(value, Mapping):
        for item in value.values():
            _refuse_floats(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _refuse_floats(item)

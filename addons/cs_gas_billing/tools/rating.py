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

Upper bounds of the tiers, per part:

* new account ``remaining_months``, in the year of ``opened`` only:
  floor(bound × months from the opening month on ÷ 12); ``full_year``: as they are;
* allowance ``full_year``: + extra persons on the part's last day × extra;
* allowance ``remaining_months``: + floor(extra × Σ over the months of extra
  persons ÷ 12). A change counts from its month, months before the first
  registration count as the first one, changes after the part's last day are
  unknown, and in a prorated opening year months before the opening do not count.

Readings of the rule where its text is silent:

* The new-account proration applies to the tariff's own bound; the full-year
  allowance is then added unreduced, because it has no months to leave out.
* No registration on or before the part's last day means no extra persons.
* Of several registrations in a month the last one counts for that month.
* A part with no volume yields no line but still touches its year, so the year
  appears in ``ytd_after``; a bill without volume has no lines and amount 0.00.
* If readings are finer than ``resolution``, a rounded share never exceeds the
  volume of the pair, so no part is negative.
"""

import hashlib
import json
from bisect import bisect_right
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from .errors import GasInputError, MissingVersionError
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
    to_whole,
)

#: Changes whenever the same input could give another result.
ENGINE_VERSION = "1"

#: Shipped defaults of the open rules.
DEFAULT_POLICY = {
    "price_change": "days",
    "year_end": "days",
    "allowance": "remaining_months",
    "new_account": "full_year",
}
_POLICY_VALUES = {
    "price_change": ("days", "reading_date"),
    "year_end": ("days", "reading_date"),
    "allowance": ("full_year", "remaining_months"),
    "new_account": ("full_year", "remaining_months"),
}
_DAY = timedelta(days=1)


class Step(NamedTuple):
    """A tier: upper bound in m³ per year (None = open) and price per m³."""

    bound: Decimal | None
    price: Decimal
    price_text: str


class Version(NamedTuple):
    """Prices valid from a day on."""

    start: date
    text: str
    steps: tuple


class Tariff:
    """A parsed tariff, to be reused for every bill it prices.

    Build it once with ``Tariff.from_dict`` and hand it to ``rate``.
    """

    __slots__ = ("base_persons", "code", "cycle", "extra", "starts", "versions")

    def __init__(self, code, cycle, base_persons, extra, versions):
        self.code = code
        self.cycle = cycle
        self.base_persons = base_persons
        self.extra = extra
        self.versions = versions
        self.starts = [version.start for version in versions]

    @classmethod
    def from_dict(cls, data):
        """Parse ``{"code", "cycle", "allowance", "versions"}``.

        :param data: cycle ``year`` or ``none``; allowance None or
            ``{"persons": base, "extra": [m³ per extra person and bounded tier]}``;
            versions ``[{"from": date, "steps": [[upper bound or None, price]]}]``
        :raises GasInputError: unknown cycle, versions not in order of date, bounds
            not ascending, last bound not open, more than one tier without a cycle
        """
        cycle = _get(data, "cycle", "tariff")
        if cycle not in ("year", "none"):
            raise GasInputError(f"tariff: unknown cycle {cycle!r}")
        versions = [_version(item) for item in _get(data, "versions", "tariff")]
        if not versions:
            raise GasInputError("tariff: no version")
        for before, after in pairwise(versions):
            if before.start >= after.start:
                raise GasInputError(
                    f"tariff: version {after.text} is not after {before.text}"
                )
        if cycle == "none" and any(len(version.steps) > 1 for version in versions):
            raise GasInputError("tariff: tiers need the cycle 'year'")
        allowance = data.get("allowance")
        base, extra = 0, ()
        if allowance is not None:
            base = to_whole(_get(allowance, "persons", "allowance"), "persons")
            extra = tuple(
                non_negative(value, "allowance extra")
                for value in _get(allowance, "extra", "allowance")
            )
        return cls(data.get("code"), cycle, base, extra, versions)

    def version_on(self, day):
        """Return the version valid on ``day``.

        :raises MissingVersionError: ``day`` is before the first version
        """
        index = bisect_right(self.starts, day)
        if not index:
            raise MissingVersionError(
                f"tariff {self.code}: no version is valid on {day.isoformat()}"
            )
        return self.versions[index - 1]

    def changes_between(self, first, last):
        """Return the version starts in (first, last]."""
        return self.starts[
            bisect_right(self.starts, first) : bisect_right(self.starts, last)
        ]


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


class _Terms(NamedTuple):
    """What decides the tier bounds of a service point."""

    persons: list
    opened: date | None
    allowance: str
    new_account: str


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
    tariff = tariff or Tariff.from_dict(_get(data, "tariff", "input"))
    policy = _policy(data.get("policy"))
    reads = _reads(_get(data, "reads", "input"))
    parts = _cut(tariff, reads, _resolution(data), policy)
    terms = _terms(data, policy)
    ytd = data.get("ytd") or {}
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
        bounds = _bounds(tariff, part.version, year, part.last, terms)
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
    tariff = tariff or Tariff.from_dict(_get(data, "tariff", "input"))
    policy = _policy(data.get("policy"))
    reads = _reads(_get(data, "reads", "input"))
    terms = _terms(data, policy)
    rows = []
    first = reads[0][0] + _DAY
    for part in _cut(tariff, reads, _resolution(data), policy):
        bounds = _bounds(tariff, part.version, part.year, part.last, terms)
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


@exact
def tier_position(tariff, on, ytd="0", persons=(), opened=None, policy=None):
    """Where a service point stands in its tiers on a day.

    :param tariff: ``Tariff`` or its mapping
    :param on: the day; registrations after it are unknown
    :param ytd: m³ used so far in the cycle year of ``on``
    :param persons: ``[[from, number]]``
    :param opened: the account's opening day or None
    :param policy: open rules, missing ones as shipped
    :return: ``{"year", "version", "tier", "left", "tiers": [{"tier", "price",
        "lower", "upper", "used", "left"}]}``; ``tier`` is the one the next m³ falls
        into, ``left`` what is left in it, None in the open tier
    """
    if isinstance(tariff, Mapping):
        tariff = Tariff.from_dict(tariff)
    day = to_date(on)
    terms = _terms({"persons": persons, "opened": opened}, _policy(policy))
    year = 0 if tariff.cycle == "none" else day.year
    version = tariff.version_on(day)
    used = non_negative(ytd, "ytd")
    tiers = []
    current = None
    lower = ZERO
    bounds = _bounds(tariff, version, year, day, terms)
    for index, (step, bound) in enumerate(zip(version.steps, bounds, strict=True)):
        upper = None if bound is None else max(lower, bound)
        in_tier = max(ZERO, (used if upper is None else min(used, upper)) - lower)
        left = None if upper is None else upper - lower - in_tier
        tiers.append(
            {
                "tier": index + 1,
                "price": step.price_text,
                "lower": plain(lower),
                "upper": None if upper is None else plain(upper),
                "used": plain(in_tier),
                "left": None if left is None else plain(left),
            }
        )
        if current is None and (left is None or left > 0):
            current = tiers[-1]
        lower = upper
    return {
        "year": year,
        "version": version.text,
        "tier": current["tier"],
        "left": current["left"],
        "tiers": tiers,
    }


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


def _get(data, key, where):
    try:
        return data[key]
    except KeyError:
        raise GasInputError(f"{where}: {key!r} is missing") from None


def _version(item):
    start = to_date(_get(item, "from", "version"), "version")
    steps = []
    pairs = _get(item, "steps", "version")
    if not pairs:
        raise GasInputError(f"version {start}: no tier")
    lower = ZERO
    for number, (bound, price) in enumerate(pairs, 1):
        what = f"version {start} tier {number}"
        last = number == len(pairs)
        if last != (bound is None):
            raise GasInputError(f"{what}: the last tier, and only it, has no bound")
        if bound is not None:
            bound = positive(bound, what)
            if bound <= lower:
                raise GasInputError(f"{what}: {bound} is not above {lower}")
            lower = bound
        price_text = price if isinstance(price, str) else str(price)
        steps.append(Step(bound, non_negative(price, what), price_text))
    return Version(start, start.isoformat(), tuple(steps))


def _policy(policy):
    if policy is None:
        return DEFAULT_POLICY
    merged = {**DEFAULT_POLICY, **policy}
    for key, values in _POLICY_VALUES.items():
        if merged[key] not in values:
            raise GasInputError(f"policy {key}: unknown value {merged[key]!r}")
    return merged


def _resolution(data):
    return positive(_get(data, "resolution", "input"), "resolution")


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


def _terms(data, policy):
    persons = sorted(
        (
            (to_date(day, "persons"), to_whole(number, "persons"))
            for day, number in data.get("persons") or ()
        ),
        key=lambda registration: registration[0],
    )
    opened = data.get("opened")
    return _Terms(
        persons,
        to_date(opened, "opened") if opened else None,
        policy["allowance"],
        policy["new_account"],
    )


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


def _bounds(tariff, version, year, last, terms):
    """Return the upper bound of each tier of ``version`` for a part."""
    steps = version.steps
    if tariff.cycle == "none":
        return [step.bound for step in steps]
    opening_month = 1
    opened = terms.opened
    if terms.new_account == "remaining_months" and opened and opened.year == year:
        opening_month = opened.month
    added = _allowance(tariff, year, last, opening_month, terms)
    if opening_month == 1 and not added:
        return [step.bound for step in steps]
    bounds = []
    for index, step in enumerate(steps):
        bound = step.bound
        if bound is not None:
            if opening_month > 1:
                bound = bound * (13 - opening_month) // 12
            if index < len(added):
                bound += added[index]
        bounds.append(bound)
    return bounds


def _allowance(tariff, year, last, opening_month, terms):
    """Return the m³ added to each tier for extra persons known on ``last``."""
    base = tariff.base_persons
    if not tariff.extra or all(number <= base for _day, number in terms.persons):
        return ()
    known = [item for item in terms.persons if item[0] <= last]
    if not known:
        return ()
    if terms.allowance == "full_year":
        extra_persons = max(0, known[-1][1] - base)
        return [extra * extra_persons for extra in tariff.extra]
    person_months = 0
    for month in range(opening_month, 13):
        number = known[0][1]
        for day, value in known:
            if (day.year, day.month) > (year, month):
                break
            number = value
        person_months += max(0, number - base)
    return [extra * person_months // 12 for extra in tariff.extra]


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

"""Tariffs: versions by date, tiers by cycle year, household allowance.

Upper bounds of the tiers on a day, for a cycle year:

* new account ``remaining_months``, in the year of ``opened`` only:
  floor(bound × months from the opening month on ÷ 12); ``full_year``: as they are;
* allowance ``full_year``: + extra persons on the day × extra;
* allowance ``remaining_months``: + floor(extra × Σ over the year's months of extra
  persons ÷ 12). A change counts from its month, months before the first
  registration count as the first one, changes after the day are unknown, and in
  a prorated opening year months before the opening do not count.

Cycle ``none`` has one flat price and counts everything under year 0; allowance and
new-account rule do not apply.

Readings of the rule where its text is silent:

* The new-account proration applies to the tariff's own bound; the full-year
  allowance is then added unreduced, because it has no months to leave out.
* No registration on or before the day means no extra persons.
* Of several registrations in a month the last one counts for that month.
"""

from bisect import bisect_right
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from .errors import GasInputError, MissingVersionError, required
from .rounding import (
    ZERO,
    exact,
    non_negative,
    plain,
    positive,
    to_date,
    to_whole,
)

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
        cycle = required(data, "cycle", "tariff")
        if cycle not in ("year", "none"):
            raise GasInputError(f"tariff: unknown cycle {cycle!r}")
        versions = [_version(item) for item in required(data, "versions", "tariff")]
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
            base = to_whole(required(allowance, "persons", "allowance"), "persons")
            extra = tuple(
                non_negative(value, "allowance extra")
                for value in required(allowance, "extra", "allowance")
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


class Terms(NamedTuple):
    """What decides the tier bounds of a service point."""

    persons: list
    opened: date | None
    allowance: str
    new_account: str


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
    terms = parse_terms({"persons": persons, "opened": opened}, parse_policy(policy))
    year = 0 if tariff.cycle == "none" else day.year
    version = tariff.version_on(day)
    used = non_negative(ytd, "ytd")
    tiers = []
    current = None
    lower = ZERO
    bounds = tier_bounds(tariff, version, year, day, terms)
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


# -- bounds ----------------------------------------------------------------


def tier_bounds(tariff, version, year, last, terms):
    """Return the upper bound of each tier of ``version``, None for the open one.

    :param year: cycle year the volume counts in
    :param last: day whose knowledge decides, the part's last day
    :param terms: from ``parse_terms``
    """
    steps = version.steps
    if tariff.cycle == "none":
        return [step.bound for step in steps]
    opened = terms.opened
    prorated = (
        terms.new_account == "remaining_months"
        and opened is not None
        and opened.year == year
    )
    opening_month = opened.month if prorated else 1
    added = _allowance(tariff, year, last, opening_month, terms)
    if not prorated and not added:
        return [step.bound for step in steps]
    bounds = []
    for index, step in enumerate(steps):
        bound = step.bound
        if bound is not None:
            if prorated:
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


# -- parsing ---------------------------------------------------------------


def _version(item):
    start = to_date(required(item, "from", "version"), "version")
    steps = []
    pairs = required(item, "steps", "version")
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


def parse_policy(policy):
    """Return the open rules, missing ones as shipped; unknown values are refused."""
    if policy is None:
        return DEFAULT_POLICY
    merged = {**DEFAULT_POLICY, **policy}
    for key, values in _POLICY_VALUES.items():
        if merged[key] not in values:
            raise GasInputError(f"policy {key}: unknown value {merged[key]!r}")
    return merged


def parse_terms(data, policy):
    """Return the ``Terms`` of ``persons`` and ``opened`` under a parsed policy."""
    persons = sorted(
        (
            (to_date(day, "persons"), to_whole(number, "persons"))
            for day, number in data.get("persons") or ()
        ),
        key=lambda registration: registration[0],
    )
    opened = data.get("opened")
    return Terms(
        persons,
        to_date(opened, "opened") if opened else None,
        policy["allowance"],
        policy["new_account"],
    )

"""Periods in which premises are visited: quarters, years, months after moving in."""

import dataclasses
import datetime

QUARTERLY, YEARLY, FIRST_YEAR = "quarterly", "yearly", "first_year"
CADENCES = (QUARTERLY, YEARLY, FIRST_YEAR)
DAY = datetime.timedelta(days=1)
#: Months of a period; those of the first year are visited singly.
MONTHS = {QUARTERLY: 3, YEARLY: 12, FIRST_YEAR: 1}


@dataclasses.dataclass(frozen=True)
class Period:
    """One period of a plan.

    :param key: what it is called: ``2026Q4``, ``2026``, ``2026-11``
    :param start: first day
    :param end: last day
    """

    key: str
    start: datetime.date
    end: datetime.date


def add_months(day, months):
    """The first of the month ``months`` after that of ``day``."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return datetime.date(years, month + 1, 1)


def period_of(cadence, day):
    """The period of ``cadence`` that ``day`` is in.

    :raise KeyError: there is no such cadence
    """
    months = MONTHS[cadence]
    start = add_months(day, -((day.month - 1) % months))
    keys = {
        QUARTERLY: f"{start.year}Q{(start.month + 2) // 3}",
        YEARLY: f"{start.year}",
        FIRST_YEAR: f"{start:%Y-%m}",
    }
    return Period(keys[cadence], start, add_months(start, months) - DAY)


def next_period(cadence, day):
    """The period after the one that ``day`` is in."""
    return period_of(cadence, period_of(cadence, day).end + DAY)


def moved_in_between(period):
    """First and last day of moving in for which ``period`` is one of the first year.

    A customer is visited in each of the twelve calendar months after the one in which
    he moved in.
    """
    return add_months(period.start, -12), period.start - DAY

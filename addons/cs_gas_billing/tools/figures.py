"""Management figures: rates, aging, months, falling use. Pure arithmetic."""

from decimal import Decimal

from .errors import GasInputError
from .rounding import exact, ratio_half_up, to_date, to_decimal

#: key → last day after the original due date; None has no end
BUCKETS = (
    ("not_due", -1),
    ("d30", 30),
    ("d60", 60),
    ("d90", 90),
    ("d180", 180),
    ("d365", 365),
    ("older", None),
)
#: A month below this share of the mean of the months before is a drop.
DROP_SHARE = Decimal("0.6")
#: Months that the mean is made from, and how many have to be known.
DROP_MONTHS = 12
DROP_LEAST = 3
#: Months of the trend.
TREND_MONTHS = 12


def bucket(days):
    """Return the key of the aging bucket.

    :param int days: days from the original due date to the day asked for; negative
        before it is due
    """
    for key, last in BUCKETS:
        if last is None or days <= last:
            return key
    raise GasInputError(f"days: {days!r} is not a number")


@exact
def percent(part, whole):
    """Return ``part ÷ whole`` in percent with one decimal; None of nothing.

    :param part: exact number
    :param whole: exact number; zero or less has no rate
    """
    whole = to_decimal(whole, "whole")
    if whole <= 0:
        return None
    return ratio_half_up(100 * to_decimal(part, "part"), whole, Decimal("0.1"))


def month_of(day):
    """Return the month ``YYYY-MM`` of a date."""
    return to_date(day).strftime("%Y-%m")


def shift_month(period, count):
    """Return the month ``count`` months after ``period`` (before, if negative).

    :param str period: ``YYYY-MM``
    :raises GasInputError: another form
    """
    first = to_date(f"{period}-01", "month")
    year, month = divmod(first.year * 12 + first.month - 1 + count, 12)
    return f"{year:04d}-{month + 1:02d}"


def months_back(period, count):
    """Return ``count`` months that end with ``period``, the oldest first."""
    return [shift_month(period, past) for past in range(1 - count, 1)]


@exact
def is_drop(volume, history):
    """Tell whether a month's volume fell below 60 % of the mean before.

    :param volume: m³ of the month
    :param list history: m³ of the known months among the twelve before; fewer than
        three say nothing
    """
    if len(history) < DROP_LEAST:
        return False
    total = sum(to_decimal(month) for month in history)
    return to_decimal(volume) * len(history) < DROP_SHARE * total

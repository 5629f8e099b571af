"""Late-payment fee of one bill as of a day.

From ``start_day`` of the bill month + ``month_offset`` on, each day up to and
including ``as_of`` charges open principal × rate. A payment lowers the principal
from the next day, so the day of payment is still charged on the old principal.
The exact sum is floored to ``step`` once; it is never rounded before.

Readings of the rule where its text is silent: a start day that the month does not
have is the month's last day; payments beyond the principal leave it at zero;
a negative payment is a reversal and raises it again.
"""

import re
from calendar import monthrange
from datetime import date, timedelta

from .errors import GasInputError, required
from .rounding import (
    CENT,
    ZERO,
    exact,
    floor_to,
    money,
    non_negative,
    plain,
    positive,
    to_date,
    to_decimal,
    to_whole,
)

_DAY = timedelta(days=1)
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")

#: Shipped policy; commercial accounts have the rate 0.005.
DEFAULT_POLICY = {"rate": "0.003", "start_day": 21, "month_offset": 1, "step": "0.5"}


@exact
def late_fee(data):
    """Late fee of a bill.

    :param data: ``{"principal", "bill_month": "YYYY-MM", "payments": [[date,
        amount]], "as_of": date, "policy": {"rate" per day, "start_day",
        "month_offset", "step"}}``; payments in any order
    :return: ``{"raw": exact sum, "fee": floored}`` as text
    :raises GasInputError: bad date, month or number, step not whole cents
    """
    policy = required(data, "policy")
    step = positive(required(policy, "step", "policy"), "step")
    if step % CENT:
        raise GasInputError(f"step: {step} is not a multiple of {CENT}")
    start = fee_start(
        required(data, "bill_month"),
        required(policy, "start_day", "policy"),
        required(policy, "month_offset", "policy"),
    )
    rows = intervals(
        required(data, "principal"),
        start,
        required(data, "payments"),
        required(data, "as_of"),
        required(policy, "rate", "policy"),
    )
    raw = sum((row["fee"] for row in rows), ZERO)
    return {"raw": plain(raw), "fee": money(floor_to(raw, step))}


def fee_start(bill_month, start_day, month_offset):
    """Return the first day that is charged.

    :param bill_month: ``YYYY-MM``
    :param start_day: day of month, 1 to 31
    :param month_offset: months after the bill month, 0 or more
    """
    match = _MONTH.fullmatch(str(bill_month))
    if not match:
        raise GasInputError(f"bill_month: {bill_month!r} is not a month (YYYY-MM)")
    day = to_whole(start_day, "start_day")
    offset = to_whole(month_offset, "month_offset")
    if not 1 <= day <= 31:
        raise GasInputError(f"start_day: {day} is not a day of a month")
    if offset < 0:
        raise GasInputError(f"month_offset: {offset} is negative")
    year, month = divmod(int(match[1]) * 12 + int(match[2]) - 1 + offset, 12)
    if not date.min.year <= year <= date.max.year:
        raise GasInputError(f"bill_month: {bill_month!r} is out of range")
    month += 1
    return date(year, month, min(day, monthrange(year, month)[1]))


@exact
def intervals(principal, start, payments, as_of, rate):
    """Return the stretches of equal open principal, for printing the fee.

    :param start: first day charged
    :param payments: ``[[date, amount]]`` in any order
    :param as_of: last day charged
    :param rate: per day
    :return: ``[{"from", "to", "days", "open", "fee"}]`` with dates and exact
        Decimals; stretches without open principal are left out
    """
    left = non_negative(principal, "principal")
    rate = non_negative(rate, "rate")
    as_of = to_date(as_of, "as_of")
    since = to_date(start, "start")
    paid = sorted(
        (
            (to_date(day, "payment"), to_decimal(amount, "payment"))
            for day, amount in payments
        ),
        key=lambda payment: payment[0],
    )
    rows = []
    for day, amount in paid:
        if day >= as_of:
            break
        if day >= since:
            _charge(rows, since, day, left, rate)
            since = day + _DAY
        left -= amount
    _charge(rows, since, as_of, left, rate)
    return rows


def _charge(rows, first, last, left, rate):
    days = (last - first).days + 1
    if days > 0 and left > 0:
        rows.append(
            {
                "from": first,
                "to": last,
                "days": days,
                "open": left,
                "fee": left * days * rate,
            }
        )

"""Validation of a metered usage before it is billed.

Per installed meter the usage is current − previous reading. A negative one is
taken as one overflow of the register if that is at most what the meter can
pass (its Qmax × 24 h × days): code ``ROLL``. Otherwise the reading is held as
``NEG``, which stands alone, and no usage is known.

The sum over the meters is then tested, in this order, first hit only:

* 0 → ``ZERO``;
* above the largest Qmax × 24 × days, or above 3 × mean → held, ``HIGH``;
* below 0.2 × mean (commercial 0.5) → ``LOW``.

Equality is no hit. Without a mean (None or 0) there are no mean tests. A code
stands once, ``ROLL`` first.

Readings of the rule where its text is silent: at most one overflow means that a
difference still negative after adding 10^digits is ``NEG``; a reading taken on
the day of the previous one (0 days) can pass nothing, so any usage is ``HIGH``.
"""

from decimal import Decimal

from .errors import GasInputError, required
from .rounding import ZERO, exact, non_negative, plain, positive, to_decimal, to_whole

HIGH_RATIO = Decimal(3)
LOW_RATIO = Decimal("0.2")
LOW_RATIO_COMMERCIAL = Decimal("0.5")
#: Hours a day a meter can run at Qmax.
HOURS_PER_DAY = Decimal(24)


@exact
def check_usage(
    data,
    *,
    high_ratio=HIGH_RATIO,
    low_ratio=LOW_RATIO,
    low_ratio_commercial=LOW_RATIO_COMMERCIAL,
    hours_per_day=HOURS_PER_DAY,
):
    """Compute and test the usage of a service point between two dates.

    :param data: ``{"segments": [{"prev", "cur", "digits", "qmax"}], "days", "mean",
        "category"}``: one segment per installed meter (readings in m³, Qmax in
        m³/h), days of the period, mean monthly usage or None, ``resident`` or
        ``commercial``
    :param high_ratio: usage above this × mean is held
    :param low_ratio: usage below this × mean is flagged
    :param low_ratio_commercial: the same for commercial accounts
    :param hours_per_day: rollover and capacity limit = Qmax × this × days
    :return: ``{"held": bool, "codes": [...], "usage": text or None}``
    :raises GasInputError: no segment, negative days, no number, digits below 1
    """
    days = to_whole(required(data, "days"), "days")
    if days < 0:
        raise GasInputError(f"days: {days} is negative")
    segments = required(data, "segments")
    if not segments:
        raise GasInputError("segments: no meter")
    hours = days * to_decimal(hours_per_day, "hours_per_day")
    usage = largest = ZERO
    codes = []
    for segment in segments:
        capacity = positive(required(segment, "qmax", "segment"), "qmax") * hours
        volume, rolled = meter_volume(
            required(segment, "prev", "segment"),
            required(segment, "cur", "segment"),
            required(segment, "digits", "segment"),
            capacity,
        )
        if volume is None:
            return {"held": True, "codes": ["NEG"], "usage": None}
        if rolled and not codes:
            codes.append("ROLL")
        usage += volume
        largest = max(largest, capacity)
    mean = ZERO if data.get("mean") is None else to_decimal(data["mean"], "mean")
    low = low_ratio_commercial if data.get("category") == "commercial" else low_ratio
    held = False
    if not usage:
        codes.append("ZERO")
    elif usage > largest or exceeds(usage, mean, high_ratio):
        codes.append("HIGH")
        held = True
    elif mean > 0 and usage < to_decimal(low, "low_ratio") * mean:
        codes.append("LOW")
    return {"held": held, "codes": codes, "usage": plain(usage)}


@exact
def meter_volume(prev, cur, digits, capacity):
    """Return ``(m³, rolled over)`` of one meter, ``(None, False)`` if implausible.

    :param digits: whole digits of the register; it overflows at 10^digits
    :param capacity: largest plausible overflow in m³, inclusive
    """
    volume = non_negative(cur, "cur") - non_negative(prev, "prev")
    if volume >= 0:
        return volume, False
    digits = to_whole(digits, "digits")
    if digits < 1:
        raise GasInputError(f"digits: {digits} must be above zero")
    volume += Decimal(10**digits)
    if 0 <= volume <= capacity:
        return volume, True
    return None, False


@exact
def exceeds(usage, mean, ratio):
    """Whether ``usage`` is above ``ratio`` × ``mean``; never without a mean."""
    mean = to_decimal(mean, "mean")
    return mean > 0 and to_decimal(usage, "usage") > to_decimal(ratio) * mean

"""Estimating a month that was not read.

The volume is the mean of the last 6 actual months, half-up to 1 m³, at most the
highest actual month of last year (code ``ESTCAP``). The charge is the average
charge: Σ amount × volume ÷ Σ volume, half-up to 0.01, and 0.00 if Σ volume is 0.

History is in order of time, the newest month last. With fewer than 6 months,
those there are count. Without any month there is nothing to average: the product
then prices the account's opening mean through the tiers (``estimate_volume``
gives the capped volume for it).
"""

from .errors import NoHistoryError, required
from .rounding import (
    CENT,
    ONE,
    ZERO,
    exact,
    money,
    non_negative,
    plain,
    ratio_half_up,
    to_decimal,
)

#: Actual months that count.
MONTHS = 6


@exact
def estimate(data, *, months=MONTHS):
    """Estimate volume and charge of a month.

    :param data: ``{"history": [[volume, amount]], "max_actual_last_year": m³ or
        None}``, history ascending in time
    :param months: how many of the last months count
    :return: ``{"volume", "amount", "codes"}``, codes ``EST`` and maybe ``ESTCAP``
    :raises NoHistoryError: empty history
    """
    history = [
        (non_negative(volume, "volume"), to_decimal(amount, "amount"))
        for volume, amount in required(data, "history")
    ][-months:]
    if not history:
        raise NoHistoryError("history: no actual month to estimate from")
    volumes = sum((volume for volume, _amount in history), ZERO)
    amounts = sum((amount for _volume, amount in history), ZERO)
    volume, codes = _capped(
        ratio_half_up(volumes, to_decimal(len(history)), ONE),
        data.get("max_actual_last_year"),
    )
    amount = ratio_half_up(amounts * volume, volumes, CENT) if volumes else ZERO
    return {"volume": plain(volume), "amount": money(amount), "codes": codes}


@exact
def estimate_volume(mean, max_actual_last_year=None):
    """Return ``(volume, codes)`` for a known mean: half-up to 1 m³ and capped."""
    rounded = ratio_half_up(non_negative(mean, "mean"), ONE, ONE)
    volume, codes = _capped(rounded, max_actual_last_year)
    return plain(volume), codes


def _capped(volume, cap):
    if cap is not None:
        cap = non_negative(cap, "max_actual_last_year")
        if volume > cap:
            return cap, ["EST", "ESTCAP"]
    return volume, ["EST"]

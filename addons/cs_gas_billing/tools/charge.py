"""What a bill's frozen inputs cost: through the tiers, or the average of an estimate.

An estimated bill keeps everything a metered one keeps, and ``estimate.history``: the
actual months ``[[volume, amount]]`` its average charge comes from. The charge is
Σ amount × volume ÷ Σ volume, half-up to 0.01. It is printed as one line per year with
tier 0, so nobody takes it for a tier; the years' volumes are those the rating would
give. Without an actual month (or with months that used nothing while this one did) the
volume is priced through the tiers.
"""

from decimal import Decimal

from .errors import GasInputError
from .rating import rate
from .rounding import (
    CENT,
    ONE,
    ZERO,
    exact,
    half_up,
    money,
    non_negative,
    plain,
    ratio_half_up,
    to_decimal,
)

#: Tier of a line that is charged at the average price.
AVERAGE_TIER = 0
#: Decimals of the average price that is printed; the amount does not come from it.
PRICE_STEP = Decimal("0.000001")
LITRE = Decimal("0.001")


@exact
def charge(data, tariff=None):
    """Price a bill from its frozen inputs.

    :param data: as for ``rating.rate``, perhaps with ``estimate``
    :param tariff: the parsed tariff of ``data``, to spare parsing it again
    :return: as ``rating.rate``
    :raises GasInputError: as ``rating.rate``
    """
    result = rate(data, tariff)
    history = (data.get("estimate") or {}).get("history")
    volume = to_decimal(result["volume"])
    if not history or not volume:
        return result
    total = average_charge(history, volume)
    if total is None:
        return result
    return result | {
        "lines": _average_lines(result["lines"], volume, total),
        "amount": money(total),
    }


@exact
def average_charge(history, volume):
    """Return Σ amount × ``volume`` ÷ Σ volume, half-up to 0.01; None without volume.

    :param history: ``[[volume, amount]]`` of actual months
    """
    volumes = sum((non_negative(row[0], "volume") for row in history), ZERO)
    amounts = sum((to_decimal(row[1], "amount") for row in history), ZERO)
    if not volumes:
        return None
    return ratio_half_up(amounts * to_decimal(volume), volumes, CENT)


def _average_lines(lines, volume, total):
    """Return a line per year; the last one takes what rounding left."""
    price = plain(ratio_half_up(total, volume, PRICE_STEP))
    years = {}
    for line in lines:
        known = years.setdefault(line["year"], {"qty": ZERO})
        known["qty"] += to_decimal(line["qty"])
        known["version"] = line["version"]
    rows = []
    done = ZERO
    for number, (year, known) in enumerate(years.items(), 1):
        amount = (
            total - done
            if number == len(years)
            else ratio_half_up(total * known["qty"], volume, CENT)
        )
        done += amount
        rows.append(
            {
                "year": year,
                "version": known["version"],
                "tier": AVERAGE_TIER,
                "qty": plain(known["qty"]),
                "price": price,
                "amount": str(half_up(amount)),
            }
        )
    return rows


def covered_months(days, long_days):
    """Return how many months a period of ``days`` stands for.

    Up to ``long_days`` (what still counts as one month, 45 by default) it is one; above
    it the nearest number of normal months, which are two thirds of that (30 days).

    :raises GasInputError: ``long_days`` below 1
    """
    if long_days < 1:
        raise GasInputError(f"long_days: {long_days} must be above zero")
    if days <= long_days:
        return 1
    months = ratio_half_up(Decimal(3 * days), Decimal(2 * long_days), ONE)
    return max(1, int(months))


@exact
def spread(quantity, parts, step=LITRE):
    """Split a quantity evenly into ``parts``, half-up to ``step``.

    The last part takes the difference, so they add up again.
    """
    quantity = to_decimal(quantity)
    share = ratio_half_up(quantity, Decimal(parts), step)
    return [share] * (parts - 1) + [quantity - share * (parts - 1)]

"""VAT contained in tax-inclusive amounts.

base = amount ÷ (1 + rate), half-up to 0.01; tax = amount − base. ``per_line``
rounds every line and adds the rounded bases, ``global`` rounds once on the total.
"""

from .errors import GasInputError, required
from .rounding import CENT, ZERO, exact, money, non_negative, ratio_half_up, to_decimal


@exact
def vat(data):
    """Split the lines of a bill.

    :param data: ``{"lines": [amount], "rate": percent, "method": "per_line" or
        "global"}``
    :return: ``{"base", "tax"}`` as text; base + tax = Σ lines
    :raises GasInputError: unknown method, no number, negative rate
    """
    lines = [to_decimal(line, "line") for line in required(data, "lines")]
    rate = required(data, "rate")
    method = required(data, "method")
    total = sum(lines, ZERO)
    if method == "per_line":
        base = sum((split(line, rate)[0] for line in lines), ZERO)
    elif method == "global":
        base = split(total, rate)[0]
    else:
        raise GasInputError(f"method: unknown value {method!r}")
    return {"base": money(base), "tax": money(total - base)}


@exact
def split(amount, rate):
    """Return ``(base, tax)`` of a tax-inclusive amount as Decimals.

    :param amount: may be negative (a credit); ties go away from zero
    :param rate: percent
    """
    amount = to_decimal(amount, "amount")
    rate = non_negative(rate, "rate")
    base = ratio_half_up(amount * 100, 100 + rate, CENT)
    return base, amount - base

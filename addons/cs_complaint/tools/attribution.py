"""Who answers for how much of a loss: hundredths of money by per cent, exactly.

Rule: 客诉办法 (六), (九): the departments responsible, their shares, the loss by
department. Rounding is ours, see ``cents``.
"""

from decimal import Decimal

from . import cents

CENT = Decimal("0.01")
WHOLE = Decimal(100)


class ShareError(ValueError):
    """The shares can't be used; the text says why."""


def exact(value):
    """``value`` as a Decimal with two places, of an int, float, text or Decimal.

    :raise ShareError: it has more places than two
    """
    number = Decimal(str(value))
    rounded = number.quantize(CENT)
    if abs(number - rounded) > Decimal("1e-9"):
        raise ShareError(f"{value} has more than two places")
    return rounded


def missing(percents):
    """What the shares lack of 100 per cent; negative if they are more."""
    return WHOLE - sum(map(exact, percents), Decimal(0))


def split(total, percents):
    """Split an amount by shares; the parts add up to it exactly.

    :param total: amount of money, not negative, in hundredths
    :param percents: shares in per cent, positive, together 100
    :return: list of Decimals, in the order of ``percents``
    :raise ShareError: a share isn't positive, or they aren't 100 together
    """
    total = exact(total)
    shares = [exact(percent) for percent in percents]
    if total < 0:
        raise ShareError("an amount isn't negative")
    if any(share <= 0 for share in shares):
        raise ShareError("a share is more than nothing")
    if missing(shares):
        raise ShareError("the shares aren't 100 together")
    return cents.split(total, shares)

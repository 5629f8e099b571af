"""Splitting amounts to the cent. No Odoo in here."""

from decimal import ROUND_DOWN, Decimal

CENT = Decimal("0.01")


def split(amount, weights):
    """Split ``amount`` in proportion to ``weights``; the parts sum to it exactly.

    Cents left over go to the largest remainders, the first of equal ones.

    :param amount: a number with at most two decimals
    :param weights: numbers of at least zero, not all of them zero
    :return: a list of ``Decimal``
    :raise ValueError: no weight is above zero, or one is below
    """
    amount = Decimal(str(amount)).quantize(CENT)
    weights = [Decimal(str(weight)) for weight in weights]
    total = sum(weights)
    if total <= 0 or min(weights) < 0:
        raise ValueError("weights of zero or more, one of them above, are needed")
    exact = [amount * weight / total for weight in weights]
    parts = [share.quantize(CENT, ROUND_DOWN) for share in exact]
    left = int((amount - sum(parts)) / CENT)
    order = sorted(range(len(parts)), key=lambda n: parts[n] - exact[n])
    for number in order[: abs(left)]:
        parts[number] += CENT if left > 0 else -CENT
    return parts

"""Whole seconds out of exact shares, so that columns of a report add up."""

import math
from fractions import Fraction


def whole_seconds(shares):
    """Round exact shares so that they still sum up to the whole, rounded down.

    Those with the largest rests get the seconds that are left; of equal rests the
    first ones.

    :param shares: {key: Fraction seconds}
    """
    seconds = {key: math.floor(part) for key, part in shares.items()}
    total = math.floor(sum(shares.values(), Fraction(0)))
    left = total - sum(seconds.values())
    rests = sorted(shares, key=lambda key: seconds[key] - shares[key])
    for key in rests[:left]:
        seconds[key] += 1
    return seconds

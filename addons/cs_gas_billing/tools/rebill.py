"""Rerating a sequence of bills after a correction.

The bills are rated in sequence, each with the year's volume that the ones before
it left, once as they were billed and once corrected. Every bill whose amount
differs is credited and billed anew.
"""

from itertools import zip_longest

from .errors import required
from .rating import rate
from .rounding import ZERO, exact, money, to_decimal
from .tariff import Tariff


@exact
def rebill(data, tariff=None):
    """Compare billed and corrected bills.

    :param data: as for ``rating.rate``, but instead of ``reads`` the lists
        ``billed`` and ``corrected`` with the ``reads`` of each bill; ``ytd`` is the
        volume before the first bill
    :param tariff: the parsed tariff of ``data``
    :return: ``{"old": [amount], "new": [amount], "difference", "changed":
        [position]}``; a bill that exists on one side only is changed
    :raises GasInputError: as ``rate``
    """
    tariff = tariff or Tariff.from_dict(required(data, "tariff"))
    old = [
        bill["amount"] for bill in rate_sequence(data, required(data, "billed"), tariff)
    ]
    new = [
        bill["amount"]
        for bill in rate_sequence(data, required(data, "corrected"), tariff)
    ]
    return {
        "old": old,
        "new": new,
        "difference": money(
            sum(map(to_decimal, new), ZERO) - sum(map(to_decimal, old), ZERO)
        ),
        "changed": [
            position
            for position, (before, after) in enumerate(zip_longest(old, new))
            if before != after
        ],
    }


def rate_sequence(data, bills, tariff=None):
    """Rate consecutive bills and carry the year's volume from one to the next.

    :param data: as for ``rating.rate``; its ``reads`` are not used
    :param bills: the ``reads`` of each bill
    :return: the result of ``rating.rate`` for each bill
    """
    tariff = tariff or Tariff.from_dict(required(data, "tariff"))
    ytd = dict(data.get("ytd") or {})
    results = []
    for reads in bills:
        result = rate({**data, "reads": reads, "ytd": ytd}, tariff)
        ytd.update(result["ytd_after"])
        results.append(result)
    return results

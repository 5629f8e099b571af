"""Amounts of money named in a text."""

import re
import unicodedata
from decimal import Decimal

_NUMBER = r"(\d[\d,]*(?:\.\d+)?)"
_AMOUNT = re.compile(
    rf"(?:¥|CNY|RMB|人民币)\s*{_NUMBER}\s*(万|千|百)?"
    rf"|{_NUMBER}\s*(万|千|百)?\s*(?:元|块|圆|CNY|RMB|yuan)",
    re.IGNORECASE,
)
_TIMES = {"万": 10_000, "千": 1_000, "百": 100}


def amounts_in(text):
    """Amounts of yuan written in digits in ``text``.

    ``500 元``, ``¥1,200.50``, ``1.5万元``, full-width digits as well. Numbers written
    in words (``五百元``) and numbers without a currency are not found.

    :param text: any text, or None
    :return: list of Decimal, in their order
    """
    found = []
    for match in _AMOUNT.finditer(unicodedata.normalize("NFKC", text or "")):
        number = match[1] or match[3]
        unit = match[2] or match[4]
        found.append(Decimal(number.replace(",", "")) * _TIMES.get(unit, 1))
    return found

"""Amounts in capital characters 大写金额, as on Chinese receipts and vouchers."""

from .errors import GasInputError
from .rounding import CENT, exact, to_decimal

DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


@exact
def in_capitals(amount):
    """Return ``amount`` in characters: 120.05 → 壹佰贰拾元零伍分.

    :raises GasInputError: fraction of a cent, or 10^16 and more
    """
    amount = to_decimal(amount, "amount")
    if amount % CENT:
        raise GasInputError(f"amount: {amount} has fractions of a cent")
    sign = "负" if amount < 0 else ""
    cents = int(abs(amount) * 100)
    yuan, rest = divmod(cents, 100)
    if yuan >= 10**16:
        raise GasInputError(f"amount: {amount} is too large")
    text = f"{_whole(yuan)}元" if yuan else ""
    jiao, fen = divmod(rest, 10)
    if not rest:
        return f"{sign}{text or '零元'}整"
    if jiao:
        text += f"{DIGITS[jiao]}角"
    elif yuan:
        text += "零"
    return f"{sign}{text}{DIGITS[fen] + '分' if fen else '整'}"


def _whole(number):
    """Return a whole number: groups of four places, one 零 for a gap."""
    parts = []
    rank = 0
    while number:
        number, group = divmod(number, 10_000)
        parts.append((group, _GROUPS[rank]))
        rank += 1
    text = ""
    gap = False
    for group, name in reversed(parts):
        if not group:
            gap = bool(text)
            continue
        if text and (gap or group < 1000):
            text += "零"
        text += _four(group) + name
        gap = False
    return text


def _four(group):
    text = ""
    gap = False
    for place in (3, 2, 1, 0):
        digit = group // 10**place % 10
        if digit:
            text += ("零" if gap else "") + DIGITS[digit] + _PLACES[place]
            gap = False
        elif text:
            gap = True
    return text

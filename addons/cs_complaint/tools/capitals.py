"""Amounts in capital characters 大写金额, as Chinese vouchers want them."""

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿", "万亿")


def in_capitals(cents):
    """An amount in characters: 12005 → 壹佰贰拾元零伍分.

    :param int cents: below 10^18, not negative
    """
    yuan, rest = divmod(cents, 100)
    jiao, fen = divmod(rest, 10)
    text = f"{_whole(yuan)}元" if yuan else ""
    if not rest:
        return f"{text or '零元'}整"
    if jiao:
        text += f"{DIGITS[jiao]}角"
    elif text:
        text += "零"
    return text + (f"{DIGITS[fen]}分" if fen else "整")


def _whole(number):
    """A number above 0 in characters, without its unit."""
    text, gap = "", False
    for group in reversed(range(len(GROUPS))):
        part = number // 10 ** (4 * group) % 10000
        for place in reversed(range(4)):
            digit = part // 10**place % 10
            if digit:
                text += "零" if gap and text else ""
                text += DIGITS[digit] + PLACES[place]
            gap = not digit
        text += GROUPS[group] if part else ""
    return text

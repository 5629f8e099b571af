"""How many messages a text costs: 3GPP TS 23.038, 7-bit alphabet or UCS-2."""

from typing import NamedTuple

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
#: Signs that take two places, the first being the escape.
_EXTENDED = frozenset("\f^{}\\[~]|€")
#: Places of a single message and of each part of a longer one.
_PLACES = {"GSM": (160, 153), "UCS-2": (70, 67)}


class SmsSize(NamedTuple):
    """Alphabet of a text, places it takes, messages it costs, places of one."""

    alphabet: str
    length: int
    parts: int
    per_part: int


def measure(text):
    """Measure a text as the network does.

    A sign outside the 7-bit alphabet, as any Chinese one, makes the whole text
    UCS-2; signs of two code units (emoji) aren't split between two parts.
    """
    widths = _gsm_widths(text)
    alphabet = "GSM"
    if widths is None:
        alphabet = "UCS-2"
        widths = [2 if ord(sign) > 0xFFFF else 1 for sign in text]
    single, part = _PLACES[alphabet]
    length = sum(widths)
    if length <= single:
        return SmsSize(alphabet, length, 1 if length else 0, single)
    return SmsSize(alphabet, length, _count_parts(widths, part), part)


def _gsm_widths(text):
    widths = []
    for sign in text:
        if sign in _BASIC:
            widths.append(1)
        elif sign in _EXTENDED:
            widths.append(2)
        else:
            return None
    return widths


def _count_parts(widths, places):
    parts, used = 1, 0
    for width in widths:
        if used + width > places:
            parts, used = parts + 1, 0
        used += width
    return parts

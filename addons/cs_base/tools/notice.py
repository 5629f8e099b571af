"""Texts with placeholders that an administrator writes: filled in, never evaluated."""

import re

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
#: Anything in braces, and braces that have no partner.
_BRACES = re.compile(r"\{+[^{}]*\}+|[{}]")
_SPACES = re.compile(r"\s+")
_MOBILE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")
#: In the context of a message that was made from a template for customers. A client
#: can't send it, as it is this very object.
NEUTRAL = object()
#: What stands for a value that staff don't have.
NOTHING = "–"


class MissingValue(ValueError):
    """A value that a text for customers needs isn't there; its name is the text."""


def names(text):
    """The placeholders of a text, each once, in their order."""
    return list(dict.fromkeys(_PLACEHOLDER.findall(text or "")))


def mistakes(text, allowed):
    """What in ``text`` is no allowed placeholder: ``{x}``, ``{{x}}``, a single brace.

    :param allowed: names that may be used
    :return: list of the wrong pieces as they stand in the text
    """

    def is_right(piece):
        match = _PLACEHOLDER.fullmatch(piece)
        return match and match[1] in allowed

    return [piece for piece in _BRACES.findall(text or "") if not is_right(piece)]


def fill(text, values, strict=False):
    """Put values into a text, in one pass: braces in a value stay as they are.

    :param values: text by name
    :param strict: don't write a text with a hole
    :raise MissingValue: a value is missing and ``strict``
    """

    def value(match):
        name = match[1]
        found = values.get(name)
        if found in (None, False, ""):
            if strict:
                raise MissingValue(name)
            return NOTHING
        return str(found)

    return _PLACEHOLDER.sub(value, text or "").strip()


def one_line(text):
    """Text without line ends and double spaces, as a value in a message."""
    return _SPACES.sub(" ", str(text)).strip()


def hide_mail(address):
    """Keep the first sign and the server of an address: z***@mail.cn."""
    name, sign, server = (address or "").partition("@")
    return f"{name[:1]}***{sign}{server}" if sign else ""


def hide_mobiles(text):
    """Mask the mobile numbers that somebody wrote into a text: 138****1234."""
    return _MOBILE.sub(r"\1****\2", str(text))

"""Hide most of a phone number, an identity number or a bank account."""

import re
import unicodedata

STAR = "*"
_SEPARATOR = re.compile(r"\s*[/,;、，；]\s*")
_CHINESE_MOBILE = re.compile(r"(?:\+?86|0086)?(1[3-9]\d{9})")
_EXTENSION = re.compile(r"(?:转|分机|ext\.?|x)(\d{1,6})$", re.IGNORECASE)
_LANDLINE = re.compile(r"(010|02\d|0[3-9]\d{2})-?(\d{7,8})")


def mask_phone(text):
    """Mask every number of ``text``: 138****1234, 021-****4567.

    A masked text comes back unchanged.
    """
    if not text:
        return ""
    parts = _SEPARATOR.split(unicodedata.normalize("NFKC", text))
    return " / ".join(_mask_one(part) for part in parts if part)


def _mask_one(text):
    if STAR in text:
        return text
    compact = re.sub(r"[\s().·\u2010-\u2015]", "", text)
    compact = _EXTENSION.sub("", compact)
    if match := _CHINESE_MOBILE.fullmatch(compact.replace("-", "")):
        number = match[1]
        return f"{number[:3]}{STAR * 4}{number[-4:]}"
    if match := _LANDLINE.fullmatch(re.sub(r"^(\+86|0086)-?0?", "0", compact)):
        return f"{match[1]}-{STAR * 4}{match[2][-4:]}"
    return _keep_ends(compact)


def _keep_ends(text):
    """Mask a number of unknown form: the longer it is, the more may be seen."""
    if len(text) >= 10:
        return f"{text[:3]}{STAR * 4}{text[-4:]}"
    if len(text) >= 7:
        return f"{STAR * 4}{text[-4:]}"
    return f"{STAR * 4}{text[-2:]}" if len(text) > 2 else STAR * 4


def mask_id_number(text):
    """Mask an identity number: 310***********123X; other papers keep two signs."""
    if not text or STAR in text:
        return text or ""
    if len(text) >= 15:
        return f"{text[:3]}{STAR * (len(text) - 7)}{text[-4:]}"
    return f"{STAR * max(len(text) - 2, 2)}{text[-2:] if len(text) > 4 else ''}"


def mask_account(text):
    """Keep the last four signs of a bank account."""
    if not text or STAR in text:
        return text or ""
    compact = re.sub(r"\s", "", text)
    return f"{STAR * 4}{compact[-4:]}" if len(compact) > 4 else STAR * 4


def is_masked(text):
    """Whether ``text`` went through one of these functions."""
    return bool(text) and STAR in text

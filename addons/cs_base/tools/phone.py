"""Read phone numbers as people write them."""

import functools
import re
import unicodedata
from typing import NamedTuple

import phonenumbers

MOBILE, LANDLINE, SERVICE, FOREIGN, UNKNOWN = (
    "mobile",
    "landline",
    "service",
    "foreign",
    "unknown",
)
KINDS = {
    phonenumbers.PhoneNumberType.MOBILE: MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE: LANDLINE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE: LANDLINE,
    phonenumbers.PhoneNumberType.TOLL_FREE: SERVICE,
    phonenumbers.PhoneNumberType.SHARED_COST: SERVICE,
    phonenumbers.PhoneNumberType.PREMIUM_RATE: SERVICE,
    phonenumbers.PhoneNumberType.UAN: SERVICE,
}
_SEPARATOR = re.compile(r"\s*[/,;、\n]\s*")
_EXTENSION = re.compile(r"\s*(?:转|分机|ext\.?|x)\s*(\d{1,6})$", re.IGNORECASE)


class Phone(NamedTuple):
    """One number: as written, in E.164, as bare digits, its kind, plausible or not."""

    raw: str
    e164: str
    digits: str
    kind: str
    valid: bool


def normalize(text):
    """Turn full-width digits and signs into plain ones and trim."""
    return unicodedata.normalize("NFKC", text or "").strip()


def only_digits(text):
    return "".join(sign for sign in normalize(text) if "0" <= sign <= "9")


def split(text):
    """List the numbers of a field in which people wrote several."""
    return [part for part in _SEPARATOR.split(normalize(text)) if part]


@functools.lru_cache(maxsize=4096)
def parse(raw, region="CN"):
    """Read one number; what can't be one is kept with ``valid=False``."""
    raw = normalize(raw)
    text = _EXTENSION.sub(r";ext=\1", raw)
    digits = only_digits(text.partition(";ext=")[0])
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return Phone(raw, "", digits, UNKNOWN, False)
    if not phonenumbers.is_valid_number(number):
        return Phone(raw, "", digits, UNKNOWN, False)
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return Phone(raw, e164, digits, _kind(number, region), True)


def _kind(number, region):
    if number.country_code != phonenumbers.country_code_for_region(region):
        return FOREIGN
    return KINDS.get(phonenumbers.number_type(number), UNKNOWN)

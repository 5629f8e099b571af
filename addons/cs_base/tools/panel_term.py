"""What somebody types into the search of the contact panel may mean."""

import re
import unicodedata
from typing import NamedTuple

from . import address, phone

#: Words and signs that stand between the numbers of an address as people write it.
_BETWEEN = re.compile(r"(?<=\d)\s*(?:号楼|栋|幢|座|楼|单元|门|室|号|[-/#–—]|\s)+")
_IDENTITY = re.compile(r"\d{17}[0-9X]|\d{15}")
_TAIL = re.compile(r"\d{3,16}[0-9X]")
#: What only an address says.
_PLACE = re.compile(
    r"[路街弄巷村号幢栋楼座室]|小区|花园|公寓|单元|新村|[家佳]苑|苑\d|\d+\s*-\s*\d+"
)
_ROOMS = re.compile(
    r"^(?P<community>.*?)"
    r"(?:(?P<building>(?<!\d)\d{1,4}[A-Za-z]?)\s*(?:号楼|栋|幢|座|楼|[-—–]))"
    r"(?:(?P<unit>\d{1,3})\s*(?:单元|门|[-—–]))?"
    r"\s*(?P<room>\d{1,5}[A-Za-z]?)?\s*室?$"
)
#: Digits that say enough to look for a part of a phone number.
MIN_DIGITS = 3
#: A number with as many digits is meant as a phone number.
PHONE_DIGITS = 7
#: Signs of an identity number that its mask shows as well.
TAIL_SHOWN = 4


class Term(NamedTuple):
    """A term as the search needs it."""

    text: str
    digits: str
    words: tuple

    @property
    def is_number(self):
        """Only digits, and signs that people put between them."""
        return bool(self.digits) and not any(sign.isalpha() for sign in self.text)

    @property
    def is_code(self):
        """May be somebody's or something's number."""
        return self.text.isascii() and any(sign.isdigit() for sign in self.text)

    @property
    def is_latin(self):
        return self.text.isascii() and self.text.isalnum() and not self.text.isdigit()

    @property
    def identity(self):
        """The term as a whole identity number; empty if it can't be one."""
        compact = self.text.replace(" ", "").upper()
        return compact if _IDENTITY.fullmatch(compact) else ""

    @property
    def tail(self):
        """The term as the end of an identity number; empty if it can't be one."""
        compact = self.text.upper()
        return compact if _TAIL.fullmatch(compact) and not self.identity else ""


def read_term(text):
    """Read what was typed or scanned; full-width signs count as plain ones."""
    text = unicodedata.normalize("NFKC", text or "")
    text = re.sub(r"\s+", " ", text.replace("\0", "")).strip()
    digits = "".join(sign for sign in text if "0" <= sign <= "9")
    return Term(text, digits, tuple(text.split(" ")) if text else ())


def escape_like(text):
    """Escape what LIKE would read as a pattern."""
    return re.sub(r"([\\%_])", r"\\\1", text)


def address_patterns(text):
    """LIKE patterns for an address, the strictest first.

    阳光花园3-2-501 also finds 阳光花园3幢2单元501室.
    """
    plain = escape_like(text)
    loose = _BETWEEN.sub("%", plain).rstrip("%")
    return [f"%{plain}%"] if loose == plain else [f"%{plain}%", f"%{loose}%"]


def guess(text):
    """Sort what was typed into name, phone and parts of an address.

    :return: dict with ``name``, ``phone``, ``community``, ``building``, ``unit`` and
        ``room``, all texts; what wasn't typed is empty
    """
    found = dict.fromkeys(
        ("name", "phone", "community", "building", "unit", "room"), ""
    )
    places = []
    for word in re.split(r"[\s,，;；、]+", read_term(text).text):
        term = read_term(word)
        if term.is_number and len(term.digits) >= PHONE_DIGITS and not found["phone"]:
            found["phone"] = phone.normalize(word)
        elif _PLACE.search(word) or (term.digits and places):
            places.append(word)
        elif not found["name"] and not term.is_number:
            found["name"] = word
    if places:
        found |= parse_address("".join(places))
    return found


def parse_address(text):
    """Community, building, unit and room of an address in one line."""
    text = address.clean(text)
    match = _ROOMS.match(text)
    if not match:
        return {"community": text, "building": "", "unit": "", "room": ""}
    parts = {name: value or "" for name, value in match.groupdict().items()}
    if parts["unit"] and not parts["room"]:
        parts |= {"unit": "", "room": parts["unit"]}
    return parts

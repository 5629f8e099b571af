"""What somebody types or scans into the search of the hall may mean."""

import re
import unicodedata
from typing import NamedTuple

BILL_QR = re.compile(r"GASBILL:\s*(\S+)", re.IGNORECASE)
#: Words and signs that stand between the numbers of an address as people write it.
_BETWEEN = re.compile(r"(?<=\d)\s*(?:号楼|栋|幢|座|楼|单元|门|室|号|[-/#–—]|\s)+")
#: Digits of a phone number's end that say enough.
MIN_PHONE_DIGITS = 4


class Term(NamedTuple):
    """A term as the search needs it."""

    text: str
    bill: str
    digits: str
    latin: bool
    words: tuple

    @property
    def is_number(self):
        """Only digits (and signs that people put between them)."""
        return bool(self.digits) and not any(sign.isalpha() for sign in self.text)


def read_term(text):
    """Read what was typed; full-width signs count as plain ones."""
    text = unicodedata.normalize("NFKC", text or "")
    text = re.sub(r"\s+", " ", text.replace("\0", "")).strip()
    match = BILL_QR.search(text)
    return Term(
        text=text,
        bill=match[1] if match else "",
        digits="".join(sign for sign in text if "0" <= sign <= "9"),
        latin=text.isascii() and text.isalnum(),
        words=tuple(text.split(" ")) if text else (),
    )


def escape_like(text):
    """Escape what LIKE would read as a pattern."""
    return re.sub(r"([\\%_])", r"\\\1", text)


def address_patterns(text):
    """Return LIKE patterns for an address, the strictest first.

    阳光花园3-2-501 also finds 阳光花园3幢2单元501室.
    """
    plain = escape_like(text)
    loose = _BETWEEN.sub("%", plain)
    return [f"%{plain}%"] if loose == plain else [f"%{plain}%", f"%{loose}%"]

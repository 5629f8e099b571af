"""Result files of a bank, described by a profile: pure reading, nothing is decided.

The profile's ``"result"`` is ``{"header": [field], "detail": [field], "trailer":
[field]}`` with fields as in ``bankfile``; ``encoding``, ``kind``, ``eol``,
``delimiter`` and ``quote`` are the profile's. Names that are read:

* detail: ``ref``, ``account``, ``amount`` or ``cents``, ``code``; ``text``,
  ``holder`` and ``date`` if the bank sends them. Other names are passed over.
* header and trailer: ``batch``, ``count`` and ``amount``/``cents`` of all lines,
  ``date``.

Readings where the rule is silent: a line may end early when only descriptive text is
missing (transfer programs strip spaces). Descriptive text that cannot be decoded is
kept with the replacement character: banks cut a name in the middle of a character.
Anything else that cannot be decoded makes the line faulty. A file with a faulty
amount cannot be checked against its sum and is refused.
"""

import csv
import re
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from .bankfile import date_format
from .errors import GasInputError, required
from .rounding import ZERO, exact, non_negative, to_whole

#: Text for people: may be missing at the end, and may be broken.
DESCRIPTIVE = frozenset({"holder", "text", "filler"})
NUMERIC = frozenset({"amount", "cents", "count"})
_END_OF_FILE = b"\x1a"
#: More than 15 digits are no amount; the sum of such could not be exact.
_DIGITS = re.compile(r"\+?0*\d{0,15}(\.\d{0,6})?")
_MARK = b"\xef\xbb\xbf"


class ResultFault(GasInputError):
    """The whole file can't be used.

    :ivar code: EMPTY, PROFILE, HEADER, TRAILER, TRUNCATED, COUNT, SUM or DATE
    :ivar details: what the message needs: row, found, wanted …
    """

    def __init__(self, code, **details):
        self.code, self.details = code, details
        super().__init__(f"{code}: {details}")


class ResultLine(NamedTuple):
    """A detail line: its row in the file, its values, or what is wrong with it."""

    row: int
    values: dict
    fault: tuple | None = None


class ResultFile(NamedTuple):
    """What a file says."""

    lines: list
    header: dict
    trailer: dict

    def total(self, name):
        """Return a value of the trailer, else of the header, else None."""
        found = self.trailer.get(name)
        return self.header.get(name) if found is None else found


@exact
def parse(profile, content):
    """Read a result file.

    :param profile: see the module
    :param bytes content: the file
    :return: ``ResultFile``; amounts are Decimals in yuan, dates are dates. A faulty
        line has ``fault = (code, details)``: ENCODING, WIDTH, CONSTANT, NUMBER, DATE
    :raises ResultFault: nothing of the file can be trusted
    """
    result = required(profile, "result", "profile")
    encoding = required(profile, "encoding", "profile")
    try:
        "".encode(encoding)
    except LookupError:
        raise ResultFault("PROFILE", encoding=encoding) from None
    content = content.removeprefix(_MARK).rstrip(_END_OF_FILE)
    rows = [
        (number, line.removesuffix(b"\r"))
        for number, line in enumerate(content.split(b"\n"), 1)
    ]
    rows = [(number, line) for number, line in rows if line.strip()]
    if not rows:
        raise ResultFault("EMPTY")
    header, trailer = {}, {}
    if result.get("header"):
        header = _take_total(profile, "header", *rows.pop(0))
    if result.get("trailer"):
        if not rows:
            raise ResultFault("TRAILER", row=1)
        trailer = _take_total(profile, "trailer", *rows.pop())
    lines = [_take_line(profile, number, line) for number, line in rows]
    if not lines:
        raise ResultFault("EMPTY")
    if lines[-1].fault and lines[-1].fault[0] == "WIDTH":
        raise ResultFault("TRUNCATED", row=lines[-1].row, **lines[-1].fault[1])
    parsed = ResultFile(lines, header, trailer)
    _check_totals(parsed)
    return parsed


def _check_totals(parsed):
    for totals in (parsed.header, parsed.trailer):
        count = totals.get("count")
        if count is not None and count != len(parsed.lines):
            raise ResultFault("COUNT", wanted=count, found=len(parsed.lines))
        amount = totals.get("amount")
        if amount is None:
            continue
        for line in parsed.lines:
            if line.values.get("amount") is None:
                raise ResultFault("SUM", row=line.row, wanted=amount, found=None)
        found = sum((line.values["amount"] for line in parsed.lines), ZERO)
        if found != amount:
            raise ResultFault("SUM", wanted=amount, found=found)


def _take_total(profile, section, row, line):
    values, fault = _read(profile, profile["result"][section], line)
    if fault:
        raise ResultFault(section.upper(), row=row, **fault[1])
    return values


def _take_line(profile, row, line):
    values, fault = _read(profile, profile["result"]["detail"], line)
    return ResultLine(row, values, fault)


def _read(profile, fields, line):
    """Return (values, fault or None); values has what could be read all the same."""
    if profile.get("kind") == "delimited":
        cells, fault = _split_delimited(profile, fields, line)
    else:
        cells, fault = _split_fixed(fields, line)
    if fault:
        return {}, fault
    values = {}
    for field, cell in zip(fields, cells, strict=True):
        try:
            text = _decode(cell, field, profile["encoding"])
            _take(field, text, values)
        except _CellFault as error:
            fault = fault or (error.code, {"field": field.get("name"), "text": error})
    return values, fault


class _CellFault(Exception):
    def __init__(self, code, text):
        self.code = code
        super().__init__(text.replace("\x00", "\N{SYMBOL FOR NULL}"))


def _split_fixed(fields, line):
    widths = [to_whole(required(field, "len", "field"), "len") for field in fields]
    needed = end = 0
    for field, width in zip(fields, widths, strict=True):
        end += width
        if "value" in field or field.get("name") not in DESCRIPTIVE:
            needed = end
    if len(line) < needed or len(line.rstrip()) > end:
        return None, ("WIDTH", {"found": len(line), "wanted": end})
    cells = []
    start = 0
    for width in widths:
        cells.append(line[start : start + width])
        start += width
    return cells, None


def _split_delimited(profile, fields, line):
    """Decode first: the second byte of a character may look like the delimiter."""
    text = line.decode(profile["encoding"], "replace")
    quote = profile.get("quote") or None
    try:
        [cells] = csv.reader(
            [text],
            delimiter=profile.get("delimiter") or ",",
            quotechar=quote,
            quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
            strict=True,
        )
    except (csv.Error, ValueError):
        return None, ("WIDTH", {"found": 1, "wanted": len(fields)})
    if len(cells) == len(fields) + 1 and not cells[-1].strip():
        cells.pop()  # some banks end every line with the delimiter
    if len(cells) != len(fields):
        return None, ("WIDTH", {"found": len(cells), "wanted": len(fields)})
    return cells, None


def _decode(cell, field, encoding):
    if isinstance(cell, bytes):
        cell = cell.decode(encoding, "replace")
    if "\ufffd" in cell and ("value" in field or _name(field) not in DESCRIPTIVE):
        raise _CellFault("ENCODING", cell)
    return cell


def _name(field):
    return field.get("name") or "filler"


def _take(field, text, values):
    """Put the value of a cell into ``values``."""
    name = _name(field)
    if "value" in field:
        if text.strip() != str(field["value"]).strip():
            raise _CellFault("CONSTANT", text.strip())
        return
    pad = field.get("pad", " ")
    text = text.strip()
    if name in NUMERIC:
        values["count" if name == "count" else "amount"] = _number(name, text)
    elif name == "date":
        values[name] = _date(field, text)
    elif name != "filler":
        if pad not in (" ", ""):
            text = text.lstrip(pad) if field.get("align") == "right" else text
        values[name] = text.replace("\x00", "").strip()


def _number(name, text):
    """Read digits as people write them: no exponents, no sign but a plus."""
    digits = text.replace(",", "") or "0" * (name == "count")
    if not _DIGITS.fullmatch(digits):
        raise _CellFault("NUMBER", text)
    try:
        number = non_negative(digits, name)
        if name == "amount":
            if number.as_tuple().exponent < -2:
                raise GasInputError(text)
            return number
        whole = to_whole(number, name)
    except GasInputError:
        raise _CellFault("NUMBER", text) from None
    return whole if name == "count" else Decimal(whole).scaleb(-2)


def _date(field, text) -> date | None:
    if not text or not text.strip("0"):
        return None
    try:
        return date_format(field, lambda form: datetime.strptime(text, form).date())
    except ValueError:
        raise _CellFault("DATE", text) from None

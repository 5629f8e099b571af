"""Bank files to send, described by a profile: fixed width or delimited.

A profile is ``{"encoding", "kind": "fixed" or "delimited", "eol", "header":
[field], "detail": [field], "trailer": [field]}``; header and trailer may be missing.
There is one detail line per row and one header and trailer line per file. A field is
``{"name", "len", "align": "left" or "right", "pad": one character}``, left-aligned
with spaces unless it says otherwise, or ``{"value": constant, "len", ...}``. Widths
are **bytes** after encoding. Text that is too long is cut at a character, never
inside one.

A delimited profile has ``"delimiter"`` and ``"quote"`` (a character, or empty for
none); its fields need no ``len``, but are padded or cut when they have one. A value
with the delimiter or the quote in it is quoted; without a quote it is refused.

Fields of a detail line: every key of the row, ``amount`` (yuan, two decimals),
``cents`` and ``ref`` (batch + 6 digits counting from 1). Fields of header and
trailer: ``batch``, ``count``, ``amount`` and ``cents`` (of the total), and what the
caller adds (``date``). A ``date`` is written in the field's ``format``
(``YYYYMMDD`` if it has none; ``YYYY-MM-DD`` or ``YYYY/MM/DD``).

Readings of the rule where its text is silent: only descriptive text is cut. A
number, a reference, a batch, an account or a constant that does not fit is
refused, because the bank would book something else.
"""

from .errors import GasInputError, required
from .rounding import ZERO, exact, money, non_negative, to_date, to_decimal, to_whole

#: Fields that identify or count something: refused rather than cut.
NEVER_CUT = frozenset(
    {
        "account",
        "amount",
        "batch",
        "bill",
        "cents",
        "count",
        "customer",
        "date",
        "mandate",
        "ref",
    }
)
DATE_FORMATS = {
    "YYYYMMDD": "%Y%m%d",
    "YYYY-MM-DD": "%Y-%m-%d",
    "YYYY/MM/DD": "%Y/%m/%d",
}
_SEQUENCE_DIGITS = 6


@exact
def bank_file(data):
    """Build a file and return it as a case does.

    :param data: ``{"profile", "batch", "rows": [{"account", "holder", "amount",
        ...}]}``, amounts in yuan
    :return: ``{"hex": the bytes, "count": rows, "total": amount}``
    :raises GasInputError: see ``build``
    """
    rows = required(data, "rows")
    content = build(required(data, "profile"), required(data, "batch"), rows)
    total = sum((to_decimal(row["amount"], "amount") for row in rows), ZERO)
    return {"hex": content.hex(), "count": len(rows), "total": money(total)}


@exact
def build(profile, batch, rows, common=None):
    """Return the bytes of a file.

    :param profile: see the module
    :param batch: batch name, start of every ``ref``
    :param rows: mappings with at least ``amount`` and what the profile names
    :param common: more values for every line, e.g. ``{"date": day}``
    :raises GasInputError: unknown field or encoding, a character the encoding does
        not have, a control character, an amount that is negative or has fractions
        of a cent, a value that must not be cut and does not fit
    """
    encoding = required(profile, "encoding", "profile")
    try:
        eol = profile.get("eol", "\r\n").encode(encoding)
    except LookupError:
        raise GasInputError(f"profile: unknown encoding {encoding!r}") from None
    required(profile, "detail", "profile")
    lines = []
    total = 0
    for number, row in enumerate(rows, 1):
        total += to_cents(required(row, "amount", "row"))
        lines.append(detail_line(profile, batch, number, {**(common or {}), **row}))
    values = {
        **(common or {}),
        "batch": batch,
        "count": len(rows),
        "cents": total,
        "amount": money(to_decimal(total).scaleb(-2)),
    }
    for section, at in (("header", 0), ("trailer", len(rows) + 1)):
        if profile.get(section):
            lines.insert(at, _line(profile, section, values, section))
    return b"".join(line + eol for line in lines)


@exact
def detail_line(profile, batch, number, row):
    """Return one detail line without its end; the errors are those of ``build``."""
    values = {
        **row,
        "amount": money(to_decimal(row["amount"], "amount")),
        "cents": to_cents(required(row, "amount", "row")),
        "ref": line_ref(batch, number),
        "batch": batch,
    }
    return _line(profile, "detail", values, f"row {number}")


def line_ref(batch, number):
    """Return the reference of a detail line: batch + 6 digits."""
    if not 0 < number < 10**_SEQUENCE_DIGITS:
        raise GasInputError(f"row {number}: a batch has at most 999999 rows")
    return f"{batch}{number:0{_SEQUENCE_DIGITS}d}"


@exact
def to_cents(amount):
    """Return an amount in yuan as whole cents."""
    return to_whole(non_negative(amount, "amount") * 100, "amount in cents")


def fit(text, length, encoding, *, align="left", pad=" ", cut=True):
    """Encode ``text`` and pad it to ``length`` bytes.

    :param cut: drop characters from the end until it fits; otherwise refuse
    :raises GasInputError: does not fit, not encodable, pad of several bytes
    """
    if length < 1:
        raise GasInputError(f"len: {length} must be above zero")
    filler = _encode(pad, encoding)
    if len(filler) != 1:
        raise GasInputError(f"pad: {pad!r} is not one byte in {encoding}")
    if align not in ("left", "right"):
        raise GasInputError(f"align: unknown value {align!r}")
    encoded = _encode(text, encoding)
    if len(encoded) > length:
        if not cut:
            raise GasInputError(f"{text!r} does not fit into {length} bytes")
        encoded = b""
        for character in text:
            longer = encoded + _encode(character, encoding)
            if len(longer) > length:
                break
            encoded = longer
    padding = filler * (length - len(encoded))
    return padding + encoded if align == "right" else encoded + padding


def _line(profile, section, values, where):
    encoding = profile["encoding"]
    delimited = profile.get("kind") == "delimited"
    out = []
    for field in profile[section]:
        name = field.get("name")
        constant = "value" in field
        if not constant and name not in values:
            raise GasInputError(f"{where}: the profile names no known field: {name!r}")
        text = field["value"] if constant else _text(field, values[name])
        try:
            if delimited and not field.get("len"):
                cell = _encode(text, encoding)
            else:
                cell = fit(
                    text,
                    to_whole(required(field, "len", "field"), "len"),
                    encoding,
                    align=field.get("align", "left"),
                    pad=field.get("pad", " "),
                    cut=not constant and name not in NEVER_CUT,
                )
            out.append(_quoted(profile, text, cell) if delimited else cell)
        except GasInputError as error:
            raise GasInputError(f"{where}, {name or 'constant'}: {error}") from None
    if delimited:
        return _encode(_delimiter(profile), encoding, control=True).join(out)
    return b"".join(out)


def _text(field, value):
    if value is None:
        return ""
    if field.get("name") == "date":
        return date_format(field, to_date(value).strftime)
    return str(value)


def date_format(field, use):
    """Return ``use(pattern)`` with the pattern of a field's dates."""
    name = field.get("format") or "YYYYMMDD"
    if name not in DATE_FORMATS:
        raise GasInputError(f"format: unknown date format {name!r}")
    return use(DATE_FORMATS[name])


def _delimiter(profile):
    delimiter = profile.get("delimiter") or ","
    if len(delimiter) != 1:
        raise GasInputError(f"profile: delimiter {delimiter!r} is not one character")
    return delimiter


def _quoted(profile, text, cell):
    quote = profile.get("quote") or ""
    if _delimiter(profile) not in text and (not quote or quote not in text):
        return cell
    if not quote:
        raise GasInputError(f"{text!r} has the delimiter in it")
    doubled = cell.decode(profile["encoding"]).replace(quote, quote * 2)
    return f"{quote}{doubled}{quote}".encode(profile["encoding"])


def _encode(text, encoding, control=False):
    if not control and any(
        ord(character) < 32 or ord(character) == 127 for character in text
    ):
        raise GasInputError(f"{text!r} has a control character")
    try:
        return text.encode(encoding)
    except UnicodeEncodeError as error:
        character = text[error.start]
        raise GasInputError(f"{character!r} cannot be written in {encoding}") from None

"""Fixed-width bank files, described by a profile.

A profile is ``{"encoding", "eol", "header": [field], "detail": [field],
"trailer": [field]}``; header and trailer may be missing. There is one detail line
per row and one header and trailer line per file. A field is ``{"name", "len",
"align": "left" or "right", "pad": one character}``, left-aligned with spaces
unless it says otherwise, or ``{"value": constant, "len", ...}``. Widths are
**bytes** after encoding. Text that is too long is cut at a character, never
inside one.

Fields of a detail line: every key of the row, ``amount`` (yuan, two decimals),
``cents`` and ``ref`` (batch + 6 digits counting from 1). Fields of header and
trailer: ``batch``, ``count``, ``amount`` and ``cents`` (of the total).

Readings of the rule where its text is silent: only descriptive text is cut. A
number, a reference, a batch, an account or a constant that does not fit is
refused, because the bank would book something else.
"""

from .errors import GasInputError, required
from .rounding import ZERO, exact, money, non_negative, to_decimal, to_whole

#: Fields that identify or count something: refused rather than cut.
NEVER_CUT = frozenset({"account", "amount", "batch", "cents", "count", "ref"})
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
def build(profile, batch, rows):
    """Return the bytes of a file.

    :param profile: see the module
    :param batch: batch name, start of every ``ref``
    :param rows: mappings with at least ``amount`` and what the profile names
    :raises GasInputError: unknown field or encoding, a character the encoding does
        not have, a control character, an amount that is negative or has fractions
        of a cent, a value that must not be cut and does not fit
    """
    encoding = required(profile, "encoding", "profile")
    try:
        eol = profile.get("eol", "\r\n").encode(encoding)
    except LookupError:
        raise GasInputError(f"profile: unknown encoding {encoding!r}") from None
    detail = required(profile, "detail", "profile")
    lines = []
    total = 0
    for number, row in enumerate(rows, 1):
        cents = to_cents(required(row, "amount", "row"))
        total += cents
        values = {
            **row,
            "amount": money(to_decimal(row["amount"], "amount")),
            "cents": cents,
            "ref": line_ref(batch, number),
        }
        lines.append(_line(detail, values, encoding, f"row {number}"))
    values = {
        "batch": batch,
        "count": len(rows),
        "cents": total,
        "amount": money(to_decimal(total).scaleb(-2)),
    }
    for section, at in (("header", 0), ("trailer", len(rows) + 1)):
        if profile.get(section):
            lines.insert(at, _line(profile[section], values, encoding, section))
    return b"".join(line + eol for line in lines)


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


def _line(fields, values, encoding, where):
    out = []
    for field in fields:
        name = field.get("name")
        constant = "value" in field
        if not constant and name not in values:
            raise GasInputError(f"{where}: the profile names no known field: {name!r}")
        value = field["value"] if constant else values[name]
        try:
            out.append(
                fit(
                    "" if value is None else str(value),
                    to_whole(required(field, "len", "field"), "len"),
                    encoding,
                    align=field.get("align", "left"),
                    pad=field.get("pad", " "),
                    cut=not constant and name not in NEVER_CUT,
                )
            )
        except GasInputError as error:
            raise GasInputError(f"{where}, {name or 'constant'}: {error}") from None
    return b"".join(out)


def _encode(text, encoding):
    if any(ord(character) < 32 or ord(character) == 127 for character in text):
        raise GasInputError(f"{text!r} has a control character")
    try:
        return text.encode(encoding)
    except UnicodeEncodeError as error:
        character = text[error.start]
        raise GasInputError(f"{character!r} cannot be written in {encoding}") from None

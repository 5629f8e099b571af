"""Read what people upload: CSV in the encodings of the trade, or XLSX.

Only bytes in, strings out; nothing here knows what a column means. Problems that make
the whole file unusable raise :class:`TableError` with a code, so that the caller can
say it in the clerk's language. What spoils one row only is marked in its cells
(:class:`FormulaCell`, :class:`RoundedCell`, :class:`BrokenCell`), so that the others go
in.
"""

import csv
import datetime
import io
import re
import unicodedata
import zipfile
from decimal import Decimal

CSV_DELIMITERS = ",;\t|"
#: An XLSX that unpacks to more than this many times the size limit is refused.
XLSX_INFLATION = 10
#: Excel keeps fifteen digits of a number; longer ones were rounded when typed.
EXCEL_DIGITS = 15
#: Stands for bytes that are no text in the file's encoding.
REPLACEMENT = "\ufffd"
#: What other kinds of files begin with, for a better message than "not readable".
SIGNATURES = {
    b"%PDF": "PDF",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "XLS (Excel 97-2003)",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"\x1f\x8b": "gzip",
    b"{\\rtf": "RTF",
}
HTML_START = re.compile(r"\s*<(!doctype|html|table|\?xml)", re.IGNORECASE)

DATE_PATTERNS = (
    re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]\d{1,2}:\d{2}.*)?$"),
    re.compile(r"^(\d{4})年(\d{1,2})月(\d{1,2})日?$"),
    re.compile(r"^(\d{4})(\d{2})(\d{2})$"),
)
NUMBER_PATTERN = re.compile(r"^[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$", re.ASCII)
WIDE_DIGIT = re.compile("[０-９]")


class TableError(ValueError):
    """The file as a whole can't be read.

    :param code: ``EMPTY``, ``ENCODING``, ``FORMAT``, ``SIZE`` or ``LINES``
    :param details: values for the message (``kind``, ``limit``, ``size``, ``encoding``)
    """

    def __init__(self, code, **details):
        super().__init__(code)
        self.code = code
        self.details = details


class FormulaCell(str):
    """A spreadsheet cell whose formula has no stored result."""


class RoundedCell(str):
    """A spreadsheet number so long that Excel has lost its last digits."""


class BrokenCell(str):
    """A line that could not be split: a quotation mark is opened and not closed."""


def read_table(
    data, filename="", encoding=None, max_bytes=None, max_rows=None, headings=()
):
    """Return (header, rows) of an uploaded file.

    :param bytes data: the file
    :param str filename: decides nothing, the content does
    :param encoding: force one (e.g. ``gb18030``); default: recognised
    :param max_bytes: refuse a larger file before reading it
    :param max_rows: refuse a file with more rows after the heading
    :param headings: known headings; the encoding in which one appears is the right one
    :return: header as list of str, rows as list of (row number, list of str); the row
        number is the one a spreadsheet shows, the heading being row 1
    :raise TableError: when nothing sensible can be read
    """
    if max_bytes and len(data) > max_bytes:
        raise TableError("SIZE", size=len(data), limit=max_bytes)
    if not data or not data.strip():
        raise TableError("EMPTY")
    if data[:4] == b"PK\x03\x04":
        raw = _read_xlsx(data, max_bytes)
    else:
        _refuse_other_kinds(data)
        raw = _read_csv(decode(data, encoding, headings))
    header, rows = None, []
    for number, cells in raw:
        if not any(cell and not cell.isspace() for cell in cells):
            continue
        if header is None:
            header = [clean(cell) for cell in cells]
            continue
        if max_rows and len(rows) >= max_rows:
            raise TableError("LINES", limit=max_rows)
        rows.append((number, cells))
    if header is None or not rows:
        raise TableError("EMPTY")
    return header, rows


# === TEXT ===#


def decode(data, encoding=None, headings=()):
    """Return the text of ``data``.

    A byte order mark decides; then the forced encoding; else UTF-8, GB18030, UTF-16 and
    Big5 are tried. Bytes that are no text become ``REPLACEMENT`` if a known heading can
    still be read: they spoil their row only.
    """
    for mark, name in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            encoding, candidates = name, [name]
            break
    else:
        wide = data[:1000].count(0) * 3 > len(data[:1000])
        guesses = ["utf-16-le", "utf-16-be"] if wide else ["utf-8", "gb18030", "big5"]
        candidates = [encoding] if encoding else guesses
    text = _choose_text(data, candidates, headings)
    if text is None:
        raise TableError("ENCODING", encoding=encoding or "UTF-8 / GB18030")
    if HTML_START.match(text):
        raise TableError("FORMAT", kind="HTML / XML")
    return text


def _choose_text(data, candidates, headings):
    """Return the first reading of ``data`` that makes sense; None if there is none."""
    whole = [
        text
        for name in candidates
        if (text := _decode_strictly(data, name)) is not None
    ]
    if headings:
        lenient = (_decode_leniently(data, name) for name in candidates)
        for text in (*whole, *lenient):
            if _knows_heading(text, headings):
                return text
    return whole[0] if whole else None


def _decode_strictly(data, encoding):
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None
    return None if "\x00" in text else text


def _decode_leniently(data, encoding):
    try:
        return data.decode(encoding, "replace").replace("\x00", REPLACEMENT)
    except LookupError:
        return REPLACEMENT


def _first_line(text):
    return next((line for line in text[:100000].splitlines() if line.strip()), "")


def _knows_heading(text, headings):
    line = _first_line(text)
    if REPLACEMENT in line:
        return False
    line = clean(line).casefold()
    return any(heading.casefold() in line for heading in headings)


def _refuse_other_kinds(data):
    for signature, kind in SIGNATURES.items():
        if data.startswith(signature):
            raise TableError("FORMAT", kind=kind)


def _read_csv(text):
    """Yield (row number, cells); a stray quotation mark spoils its own line only."""
    first = _first_line(text)
    counts = {mark: first.count(mark) for mark in CSV_DELIMITERS}
    delimiter = max(counts, key=counts.get)
    if '"' not in text or _is_well_quoted(text, delimiter):
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        try:
            yield from enumerate(reader, 1)
        except csv.Error as error:
            raise TableError("FORMAT", kind=str(error)) from error
        return
    for number, line in enumerate(io.StringIO(text, newline=None), 1):
        try:
            cells = next(csv.reader([line], delimiter=delimiter, strict=True), [])
        except csv.Error:
            cells = [BrokenCell(line.strip())]
        yield number, cells


def _is_well_quoted(text, delimiter):
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for _cells in reader:
            pass
    except csv.Error:
        return False
    return True


# === SPREADSHEET ===#


def _read_xlsx(data, max_bytes):
    """Yield (row number, cells) of the first sheet that has any."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            inflated = sum(info.file_size for info in archive.infolist())
            names = set(archive.namelist())
        if "xl/workbook.xml" not in names:
            raise TableError("FORMAT", kind="ZIP")
        if max_bytes and inflated > XLSX_INFLATION * max_bytes:
            raise TableError(
                "SIZE", size=inflated, limit=XLSX_INFLATION * max_bytes, unpacked=True
            )
        yield from _read_sheet(data)
    except TableError:
        raise
    except Exception as error:  # a damaged workbook raises anything
        raise TableError("FORMAT", kind="XLSX") from error


def _read_sheet(data):
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    sheet = next(
        (sheet for sheet in book.worksheets if any(sheet.iter_rows(max_row=1))),
        book.worksheets[0],
    )
    formulas = _find_formulas(data, sheet.title)
    for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
        yield (
            number,
            [
                FormulaCell(formulas[number, column])
                if value is None and (number, column) in formulas
                else _cell_text(value)
                for column, value in enumerate(cells, 1)
            ],
        )


def _find_formulas(data, title):
    """Return {(row, column): formula} of the sheet ``title``; {} without any."""
    import openpyxl

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheets = [name for name in archive.namelist() if "worksheets/" in name]
        if not any(_contains(archive, name, b"<f") for name in sheets):
            return {}
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False)
    return {
        (number, column): value
        for number, cells in enumerate(book[title].iter_rows(values_only=True), 1)
        for column, value in enumerate(cells, 1)
        if isinstance(value, str) and value.startswith("=")
    }


def _contains(archive, name, needle):
    """Whether a packed file contains ``needle``, without unpacking it at once."""
    tail = b""
    with archive.open(name) as stream:
        while chunk := stream.read(1 << 20):
            if needle in tail + chunk:
                return True
            tail = chunk[-len(needle) :]
    return False


def _cell_text(value):
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, datetime.datetime):
        if value.time() == datetime.time():
            return value.date().isoformat()
        return value.isoformat(sep=" ")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float):
        if abs(value) >= 10**EXCEL_DIGITS:
            return RoundedCell(f"{value:.0f}")
        return format(Decimal(repr(value)), "f").removesuffix(".0")
    return str(value)


# === CELLS ===#


def clean(text):
    """Trim, unify full-width characters (NFKC) and drop invisible ones.

    The apostrophe before ``=``, ``+``, ``-`` and ``@`` goes: it keeps spreadsheets from
    taking the text for a formula and is no part of it.
    """
    if not text:
        return ""
    if text.isascii():
        if not text.isprintable():
            text = "".join(char for char in text if char.isprintable())
    else:
        text = unicodedata.normalize("NFKC", text)
        text = "".join(char for char in text if char.isprintable())
    text = text.strip()
    if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@"):
        return text[1:]
    return text


def has_wide_digits(text):
    """Whether ``text`` holds full-width digits."""
    return bool(text) and not text.isascii() and bool(WIDE_DIGIT.search(text))


def parse_number(text):
    """Return ``text`` as Decimal, or None if it isn't a plain number.

    Full-width digits and thousands separators are read; letters that look like digits
    (``1O5``) are not.
    """
    text = clean(text)
    if len(text) > 40 or not NUMBER_PATTERN.match(text):
        return None
    return Decimal(text.replace(",", ""))


def parse_date(text):
    """Return ``text`` as date, or None if no such day exists."""
    text = clean(text)
    for pattern in DATE_PATTERNS:
        match = pattern.match(text)
        if match:
            try:
                return datetime.date(*map(int, match.groups()))
            except ValueError:
                return None
    return None

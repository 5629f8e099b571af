"""Read what people upload: CSV in the encodings of the trade, or XLSX.

Only bytes in, strings out; nothing here knows what a column means. Problems that make
the whole file unusable raise :class:`TableError` with a code, so that the caller can
say it in the clerk's language.
"""

import csv
import datetime
import io
import re
import unicodedata
import zipfile
from decimal import Decimal, InvalidOperation

CSV_DELIMITERS = ",;\t|"
#: An XLSX that unpacks to more than this many times the size limit is refused.
XLSX_INFLATION = 25

DATE_PATTERNS = (
    re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]\d{1,2}:\d{2}.*)?$"),
    re.compile(r"^(\d{4})年(\d{1,2})月(\d{1,2})日?$"),
    re.compile(r"^(\d{4})(\d{2})(\d{2})$"),
)
NUMBER_PATTERN = re.compile(r"^[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$")


class TableError(ValueError):
    """The file as a whole can't be read.

    :param code: ``EMPTY``, ``ENCODING``, ``FORMAT``, ``SIZE`` or ``LINES``
    :param details: values for the message (``row``, ``limit``, ``size``)
    """

    def __init__(self, code, **details):
        super().__init__(code)
        self.code = code
        self.details = details


class FormulaCell(str):
    """A spreadsheet cell whose formula has no stored result."""


def read_table(data, filename="", encoding=None, max_bytes=None, max_rows=None):
    """Return (header, rows) of an uploaded file.

    :param bytes data: the file
    :param str filename: decides nothing but helps to tell formats apart
    :param encoding: force one (e.g. ``gb18030``); default: recognised
    :param max_bytes: refuse a larger file before reading it
    :param max_rows: refuse a file with more rows after the heading
    :return: header as list of str, rows as list of (row number, list of str); the row
        number counts as the clerk sees it, the heading being row 1
    :raise TableError: when nothing sensible can be read
    """
    if not data or not data.strip():
        raise TableError("EMPTY")
    if max_bytes and len(data) > max_bytes:
        raise TableError("SIZE", size=len(data), limit=max_bytes)
    if data[:4] == b"PK\x03\x04":
        raw = _read_xlsx(data, max_bytes, max_rows)
    elif data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise TableError("FORMAT", kind="xls")
    else:
        raw = _read_csv(data, encoding, max_rows)
    header, rows = None, []
    for number, cells in raw:
        if not any(cell.strip() for cell in cells):
            continue
        if header is None:
            header = [clean(cell) for cell in cells]
            continue
        rows.append((number, cells))
        if max_rows and len(rows) > max_rows:
            raise TableError("LINES", limit=max_rows)
    if header is None or not rows:
        raise TableError("EMPTY")
    return header, rows


def decode(data, encoding=None):
    """Return the text of ``data``; BOM, UTF-8, UTF-16 and GB18030 are recognised."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates = ["utf-16"]
    elif data.startswith(b"\xef\xbb\xbf"):
        candidates = ["utf-8-sig"]
    elif encoding:
        candidates = [encoding]
    else:
        candidates = ["utf-8", "gb18030"]
    for candidate in candidates:
        try:
            text = data.decode(candidate)
        except (UnicodeDecodeError, LookupError):
            continue
        if "\x00" not in text:
            return text
    raise TableError("ENCODING", encoding=encoding or "UTF-8 / GB18030")


def _read_csv(data, encoding, max_rows):
    text = decode(data, encoding)
    first = next((line for line in text.splitlines() if line.strip()), "")
    counts = {mark: first.count(mark) for mark in CSV_DELIMITERS}
    delimiter = max(counts, key=counts.get)
    if max_rows and text.count("\n") > 20 * max_rows + 20:
        raise TableError("LINES", limit=max_rows)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as error:
        raise TableError("FORMAT", kind=str(error)) from error


def _read_xlsx(data, max_bytes, max_rows):
    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            inflated = sum(info.file_size for info in archive.infolist())
        if max_bytes and inflated > XLSX_INFLATION * max_bytes:
            raise TableError("SIZE", size=inflated, limit=max_bytes)
        values = openpyxl.load_workbook(
            io.BytesIO(data), read_only=True, data_only=True
        )
        formulas = openpyxl.load_workbook(
            io.BytesIO(data), read_only=True, data_only=False
        )
        sheets = zip(
            values.worksheets[0].iter_rows(values_only=True),
            formulas.worksheets[0].iter_rows(values_only=True),
            strict=False,
        )
        for number, (cells, sources) in enumerate(sheets, 1):
            if max_rows and number > max_rows + 1 + 1000:
                raise TableError("LINES", limit=max_rows)
            yield (
                number,
                [_cell_text(*pair) for pair in zip(cells, sources, strict=False)],
            )
    except TableError:
        raise
    except Exception as error:  # noqa: BLE001 (a damaged workbook raises anything)
        raise TableError("FORMAT", kind="xlsx") from error


def _cell_text(value, source):
    if value is None:
        if isinstance(source, str) and source.startswith("="):
            return FormulaCell(source)
        return ""
    if isinstance(value, datetime.datetime):
        if value.time() == datetime.time():
            return value.date().isoformat()
        return value.isoformat(sep=" ")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float):
        return repr(value).removesuffix(".0") if abs(value) < 1e15 else f"{value:.0f}"
    return str(value)


def clean(text):
    """Trim, unify full-width characters (NFKC) and drop invisible ones."""
    text = unicodedata.normalize("NFKC", text or "")
    return "".join(char for char in text if char.isprintable()).strip()


def parse_number(text):
    """Return ``text`` as Decimal, or None if it isn't a plain number.

    Full-width digits and thousands separators are read; letters that look like digits
    (``1O5``) are not.
    """
    text = clean(text)
    if not NUMBER_PATTERN.match(text):
        return None
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None


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

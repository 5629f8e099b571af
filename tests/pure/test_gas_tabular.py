"""What people upload: encodings, quoting, spreadsheets, limits."""

import datetime
import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from tools.tabular import (
    REPLACEMENT,
    BrokenCell,
    FormulaCell,
    RoundedCell,
    TableError,
    clean,
    has_wide_digits,
    parse_date,
    parse_number,
    read_table,
)

TEXT = "用户编号,表号,本期读数\nG1,M1,105\nG2,M2,88\n"
HEADINGS = ["用户编号", "表号", "本期读数"]
ROWS = [(2, ["G1", "M1", "105"]), (3, ["G2", "M2", "88"])]


def xlsx(rows, **cells):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for name, value in cells.items():
        book.active[name] = value
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def code_of(data, **options):
    with pytest.raises(TableError) as error:
        read_table(data, headings=HEADINGS, **options)
    return error.value.code


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le"]
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_encodings_are_recognised(encoding, newline):
    data = TEXT.replace("\n", newline).encode(encoding)
    assert read_table(data, headings=HEADINGS) == (HEADINGS, ROWS)


def test_utf16_big_endian_without_mark():
    rows = "".join(f"G{number},M{number},{number}\n" for number in range(50))
    header, found = read_table(
        ("用户编号,表号,本期读数\n" + rows).encode("utf-16-be"), headings=HEADINGS
    )
    assert header == HEADINGS
    assert len(found) == 50


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_delimiters(delimiter):
    assert read_table(TEXT.replace(",", delimiter).encode()) == (HEADINGS, ROWS)


def test_big5_only_when_forced():
    data = "用戶編號,表號\nG1,M1\n".encode("big5")
    assert read_table(data, encoding="big5")[0] == ["用戶編號", "表號"]


def test_wrong_forced_encoding():
    assert code_of(TEXT.encode("gb18030"), encoding="utf-8") == "ENCODING"
    assert code_of(b"\xff\xff\xff\xff,\x81\n\xff,\xff\n") == "ENCODING"


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_broken_bytes_spoil_their_row_only(encoding):
    data = TEXT.encode(encoding).replace(b"G1", b"G1\xff")
    header, rows = read_table(data, headings=HEADINGS)
    assert header == HEADINGS
    assert REPLACEMENT in rows[0][1][0]
    assert rows[0][1][1:] == ["M1", "105"]
    assert rows[1] == ROWS[1]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "EMPTY"),
        (b"  \r\n \n", "EMPTY"),
        (b"\xef\xbb\xbf", "EMPTY"),
        ("用户编号,表号\n".encode(), "EMPTY"),
        ("用户编号,表号\n,,\n  ,\n".encode(), "EMPTY"),
        (b"%PDF-1.7\n%\xe2\xe3", "FORMAT"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "FORMAT"),
        (b"\x89PNG\r\n\x1a\n", "FORMAT"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "FORMAT"),
        (b"PK\x03\x04broken", "FORMAT"),
    ],
)
def test_refused_files(data, code):
    assert code_of(data) == code


def test_zip_that_is_no_workbook():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("readme.txt", "no workbook")
    assert code_of(buffer.getvalue()) == "FORMAT"


def test_limits():
    data = TEXT.encode()
    assert code_of(data, max_bytes=len(data) - 1) == "SIZE"
    assert code_of(data, max_rows=1) == "LINES"
    assert read_table(data, max_rows=2, max_bytes=len(data)) == (HEADINGS, ROWS)
    # blank lines and quoted line breaks are no rows
    padded = TEXT.replace("G1", '"G1\n"') + "\n" * 50
    assert len(read_table(padded.encode(), max_rows=2)[1]) == 2


def test_size_is_checked_before_anything_is_read():
    bomb = xlsx([["a"], ["b" * 30000]])
    with pytest.raises(TableError) as error:
        read_table(bomb, max_bytes=len(bomb) - 1)
    assert error.value.code == "SIZE"
    assert error.value.details["limit"] == len(bomb) - 1


def test_unpacked_size():
    bomb = xlsx([["a"], *(["x" * 1000] for _ in range(2000))])
    with pytest.raises(TableError) as error:
        read_table(bomb, max_bytes=len(bomb))
    assert error.value.details["unpacked"]


def test_row_numbers_are_those_of_a_spreadsheet():
    text = '用户编号,表号\n\nG1,"M\n1"\nG2,M2\n'
    _header, rows = read_table(text.encode())
    assert rows == [(3, ["G1", "M\n1"]), (4, ["G2", "M2"])]


def test_unclosed_quotation_mark_loses_no_other_row():
    text = 'a,b\n1,"x\n2,y\n3,"z, w"\n'
    _header, rows = read_table(text.encode())
    assert [number for number, _cells in rows] == [2, 3, 4]
    assert type(rows[0][1][0]) is BrokenCell
    assert rows[1:] == [(3, ["2", "y"]), (4, ["3", "z, w"])]


def test_spreadsheet():
    data = xlsx(
        [
            ["用户编号", "日期", "读数", "小数", "标志"],
            ["007", datetime.date(2026, 10, 20), 105, 10.5, True],
            [None, None, None, None, None],
            ["008", datetime.datetime(2026, 10, 20, 8, 30), 106.0, 0.001, None],
        ]
    )
    header, rows = read_table(data)
    assert header == ["用户编号", "日期", "读数", "小数", "标志"]
    assert rows == [
        (2, ["007", "2026-10-20", "105", "10.5", "True"]),
        (4, ["008", "2026-10-20 08:30:00", "106", "0.001", ""]),
    ]


def test_formula_without_value():
    data = xlsx([["a", "b"], ["1", None]], B2="=A2*2")
    (row,) = read_table(data)[1]
    assert type(row[1][1]) is FormulaCell
    assert row[1][1] == "=A2*2"


def test_number_too_long_for_a_spreadsheet():
    data = xlsx([["a"], [6.271179664014601e18]])
    assert type(read_table(data)[1][0][1][0]) is RoundedCell


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("105", "105"),
        (" 105.50 ", "105.50"),
        ("１０５", "105"),
        ("1,234,567", "1234567"),
        ("-3", "-3"),
        ("+3", "3"),
        ("'-3", "-3"),
    ],
)
def test_numbers(text, number):
    assert parse_number(text) == Decimal(number)


@pytest.mark.parametrize(
    "text", ["", "1O5", "1e5", "1,23", "12 3", "--1", ".5", "nan", "1_0", "9" * 41, "٣"]
)
def test_no_numbers(text):
    assert parse_number(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "2026-10-20",
        "2026/10/20",
        "2026.10.20",
        "20261020",
        "2026年10月20日",
        "２０２６-10-20",
        "2026-10-20 08:15:00",
        "2026-10-20T08:15",
    ],
)
def test_dates(text):
    assert parse_date(text) == datetime.date(2026, 10, 20)


@pytest.mark.parametrize(
    "text", ["", "2026/13/45", "2026-02-30", "20/10/2026", "46315", "0000-00-00", "x"]
)
def test_no_dates(text):
    assert parse_date(text) is None


def test_clean():
    assert clean("\u3000Ｇ１２\u200b\t") == "G12"
    assert clean("'=1+1") == "=1+1"
    assert clean("'s") == "'s"
    assert clean(None) == ""
    assert has_wide_digits("１")
    assert not has_wide_digits("1") and not has_wide_digits("")

"""Bank files: delimited ones, and reading what the bank sends back."""

from datetime import date
from decimal import Decimal

import pytest
from tools.bankfile import build, line_ref
from tools.bankresult import ResultFault, parse
from tools.errors import GasInputError

RIGHT = {"align": "right", "pad": "0"}
TOTALS = [
    {"name": "batch", "len": 12},
    {"name": "count", "len": 8, **RIGHT},
    {"name": "cents", "len": 14, **RIGHT},
]
RESULT = [
    {"name": "ref", "len": 20},
    {"name": "account", "len": 25},
    {"name": "holder", "len": 12},
    {"name": "cents", "len": 12, **RIGHT},
    {"name": "code", "len": 4},
    {"name": "text", "len": 20},
]
FIXED = {
    "encoding": "gb18030",
    "kind": "fixed",
    "eol": "\r\n",
    "detail": RESULT,
    "trailer": TOTALS,
    "result": {"detail": RESULT, "trailer": TOTALS},
}
CSV_FIELDS = [
    {"name": "ref"},
    {"name": "account"},
    {"name": "holder"},
    {"name": "amount"},
    {"name": "date", "format": "YYYY-MM-DD"},
    {"name": "code"},
    {"name": "text"},
]
DELIMITED = {
    "encoding": "gbk",
    "kind": "delimited",
    "eol": "\n",
    "delimiter": "|",
    "quote": '"',
    "detail": CSV_FIELDS,
    "result": {"header": TOTALS, "detail": CSV_FIELDS},
    "header": TOTALS,
}
ROWS = [
    {"account": "6222021234567890123", "holder": "张三", "amount": "120.15"},
    {"account": "6222021234567890124", "holder": "㛃英", "amount": "90.70"},
    {"account": "6222021234567890125", "holder": "𠮷田", "amount": "147.80"},
]


def answered(rows=None, code="00", text="成功"):
    return [{**row, "code": code, "text": text} for row in rows or ROWS]


def result(rows=None, profile=FIXED, **common):
    return build(profile, "DK26110001", answered(rows), common)


def fault(profile, content):
    with pytest.raises(ResultFault) as caught:
        parse(profile, content)
    return caught.value.code


def test_fixed_round_trip_with_four_byte_names():
    parsed = parse(FIXED, result())
    assert [line.row for line in parsed.lines] == [1, 2, 3]
    assert not any(line.fault for line in parsed.lines)
    assert [line.values["holder"] for line in parsed.lines] == ["张三", "㛃英", "𠮷田"]
    assert parsed.lines[1].values["amount"] == Decimal("90.70")
    assert parsed.lines[2].values["ref"] == line_ref("DK26110001", 3)
    assert parsed.lines[0].values["code"] == "00"
    assert parsed.total("batch") == "DK26110001"
    assert parsed.total("count") == 3


def test_delimited_round_trip():
    rows = [{**ROWS[0], "holder": '甲|乙 "丙"'}, ROWS[2] | {"holder": "王五"}]
    content = result(rows, DELIMITED, date=date(2026, 11, 20))
    assert b'"' in content
    parsed = parse(DELIMITED, content)
    assert parsed.lines[0].values["holder"] == '甲|乙 "丙"'
    assert parsed.lines[1].values["date"] == date(2026, 11, 20)
    assert parsed.lines[1].values["amount"] == Decimal("147.80")
    bare = {**DELIMITED, "quote": ""}
    with pytest.raises(GasInputError):
        build(bare, "B", answered(rows), {"date": date(2026, 11, 20)})


def test_second_byte_may_look_like_the_delimiter():
    """亅 is 0x81 0x7C in GBK: its second byte is the vertical bar."""
    assert "亅".encode("gbk")[1:] == b"|"
    content = result(
        [{**ROWS[0], "holder": "亅甲"}], DELIMITED, date=date(2026, 11, 20)
    )
    [line] = parse(DELIMITED, content).lines
    assert not line.fault and line.values["holder"] == "亅甲"


def test_name_cut_inside_a_character_survives():
    content = bytearray(result())
    content[45 + 11] = 0xC0  # half a character at the end of the holder's field
    parsed = parse(FIXED, bytes(content))
    assert not parsed.lines[0].fault
    assert parsed.lines[0].values["account"] == ROWS[0]["account"]
    assert parsed.lines[0].values["amount"] == Decimal("120.15")


def test_stripped_spaces_at_the_end_survive():
    content = b"\n".join(line.rstrip() for line in result().split(b"\r\n"))
    parsed = parse(FIXED, content + b"\x1a")
    assert [line.fault for line in parsed.lines] == [None] * 3
    only = b"\n".join(
        line[:73] if number < 3 else line
        for number, line in enumerate(result().split(b"\r\n"))
    )
    assert parse(FIXED, only).lines[0].values["text"] == ""


def test_what_makes_a_line_faulty():
    lines = result().split(b"\r\n")
    lines[0] = lines[0][:20] + b"\xff" + lines[0][21:]
    lines[1] = lines[1][:40]
    parsed_without_sum = {**FIXED, "result": {"detail": RESULT}}
    parsed = parse(parsed_without_sum, b"\r\n".join(lines[:3]))
    assert [line.fault and line.fault[0] for line in parsed.lines] == [
        "ENCODING",
        "WIDTH",
        None,
    ]
    lines = result().split(b"\r\n")
    lines[2] = lines[2].replace(b"000000014780", b"0000000x4780")
    [_, _, third] = parse(parsed_without_sum, b"\r\n".join(lines[:3])).lines
    assert third.fault[0] == "NUMBER" and third.values["ref"].endswith("3")


def test_files_that_are_refused():
    whole = result()
    lines = whole.split(b"\r\n")
    assert fault(FIXED, b"") == "EMPTY"
    assert fault(FIXED, b"\r\n".join(lines[:3])) == "TRAILER"
    assert fault(FIXED, lines[3]) == "EMPTY"
    assert fault(FIXED, b"\r\n".join([lines[0], lines[1], lines[3]])) == "COUNT"
    wrong = whole.replace(b"000000012015", b"000000012016")
    assert fault(FIXED, wrong) == "SUM"
    unreadable = whole.replace(b"000000012015", b"00000001201x")
    assert fault(FIXED, unreadable) == "SUM"
    assert fault(FIXED, whole[:100]) == "TRAILER"
    free = {**FIXED, "result": {"detail": RESULT}}
    assert fault(free, b"\r\n".join(lines[:3])[:-40]) == "TRUNCATED"
    assert fault({**FIXED, "encoding": "gb-none"}, whole) == "PROFILE"
    assert fault({**DELIMITED}, b"x") == "HEADER"


def test_constants_tell_one_bank_from_another():
    marked = {
        **FIXED,
        "result": {"detail": [{"value": "D", "len": 1}, *RESULT[:5]]},
    }
    good = b"D" + result().split(b"\r\n")[0][:73]
    assert not parse(marked, good).lines[0].fault
    [line] = parse(marked, b"X" + good[1:]).lines
    assert line.fault[0] == "CONSTANT"


def test_delimited_line_that_cannot_be_decoded():
    lines = result(None, DELIMITED | {"encoding": "gb18030"}, date="2026-11-20")
    broken = lines.replace(b"DK26110001000002", b"DK2611000100000\xff")
    parsed = parse(DELIMITED | {"encoding": "gb18030"}, broken)
    assert [line.fault and line.fault[0] for line in parsed.lines] == [
        None,
        "ENCODING",
        None,
    ]


def test_dates_and_formats():
    for form, text in (("YYYYMMDD", "20261120"), ("YYYY/MM/DD", "2026/11/20")):
        fields = [{"name": "date", "format": form}, *CSV_FIELDS[:4]]
        profile = {**DELIMITED, "detail": fields, "result": {"detail": fields}}
        profile.pop("header")
        content = build(profile, "B", ROWS[:1], {"date": "2026-11-20"})
        assert text.encode() in content
        assert parse(profile, content).lines[0].values["date"] == date(2026, 11, 20)
        [line] = parse(profile, content.replace(text.encode(), b"20261399")).lines
        assert line.fault[0] == "DATE"
    with pytest.raises(GasInputError):
        bad = [{"name": "date", "format": "?"}]
        build({**DELIMITED, "detail": bad}, "B", ROWS, {"date": "2026-11-20"})


@pytest.mark.parametrize(
    "amount", ["1E2", "1e-1", "-5.00", "NaN", "9" * 40, "1_0", "\x001", "", "."]
)
def test_amounts_are_digits(amount):
    """A number nobody writes makes its line faulty, and is told without a NUL."""
    fields = [field for field in CSV_FIELDS if field["name"] != "date"]
    profile = {**DELIMITED, "encoding": "utf-8", "detail": fields, "header": None}
    profile["result"] = {"detail": fields}
    content = result(profile=profile).replace(b"|120.15|", f"|{amount}|".encode())
    first, *others = parse(profile, content).lines
    assert first.fault[0] == "NUMBER"
    assert "\x00" not in str(first.fault[1]["text"])
    assert not any(line.fault for line in others)


@pytest.mark.parametrize("amount", ["+120.15", "0" * 30 + "120.15", "1,20.15"])
def test_amounts_with_padding_and_separators(amount):
    profile = {**DELIMITED, "encoding": "utf-8", "header": None}
    profile["result"] = {"detail": CSV_FIELDS}
    content = result(profile=profile, date=date(2026, 11, 5))
    content = content.replace(b"|120.15|", f"|{amount}|".encode())
    assert parse(profile, content).lines[0].values["amount"] == Decimal("120.15")

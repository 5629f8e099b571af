"""Masking, phone numbers, pinyin, frozen values, periods, addresses, seals."""

import datetime
import importlib.util
import sys
from decimal import Decimal
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "addons" / "cs_base" / "tools"


def _load():
    """Import the tools under a name of their own, without their addon."""
    spec = importlib.util.spec_from_file_location(
        "cs_base_tools",
        FOLDER / "__init__.py",
        submodule_search_locations=[str(FOLDER)],
    )
    package = importlib.util.module_from_spec(spec)
    sys.modules["cs_base_tools"] = package
    spec.loader.exec_module(package)
    names = ("address", "canonical", "masking", "periods", "phone", "pinyin", "seal")
    return [importlib.import_module(f"cs_base_tools.{name}") for name in names]


address, canonical, masking, periods, phone, pinyin, seal = _load()


# === MASKING === #


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("13812345678", "138****5678"),
        ("+86 138 1234 5678", "138****5678"),
        ("0086-138-1234-5678", "138****5678"),
        ("１３８１２３４５６７８", "138****5678"),
        ("021-61234567", "021-****4567"),
        ("+86 21 6123 4567", "021-****4567"),
        ("0571 88888888转801", "0571-****8888"),
        ("61234567", "****4567"),
        ("4008205555", "400****5555"),
        ("95598", "****98"),
        ("12", "****"),
        ("13812345678、021-61234567", "138****5678 / 021-****4567"),
        ("", ""),
        (None, ""),
    ],
)
def test_mask_phone(number, masked):
    assert masking.mask_phone(number) == masked
    assert masking.mask_phone(masked) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("310101199001011234", "310***********1234"),
        ("31010119900101123X", "310***********123X"),
        ("310101900101123", "310********1123"),
        ("G12345678", "*******78"),
        ("AB12", "**"),
        ("", ""),
    ],
)
def test_mask_id_number(number, masked):
    assert masking.mask_id_number(number) == masked
    assert masking.mask_id_number(masked) == masked


def test_mask_account():
    assert masking.mask_account("6271 1796 6401 4601 934") == "****1934"
    assert masking.mask_account("1234") == "****"
    assert masking.mask_account("****1934") == "****1934"
    assert masking.mask_account(None) == ""


def test_no_mask_shows_more_than_seven_signs():
    for length in range(1, 20):
        number = "1" * length
        for mask in (masking.mask_phone, masking.mask_id_number, masking.mask_account):
            shown = mask(number).replace("*", "")
            assert len(shown) <= 7
            assert masking.is_masked(mask(number))


# === PHONE NUMBERS === #


@pytest.mark.parametrize(
    ("raw", "e164", "kind"),
    [
        ("13812345678", "+8613812345678", "mobile"),
        ("+86 138 1234 5678", "+8613812345678", "mobile"),
        ("１３８１２３４５６７８", "+8613812345678", "mobile"),
        ("021-61234567", "+862161234567", "landline"),
        ("02161234567转801", "+862161234567", "landline"),
        ("4008205555", "+864008205555", "service"),
        ("+1 650-253-0000", "+16502530000", "foreign"),
    ],
)
def test_plausible_number(raw, e164, kind):
    found = phone.parse(raw)
    assert (found.e164, found.kind, found.valid) == (e164, kind, True)


@pytest.mark.parametrize("raw", ["61234567", "12345", "1381234567", "无", "", "000"])
def test_implausible_number_is_kept(raw):
    found = phone.parse(raw)
    assert (found.raw, found.e164, found.valid) == (raw, "", False)


def test_digits_without_extension():
    assert phone.parse("021-61234567 ext. 801").digits == "02161234567"


def test_split():
    assert phone.split(" 1 / 2、3；4，5 ") == ["1", "2", "3", "4", "5"]
    assert phone.split(None) == []


# === PINYIN === #


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("张三", "zs"),
        ("单小明", "sxm"),
        ("曾国强", "zgq"),
        ("欧阳修", "oyx"),
        ("尉迟恭", "ycg"),
        ("John Smith", "js"),
        ("张三 Zhang", "zsz"),
        ("", ""),
        (None, ""),
    ],
)
def test_initials_of_persons(name, letters):
    assert pinyin.initials(name) == letters


def test_initials_of_companies():
    assert pinyin.initials("上海燃气有限公司", person=False) == "shrqyxgs"
    assert pinyin.initials("单行道3号店", person=False) == "dxd3hd"


# === FROZEN VALUES === #


def test_equal_values_have_one_text():
    one = {"b": Decimal("1.50"), "a": [1, 2.0], "c": datetime.date(2026, 10, 1)}
    two = {"c": "2026-10-01", "a": (1, 2), "b": 1.5}
    assert canonical.dumps(one) == canonical.dumps(two)
    assert canonical.dumps(one) == '{"a":[1,2],"b":"1.5","c":"2026-10-01"}'


def test_different_values_differ():
    texts = [
        canonical.dumps({"value": value})
        for value in (None, False, 0.1, "x", 1, [1], {"a": 1})
    ]
    assert len(set(texts)) == len(texts)
    assert canonical.digest(texts[0]) != canonical.digest(texts[1])


def test_float_noise_is_no_change_after_rounding():
    assert canonical.dumps(round(0.1 + 0.2, 2)) == canonical.dumps(0.3)


def test_unknown_type_is_refused():
    with pytest.raises(TypeError):
        canonical.dumps({"value": object()})


# === PERIODS === #


def test_period_keys():
    day = datetime.date(2026, 3, 9)
    assert periods.key("none", day) == "-"
    assert periods.key("year", day) == "2026"
    assert periods.key("month", day) == "2026-03"


def test_label():
    day = datetime.date(2026, 3, 9)
    assert periods.label("%(yy)s%(mm)s", 4, day, 12) == "26030012"
    assert periods.label("A%(yyyy)s-%(dd)s/", 1, day, 12) == "A2026-09/12"
    assert periods.label(None, 6, day, 12) == "000012"


@pytest.mark.parametrize(
    ("prefix", "period", "ambiguous"),
    [
        ("%(yy)s%(mm)s", "month", False),
        ("%(yyyy)s", "month", True),
        ("%(mm)s", "month", True),
        ("%(yy)s", "year", False),
        ("", "year", True),
        ("", "none", False),
    ],
)
def test_ambiguous_prefix(prefix, period, ambiguous):
    assert periods.is_ambiguous(prefix, period) == ambiguous


# === ADDRESSES === #


@pytest.mark.parametrize(
    ("parts", "line"),
    [
        (("", "天安府", "14", "1", "801"), "天安府14幢1单元801室"),
        (("", "天安府", "14幢", "1单元", "801"), "天安府14幢1单元801室"),
        (("浦东", "花园", "Ａ", None, "801"), "浦东花园A幢801室"),
        (("", "人民路 88 号", "", "", ""), "人民路 88 号"),
        (("", " 花园 ", "3号楼", "", "２０１"), "花园3号楼201室"),
    ],
)
def test_full_address(parts, line):
    assert address.full_address(*parts) == line


# === SEALS === #

ROWS = [(number, f"row {number}") for number in range(1, 6)]


def test_chain():
    first, index = seal.seal(seal.GENESIS, ROWS[:3])
    second, _index = seal.seal(first, ROWS[3:])
    assert len(first) == len(second) == 64
    assert first != second
    assert seal.seal(seal.GENESIS, ROWS[:3])[0] == first
    assert seal.first_difference(index, ROWS[:3]) is None


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ([ROWS[0], (2, "other"), ROWS[2]], 2),
        ([ROWS[0], ROWS[2]], 2),
        (ROWS[:4], 4),
        ([(1, "x"), (2, "y"), ROWS[2]], 1),
    ],
)
def test_first_difference(rows, wrong):
    chained, index = seal.seal(seal.GENESIS, ROWS[:3])
    assert seal.first_difference(index, rows) == wrong
    assert seal.seal(seal.GENESIS, rows)[0] != chained


def test_order_counts():
    one, _index = seal.seal(seal.GENESIS, ROWS[:2])
    two, _index = seal.seal(seal.GENESIS, [ROWS[1], ROWS[0]])
    assert one != two

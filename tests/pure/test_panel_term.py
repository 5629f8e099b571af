"""The search of the contact panel: what a typed term may mean."""

import importlib.util
import re
import sys
from pathlib import Path

import pytest

TOOLS = Path(__file__).parents[2] / "addons" / "cs_base" / "tools"


def load(name):
    """Import a tool under a package of its own, without its addon."""
    package = "cs_base_panel_tools"
    if package not in sys.modules:
        spec = importlib.util.spec_from_file_location(
            package, TOOLS / "__init__.py", submodule_search_locations=[str(TOOLS)]
        )
        sys.modules[package] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[package])
    return importlib.import_module(f"{package}.{name}")


panel_term = load("panel_term")


@pytest.mark.parametrize(
    ("typed", "text", "digits", "number", "latin", "code"),
    [
        ("  张三 ", "张三", "", False, False, False),
        ("１３８ ００", "138 00", "13800", True, False, True),
        ("zs", "zs", "", False, True, False),
        ("J26110001", "J26110001", "26110001", False, True, True),
        ("3-2-501", "3-2-501", "32501", True, False, True),
        ("+86 138", "+86 138", "86138", True, False, True),
        ("\0%", "%", "", False, False, False),
        ("", "", "", False, False, False),
    ],
)
def test_read(typed, text, digits, number, latin, code):
    term = panel_term.read_term(typed)
    assert (term.text, term.digits) == (text, digits)
    assert (term.is_number, term.is_latin, term.is_code) == (number, latin, code)


@pytest.mark.parametrize(
    ("typed", "identity", "tail"),
    [
        ("31010119900307123x", "31010119900307123X", ""),
        ("310101 19900307 123X", "31010119900307123X", ""),
        ("310101900307123", "310101900307123", ""),
        ("123x", "", "123X"),
        ("1234", "", "1234"),
        ("123", "", ""),
        ("07123X", "", "07123X"),
        ("张三", "", ""),
        ("3-2-501", "", ""),
    ],
)
def test_identity_numbers(typed, identity, tail):
    term = panel_term.read_term(typed)
    assert (term.identity, term.tail) == (identity, tail)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("阳光花园3-2-501", ("阳光花园", "3", "2", "501")),
        ("阳光花园3幢2单元501室", ("阳光花园", "3", "2", "501")),
        ("阳光花园3号楼501", ("阳光花园", "3", "", "501")),
        ("阳光花园3-501", ("阳光花园", "3", "", "501")),
        ("长春路88号", ("长春路88号", "", "", "")),
        ("阳光花园", ("阳光花园", "", "", "")),
        ("3-501", ("", "3", "", "501")),
        ("１０1弄12号楼3A", ("101弄", "12", "", "3A")),
    ],
)
def test_addresses(typed, found):
    parts = panel_term.parse_address(typed)
    assert tuple(parts.values()) == found


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("张三", {"name": "张三"}),
        ("13812345678", {"phone": "13812345678"}),
        ("张三 138-1234-5678", {"name": "张三", "phone": "138-1234-5678"}),
        (
            "张三，13812345678，阳光花园3-2-501",
            {
                "name": "张三",
                "phone": "13812345678",
                "community": "阳光花园",
                "building": "3",
                "unit": "2",
                "room": "501",
            },
        ),
        ("阳光花园 3-2-501", {"community": "阳光花园", "building": "3"}),
        ("", {}),
    ],
)
def test_guess(typed, found):
    guessed = panel_term.guess(typed)
    assert set(guessed) == {"name", "phone", "community", "building", "unit", "room"}
    assert {name: guessed[name] for name in found} == found


def _like(pattern, text):
    """What LIKE answers."""
    parts = re.split(r"(?<!\\)%", pattern)
    plain = [re.escape(re.sub(r"\\(.)", r"\1", part)) for part in parts]
    return re.fullmatch(".*".join(plain), text) is not None


@pytest.mark.parametrize(
    "typed", ["3-2-501", "3号楼2单元501", "3幢2单元501室", "3#2-501"]
)
def test_address_patterns_find_the_written_form(typed):
    patterns = panel_term.address_patterns(f"阳光花园{typed}")
    assert any(_like(pattern, "阳光花园3幢2单元501室") for pattern in patterns)


@pytest.mark.parametrize("typed", ["100%", "a_b", "c\\d", "%", "_"])
def test_signs_of_patterns_are_plain(typed):
    pattern = f"%{panel_term.escape_like(typed)}%"
    assert _like(pattern, f"x{typed}y")
    assert not _like(pattern, "xy")

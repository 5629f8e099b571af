"""Texts of notices: placeholders, and what an SMS costs."""

import datetime
import importlib.util
import random
from pathlib import Path

import pytest

TOOLS = Path(__file__).parents[2] / "addons" / "cs_base" / "tools"


def load(name):
    path = TOOLS / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"cs_base_{name}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


absence, notice, sms_text = load("absence"), load("notice"), load("sms_text")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ("GSM", 0, 0, 160)),
        ("a" * 160, ("GSM", 160, 1, 160)),
        ("a" * 161, ("GSM", 161, 2, 153)),
        ("a" * 306, ("GSM", 306, 2, 153)),
        ("a" * 307, ("GSM", 307, 3, 153)),
        ("€" * 80, ("GSM", 160, 1, 160)),
        # The euro sign isn't split: 152 + 2 takes a second part.
        ("a" * 152 + "€" * 77, ("GSM", 306, 3, 153)),
        ("气" * 70, ("UCS-2", 70, 1, 70)),
        ("气" * 71, ("UCS-2", 71, 2, 67)),
        ("气" * 134, ("UCS-2", 134, 2, 67)),
        ("气" * 135, ("UCS-2", 135, 3, 67)),
        ("a" * 70 + "气", ("UCS-2", 71, 2, 67)),
        ("😀" * 35, ("UCS-2", 70, 1, 70)),
        # 33 of them fill 66 of the 67 places.
        ("😀" * 67, ("UCS-2", 134, 3, 67)),
    ],
)
def test_size(text, expected):
    assert sms_text.measure(text) == expected


def test_parts_hold_the_text():
    chance = random.Random(19)
    for _round in range(300):
        signs = chance.choice(["ab{", "a气", "😀气", "€[a"])
        text = "".join(chance.choices(signs, k=chance.randrange(400)))
        size = sms_text.measure(text)
        assert size.length >= len(text)
        assert (size.parts - 1) * (size.per_part - 1) < size.length or not text
        assert size.parts * size.per_part >= size.length


def test_fill_in_one_pass():
    text = "{number}: {topic} / {number} {due}"
    values = {"number": "{due}", "topic": "a{b", "due": 3}
    assert notice.fill(text, values) == "{due}: a{b / {due} 3"
    assert notice.names(text) == ["number", "topic", "due"]


def test_holes():
    assert notice.fill("Due {due}.", {}) == "Due –."
    with pytest.raises(notice.MissingValue, match="due"):
        notice.fill("Due {due}.", {"due": ""}, strict=True)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("{number} and {due}", []),
        ("", []),
        (None, []),
        ("{secret}", ["{secret}"]),
        ("{number.__class__}", ["{number.__class__}"]),
        ("{number!r} {0} {}", ["{}", "{number!r}", "{0}"]),
        ("{{number}}", ["{{number}}"]),
        ("${number} {", ["{"]),
        ("{{ object.name }}", ["{{ object.name }}"]),
        ("}", ["}"]),
    ],
)
def test_mistakes(text, wrong):
    assert sorted(notice.mistakes(text, {"number", "due"})) == sorted(wrong)


def at(text):
    return datetime.datetime.fromisoformat(text)


def test_long_absence_over_days_off():
    away = {datetime.date(2026, 3, day) for day in (5, 6, 9, 10, 18)}

    def count(day, enough=9):
        return absence.run_length(
            datetime.date(2026, 3, day),
            away.__contains__,
            lambda day: day.weekday() < 5,
            enough,
        )

    assert [count(day) for day in (4, 5, 6, 7, 9, 10, 11, 18)] == [
        0,
        4,
        4,
        0,
        4,
        4,
        0,
        1,
    ]
    assert count(5, enough=2) == 2


@pytest.mark.parametrize(
    ("leaves", "away"),
    [
        ([("08:00", "13:59")], False),
        ([("08:00", "14:00")], True),
        ([("08:00", "12:00"), ("13:00", "15:00")], True),
        ([("08:00", "12:00"), ("09:00", "12:00"), ("11:00", "13:00")], False),
        ([], False),
    ],
)
def test_away_hours(leaves, away):
    spans = [tuple(at(f"2026-03-06 {hour}") for hour in pair) for pair in leaves]
    random.Random(4).shuffle(spans)
    start = at("2026-03-06")
    assert absence.is_away(spans, start, start + absence.ONE_DAY) is away


def test_one_line():
    assert notice.one_line(" a\n b\t c ") == "a b c"

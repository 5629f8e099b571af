"""Rotating patterns and the months made of them."""

import datetime
import time
from collections import Counter
from zoneinfo import ZoneInfo

import pytest
from duty_tools import load

pattern, facts_, roster_rules, coverage, shifts = load(
    "pattern", "roster_facts", "roster_rules", "coverage", "shifts"
)
Pattern, Member, generate = pattern.Pattern, pattern.Member, pattern.generate
Facts, Leave, Rules = facts_.Facts, facts_.Leave, facts_.Rules
Shift, at = shifts.Shift, shifts.at
SHIFTS = {
    "A": Shift("A", 540, 1020),
    "B": Shift("B", 720, 1200),
    "C": Shift("C", 1200, 1320, at_home=True),
    "N": Shift("N", 1320, 360),
}
MONDAY = datetime.date(2026, 11, 30)
FIRST, LAST = datetime.date(2026, 12, 1), datetime.date(2026, 12, 31)
ABC = Pattern([[code] * 5 + [None] * 2 for code in "ABC"], MONDAY)
RULES = Rules()
DAY = datetime.timedelta(days=1)


def days(first=FIRST, last=LAST):
    return [first + DAY * n for n in range((last - first).days + 1)]


def test_three_weeks_turn():
    codes = [ABC.code(MONDAY + DAY * 7 * n, 0) for n in range(7)]
    assert codes == ["A", "B", "C", "A", "B", "C", "A"]
    assert ABC.code(MONDAY, 1) == "B"
    assert ABC.code(MONDAY, 4) == "B"
    assert ABC.code(MONDAY + DAY * 5) is None
    before = [ABC.code(MONDAY - DAY * 7 * n) for n in (1, 2, 3)]
    assert before == ["C", "B", "A"]
    assert ABC.codes == {"A", "B", "C"}


def test_anchor_is_any_day_of_the_week():
    same = Pattern(ABC.weeks, MONDAY + DAY * 6)
    assert same == ABC


def test_a_month_has_every_shift_of_every_working_day():
    crew = [Member(10 + n, n) for n in range(3)]
    draft = generate(ABC, crew, FIRST, LAST, SHIFTS, rules=RULES, team="t")
    assert not draft.open_shifts
    seen = Counter((one.day, one.shift.code) for one in draft.assignments)
    weekdays = [day for day in days() if day.weekday() < 5]
    assert seen == Counter((day, code) for day in weekdays for code in "ABC")
    assert {one.team for one in draft.assignments} == {"t"}
    assert roster_rules.check_roster(Facts(draft.assignments), RULES) == []


def test_months_go_on_where_the_last_one_stopped():
    crew = [Member(n, n) for n in range(3)]
    whole = generate(ABC, crew, FIRST, LAST + DAY * 31, SHIFTS)
    parts = (
        generate(ABC, crew, FIRST, LAST, SHIFTS).assignments
        + generate(ABC, crew, LAST + DAY, LAST + DAY * 31, SHIFTS).assignments
    )
    assert whole.assignments == parts


def test_leave_is_filled_by_who_stands_in():
    crew = [Member(1, 0), Member(2, 1), Member(3, 2), Member(4)]
    away = Leave(1, at(FIRST, 0), at(FIRST + DAY * 2, 0))
    draft = generate(ABC, crew, FIRST, LAST, SHIFTS, Facts(leaves=(away,)), RULES)
    assert not draft.open_shifts
    by_key = {one.key: one.person for one in draft.assignments}
    assert by_key[1, FIRST] == by_key[1, FIRST + DAY] == 4
    assert by_key[1, FIRST + DAY * 2] == 1


def test_standing_in_goes_to_who_worked_least():
    crew = [Member(n, n) for n in range(3)] + [Member(4), Member(5)]
    away = Leave(0, at(FIRST, 0), at(FIRST + DAY * 3, 0))
    draft = generate(ABC, crew, FIRST, LAST, SHIFTS, Facts(leaves=(away,)), RULES)
    extra = Counter(one.person for one in draft.assignments if one.person > 3)
    assert extra == {4: 2, 5: 1}


def test_open_shifts_say_which_rules_collide():
    crew = [Member(n, n) for n in range(3)]
    away = Leave(0, at(FIRST, 0), at(FIRST + DAY, 0))
    draft = generate(ABC, crew, FIRST, LAST, SHIFTS, Facts(leaves=(away,)), RULES)
    [left] = draft.open_shifts
    assert (left.assignment.person, left.assignment.day) == (None, FIRST)
    assert left.assignment.shift.code == "A"
    assert dict(left.reasons) == {"leave": 1, "overlap": 1, "rest": 1}


def test_the_last_days_of_the_month_before_count():
    last_night = shifts.Assignment("x", 1, MONDAY, SHIFTS["N"])
    draft = generate(
        ABC, [Member(1, 0)], FIRST, FIRST, SHIFTS, Facts((last_night,)), RULES
    )
    assert not draft.assignments
    assert dict(draft.open_shifts[0].reasons) == {"rest": 1}


def test_pattern_of_seven_days_a_week_is_kept_to_six():
    always = Pattern([["A"] * 7], MONDAY)
    crew = [Member(1, 0), Member(2)]
    draft = generate(always, crew, FIRST, LAST, SHIFTS, rules=RULES)
    assert not draft.open_shifts
    assert roster_rules.check_roster(Facts(draft.assignments), RULES) == []
    assert Counter(one.person for one in draft.assignments)[2] == 4


def test_four_people_cover_every_day_from_nine_to_ten_at_night():
    """A group of four in the shipped shifts: only 22 to 24 is left."""
    four = Pattern(
        [
            ["A", "A", "A", "A", None, None, "A"],
            ["B", "B", None, None, "A", "A", "B"],
            ["C", "C", "B", "B", "B", None, None],
            [None, None, "C", "C", "C", "B", "C"],
        ],
        MONDAY,
    )
    crew = [Member(n, n) for n in range(4)] + [Member(9)]
    draft = generate(four, crew, FIRST, LAST, SHIFTS, rules=RULES)
    wanted = coverage.Demand("phone", 540, 1440)
    shown = coverage.holes(draft.assignments, [wanted], FIRST, LAST)
    assert {(one.start, one.stop) for one in shown} <= {(1320, 1440), (1200, 1440)}
    assert [one.day.weekday() for one in shown if one.start == 1200] == [5] * 4


@pytest.mark.parametrize("weeks", [[], [["A"] * 6], [["A"] * 7, ["A"] * 8]])
def test_bad_pattern(weeks):
    with pytest.raises(ValueError, match="seven days"):
        Pattern(weeks, MONDAY)


def test_bad_crew_and_shifts():
    with pytest.raises(ValueError, match="no such shift: B, C"):
        generate(ABC, [], FIRST, LAST, {"A": SHIFTS["A"]})
    with pytest.raises(ValueError, match="twice"):
        generate(ABC, [Member(1, 0), Member(1, 1)], FIRST, LAST, SHIFTS)


def test_forty_people_in_no_time():
    zone = ZoneInfo("Asia/Shanghai")
    crew = [Member(n, n % 3) for n in range(36)] + [Member(n) for n in range(36, 40)]
    away = tuple(
        Leave(n, at(FIRST + DAY * n, 0, zone), at(FIRST + DAY * (n + 3), 0, zone))
        for n in range(28)
    )
    facts = Facts(leaves=away, tz=zone)
    began = time.perf_counter()
    draft = generate(ABC, crew, FIRST, LAST, SHIFTS, facts, RULES)
    assert time.perf_counter() - began < 5
    assert (
        draft.assignments
        == generate(ABC, crew, FIRST, LAST, SHIFTS, facts, RULES).assignments
    )
    after = Facts(draft.assignments, leaves=away, tz=zone)
    assert roster_rules.check_roster(after, RULES) == []

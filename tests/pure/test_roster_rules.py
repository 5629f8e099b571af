"""Rosters and swaps: one table, each refusal named by its rule."""

import datetime
import random
import time
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from duty_tools import load

shifts, facts_, roster_rules, swap_rules = load(
    "shifts", "roster_facts", "roster_rules", "swap_rules"
)
Assignment, Shift = shifts.Assignment, shifts.Shift
Facts, Leave, Leg, Rules, Swap = (
    facts_.Facts,
    facts_.Leave,
    facts_.Leg,
    facts_.Rules,
    facts_.Swap,
)
check_roster = roster_rules.check_roster
check_change = roster_rules.check_change
check_leave = swap_rules.check_leave
check_swap = swap_rules.check_swap

HOUR = 60
SHIFTS = {
    "A": Shift("A", 9 * HOUR, 17 * HOUR),
    "B": Shift("B", 12 * HOUR, 20 * HOUR),
    "C": Shift("C", 20 * HOUR, 22 * HOUR, at_home=True),
    "D": Shift("D", 9 * HOUR, 17 * HOUR, needs={"desk"}),
    "N": Shift("N", 22 * HOUR, 6 * HOUR),
    "E": Shift("E", 16 * HOUR, 24 * HOUR),
    "F": Shift("F", 17 * HOUR, 20 * HOUR),
    "W": Shift("W", 8 * HOUR, 8 * HOUR),
}
MONDAY = datetime.date(2026, 12, 7)
NOW = datetime.datetime(2026, 12, 1, 8)
RULES = Rules()


def d(text):
    """``12-07`` of 2026, ``27-01-01`` of another year."""
    parts = [int(part) for part in text.split("-")]
    year = 2000 + parts.pop(0) if len(parts) == 3 else 2026
    return datetime.date(year, *parts)


def m(text):
    """``12-07 22:30``."""
    day, clock = text.split()
    return datetime.datetime.combine(d(day), datetime.time.fromisoformat(clock))


def roster(first, **rows):
    """Assignments; ``p1="AA.B"``: shifts of person 1 from ``first`` on, . is free."""
    found = []
    for name, codes in rows.items():
        person = int(name[1:])
        for offset, code in enumerate(codes.replace(" ", "")):
            if code != ".":
                day = first + datetime.timedelta(days=offset)
                key = f"{person}/{day:%m-%d}"
                found.append(Assignment(key, person, day, SHIFTS[code], team="desk"))
    return tuple(found)


TWO_WEEKS = roster(
    MONDAY,
    p1="AAAAA.. BBBBB..",
    p2="BBBBB.. CCCCC..",
    p3="CCCCC.. AAAAA..",
    p4="....... ...A...",
)
BY_KEY = {one.key: one for one in TWO_WEEKS}


def swap(*legs, key="s", rows=TWO_WEEKS, **values):
    """``"1/12-07 2"``: person 1's shift of that day goes to person 2."""
    shifts = {one.key: one for one in rows}
    found = []
    for text in legs:
        name, to = text.split()
        found.append(Leg(shifts[name], int(to)))
    first = found[0]
    values.setdefault("requester", first.giver)
    values.setdefault("colleague", first.to)
    return Swap(key, legs=tuple(found), **values)


def past(leg, key, state="approved", **values):
    """Another swap of the month, for the record."""
    name = leg.split()[0]
    person, day = name.split("/")
    row = Assignment(name, int(person), d(day), SHIFTS["A"], team="desk")
    return swap(leg, key=key, state=state, rows=[row], **values)


def given(assignments=TWO_WEEKS, **values):
    return Facts(assignments=assignments, **values)


def codes(violations):
    return [one.rule for one in violations]


COVER = swap("1/12-07 4")
THREE = tuple(past(f"1/12-{day} 4", key=f"old{day}") for day in ("15", "18", "21"))
#: name → (facts, rules, swap, further arguments, codes in any order)
SWAPS = {
    # one leg, two legs
    "cover": (given(), RULES, COVER, {}, []),
    "swap on one day": (given(), RULES, swap("1/12-07 2", "2/12-07 1"), {}, []),
    "swap of two days": (
        given(),
        Rules(rest_hours=None, no_double=False),
        swap("1/12-11 2", "2/12-18 1"),
        {},
        ["overlap"],
    ),
    "pay back later": (
        given(),
        RULES,
        swap("1/12-07 4", "4/12-17 1"),
        {},
        ["overlap", "swap_double"],
    ),
    "pay back on a free day": (
        given(roster(MONDAY, p1="A......", p2="......A")),
        RULES,
        swap(
            "1/12-07 2",
            "2/12-13 1",
            rows=roster(MONDAY, p1="A......", p2="......A"),
        ),
        {},
        [],
    ),
    "with oneself": (
        given(),
        RULES,
        Swap("s", 1, 1, (Leg(BY_KEY["1/12-07"], 1),)),
        {},
        ["swap_same_person"],
    ),
    # at most N a month, by the date of the shift
    "third of the month": (given(swaps=THREE[:2]), RULES, COVER, {}, []),
    "fourth of the month": (given(swaps=THREE), RULES, COVER, {}, ["swap_limit"] * 2),
    "house with two": (
        given(swaps=THREE[:2]),
        Rules(swaps_a_month=2),
        COVER,
        {},
        ["swap_limit"] * 2,
    ),
    "no limit": (given(swaps=THREE), Rules(swaps_a_month=None), COVER, {}, []),
    "pending ones reserve": (
        given(swaps=tuple(replace(one, state="pending") for one in THREE)),
        RULES,
        COVER,
        {},
        ["swap_limit"] * 2,
    ),
    "refused ones don't": (
        given(swaps=tuple(replace(one, state="refused") for one in THREE)),
        RULES,
        COVER,
        {},
        [],
    ),
    "cancelled ones don't": (
        given(swaps=tuple(replace(one, state="cancelled") for one in THREE)),
        RULES,
        COVER,
        {},
        [],
    ),
    "cancelled ones do where the house says so": (
        given(swaps=tuple(replace(one, state="cancelled") for one in THREE)),
        Rules(count_cancelled=True),
        COVER,
        {},
        ["swap_limit"] * 2,
    ),
    "the month of the shift counts, not that of asking": (
        given(
            swaps=tuple(past(f"1/11-{day} 4", key=day) for day in ("10", "15", "20"))
        ),
        RULES,
        COVER,
        {},
        [],
    ),
    "the colleague's are counted too": (
        given(
            swaps=tuple(past(f"4/12-{day} 3", key=day) for day in ("15", "18", "21"))
        ),
        RULES,
        COVER,
        {},
        ["swap_limit"],
    ),
    "only who asks, where the house says so": (
        given(
            swaps=tuple(past(f"4/12-{day} 3", key=day) for day in ("15", "18", "21"))
        ),
        Rules(count_colleague=False),
        COVER,
        {},
        [],
    ),
    "pay-back counts with its cover": (
        given(roster(d("12-28"), p4="A"), swaps=THREE),
        RULES,
        swap("4/12-28 1", key="back", rows=roster(d("12-28"), p4="A"), root="old15"),
        {},
        [],
    ),
    "pay-back of nothing counts": (
        given(roster(d("12-28"), p4="A"), swaps=THREE),
        RULES,
        swap("4/12-28 1", key="back", rows=roster(d("12-28"), p4="A")),
        {},
        ["swap_limit"] * 2,
    ),
    "pay-back may be next to its cover": (
        given(
            roster(MONDAY, p4=".A"),
            swaps=(past("1/12-07 4", key="o"),),
        ),
        RULES,
        swap("4/12-08 1", key="back", rows=roster(MONDAY, p4=".A"), root="o"),
        {},
        [],
    ),
    "in both months of its legs": (
        given(
            roster(d("12-31"), p1="A.", p2="....A"),
            swaps=tuple(
                past(f"1/27-01-{day} 3", key=day) for day in ("15", "18", "21")
            ),
        ),
        RULES,
        swap(
            "1/12-31 2",
            "2/01-04 1",
            rows=roster(d("12-31"), p1="A.", p2="....A"),
        ),
        {},
        ["swap_limit"],
    ),
    "re-checking doesn't count itself": (
        given(swaps=(*THREE[:2], COVER)),
        RULES,
        COVER,
        {},
        [],
    ),
    # not two swapped shifts next to each other
    "day after another swap": (
        given(swaps=(past("1/12-08 3", key="o"),)),
        RULES,
        COVER,
        {},
        ["swap_adjacent"],
    ),
    "day before another swap of the colleague": (
        given(swaps=(past("3/12-06 4", key="o"),)),
        RULES,
        COVER,
        {},
        ["swap_adjacent"],
    ),
    "same day as another swap": (
        given(swaps=(past("3/12-07 4", key="o"),)),
        RULES,
        COVER,
        {},
        ["swap_adjacent"],
    ),
    "a day between": (given(swaps=(past("1/12-09 3", key="o"),)), RULES, COVER, {}, []),
    "other people's swap": (
        given(swaps=(past("2/12-08 3", key="o"),)),
        RULES,
        COVER,
        {},
        [],
    ),
    "pending one next to it": (
        given(swaps=(past("1/12-08 3", key="o", state="pending"),)),
        RULES,
        COVER,
        {},
        ["swap_adjacent"],
    ),
    "legs of one swap may be neighbours": (
        given(roster(MONDAY, p1="A.", p2=".B")),
        RULES,
        swap(
            "1/12-07 2",
            "2/12-08 1",
            rows=roster(MONDAY, p1="A.", p2=".B"),
        ),
        {},
        [],
    ),
    "neighbours over the end of the month": (
        given(
            roster(d("12-31"), p1="A", p2="."),
            swaps=(past("1/27-01-01 3", key="o"),),
        ),
        RULES,
        swap("1/12-31 2", rows=roster(d("12-31"), p1="A")),
        {},
        ["swap_adjacent"],
    ),
    # 连班
    "a second shift on the day": (
        given(),
        Rules(rest_hours=None),
        swap("3/12-07 1"),
        {},
        ["swap_double"],
    ),
    "a shift touching one that is over midnight": (
        given(roster(MONDAY, p1="W.", p2=".W")),
        Rules(rest_hours=None),
        swap(
            "2/12-08 1",
            rows=roster(MONDAY, p1="W.", p2=".W"),
        ),
        {},
        ["swap_double"],
    ),
    # statutory holidays
    "on a holiday": (
        given(holidays=frozenset({d("12-07")})),
        RULES,
        COVER,
        {},
        ["swap_holiday"],
    ),
    "the pay-back on a holiday": (
        given(
            roster(MONDAY, p1="A......", p2="......A"), holidays=frozenset({d("12-13")})
        ),
        RULES,
        swap(
            "1/12-07 2",
            "2/12-13 1",
            rows=roster(MONDAY, p1="A......", p2="......A"),
        ),
        {},
        ["swap_holiday"],
    ),
    "into a holiday over midnight": (
        given(roster(d("12-31"), p1="N"), holidays=frozenset({d("27-01-01")})),
        RULES,
        swap("1/12-31 2", rows=roster(d("12-31"), p1="N")),
        {},
        ["swap_holiday"],
    ),
    "until midnight before a holiday": (
        given(roster(d("12-31"), p1="E"), holidays=frozenset({d("27-01-01")})),
        RULES,
        swap("1/12-31 2", rows=roster(d("12-31"), p1="E")),
        {},
        [],
    ),
    "holidays where the house allows it": (
        given(holidays=frozenset({d("12-07")})),
        Rules(no_holiday=False),
        COVER,
        {},
        [],
    ),
    # leave in either leg
    "who takes is on leave": (
        given(leaves=(Leave(4, m("12-07 00:00"), m("12-08 00:00")),)),
        RULES,
        COVER,
        {},
        ["swap_on_leave"],
    ),
    "who gives is on leave": (
        given(leaves=(Leave(1, m("12-07 13:00"), m("12-07 17:00")),)),
        RULES,
        COVER,
        {},
        ["swap_on_leave"],
    ),
    "leave in the second leg": (
        given(
            roster(MONDAY, p1="A......", p2="......A"),
            leaves=(Leave(1, m("12-13 09:00"), m("12-13 12:00")),),
        ),
        RULES,
        swap(
            "1/12-07 2",
            "2/12-13 1",
            rows=roster(MONDAY, p1="A......", p2="......A"),
        ),
        {},
        ["swap_on_leave"],
    ),
    "leave ends when the shift begins": (
        given(leaves=(Leave(4, m("12-06 00:00"), m("12-07 09:00")),)),
        RULES,
        COVER,
        {},
        [],
    ),
    "leave of somebody else": (
        given(leaves=(Leave(3, m("12-07 00:00"), m("12-08 00:00")),)),
        RULES,
        COVER,
        {},
        [],
    ),
    "whatever the house says, nobody works on leave": (
        given(leaves=(Leave(4, m("12-07 00:00"), m("12-08 00:00")),)),
        Rules(no_leave=False),
        COVER,
        {},
        ["leave"],
    ),
    # notice
    "24 hours before": (given(), RULES, COVER, {"now": m("12-06 09:00")}, []),
    "a minute later": (
        given(),
        RULES,
        COVER,
        {"now": m("12-06 09:01")},
        ["swap_notice"],
    ),
    "approved later than the notice": (
        given(),
        RULES,
        replace(COVER, asked_at=m("12-06 09:00")),
        {"now": m("12-07 08:00")},
        [],
    ),
    "approved when it has begun": (
        given(),
        RULES,
        replace(COVER, asked_at=m("12-05 09:00")),
        {"now": m("12-07 09:00")},
        ["swap_started"],
    ),
    "other notice": (
        given(),
        Rules(notice_hours=2),
        COVER,
        {"now": m("12-07 06:30")},
        [],
    ),
    "notice for the second leg": (
        given(roster(MONDAY, p1="..A....", p2="A......")),
        RULES,
        swap(
            "1/12-09 2",
            "2/12-07 1",
            rows=roster(MONDAY, p1="..A....", p2="A......"),
        ),
        {"now": m("12-06 20:00")},
        ["swap_notice"],
    ),
    # rest, days, qualification, double booking
    "11 hours of rest": (
        given(roster(MONDAY, p1="C", p2=".A")),
        RULES,
        swap("1/12-07 2", rows=roster(MONDAY, p1="C")),
        {},
        [],
    ),
    "ten hours of rest": (
        given(roster(MONDAY, p1="E", p2=".A")),
        RULES,
        swap("1/12-07 2", rows=roster(MONDAY, p1="E")),
        {},
        ["rest"],
    ),
    "rest after a night": (
        given(roster(MONDAY, p1="N", p2=".B")),
        RULES,
        swap("1/12-07 2", rows=roster(MONDAY, p1="N")),
        {},
        ["rest"],
    ),
    "rest over the end of the month": (
        given(roster(d("11-30"), p1="N", p2=".A")),
        RULES,
        swap("1/11-30 2", rows=roster(d("11-30"), p1="N")),
        {"now": m("11-01 00:00")},
        ["rest"],
    ),
    "seventh day in a row": (
        given(roster(MONDAY, p1="......A", p2="AAAAAA.")),
        RULES,
        swap("1/12-13 2", rows=roster(MONDAY, p1="......A")),
        {},
        ["days"],
    ),
    "sixth day in a row": (
        given(roster(MONDAY, p1=".....A.", p2="AAAAA..")),
        RULES,
        swap("1/12-12 2", rows=roster(MONDAY, p1=".....A.")),
        {},
        [],
    ),
    "the gap between two runs filled": (
        given(roster(MONDAY, p1="...A", p2="AAA.AAA")),
        RULES,
        swap("1/12-10 2", rows=roster(MONDAY, p1="...A")),
        {},
        ["days"],
    ),
    "not qualified": (
        given(roster(MONDAY, p1="D"), qualifications={1: {"desk": None}}),
        RULES,
        swap("1/12-07 2", rows=roster(MONDAY, p1="D")),
        {},
        ["qualification"],
    ),
    "certificate runs out the day before": (
        given(roster(MONDAY, p1="D"), qualifications={2: {"desk": d("12-06")}}),
        RULES,
        swap("1/12-07 2", rows=roster(MONDAY, p1="D")),
        {},
        ["qualification"],
    ),
    "certificate until the day": (
        given(roster(MONDAY, p1="D"), qualifications={2: {"desk": d("12-07")}}),
        RULES,
        swap("1/12-07 2", rows=roster(MONDAY, p1="D")),
        {},
        [],
    ),
    "works already": (
        given(),
        RULES,
        swap("1/12-07 2"),
        {},
        ["overlap", "swap_double"],
    ),
    "what was wrong before is no refusal": (
        given(roster(MONDAY, p1="A", p2=".....EA")),
        RULES,
        swap("1/12-07 2", rows=roster(MONDAY, p1="A")),
        {},
        [],
    ),
    # what changed since asking
    "shift has another person now": (
        given((replace(BY_KEY["1/12-07"], person=3),)),
        RULES,
        COVER,
        {},
        ["swap_changed"],
    ),
    "shift has other hours now": (
        given((replace(BY_KEY["1/12-07"], shift=SHIFTS["B"]),)),
        RULES,
        COVER,
        {},
        ["swap_changed"],
    ),
    "shift is gone": (given(()), RULES, COVER, {}, ["swap_changed"]),
    "shift is in another pending swap": (
        given(swaps=(swap("1/12-07 3", key="o"),)),
        Rules(adjacent_days=None),
        COVER,
        {},
        ["swap_taken"],
    ),
    "on leave by now": (
        given(leaves=(Leave(4, m("12-07 00:00"), m("12-08 00:00")),), swaps=(COVER,)),
        RULES,
        COVER,
        {"approver": 9},
        ["swap_on_leave"],
    ),
    # who approves, which team
    "approved by the manager": (given(), RULES, COVER, {"approver": 9}, []),
    "approved by who asks": (given(), RULES, COVER, {"approver": 1}, ["swap_approver"]),
    "approved by the colleague": (
        given(),
        RULES,
        COVER,
        {"approver": 4},
        ["swap_approver"],
    ),
    "other team": (
        given(teams={1: {"desk"}, 4: {"hall"}}),
        Rules(same_team=True),
        COVER,
        {},
        ["swap_team"],
    ),
    "same team": (
        given(teams={4: {"hall", "desk"}}),
        Rules(same_team=True),
        COVER,
        {},
        [],
    ),
    # several at once
    "every rule is named": (
        given(swaps=THREE, holidays=frozenset({d("12-07")})),
        RULES,
        swap("1/12-07 2"),
        {"now": m("12-07 08:00")},
        ["swap_notice", "swap_holiday", "swap_limit", "overlap", "swap_double"],
    ),
}


@pytest.mark.parametrize("name", SWAPS)
def test_swap(name):
    facts, rules, asked, arguments, expected = SWAPS[name]
    arguments = {"now": NOW, **arguments}
    found = check_swap(facts, rules, asked, **arguments)
    assert sorted(codes(found)) == sorted(expected), found


def test_table_is_large_and_names_every_rule():
    named = {code for *_case, expected in SWAPS.values() for code in expected}
    assert len(SWAPS) >= 40
    assert named == set(facts_.CODES) - {"swap_to_leave"}


ROSTERS = {
    "two weeks": (TWO_WEEKS, {}, []),
    "double booking": (
        (*roster(MONDAY, p1="A"), replace(roster(MONDAY, p1="B")[0], key="x")),
        {},
        ["overlap"],
    ),
    "B then A": (roster(MONDAY, p1="BA"), {}, []),
    "E then A": (roster(MONDAY, p1="EA"), {}, ["rest"]),
    "night then night": (roster(MONDAY, p1="NN"), {}, []),
    "24 hours, then the next day": (roster(MONDAY, p1="WW"), {}, ["rest"]),
    "24 hours, every other day": (roster(MONDAY, p1="W.W.W"), {}, []),
    "nine days": (roster(MONDAY, p1="AAAAAAAAA"), {}, ["days"] * 3),
    "six days, one free, six days": (roster(MONDAY, p1="AAAAAA.AAAAAA"), {}, []),
    "a fortnight of two weekends": (roster(MONDAY, p1="AAAAA.. AAAAA.."), {}, []),
    "week of five": (roster(MONDAY, p1="AAAAAA"), {"max_days": 5}, ["days"]),
    "home is no work": (
        roster(MONDAY, p1="AAAAAAC"),
        {"home_is_work": False},
        [],
    ),
    "home is work": (roster(MONDAY, p1="AAAAAAC"), {}, ["days"]),
    "rules are off": (
        roster(MONDAY, p1="EAEAEAEA D"),
        {"rest_hours": None, "max_days": None, "qualification": False},
        [],
    ),
    "nobody yet": ((replace(BY_KEY["1/12-07"], person=None),) * 2, {}, []),
}


@pytest.mark.parametrize("name", ROSTERS)
def test_roster(name):
    assignments, figures, expected = ROSTERS[name]
    found = check_roster(given(assignments), Rules(**figures))
    assert codes(found) == expected, found


def test_rest_is_measured_between_those_that_tire():
    """At home between two shifts: the rest is that of the two."""
    row = roster(MONDAY, p1="E") + roster(MONDAY + shifts.ONE_DAY, p1="A")
    home = Assignment("h", 1, MONDAY + shifts.ONE_DAY, Shift("H", 0, 60, at_home=True))
    [found] = check_roster(given((*row, home)), Rules(home_is_work=False))
    assert found.rule == "rest"
    assert (found.get("minutes"), found.get("wanted")) == (540, 11)
    assert (found.get("other"), found.get("other_day")) == ("E", MONDAY)


def test_only_asked_days_and_people_are_reported():
    rows = roster(MONDAY, p1="EAEA", p2="EAEA")
    late = MONDAY + datetime.timedelta(days=2)
    found = check_roster(given(rows), RULES, people=[2], first=late)
    assert [(one.person, one.day) for one in found] == [
        (2, MONDAY + datetime.timedelta(days=3))
    ]


def test_change_by_hand_reports_what_is_new():
    rows = roster(MONDAY, p1="EA..", p2="....")
    facts = given(rows)
    same = replace(rows[1], person=2)
    assert check_change(facts, RULES, [rows[1].key], [same]) == []
    worse = Assignment("x", 1, MONDAY, SHIFTS["F"])
    assert codes(check_change(facts, RULES, (), [worse])) == ["overlap"]
    pending = swap("1/12-07 2", rows=rows)
    facts = replace(facts, swaps=(pending,))
    assert codes(check_change(facts, RULES, [rows[0].key])) == ["swap_taken"]
    facts = replace(facts, swaps=(replace(pending, state="approved"),))
    assert check_change(facts, RULES, [rows[0].key]) == []


LEAVES = {
    "shift taken over": ("approved", 4, "12-07 09:00", ["swap_to_leave"]),
    "an hour of it": ("approved", 4, "12-07 16:00", ["swap_to_leave"]),
    "after it": ("approved", 4, "12-07 17:00", []),
    "shift given away": ("approved", 1, "12-07 09:00", []),
    "shift to be given away": ("pending", 1, "12-07 09:00", ["swap_to_leave"]),
    "shift to be taken over": ("pending", 4, "12-07 09:00", ["swap_to_leave"]),
    "refused swap": ("refused", 4, "12-07 09:00", []),
    "somebody else": ("approved", 2, "12-07 09:00", []),
}


@pytest.mark.parametrize("name", LEAVES)
def test_swapped_shift_cannot_become_leave(name):
    state, person, start, expected = LEAVES[name]
    facts = given(swaps=(replace(COVER, state=state),))
    leave = Leave(person, m(start), m(start) + datetime.timedelta(hours=1))
    assert codes(check_leave(facts, RULES, leave)) == expected
    assert check_leave(facts, Rules(no_leave=False), leave) == []


@pytest.mark.parametrize(
    ("legs", "people"),
    [
        ((), (1, 4)),
        (("1/12-07 4", "1/12-08 4"), (1, 4)),
        (("1/12-07 4", "1/12-07 4"), (1, 4)),
        (("1/12-07 4",), (1, 2)),
        (("1/12-07 4", "4/12-17 1", "1/12-08 4"), (1, 4)),
    ],
)
def test_legs_that_are_no_swap(legs, people):
    found = [Leg(BY_KEY[leg.split()[0]], int(leg.split()[1])) for leg in legs]
    with pytest.raises(ValueError, match="leg|gives"):
        Swap("s", *people, tuple(found))


@pytest.mark.parametrize(("start", "stop"), [(-1, 60), (1440, 60), (0, 0), (0, 1441)])
def test_hours_outside_a_day(start, stop):
    with pytest.raises(ValueError, match="isn't in a day"):
        Shift("X", start, stop)


def test_swap_carried_out():
    asked = swap("1/12-07 2", "2/12-07 1")
    after = {
        one.key: one.person for one in swap_rules.carry_out(given(), asked).assignments
    }
    assert (after["1/12-07"], after["2/12-07"], after["3/12-07"]) == (2, 1, 3)


def test_rest_in_hours_that_pass():
    """Berlin puts its clocks forward in the night to 29 March 2026: an hour less."""
    rows = (
        Assignment("a", 1, d("03-28"), Shift("L", 14 * HOUR, 22 * HOUR)),
        Assignment("b", 1, d("03-29"), Shift("M", 9 * HOUR, 17 * HOUR)),
    )
    assert check_roster(given(rows), RULES) == []
    berlin = given(rows, tz=ZoneInfo("Europe/Berlin"))
    assert codes(check_roster(berlin, RULES)) == ["rest"]
    assert check_roster(given(rows, tz=ZoneInfo("Asia/Shanghai")), RULES) == []


def test_aware_moments_of_the_company():
    """Notice is asked for in UTC and counted on the company's clock."""
    utc = datetime.timezone.utc
    facts = given(tz=ZoneInfo("Asia/Shanghai"))
    on_time = datetime.datetime(2026, 12, 6, 1, tzinfo=utc)
    assert check_swap(facts, RULES, COVER, on_time) == []
    late = on_time + datetime.timedelta(minutes=1)
    assert codes(check_swap(facts, RULES, COVER, late)) == ["swap_notice"]


def test_violations_are_exact_and_stable():
    facts = given(swaps=THREE)
    found = check_swap(facts, RULES, COVER, NOW)
    assert found == check_swap(
        given(TWO_WEEKS[::-1], swaps=THREE[::-1]), RULES, COVER, NOW
    )
    first = found[0]
    assert (first.person, first.get("count"), first.get("wanted")) == (1, 4, 3)
    assert first.get("month") == (2026, 12)


def naive(assignments, rules):
    """Rest and days of one person, minute by minute and day by day."""
    found = set()
    for one in assignments:
        for two in assignments:
            if one is two or two.span()[0] < one.span()[0]:
                continue
            gap = two.span()[0] - one.span()[1]
            if datetime.timedelta() <= gap < rules.rest_hours * facts_.HOUR:
                found.add(("rest", two.day))
    days = {one.day for one in assignments}
    for day in days:
        window = {day - datetime.timedelta(days=back) for back in range(7)}
        if len(days & window) > 6:
            found.add(("days", day))
    return found


def test_against_a_naive_one():
    rng = random.Random(5)
    for _turn in range(300):
        text = "".join(rng.choice("AABNEC..") for _day in range(20))
        rows = roster(MONDAY, p1=text)
        found = check_roster(given(rows), RULES)
        seen = {(one.rule, one.day) for one in found if one.rule != "overlap"}
        assert seen == naive(rows, RULES), text


def test_forty_people_for_a_month_in_no_time():
    rng = random.Random(1)
    zone = ZoneInfo("Asia/Shanghai")
    rows = {
        f"p{n}": "".join(rng.choice("AABBCN.") for _day in range(31)) for n in range(40)
    }
    leaves = tuple(
        Leave(n, shifts.at(d("12-10"), 0, zone), shifts.at(d("12-12"), 0, zone))
        for n in range(0, 40, 5)
    )
    facts = given(roster(d("12-01"), **rows), leaves=leaves, tz=zone)
    began = time.perf_counter()
    found = check_roster(facts, RULES)
    assert {"rest", "days", "leave"} <= set(codes(found))
    assert time.perf_counter() - began < 1

"""Coverage of wanted hours, against a count by the minute."""

import datetime
import random

import pytest
from duty_tools import load

coverage, shifts = load("coverage", "shifts")
Assignment, Shift = shifts.Assignment, shifts.Shift
Demand, Hole, holes, profile = (
    coverage.Demand,
    coverage.Hole,
    coverage.holes,
    coverage.profile,
)

DAY = datetime.date(2026, 12, 31)
NEXT = datetime.date(2027, 1, 1)
BEFORE = datetime.date(2026, 12, 30)
A = Shift("A", 540, 1020)
B = Shift("B", 720, 1200)
C = Shift("C", 1200, 1320, at_home=True)
N = Shift("N", 1320, 360)
PHONE = Demand("phone", 540, 1440)


def on(day, *rows):
    """(person, shift[, rank]) of a day."""
    return [
        Assignment((row[0], day, row[1].code), row[0], day, row[1], None, *row[2:])
        for row in rows
    ]


def found(assignments, *demands, first=DAY, last=DAY, **values):
    return [
        (one.day, one.start, one.stop, one.wanted, one.there)
        for one in holes(assignments, demands, first, last, **values)
    ]


def test_shipped_shifts_leave_a_gap_from_22_to_24():
    shown = found(on(DAY, (1, A), (2, B), (3, C)), PHONE)
    assert shown == [(DAY, 1320, 1440, 1, 0)]


def test_at_home_counts_unless_somebody_must_be_present():
    rows = on(DAY, (1, A), (2, B), (3, C))
    present = Demand("desk", 540, 1320, present=True)
    assert found(rows, present) == [(DAY, 1200, 1320, 1, 0)]


def test_two_wanted():
    rows = on(DAY, (1, A), (2, B))
    two = Demand("two", 540, 1200, people=2)
    assert found(rows, two) == [(DAY, 540, 720, 2, 1), (DAY, 1020, 1200, 2, 1)]


def test_one_person_twice_is_one():
    rows = on(DAY, (1, A), (1, B))
    assert found(rows, Demand("two", 720, 1020, people=2)) == [(DAY, 720, 1020, 2, 1)]


def test_nobody_yet_is_nobody():
    assert found(on(DAY, (None, A)), Demand("d", 540, 1020)) == [(DAY, 540, 1020, 1, 0)]


def test_over_midnight_and_the_end_of_the_year():
    night = Demand("night", 1320, 360)
    assert found(on(DAY, (1, N)), night) == []
    short = on(DAY, (1, Shift("S", 1320, 180)))
    assert found(short, night) == [(DAY, 1620, 1800, 1, 0)]
    morning = Demand("morning", 0, 540)
    assert found(on(BEFORE, (1, N)), morning) == [(DAY, 360, 540, 1, 0)]
    relief = on(DAY, (1, Shift("S", 1320, 1440))) + on(NEXT, (2, Shift("T", 0, 360)))
    assert found(relief, night) == []
    assert found(relief[:1], night) == [(DAY, 1440, 1800, 1, 0)]


def test_weekdays():
    weekdays = Demand("d", 540, 1020, weekdays=range(5))
    sunday = datetime.date(2027, 1, 3)
    shown = found([], weekdays, first=DAY, last=sunday)
    assert [row[0] for row in shown] == [DAY, NEXT]


def test_reinforced_days_want_somebody_of_middle_rank():
    boss = Demand("boss", 0, 1440, on="reinforced", rank=2, moment=True)
    more = Demand("more", 540, 1020, people=2, on="reinforced")
    usual = Demand("usual", 540, 1020, on="ordinary")
    rows = on(NEXT, (1, A), (2, A, 1)) + on(DAY, (1, A))
    days = {"first": DAY, "last": NEXT, "reinforced": [NEXT]}
    assert found(rows, boss, more, usual, **days) == [(NEXT, 0, 1440, 1, 0)]
    rows += on(NEXT, (3, C, 2))
    assert found(rows, boss, more, usual, **days) == []
    assert found(on(DAY, (3, N, 3)), boss, **days) == []
    assert found([], boss, more, usual, first=DAY, last=DAY, reinforced=[NEXT]) == [
        (DAY, 540, 1020, 1, 0)
    ]


def test_profile_of_a_day():
    rows = on(BEFORE, (4, N)) + on(DAY, (1, A), (2, B), (3, C))
    assert profile(rows, DAY) == [
        (0, 360, 1),
        (360, 540, 0),
        (540, 720, 1),
        (720, 1020, 2),
        (1020, 1320, 1),
        (1320, 1440, 0),
    ]
    assert profile([], DAY) == [(0, 1440, 0)]


@pytest.mark.parametrize(
    "values", [{"start": -1}, {"stop": 0}, {"stop": 1441}, {"people": 0}]
)
def test_bad_demand(values):
    with pytest.raises(ValueError, match="bad"):
        Demand("bad", **{"start": 540, "stop": 1020, **values})


def test_against_a_count_by_the_minute():
    rng = random.Random(3)
    for _turn in range(150):
        rows = []
        for day in (BEFORE, DAY, NEXT):
            for person in range(4):
                start, stop = rng.randrange(0, 1440, 30), rng.randrange(30, 1441, 30)
                if rng.random() < 0.5:
                    rows += on(day, (person, Shift("X", start, stop)))
        demand = Demand(
            "d",
            rng.randrange(0, 1440, 30),
            rng.randrange(30, 1441, 30),
            people=rng.randint(1, 3),
        )
        short = set()
        midnight = datetime.datetime.combine(DAY, datetime.time())
        for minute in range(demand.start, demand.end, 30):
            moment = midnight + datetime.timedelta(minutes=minute)
            there = {
                one.person for one in rows if one.span()[0] <= moment < one.span()[1]
            }
            if len(there) < demand.people:
                short.add(minute)
        seen = {
            minute
            for _day, start, stop, _wanted, _there in found(rows, demand)
            for minute in range(start, stop, 30)
        }
        assert seen == short

"""On which days of a week a register is looked through."""

import datetime
import importlib.util
import itertools
import random
from pathlib import Path

PATH = Path(__file__).parents[2] / "addons" / "cs_base" / "tools" / "review_days.py"
SPEC = importlib.util.spec_from_file_location("cs_base_review_days", PATH)
review_days = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(review_days)
DAY, due_days = review_days.DAY, review_days.due_days
periods, week_of = review_days.periods, review_days.week_of

MONDAY = datetime.date(2026, 11, 23)
WEEK = week_of(MONDAY)[:5]


def test_twice_a_week():
    assert [day.weekday() for day in due_days(WEEK, 2)] == [2, 4]
    assert [day.weekday() for day in due_days(WEEK, 1)] == [4]
    assert due_days(WEEK, 5) == WEEK
    assert due_days(WEEK, 7) == WEEK


def test_short_weeks():
    assert due_days(WEEK[:1], 2) == WEEK[:1]
    assert due_days([], 2) == []


def test_week_begins_on_monday():
    for offset in range(7):
        assert week_of(MONDAY + offset * DAY)[0] == MONDAY


def test_any_week_ends_with_its_last_working_day():
    draw = random.Random(26)
    for _round in range(500):
        days = sorted(draw.sample(week_of(MONDAY), draw.randint(1, 7)))
        times = draw.randint(1, 7)
        due = due_days(days, times)
        assert due[-1] == days[-1]
        assert len(set(due)) == len(due) == min(times, len(days))
        parts = [days.index(day) + 1 for day in due]
        sizes = [b - a for a, b in itertools.pairwise([0, *parts])]
        assert max(sizes) - min(sizes) <= 1


def test_periods_leave_no_day_out():
    since = MONDAY - 3 * DAY
    found = periods(due_days(WEEK, 2), since)
    assert found[0][0] == since
    for before, after in itertools.pairwise(found):
        assert after[0] == before[1] + DAY
    assert periods(due_days(WEEK, 2), MONDAY + 7 * DAY) == []

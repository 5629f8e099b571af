"""Periods of periodic visits over many years."""

import datetime
import importlib.util
import random
import sys
from pathlib import Path

import pytest

PATH = Path(__file__).parents[2] / "addons" / "cs_base" / "tools" / "visit_periods.py"


def load():
    spec = importlib.util.spec_from_file_location("cs_base_visit_periods", PATH)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look there
    spec.loader.exec_module(module)
    return module


periods = load()
DAY = datetime.timedelta(days=1)


@pytest.mark.parametrize(
    ("cadence", "day", "key", "start", "end"),
    [
        ("quarterly", "2026-01-01", "2026Q1", "2026-01-01", "2026-03-31"),
        ("quarterly", "2026-11-22", "2026Q4", "2026-10-01", "2026-12-31"),
        ("quarterly", "2028-02-29", "2028Q1", "2028-01-01", "2028-03-31"),
        ("yearly", "2026-12-31", "2026", "2026-01-01", "2026-12-31"),
        ("first_year", "2028-02-10", "2028-02", "2028-02-01", "2028-02-29"),
        ("first_year", "2026-12-31", "2026-12", "2026-12-01", "2026-12-31"),
    ],
)
def test_period(cadence, day, key, start, end):
    period = periods.period_of(cadence, datetime.date.fromisoformat(day))
    assert period.key == key
    assert period.start.isoformat() == start
    assert period.end.isoformat() == end


def test_periods_follow_one_another_without_gap():
    chance = random.Random(4)
    for _ in range(500):
        day = datetime.date(2020, 1, 1) + DAY * chance.randrange(5000)
        for cadence in periods.CADENCES:
            period = periods.period_of(cadence, day)
            after = periods.next_period(cadence, day)
            assert period.start <= day <= period.end
            assert after.start == period.end + DAY
            assert after.key > period.key
            assert periods.period_of(cadence, period.start) == period
            assert periods.period_of(cadence, period.end) == period


def test_twelve_months_after_moving_in():
    chance = random.Random(5)
    for _ in range(300):
        moved = datetime.date(2024, 1, 1) + DAY * chance.randrange(1000)
        visited = []
        period = periods.period_of("first_year", moved - DAY * 90)
        for _month in range(24):
            first, last = periods.moved_in_between(period)
            if first <= moved <= last:
                visited.append(period)
            period = periods.next_period("first_year", period.start)
        assert len(visited) == 12
        assert visited[0] == periods.next_period("first_year", moved)


def test_unknown_cadence():
    with pytest.raises(KeyError):
        periods.period_of("weekly", datetime.date(2026, 1, 1))

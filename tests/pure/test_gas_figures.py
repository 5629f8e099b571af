"""Aging buckets, rates, months and falling use."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from tools import figures
from tools.errors import GasInputError


@pytest.mark.parametrize(
    ("days", "key"),
    [
        (-400, "not_due"),
        (-1, "not_due"),
        (0, "d30"),
        (30, "d30"),
        (31, "d60"),
        (60, "d60"),
        (61, "d90"),
        (90, "d90"),
        (91, "d180"),
        (180, "d180"),
        (181, "d365"),
        (365, "d365"),
        (366, "older"),
        (9999, "older"),
    ],
)
def test_bucket_bounds(days, key):
    assert figures.bucket(days) == key


def test_every_day_has_one_bucket_and_they_follow_each_other():
    order = [key for key, _last in figures.BUCKETS]
    places = [order.index(figures.bucket(days)) for days in range(-50, 500)]
    assert places == sorted(places)
    assert set(places) == set(range(len(order)))


@pytest.mark.parametrize(
    ("part", "whole", "rate"),
    [
        ("0", "0", None),
        ("5", "-1", None),
        ("0", "10", "0.0"),
        ("1", "3", "33.3"),
        ("2", "3", "66.7"),
        ("1", "2000", "0.1"),
        ("0.49", "1000", "0.0"),
        ("120.15", "120.15", "100.0"),
        ("-1", "3", "-33.3"),
    ],
)
def test_percent(part, whole, rate):
    result = figures.percent(part, whole)
    assert result == (rate and Decimal(rate))


def test_percent_refuses_binary_floats():
    with pytest.raises(GasInputError):
        figures.percent(0.1, 1)


def test_months_go_over_the_year():
    assert figures.shift_month("2026-01", -1) == "2025-12"
    assert figures.shift_month("2026-12", 1) == "2027-01"
    assert figures.shift_month("2026-03", -15) == "2024-12"
    assert figures.months_back("2026-02", 4) == [
        "2025-11",
        "2025-12",
        "2026-01",
        "2026-02",
    ]
    with pytest.raises(GasInputError):
        figures.shift_month("2026-13", 0)


def test_months_are_those_of_the_calendar():
    day = date(2024, 1, 31)
    for count in range(40):
        month = figures.month_of(day)
        assert figures.shift_month("2024-01", count) == month
        day = (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def test_drop_is_below_sixty_percent_of_the_mean():
    assert not figures.is_drop("60", ["100", "100", "100"])
    assert figures.is_drop("59.999", ["100", "100", "100"])
    assert figures.is_drop("0", ["1", "0", "0"])
    assert not figures.is_drop("0", ["0", "0", "0"])


def test_two_months_make_no_mean():
    assert not figures.is_drop("0", ["100", "100"])

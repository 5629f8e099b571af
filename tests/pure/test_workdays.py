"""Working days and service hours, over the real calendars of 2025 to 2027."""

import datetime
import importlib.util
import random
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

TOOLS = Path(__file__).parents[2] / "addons" / "cs_base" / "tools"


def load(name):
    path = TOOLS / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"cs_base_{name}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


workdays, china_days = load("workdays"), load("china_days")
Workdays, ServiceHours = workdays.Workdays, workdays.ServiceHours

DAY = datetime.timedelta(days=1)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def date(text):
    return datetime.date.fromisoformat(text)


def time(text):
    return datetime.time.fromisoformat(text)


def span(first, last):
    first, last = date(first), date(last)
    return [first + DAY * n for n in range((last - first).days + 1)]


#: 国务院办公厅关于2026年部分节假日安排的通知 of 2025-11-04.
OFF_2026 = [
    *span("2026-01-01", "2026-01-03"),
    *span("2026-02-15", "2026-02-23"),
    *span("2026-04-04", "2026-04-06"),
    *span("2026-05-01", "2026-05-05"),
    *span("2026-06-19", "2026-06-21"),
    *span("2026-09-25", "2026-09-27"),
    *span("2026-10-01", "2026-10-07"),
]
MAKEUP_2026 = [
    date(day)
    for day in (
        "2026-01-04",
        "2026-02-14",
        "2026-02-28",
        "2026-05-09",
        "2026-09-20",
        "2026-10-10",
    )
]
CHINA = Workdays(OFF_2026, MAKEUP_2026, [2026])
HALL = {
    weekday: [(time("08:30"), time("12:00")), (time("13:30"), time("17:30"))]
    for weekday in range(5)
}
HOURS = ServiceHours(CHINA, HALL, SHANGHAI)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-02-13", "2026-02-25"),
        ("2026-05-08", "2026-05-12"),
        ("2026-09-18", "2026-09-22"),
        ("2026-09-30", "2026-10-10"),
    ],
)
def test_three_working_days(received, due):
    assert CHINA.add(date(received), 3) == date(due)
    assert CHINA.between(date(received), date(due)) == 3


def test_first_counted_day_after_spring_festival():
    assert CHINA.add(date("2026-02-15"), 1) == date("2026-02-24")


def test_number_of_working_days_of_2026():
    """365 days, 104 on weekends, 19 weekdays off, 6 weekend days worked."""
    assert CHINA.between(date("2025-12-31"), date("2026-12-31")) == 365 - 104 - 19 + 6


def test_weekends_only_and_provisional_without_data():
    plain = Workdays()
    assert not plain.is_official(2028)
    assert plain.is_workday(date("2028-10-02"))
    assert not plain.is_workday(date("2028-10-01"))
    assert CHINA.is_official(2026)
    assert not CHINA.is_official(2027)


def test_a_day_is_off_or_makeup():
    with pytest.raises(ValueError, match="2026-02-14"):
        Workdays([date("2026-02-14")], [date("2026-02-14")])


def test_zero_and_back():
    day = date("2026-02-15")
    assert CHINA.add(day, 0) == day
    assert CHINA.add(day, -1) == date("2026-02-14")
    assert CHINA.add(date("2026-02-24"), -2) == date("2026-02-13")


def test_counting_agrees_with_looking_at_each_day():
    rng = random.Random(20260213)
    for _round in range(300):
        pool = rng.sample(range(900), 60)
        days = [date("2025-12-01") + DAY * n for n in pool]
        calendar = Workdays(days[:30], days[30:])
        start = date("2025-12-01") + DAY * rng.randrange(900)
        end = start + DAY * rng.randrange(200)
        counted = sum(
            calendar.is_workday(start + DAY * n)
            for n in range(1, (end - start).days + 1)
        )
        assert calendar.between(start, end) == counted
        assert calendar.between(end, start) == -counted
        n = rng.randrange(1, 40)
        due = calendar.add(start, n)
        assert calendar.is_workday(due)
        assert calendar.between(start, due) == n


# === WHAT IS SHIPPED === #


def effective(days, year):
    """The days of a year that are worked, by a list of days."""
    calendar = Workdays(
        [day for day, kind, *_rest in days if kind == china_days.OFF],
        [day for day, kind, *_rest in days if kind == china_days.MAKEUP],
    )
    return [
        day
        for day in span(f"{year}-01-01", f"{year}-12-31")
        if calendar.is_workday(day)
    ]


def test_shipped_2026_is_the_notice():
    days = china_days.days(2026)
    assert [day for day, kind, *_rest in days if kind == "off"] == OFF_2026
    assert [day for day, kind, *_rest in days if kind == "makeup"] == MAKEUP_2026


@pytest.mark.parametrize("year", sorted(china_days.ANNOUNCED))
def test_shipped_years_agree_with_the_package(year):
    """Written from the notices; the package has them from elsewhere."""
    assert effective(china_days.announced(year), year) == effective(
        china_days.proposed(year), year
    )


@pytest.mark.parametrize("year", [2001, 2024, 2027, 2050, 2100])
def test_proposals_are_plain_and_of_their_year(year):
    days = china_days.proposed(year)
    assert len(days) >= 10
    assert len({day for day, *_rest in days}) == len(days)
    for day, kind, name, source in days:
        assert day.year == year
        assert kind in ("off", "makeup")
        assert kind == "off" or day.weekday() >= 5
        assert name
        assert source.startswith("holidays ")


def test_names_are_chinese():
    names = {name for _day, _kind, name, _source in china_days.proposed(2027)}
    assert {"元旦", "春节", "中秋节"} <= names


# === SERVICE HOURS === #


def local(text):
    return datetime.datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def test_hours_of_a_weekday():
    assert HOURS.intervals(date("2026-05-08")) == [
        (local("2026-05-08T08:30"), local("2026-05-08T12:00")),
        (local("2026-05-08T13:30"), local("2026-05-08T17:30")),
    ]
    assert HOURS.close(date("2026-05-08")) == local("2026-05-08T17:30")


def test_makeup_saturday_has_the_hours_of_the_first_weekday():
    week = dict(HALL)
    del week[0]
    week[1] = [(time("09:00"), time("16:00"))]
    hours = ServiceHours(CHINA, week, SHANGHAI)
    expected = [(local("2026-02-14T09:00"), local("2026-02-14T16:00"))]
    assert hours.intervals(date("2026-02-14")) == expected
    assert hours.intervals(date("2026-03-02")) == []  # its Mondays are closed


def test_no_hours_on_holidays_and_weekends():
    for day in OFF_2026:
        assert HOURS.intervals(day) == []
    assert HOURS.intervals(date("2026-05-10")) == []
    assert HOURS.close(date("2026-05-10")) == local("2026-05-10T17:30")


def test_always():
    hours = ServiceHours.always(SHANGHAI)
    day = date("2026-02-17")
    assert hours.is_always
    assert hours.intervals(day) == [(local("2026-02-17"), local("2026-02-18"))]
    assert hours.close(day) == local("2026-02-18")


@pytest.mark.parametrize("midnight", [datetime.time.min, datetime.time.max])
def test_until_midnight(midnight):
    hours = ServiceHours(CHINA, {4: [(time("16:00"), midnight)]}, SHANGHAI)
    assert hours.close(date("2026-05-08")) == local("2026-05-09")


def test_two_alternating_weeks():
    short = {0: [(time("09:00"), time("12:00"))]}
    hours = ServiceHours(CHINA, HALL, SHANGHAI, other_week=short)
    closes = {
        workdays.week_parity(day): hours.close(day).time()
        for day in (date("2026-03-02"), date("2026-03-09"))
    }
    assert closes == {0: time("17:30"), 1: time("12:00")}


@pytest.mark.parametrize(
    "week",
    [
        {},
        {0: []},
        {0: [(time("12:00"), time("12:00"))]},
        {0: [(time("08:00"), time("12:00")), (time("11:00"), time("13:00"))]},
        {0: [(time("08:00"), time("00:00")), (time("11:00"), time("13:00"))]},
    ],
)
def test_impossible_weeks(week):
    with pytest.raises(ValueError, match="hours"):
        ServiceHours(CHINA, week, SHANGHAI)


def test_hours_never_overlap_and_lie_on_working_days():
    rng = random.Random(5)
    for _round in range(50):
        week = {}
        for weekday in rng.sample(range(7), rng.randrange(1, 8)):
            marks = sorted(rng.sample(range(24 * 4), 2 * rng.randrange(1, 4)))
            times = [datetime.time(mark // 4, mark % 4 * 15) for mark in marks]
            week[weekday] = list(zip(times[::2], times[1::2], strict=True))
        hours = ServiceHours(CHINA, week, SHANGHAI)
        last = local("2025-12-31")
        for n in range(365):
            day = date("2026-01-01") + DAY * n
            intervals = hours.intervals(day)
            assert not intervals or CHINA.is_workday(day)
            for start, end in intervals:
                assert last <= start < end
                assert start.date() == day
                last = end

"""Clocks over the real calendar of 2026, and in any order against a naive one."""

import datetime
import importlib.util
import random
import sys
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "addons" / "cs_base" / "tools"


def _load():
    """Import the tools under a name of their own, without their addon."""
    spec = importlib.util.spec_from_file_location(
        "cs_clock_tools",
        FOLDER / "__init__.py",
        submodule_search_locations=[str(FOLDER)],
    )
    package = importlib.util.module_from_spec(spec)
    sys.modules["cs_clock_tools"] = package
    spec.loader.exec_module(package)
    names = ("workdays", "grid", "clock", "alarm")
    return [importlib.import_module(f"cs_clock_tools.{name}") for name in names]


workdays, grid, clock, alarm = _load()
Fact, Limit, evaluate = clock.Fact, clock.Limit, clock.evaluate

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOUR = 3600
MINUTE = datetime.timedelta(minutes=1)


def span(first, last):
    first, last = map(datetime.date.fromisoformat, (first, last))
    return [
        first + datetime.timedelta(days=number)
        for number in range((last - first).days + 1)
    ]


#: 国办发明电〔2025〕7号
OFF = [
    *span("2026-02-15", "2026-02-23"),
    *span("2026-04-04", "2026-04-06"),
    *span("2026-05-01", "2026-05-05"),
    *span("2026-09-25", "2026-09-27"),
    *span("2026-10-01", "2026-10-07"),
]
MAKEUP = [
    datetime.date.fromisoformat(f"2026-{day}")
    for day in ("01-04", "02-14", "02-28", "05-09", "09-20", "10-10")
]
CHINA = workdays.Workdays(OFF, MAKEUP, [2026])
HALL = {
    weekday: [
        (datetime.time(8, 30), datetime.time(12)),
        (datetime.time(13, 30), datetime.time(17, 30)),
    ]
    for weekday in range(5)
}
HOURS = workdays.ServiceHours(CHINA, HALL, SHANGHAI)
ALWAYS = workdays.ServiceHours.always(SHANGHAI)


def at(text):
    """2026-``text`` on the company's clock."""
    return datetime.datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


def start(moment, limit, holders=("agent",)):
    return Fact(at(moment), "start", holders, limit)


def days(quantity, **values):
    return Limit("workday", quantity, **values)


# === THE CALENDAR OF 2026 === #


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("02-13 16:00", "02-25"),
        ("05-08 16:00", "05-12"),
        ("09-18 16:00", "09-22"),
        ("09-30 16:00", "10-10"),
        ("02-15 10:00", "02-26"),  # first counted day is 24 February
        ("09-30 23:30", "10-10"),
        ("10-01 00:10", "10-10"),
    ],
)
def test_three_working_days(received, due):
    limit = days(3)
    assert clock.deadline(limit, at(received), HOURS) == at(f"{due} 23:59:59")
    closing = days(3, day_end=clock.CLOSE)
    assert clock.deadline(closing, at(received), HOURS) == at(f"{due} 17:30")


def test_calendar_days():
    limit = Limit("day", 15)
    assert clock.deadline(limit, at("09-30 16:00"), ALWAYS) == at("10-15 23:59:59")


def test_the_same_day():
    today = Limit("day", 1, next_day=False)
    assert clock.deadline(today, at("09-30 16:00"), ALWAYS) == at("09-30 23:59:59")
    workday = days(1, next_day=False, day_end=clock.CLOSE)
    assert clock.deadline(workday, at("09-30 16:00"), HOURS) == at("09-30 17:30")
    assert clock.deadline(workday, at("09-30 17:31"), HOURS) == at("10-08 17:30")
    assert clock.deadline(workday, at("10-03 09:00"), HOURS) == at("10-08 17:30")
    ten = days(1, day_end=datetime.time(10))
    assert clock.deadline(ten, at("09-30 16:00"), HOURS) == at("10-08 10:00")


def test_service_hours_and_minutes():
    eight = Limit("hour", 8)
    assert clock.deadline(eight, at("09-30 16:00"), HOURS) == at("10-08 16:30")
    assert clock.deadline(eight, at("09-30 16:00"), ALWAYS) == at("10-01 00:00")
    half = Limit("minute", 30, hours=ALWAYS)
    assert clock.deadline(half, at("09-30 23:45"), HOURS) == at("10-01 00:15")
    half = Limit("minute", 30)
    assert clock.deadline(half, at("09-30 11:45"), HOURS) == at("09-30 13:45")


def test_a_year_that_is_not_confirmed_is_provisional():
    limit = days(3)
    result = evaluate([start("12-30 10:00", limit)], HOURS, at("12-30 11:00"))
    assert result.provisional
    result = evaluate([start("12-01 10:00", limit)], HOURS, at("12-01 11:00"))
    assert not result.provisional
    result = evaluate([start("12-30 10:00", limit)], ALWAYS, at("12-30 11:00"))
    assert not result.provisional


def test_a_zone_with_daylight_saving_counts_real_hours():
    berlin = workdays.ServiceHours.always(ZoneInfo("Europe/Berlin"))
    received = datetime.datetime(2026, 3, 28, 20, tzinfo=ZoneInfo("Europe/Berlin"))
    due = clock.deadline(Limit("hour", 24), received, berlin)
    assert due - received.astimezone(datetime.timezone.utc) == 24 * 60 * MINUTE
    assert due.astimezone(ZoneInfo("Europe/Berlin")).hour == 21


# === PAUSES === #


def test_pause_over_the_holiday_and_direct_close():
    facts = [
        start("09-30 10:00", Limit("hour", 8)),
        Fact(at("09-30 11:00"), "pause"),
        Fact(at("10-08 09:00"), "stop"),
    ]
    paused = evaluate(facts[:2], HOURS, at("10-07 12:00"))
    assert (paused.state, paused.due) == ("paused", at("10-08 10:30"))
    assert not paused.is_late
    for now in ("10-08 09:00", "10-30 00:00", "12-31 00:00"):
        result = evaluate(facts, HOURS, at(now))
        assert (result.state, result.used, result.met) == ("met", HOUR, True)
        assert result.due == at("10-08 10:30")
        assert result.breached_at is None


def test_closing_from_a_pause_after_the_frozen_deadline_is_in_time():
    facts = [
        start("09-30 08:30", Limit("hour", 2)),
        Fact(at("09-30 09:30"), "pause"),
        Fact(at("10-08 17:00"), "stop"),
    ]
    result = evaluate(facts, HOURS, at("10-09 09:00"))
    assert result.met
    assert result.due == at("09-30 10:30")


def test_closing_from_a_pause_that_began_too_late_is_not():
    facts = [
        start("09-30 08:30", Limit("hour", 2)),
        Fact(at("09-30 10:31"), "pause"),
        Fact(at("09-30 10:40"), "stop"),
    ]
    result = evaluate(facts, HOURS, at("10-09 09:00"))
    assert (result.state, result.met) == ("missed", False)
    assert result.breached_at == at("09-30 10:30")


def test_reopened_goes_on_from_what_was_used():
    facts = [
        start("09-30 10:00", Limit("hour", 8)),
        Fact(at("09-30 11:00"), "pause"),
        Fact(at("10-08 09:00"), "stop"),
        Fact(at("10-09 08:30"), "reopen"),
    ]
    result = evaluate(facts, HOURS, at("10-09 09:30"))
    assert (result.state, result.used) == ("running", 2 * HOUR)
    assert result.due == at("10-09 17:00")
    assert result.remaining == 7 * HOUR + HOUR // 2  # by the clock
    assert result.met is None


def test_cancelled_is_not_met():
    facts = [start("09-30 10:00", days(3)), Fact(at("09-30 11:00"), "cancel")]
    result = evaluate(facts, HOURS, at("09-30 12:00"))
    assert (result.state, result.met) == ("cancelled", False)


def test_days_paused_at_close_of_business_do_not_count():
    day = days(3)
    begin = start("10-08 10:00", day)  # 9, 10 (make-up), 12
    short = [begin, Fact(at("10-09 09:00"), "pause"), Fact(at("10-09 17:00"), "resume")]
    assert evaluate(short, HOURS, at("10-09 18:00")).due == at("10-12 23:59:59")
    over = [begin, Fact(at("10-09 17:00"), "pause"), Fact(at("10-09 17:31"), "resume")]
    assert evaluate(over, HOURS, at("10-09 18:00")).due == at("10-13 23:59:59")
    weekend = [
        begin,
        Fact(at("10-10 18:00"), "pause"),
        Fact(at("10-12 09:00"), "resume"),
    ]
    assert evaluate(weekend, HOURS, at("10-12 10:00")).due == at("10-12 23:59:59")


def test_the_last_day_does_not_count_if_paused_at_its_end():
    begin = start("10-08 10:00", days(3))
    facts = [begin, Fact(at("10-12 20:00"), "pause"), Fact(at("10-13 08:00"), "resume")]
    assert evaluate(facts, HOURS, at("10-12 21:00")).due == at("10-12 23:59:59")
    after = evaluate(facts, HOURS, at("10-13 09:00"))
    assert after.due == at("10-13 23:59:59")
    assert not after.is_late
    at_close = start("10-08 10:00", days(3, day_end=clock.CLOSE))
    late = evaluate([at_close, *facts[1:]], HOURS, at("10-13 09:00"))
    assert late.breached_at == at("10-12 17:30")


def test_a_pause_ends_by_itself():
    facts = [
        start("09-30 10:00", Limit("hour", 8)),
        Fact(at("09-30 11:00"), "pause", until=at("10-08 08:30")),
    ]
    paused = evaluate(facts, HOURS, at("10-08 08:00"))
    assert (paused.state, paused.pause_ends) == ("paused", at("10-08 08:30"))
    over = evaluate(facts, HOURS, at("10-09 09:00"))
    assert (over.state, over.pause_ends) == ("running", None)
    assert over.due == at("10-08 17:00")
    assert over.breached_at == at("10-08 17:00")


# === LIMITS AND EXTENSIONS === #


def test_a_raised_severity_may_be_late_at_once():
    facts = [
        start("10-08 10:00", days(3)),
        Fact(at("10-09 06:00"), "limit", limit=Limit("hour", 24, hours=ALWAYS)),
    ]
    result = evaluate(facts, HOURS, at("10-09 07:00"))
    assert result.due == at("10-09 10:00")
    assert result.used == 21 * HOUR
    assert not result.is_late
    facts[1] = Fact(at("10-10 06:00"), "limit", limit=Limit("hour", 24, hours=ALWAYS))
    result = evaluate(facts, HOURS, at("10-10 06:00"))
    assert result.breached_at == at("10-10 06:00")
    assert result.due == at("10-09 10:00")


def test_a_breach_is_never_erased():
    begin = start("10-08 10:00", Limit("hour", 2))
    breach = at("10-08 12:00")
    for fact in (
        Fact(at("10-08 14:00"), "limit", limit=days(3)),
        Fact(at("10-08 14:00"), "extend", until=at("10-12 23:59:59")),
        Fact(at("10-08 14:00"), "pause"),
    ):
        stop = Fact(at("10-08 16:00"), "stop")
        reopen = Fact(at("10-08 16:30"), "reopen")
        result = evaluate([begin, fact, stop], HOURS, at("10-09 09:00"))
        assert (result.state, result.breached_at) == ("missed", breach)
        result = evaluate([begin, fact, stop, reopen], HOURS, at("10-09 09:00"))
        assert (result.state, result.breached_at) == ("running", breach)


def test_a_breach_stays_when_the_calendar_changes():
    """A day declared free afterwards moves the deadline, not what happened."""
    facts = [start("11-19 10:00", days(1)), Fact(at("11-21 09:00"), "stop")]
    breached = evaluate(facts[:1], HOURS, at("11-21 09:00")).breached_at
    free = workdays.Workdays([*OFF, datetime.date(2026, 11, 20)], MAKEUP, [2026])
    changed = workdays.ServiceHours(free, HALL, SHANGHAI)
    assert evaluate(facts, changed, at("11-21 09:00")).met
    kept = evaluate(facts, changed, at("11-21 09:00"), breached)
    assert (kept.state, kept.breached_at) == ("missed", at("11-20 23:59:59"))
    assert kept.due == at("11-23 23:59:59")


def test_an_extension_moves_the_deadline_and_pauses_shift_it():
    facts = [
        start("10-08 10:00", days(1)),
        Fact(at("10-09 09:00"), "extend", until=at("10-14 23:59:59")),
    ]
    assert evaluate(facts, HOURS, at("10-09 10:00")).due == at("10-14 23:59:59")
    facts.append(Fact(at("10-13 09:00"), "pause"))
    assert evaluate(facts, HOURS, at("10-20 10:00")).due == at("10-14 23:59:59")
    facts.append(Fact(at("10-15 09:00"), "resume"))
    result = evaluate(facts, HOURS, at("10-15 10:00"))
    assert result.due == at("10-16 23:59:59")
    assert not result.is_late
    facts.append(Fact(at("10-15 11:00"), "limit", limit=days(9)))
    # 9, 10, 12 October count, the 13th and 14th don't
    assert evaluate(facts, HOURS, at("10-15 12:00")).due == at("10-22 23:59:59")


def test_an_extension_of_hours_is_shifted_by_the_pause():
    facts = [
        start("10-08 10:00", Limit("hour", 2)),
        Fact(at("10-08 10:30"), "extend", until=at("10-09 17:00")),
        Fact(at("10-08 11:00"), "pause"),
        Fact(at("10-08 14:00"), "resume"),
    ]
    assert evaluate(facts, HOURS, at("10-08 15:00")).due == at("10-09 20:00")


def test_an_extension_during_a_pause():
    facts = [
        start("10-08 10:00", days(3)),
        Fact(at("10-09 09:00"), "pause"),
        Fact(at("10-12 09:00"), "extend", until=at("10-16 23:59:59")),
    ]
    assert evaluate(facts, HOURS, at("10-30 10:00")).due == at("10-16 23:59:59")
    facts.append(Fact(at("10-13 09:00"), "resume"))
    assert evaluate(facts, HOURS, at("10-13 10:00")).due == at("10-19 23:59:59")


def test_an_extension_to_a_holiday_is_that_day():
    facts = [
        start("09-29 10:00", days(1)),
        Fact(at("09-30 09:00"), "extend", until=at("10-03 18:00")),
    ]
    assert evaluate(facts, HOURS, at("09-30 10:00")).due == at("10-03 18:00")
    facts += [Fact(at("10-02 09:00"), "pause"), Fact(at("10-05 09:00"), "resume")]
    assert evaluate(facts, HOURS, at("10-05 10:00")).due == at("10-08 18:00")


# === SHARES === #


def test_department_shares_are_the_case_time():
    facts = [
        start("10-08 08:30", days(3), ("agent",)),
        Fact(at("10-08 09:30"), "hold", ("engineering", "security", "meters")),
        Fact(at("10-08 11:30"), "hold", ()),
        Fact(at("10-08 12:30"), "hold", ("lead", "lead")),
    ]
    result = evaluate(facts, HOURS, at("10-08 14:30"))
    third = Fraction(2 * HOUR, 3)
    assert result.shares == {
        "agent": HOUR,
        "engineering": third,
        "security": third,
        "meters": third,
        None: HOUR // 2,
        "lead": HOUR,
    }
    assert result.used == sum(result.shares.values()) == 4 * HOUR + HOUR // 2


# === EVERY ORDER, AGAINST A NAIVE CLOCK === #

BASE = at("09-29 00:00")
LENGTH = 14 * 24 * 60
PEOPLE = ("agent", "engineering", "security", "lead", "approver")


def _is_open(hours, minute):
    moment = BASE + minute * MINUTE
    day = moment.astimezone(SHANGHAI).date()
    return any(begin <= moment < end for begin, end in hours.intervals(day))


OPEN = {
    HOURS: [_is_open(HOURS, minute) for minute in range(3 * LENGTH)],
    ALWAYS: [True] * 3 * LENGTH,
}
MINUTES = {"minute": 1, "hour": 60}


class Naive:
    """The same rules for minutes, one minute after the other."""

    def __init__(self, facts, now):
        self.first, *rest = facts
        self.begin = self.minute(self.first.moment)
        self.limit, self.holders = self.first.limit, self.first.holders
        self.extension = self.until = self.breached = self.froze = None
        self.state, self.runs = "running", {}
        self.due = self.deadline(self.begin)
        self.changed = self.begin
        now = self.minute(now)
        for minute in range(self.begin, now + 1):
            self.wake(minute)
            while rest and self.minute(rest[0].moment) <= minute:
                self.apply(rest.pop(0), minute)
                self.changed = minute
                self.check(minute)
                self.wake(minute)
            if minute < now and self.state == "running":
                self.runs[minute] = self.holders

    @staticmethod
    def minute(moment):
        return (moment - BASE) // MINUTE

    def wake(self, minute):
        """End the pause whose time is over."""
        if self.state == "paused" and self.until is not None and self.until <= minute:
            self.state, self.changed = "running", minute
            self.due = self.deadline(minute)
        self.check(minute)

    def check(self, minute):
        if self.state not in ("running", "paused") or self.breached is not None:
            return
        if self.due < (minute if self.state == "running" else self.froze):
            self.breached = max(self.due, self.changed)

    def apply(self, fact, minute):
        is_open = self.state in ("running", "paused")
        if fact.kind == "hold":
            self.holders = fact.holders
        elif fact.kind == "pause" and self.state == "running":
            self.state, self.froze = "paused", minute
            self.until = self.minute(fact.until) if fact.until else None
        elif fact.kind == "resume" and self.state == "paused":
            self.state = "running"
        elif fact.kind in ("stop", "cancel") and is_open:
            if self.state == "running":
                self.froze = minute
            missed = "met" if self.breached is None else "missed"
            self.state = missed if fact.kind == "stop" else "cancelled"
        elif fact.kind == "reopen" and not is_open:
            self.state = "running"
        elif fact.kind == "limit" and is_open:
            self.limit, self.extension = fact.limit, None
        elif fact.kind == "extend" and is_open:
            self.extension = minute, self.minute(fact.until)
        else:
            return
        if self.state == "running":
            self.due = self.deadline(minute)
        elif fact.kind == "limit":
            self.due = self.deadline(self.froze)
        elif fact.kind == "extend":
            self.due = self.extension[1]

    def deadline(self, ahead):
        """The deadline if the clock runs from minute ``ahead`` on."""
        if self.extension:
            minute, due = self.extension
            while minute < ahead and minute <= due:
                due += minute not in self.runs
                minute += 1
            return due
        is_open = OPEN[self.limit.hours]
        left = self.limit.quantity * MINUTES[self.limit.unit]
        minute = self.begin
        while left:
            left -= is_open[minute] and (minute in self.runs or minute >= ahead)
            minute += 1
        while minute < ahead and minute not in self.runs:
            minute += 1
        return minute

    def shares(self):
        shares = {}
        is_open = OPEN[self.limit.hours]
        for minute, holders in self.runs.items():
            keys = set(holders) or {None}
            for key in keys if is_open[minute] else ():
                shares[key] = shares.get(key, 0) + Fraction(60, len(keys))
        return shares


def _random_limit(rng):
    unit = rng.choice(("minute", "hour"))
    top = 900 if unit == "minute" else 30
    return Limit(unit, rng.randint(1, top), hours=rng.choice((HOURS, ALWAYS)))


def _random_holders(rng):
    return tuple(rng.choices(PEOPLE, k=rng.choice((0, 1, 1, 2, 3, 5))))


def _random_facts(rng, limit, steps):
    minute = rng.randint(0, 2 * 24 * 60)
    facts = [Fact(BASE + minute * MINUTE, "start", _random_holders(rng), limit(rng))]
    for _number in range(rng.randint(0, steps)):
        minute += rng.choice((0, 1, 7, 30, 60, 90, 240, 600))
        moment = BASE + minute * MINUTE
        kind = rng.choice(
            ("hold", "pause", "resume", "pause", "resume", "limit", "extend")
            + ("stop", "reopen", "reopen", "cancel")
        )
        ahead = rng.choice((0, 1, 60, 500, 1500))
        until = moment + ahead * MINUTE if kind == "extend" else None
        if kind == "pause" and rng.random() < 0.3:
            until = moment + ahead * MINUTE
        facts.append(
            Fact(
                moment,
                kind,
                _random_holders(rng) if kind == "hold" else (),
                limit(rng) if kind == "limit" else None,
                until,
            )
        )
    return facts, BASE + (minute + rng.choice((0, 1, 100, 2000))) * MINUTE


@pytest.mark.parametrize("seed", range(600))
def test_any_order_is_as_the_naive_clock_says(seed):
    rng = random.Random(seed)
    facts, now = _random_facts(rng, _random_limit, 25)
    naive, result = Naive(facts, now), evaluate(facts, HOURS, now)
    assert result.state == naive.state
    assert result.due == BASE + naive.due * MINUTE
    breached = None if naive.breached is None else BASE + naive.breached * MINUTE
    assert result.breached_at == breached
    assert result.shares == naive.shares()
    assert result.used == sum(result.shares.values())


def _any_limit(rng):
    if rng.random() < 0.5:
        return _random_limit(rng)
    end = rng.choice((None, clock.CLOSE, datetime.time(12)))
    unit = rng.choice(("workday", "day"))
    hours = HOURS if unit == "workday" else rng.choice((HOURS, ALWAYS))
    return Limit(unit, rng.randint(1, 3), rng.random() < 0.7, end, hours)


@pytest.mark.parametrize("seed", range(600))
def test_any_order_of_any_unit_keeps_the_rules(seed):
    rng = random.Random(1000 + seed)
    facts, now = _random_facts(rng, _any_limit, 20)
    before = None
    moments = sorted({fact.moment for fact in facts} | {now})
    for moment in moments:
        result = evaluate(facts, HOURS, moment)
        assert result.used == sum(result.shares.values())
        assert result.used >= 0
        if before and before.is_late:
            assert result.breached_at == before.breached_at
        if result.state == "met":
            assert not result.is_late
        if result.state == "running" and result.due < moment:
            assert result.is_late
        before = result
    rng.shuffle(moments)
    mixed = [fact for moment in moments for fact in facts if fact.moment == moment]
    assert evaluate(mixed, HOURS, now) == result


@pytest.mark.parametrize("seed", range(100))
def test_resuming_at_once_changes_nothing(seed):
    """A pause of no length, and a look at any moment, leave the clock as it was."""
    rng = random.Random(2000 + seed)
    facts = [Fact(BASE, "start", ("agent",), _any_limit(rng))]
    moment = BASE + rng.randint(0, 5000) * MINUTE
    now = moment + rng.randint(0, 5000) * MINUTE
    pause = [Fact(moment, "pause"), Fact(moment, "resume")]
    assert evaluate(facts, HOURS, now) == evaluate(facts + pause, HOURS, now)


# === ALARMS === #

QUIET = alarm.Quiet(datetime.time(21), datetime.time(8), SHANGHAI)


def _moments(limit, begin, steps, quiet=QUIET):
    result = evaluate([start(begin, limit)], HOURS, at(begin))
    return [
        (found.at, found.step.level) for found in alarm.alarms(result, steps, quiet)
    ]


def test_alarms_wait_for_the_end_of_the_quiet_hours():
    steps = [
        alarm.Step("warn", 1, -4 * HOUR, HOURS),
        alarm.Step("due", 2, 0),
        alarm.Step("late", 3, 8 * HOUR, HOURS),
    ]
    assert _moments(days(3), "10-08 10:00", steps) == [
        (at("10-12 13:30"), 1),
        (at("10-13 08:00"), 2),
        (at("10-14 09:00"), 3),
    ]


def test_a_warning_comes_before_a_quiet_night():
    warn = [alarm.Step("warn", 1, -HOUR)]
    assert _moments(days(1), "10-08 10:00", warn) == [(at("10-09 20:59:59"), 1)]
    short = Limit("hour", 2, hours=ALWAYS)
    assert _moments(short, "10-08 21:30", warn) == [(at("10-09 08:00"), 1)]
    assert _moments(short, "10-08 21:30", warn, None) == [(at("10-08 22:30"), 1)]


def test_a_paused_clock_is_silent():
    facts = [start("10-08 10:00", days(1)), Fact(at("10-08 11:00"), "pause")]
    result = evaluate(facts, HOURS, at("10-30 10:00"))
    assert alarm.alarms(result, [alarm.Step("due", 1, 0)], QUIET) == []


def test_quiet_hours_within_a_day():
    noon = alarm.Quiet(datetime.time(12), datetime.time(13, 30), SHANGHAI)
    assert noon.leave(at("10-08 12:30")) == at("10-08 13:30")
    assert noon.leave(at("10-08 13:30")) == at("10-08 13:30")
    assert QUIET.leave(at("10-08 23:00")) == at("10-09 08:00")
    assert QUIET.leave(at("10-08 07:59")) == at("10-08 08:00")


def test_the_share_of_a_limit():
    eight = Limit("hour", 8)
    due = clock.deadline(eight, at("10-08 08:30"), HOURS)
    assert due == at("10-09 09:00")
    share = Fraction(3, 4)
    assert alarm.before_share(eight, due, share, HOURS) == at("10-08 16:00")
    due = clock.deadline(days(2), at("10-08 10:00"), HOURS)
    assert due == at("10-10 23:59:59")
    half = alarm.before_share(days(2), due, Fraction(1, 2), HOURS)
    assert half == at("10-10 08:30")  # one of two days' hours is left


def test_wrong_facts_are_refused():
    with pytest.raises(ValueError, match="no kind"):
        Fact(BASE, "begin")
    with pytest.raises(ValueError, match="no unit"):
        Limit("week", 1)
    with pytest.raises(ValueError, match="no limit"):
        Limit("day", 0)
    with pytest.raises(ValueError, match="needs a start"):
        evaluate([Fact(BASE, "stop")], HOURS, BASE)

"""Working days and service hours of mainland China.

The State Council moves working days to weekends (make-up workdays 调休上班日), which
a weekly plan less holidays can't hold.
"""

import datetime
from bisect import bisect_right

DAY = datetime.timedelta(days=1)
SATURDAY = 5
#: End of the last hour of a day, as calendars write 24:00.
MIDNIGHTS = (datetime.time.min, datetime.time.max)


def week_parity(day):
    """Which of two alternating weeks ``day`` is in: 0 or 1 (as Odoo's calendars)."""
    return (day.toordinal() - 1) // 7 % 2


class Workdays:
    """Which days are worked: Monday to Friday but holidays, and make-up workdays.

    Immutable; may be kept in caches.

    :param off: dates not worked (holidays; on weekends without effect)
    :param makeup: dates worked though on a weekend
    :param official_years: years whose days have been announced and confirmed
    :raise ValueError: a date is both
    """

    def __init__(self, off=(), makeup=(), official_years=()):
        self._off = frozenset(off)
        self._makeup = frozenset(makeup)
        self._official_years = frozenset(official_years)
        if both := self._off & self._makeup:
            days = ", ".join(sorted(map(str, both)))
            raise ValueError(f"both holiday and make-up workday: {days}")
        self._lost = sorted(d for d in self._off if d.weekday() < SATURDAY)
        self._gained = sorted(d for d in self._makeup if d.weekday() >= SATURDAY)

    def is_workday(self, day):
        if day in self._makeup:
            return True
        return day.weekday() < SATURDAY and day not in self._off

    def is_makeup(self, day):
        """Whether a weekend's day is worked."""
        return day in self._makeup and day.weekday() >= SATURDAY

    def is_official(self, year):
        """Whether the days of ``year`` are confirmed; else they may still change."""
        return year in self._official_years

    def add(self, day, n):
        """The ``n``-th working day after ``day``, which itself doesn't count.

        :param n: below zero: before ``day``; 0: ``day``, worked or not
        """
        step = DAY if n > 0 else -DAY
        left = abs(n)
        while left:
            day += step
            left -= self.is_workday(day)
        return day

    def between(self, start, end):
        """Number of working days after ``start`` until and with ``end``.

        ``between(day, add(day, n)) == n`` for n ≥ 0; below zero if ``end`` is before.
        """
        return self._until(end) - self._until(start)

    def _until(self, day):
        """Working days from a fixed Monday until and with ``day``."""
        weeks, rest = divmod(day.toordinal(), 7)  # day 1 was a Monday
        weekdays = weeks * 5 + min(rest, 5)
        lost, gained = bisect_right(self._lost, day), bisect_right(self._gained, day)
        return weekdays - lost + gained


class ServiceHours:
    """When a company serves, on its own clock. Immutable; may be kept in caches.

    Hours apply on working days only. A make-up workday has the hours of the first
    weekday that has some.

    :param workdays: :class:`Workdays`
    :param week: {weekday 0 (Monday) … 6: [(start, end)]} with naive times; an end of
        00:00 (or ``time.max``) is midnight at the end of the day
    :param tz: tzinfo of these times
    :param other_week: the same for weeks of parity 1, if two weeks alternate
    :raise ValueError: no hours at all, an empty or overlapping interval
    """

    def __init__(self, workdays, week, tz, other_week=None):
        self.workdays = workdays
        self.tz = tz
        self._is_always = False
        weeks = (week, week if other_week is None else other_week)
        self._weeks = tuple(
            {weekday: _checked(hours) for weekday, hours in plan.items() if hours}
            for plan in weeks
        )
        plans = [plan for plan in self._weeks if plan]
        if not plans:
            raise ValueError("a week without hours")
        self._usual = plans[0][min(plans[0])]

    @classmethod
    def always(cls, tz):
        """Hours of a service that never closes: each day whole, holidays too."""
        whole = [(datetime.time.min, datetime.time.min)]
        hours = cls(Workdays(), dict.fromkeys(range(7), whole), tz)
        hours._is_always = True
        return hours

    @property
    def is_always(self):
        return self._is_always

    def intervals(self, day):
        """The hours of ``day``: sorted [(aware start, aware end)], [] if not worked."""
        return [
            (self._at(day, start), self._end(day, end))
            for start, end in self._hours(day)
        ]

    def close(self, day):
        """Close of business (aware): end of the day's last hour.

        On a day without hours: when business usually closes.
        """
        return self._end(day, (self._hours(day) or self._usual)[-1][1])

    def _hours(self, day):
        if self._is_always:
            return self._usual
        if not self.workdays.is_workday(day):
            return ()
        if self.workdays.is_makeup(day):
            return self._usual
        return self._weeks[week_parity(day)].get(day.weekday(), ())

    def _at(self, day, time):
        return datetime.datetime.combine(day, time, self.tz)

    def _end(self, day, time):
        if time in MIDNIGHTS:
            return self._at(day + DAY, datetime.time.min)
        return self._at(day, time)


def _checked(hours):
    """Sorted hours, adjoining ones joined."""
    joined = []
    for start, end in sorted(hours):
        if end not in MIDNIGHTS and end <= start:
            raise ValueError(f"empty hours {start}–{end}")
        if joined and (joined[-1][1] in MIDNIGHTS or joined[-1][1] > start):
            raise ValueError(f"overlapping hours at {start}")
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return tuple(joined)

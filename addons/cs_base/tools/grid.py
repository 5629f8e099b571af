"""Arithmetic on service hours, in whole microseconds since 1970 (UTC).

Comparing aware datetimes of one zone ignores its daylight saving; numbers don't.
"""

import datetime
import functools
from bisect import bisect_right

UTC = datetime.timezone.utc
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=UTC)
TICK = datetime.timedelta(microseconds=1)
SECOND = 1_000_000
DAY = datetime.timedelta(days=1)


def ticks(moment):
    """Microseconds since 1970 of an aware datetime."""
    return (moment - EPOCH) // TICK


def moment(value):
    """The aware UTC datetime of :func:`ticks`."""
    return EPOCH + value * TICK


class Grid:
    """When a :class:`~.workdays.ServiceHours` is open, with its days kept."""

    def __init__(self, hours):
        self.hours = hours
        self.always = hours.is_always
        self._spans = {}
        self._closes = {}

    def date(self, value):
        """The local day of a moment."""
        return moment(value).astimezone(self.hours.tz).date()

    def at(self, day, time):
        """A local time of ``day``."""
        return ticks(datetime.datetime.combine(day, time, self.hours.tz))

    def close(self, day):
        """Close of business of ``day``."""
        if day not in self._closes:
            self._closes[day] = ticks(self.hours.close(day))
        return self._closes[day]

    def spans(self, day):
        """The open hours of ``day`` as (start, end)."""
        if day not in self._spans:
            self._spans[day] = tuple(
                (ticks(start), ticks(end)) for start, end in self.hours.intervals(day)
            )
        return self._spans[day]

    def measure(self, start, end):
        """Open time from ``start`` until ``end``; 0 if that is before."""
        if end <= start:
            return 0
        if self.always:
            return end - start
        total, day, last = 0, self.date(start), self.date(end)
        while day <= last:
            for opens, closes in self.spans(day):
                total += max(0, min(closes, end) - max(opens, start))
            day += DAY
        return total

    def advance(self, start, amount, gaps=()):
        """The first moment at which ``amount`` of open time has passed.

        :param gaps: sorted, disjoint (start, end) that don't count; a result at the
            start of a gap, or inside it, is its end
        """
        for opens, closes in self._from(start):
            for begin, end in _without(max(opens, start), closes, gaps):
                if end - begin >= amount:
                    return _behind(begin + amount, gaps)
                amount -= end - begin
        raise AssertionError("hours never end")

    def back(self, end, amount):
        """The last moment from which ``amount`` of open time passes until ``end``."""
        if self.always:
            return end - amount
        day = self.date(end)
        while True:
            for opens, closes in reversed(self.spans(day)):
                closes = min(closes, end)
                if closes - opens >= amount:
                    return closes - amount
                amount -= max(0, closes - opens)
            day -= DAY

    def _from(self, start):
        """All open hours that end after ``start``, or at it if nothing is open."""
        if self.always:
            yield start, start + (1 << 60)
        day = self.date(start)
        while True:
            for opens, closes in self.spans(day):
                if closes > start:
                    yield opens, closes
            day += DAY


@functools.lru_cache(maxsize=128)
def grid_of(hours):
    """The grid of immutable ``hours``, so that many clocks share its days."""
    return Grid(hours)


def _without(start, end, gaps):
    """The parts of [start, end) outside ``gaps``; one of no length if none is."""
    index = max(0, bisect_right(gaps, (start,)) - 1)
    for begin, finish in gaps[index:]:
        if finish <= start:
            continue
        if begin >= end:
            break
        if begin > start:
            yield start, begin
        start = finish
        if start >= end:
            return
    yield start, end


def _behind(value, gaps):
    """``value``, or the end of the gap that it is in."""
    for begin, finish in gaps:
        if begin <= value < finish:
            value = finish
    return value


def contains(gaps, value):
    """Whether one of the sorted, disjoint ``gaps`` holds ``value``."""
    index = bisect_right(gaps, (value, float("inf"))) - 1
    return index >= 0 and gaps[index][0] <= value < gaps[index][1]

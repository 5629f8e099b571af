"""Shifts on the clock of the company: hours of a day, also over midnight.

Days and hours are local; moments are naive local ones, or UTC if a time zone is given,
so that rest is measured in hours that really pass when clocks are put forward or back.
"""

import datetime
from dataclasses import dataclass, field

#: Minutes of a day.
MIDNIGHT = 24 * 60
ONE_DAY = datetime.timedelta(days=1)
UTC = datetime.timezone.utc


@dataclass(frozen=True)
class Shift:
    """Hours that can be worked.

    :param code: short name (A, B, C)
    :param start: minutes after midnight, 0 to 1439
    :param stop: minutes after midnight, 1 to 1440; not after ``start``: on the next
        day (equal: 24 hours)
    :param at_home: reachable at home instead of present (source: c班 在家值班)
    :param needs: codes of qualifications, all of which the person must have
    :raise ValueError: hours outside a day
    """

    code: str
    start: int
    stop: int
    at_home: bool = False
    needs: frozenset = frozenset()

    def __post_init__(self):
        if not 0 <= self.start < MIDNIGHT or not 0 < self.stop <= MIDNIGHT:
            raise ValueError(f"{self.code}: {self.start}-{self.stop} isn't in a day")
        object.__setattr__(self, "needs", frozenset(self.needs))

    @property
    def end(self):
        """Minutes after the midnight before it starts, up to 2879."""
        return self.stop if self.stop > self.start else self.stop + MIDNIGHT

    @property
    def minutes(self):
        """Length."""
        return self.end - self.start

    def days(self, day):
        """The local days that hold a part of it, begun on ``day``."""
        last = (self.end - 1) // MIDNIGHT
        return tuple(day + ONE_DAY * offset for offset in range(last + 1))

    def span(self, day, tz=None):
        """(first moment, end) if begun on ``day``."""
        return at(day, self.start, tz), at(day, self.end, tz)


@dataclass(frozen=True)
class Assignment:
    """A shift of a day and who works it.

    :param key: whatever names it, the same before and after a swap
    :param person: id of the person; None: nobody yet
    :param day: local date on which it starts
    :param rank: how high the person stands (for days that want a senior)
    """

    key: object
    person: object
    day: datetime.date
    shift: Shift
    team: object = None
    rank: int = field(default=0, compare=False)

    def span(self, tz=None):
        """(first moment, end)."""
        return self.shift.span(self.day, tz)


def at(day, minutes, tz=None):
    """The moment ``minutes`` after local midnight of ``day``, on the wall clock."""
    over, minutes = divmod(minutes, MIDNIGHT)
    hours, minutes = divmod(minutes, 60)
    moment = datetime.datetime.combine(
        day + ONE_DAY * over, datetime.time(hours, minutes)
    )
    if tz is None:
        return moment
    return moment.replace(tzinfo=tz).astimezone(UTC)

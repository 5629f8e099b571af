"""Clocks of service commitments: facts in, deadline and shares out.

A clock has a history of facts (started, held by, paused, limit changed, extended,
stopped …) and nothing else: whatever it shows follows from them and the present
moment. Units and rules:

* ``minute``, ``hour``: time counts while the clock runs and the hours of its limit are
  open; due when as much has passed as the limit says.
* ``workday``, ``day``: due at the end of the N-th counted day. The day of the start
  isn't counted unless the limit says so (Civil Code art. 201: 开始的当日不计入). A day
  on which the clock is paused at close of business isn't counted, nor is the last one
  if it is paused at that day's end.
* A pause freezes the deadline as it was. Closing from a pause is in time if that
  deadline wasn't over when the pause began.
* A new limit counts over the whole life of the clock, so that it may be late at once.
  An extension moves the deadline to the approved moment; later pauses shift it.
* A breach is never erased. What is cancelled isn't met.
* Every counted second is split equally over those who hold it then, in exact fractions.
"""

import dataclasses
import datetime
from fractions import Fraction

from .grid import DAY, SECOND, contains, grid_of, moment, ticks

UNITS = ("minute", "hour", "workday", "day")
DAY_UNITS = ("workday", "day")
KINDS = (
    "start",
    "hold",
    "pause",
    "resume",
    "limit",
    "extend",
    "stop",
    "reopen",
    "cancel",
)
#: ``Limit.day_end``: the day ends with its last service hour.
CLOSE = "close"
END_OF_DAY = datetime.time(23, 59, 59)
TICKS_OF_UNIT = {"minute": 60 * SECOND, "hour": 3600 * SECOND}


@dataclasses.dataclass(frozen=True)
class Limit:
    """What was promised.

    :param unit: one of ``UNITS``
    :param quantity: whole number of units, above zero
    :param next_day: of days: the first one counted is the day after the start; it is
        so too if the start lies behind that day's close of business
    :param day_end: of days: local time at which the last one ends (23:59:59 if left
        out), or ``CLOSE``
    :param hours: :class:`~.workdays.ServiceHours` in which time counts; those given
        to :func:`evaluate` if left out
    """

    unit: str
    quantity: int
    next_day: bool = True
    day_end: datetime.time | str | None = None
    hours: object = None

    def __post_init__(self):
        if self.unit not in UNITS:
            raise ValueError(f"no unit: {self.unit}")
        if self.quantity < 1:
            raise ValueError(f"no limit: {self.quantity}")

    @property
    def in_days(self):
        return self.unit in DAY_UNITS


@dataclasses.dataclass(frozen=True)
class Fact:
    """Something that happened to a clock.

    :param moment: aware datetime; before the start it counts as at the start
    :param kind: one of ``KINDS``; one that can't happen in the state then has no effect
    :param holders: of ``start`` and ``hold``: keys of those who hold it from then on
    :param limit: of ``start`` and ``limit``: the :class:`Limit` from then on
    :param until: of ``pause``: the moment it ends by itself, if nobody ends it before;
        of ``extend``: the new deadline. Aware datetime
    """

    moment: datetime.datetime
    kind: str
    holders: tuple = ()
    limit: Limit | None = None
    until: datetime.datetime | None = None

    def __post_init__(self):
        if self.kind not in KINDS:
            raise ValueError(f"no kind of fact: {self.kind}")


@dataclasses.dataclass(frozen=True)
class Result:
    """What follows from the facts at a moment. Moments are aware UTC.

    :param state: running, paused, met, missed, cancelled
    :param due: deadline; frozen while the clock is paused or closed
    :param used: counted time in exact seconds
    :param shares: {holder: exact seconds}, their sum is ``used``; key None: nobody
    :param breached_at: the moment the deadline passed, kept for ever
    :param met: None while open
    :param remaining: seconds from now (or from when it froze) to the deadline; below
        zero if that is over
    :param closed_at: when it was stopped or cancelled
    :param pause_ends: when the present pause ends by itself
    :param provisional: the deadline lies in a year whose working days may change
    """

    state: str
    started_at: datetime.datetime
    due: datetime.datetime
    used: Fraction
    shares: dict
    breached_at: datetime.datetime | None
    met: bool | None
    remaining: Fraction
    closed_at: datetime.datetime | None
    pause_ends: datetime.datetime | None
    provisional: bool
    holders: tuple
    limit: Limit

    @property
    def is_open(self):
        return self.state in ("running", "paused")

    @property
    def is_late(self):
        return self.breached_at is not None


def evaluate(facts, hours, now, breached=None):
    """Tell the state of a clock.

    :param facts: :class:`Fact` in any order, those of one moment in the order they
        happened; one ``start`` among them; what lies after ``now`` is left out
    :param hours: ServiceHours of limits that bring none
    :param now: aware datetime
    :param breached: breach noted before, which stays though working days or hours
        were changed since; aware datetime
    :raise ValueError: no start
    """
    return _Walk(facts, hours, ticks(now), breached).result()


def deadline(limit, start, hours):
    """The deadline of a clock that is never paused: an aware UTC datetime."""
    return evaluate([Fact(start, "start", limit=limit)], hours, start).due


class _Walk:
    """A clock on its way through its facts. All moments are ticks."""

    def __init__(self, facts, hours, now, breached):
        first = next((fact for fact in facts if fact.kind == "start"), None)
        if first is None:
            raise ValueError("a clock needs a start")
        self.hours = hours
        self.start = self.last = ticks(first.moment)
        self.now = max(now, self.start)
        self.holders = first.holders
        self.limit = None
        self.state = "running"
        self.gaps = []  # closed ones only
        self.gap = None  # since when time isn't counted and the deadline is frozen
        self.pause_ends = None
        self.extension = None  # (moment decided, new deadline)
        self.closed = None
        self.breached = ticks(breached) if breached else None
        self.stretches = []  # (start, end, holders) that count
        self.since = self.start
        self._take_limit(first.limit)
        rest = [
            (max(ticks(fact.moment), self.start), fact)
            for fact in facts
            if fact.kind != "start"
        ]
        rest.sort(key=lambda row: row[0])
        for at, fact in rest:
            if at <= self.now:
                self._go(at)
                getattr(self, f"_on_{fact.kind}")(at, fact)
                self.last = at
                self._check(at)
        self._go(self.now)

    # --- on the way ---

    def _go(self, at):
        """Let time pass until ``at``."""
        if self.pause_ends is not None and self.pause_ends <= at:
            ends = max(self.pause_ends, self.gap)
            self._run(ends)
            self.last = ends
        self._check(at)

    def _check(self, at):
        """Note the breach, if the deadline is over."""
        if self.breached is not None or self.closed is not None:
            return
        if self.due < (at if self.gap is None else self.gap):
            self.breached = max(self.due, self.last)

    def _halt(self, at):
        """Stop counting; the deadline stays."""
        if self.gap is None:
            self._cut(at)
            self.gap = at

    def _run(self, at):
        """Count again."""
        if at > self.gap:
            self.gaps.append((self.gap, at))
        self.gap = self.pause_ends = self.closed = None
        self.since = at
        self.state = "running"
        self.due = self._deadline()

    def _cut(self, at):
        if at > self.since:
            self.stretches.append((self.since, at, self.holders))
        self.since = at

    def _take_limit(self, limit):
        self.limit = limit
        self.grid = grid_of(limit.hours or self.hours)
        self.extension = None
        self.due = self._deadline()

    # --- facts ---

    def _on_hold(self, at, fact):
        if self.gap is None:
            self._cut(at)
        self.holders = fact.holders

    def _on_pause(self, at, fact):
        if self.state == "running":
            self._halt(at)
            self.state = "paused"
            self.pause_ends = ticks(fact.until) if fact.until else None

    def _on_resume(self, at, _fact):
        if self.state == "paused":
            self._run(at)

    def _on_limit(self, _at, fact):
        if self.closed is None:
            self._take_limit(fact.limit)

    def _on_extend(self, at, fact):
        if self.closed is None:
            self.extension = (at, ticks(fact.until))
            self.due = self._deadline()

    def _on_stop(self, at, _fact):
        if self.closed is None:
            self._close(at, "missed" if self.breached is not None else "met")

    def _on_cancel(self, at, _fact):
        if self.closed is None:
            self._close(at, "cancelled")

    def _on_reopen(self, at, _fact):
        if self.closed is not None:
            self._run(at)

    def _close(self, at, state):
        self._halt(at)
        self.state = state
        self.closed = at
        self.pause_ends = None

    # --- deadline ---

    def _deadline(self):
        """The deadline if the clock goes on from the last moment it counted."""
        if self.limit.in_days:
            return self._end_of_days()
        if self.extension:
            decided, due = self.extension
            for start, end in self.gaps:
                start = max(start, decided)
                if start < end and start <= due:
                    due += end - start
            return due
        amount = self.limit.quantity * TICKS_OF_UNIT[self.limit.unit]
        return self.grid.advance(self.start, amount, self.gaps)

    def _end_of_days(self):
        """The end of the last counted day, of the limit or of its extension."""
        if self.extension:
            begin, due = self.extension
            chosen = self.grid.date(due)
            day, left = self._days_until(begin, chosen)
            end_time = moment(due).astimezone(self.grid.hours.tz).time()
        else:
            begin, chosen, left = self.start, None, self.limit.quantity
            day = self.grid.date(begin)
            if self.limit.next_day or self.grid.close(day) < begin:
                day += DAY
            end_time = self.limit.day_end or END_OF_DAY
        while True:
            if day == chosen or self._is_counted(day):
                close, end = self.grid.close(day), self._end(day, end_time)
                if left <= 1 and self._counts_to(begin, close, end):
                    return due if day == chosen else end
                if left > 1 and not self._is_halted(begin, close):
                    left -= 1
            day += DAY

    def _days_until(self, begin, chosen):
        """The first day an extension spends, and how many there are."""
        first = day = self.grid.date(begin)
        if self.grid.close(first) <= begin:
            first = day = first + DAY
        days = 1
        while day < chosen:
            days += self._is_counted(day)
            day += DAY
        return min(first, chosen), days

    def _is_counted(self, day):
        if self.limit.unit == "day":
            return True
        return self.grid.hours.workdays.is_workday(day)

    def _end(self, day, time):
        return self.grid.close(day) if time == CLOSE else self.grid.at(day, time)

    def _counts_to(self, begin, close, end):
        """Whether the clock ran when the last day closed and when it ended."""
        if close <= end and self._is_halted(begin, close):
            return False
        return not self._is_halted(begin, end)

    def _is_halted(self, begin, at):
        return at >= begin and contains(self.gaps, at)

    # --- result ---

    def result(self):
        if self.gap is None:
            self._cut(self.now)
        shares = self._shares()
        froze = self.now if self.gap is None else self.gap
        return Result(
            state=self.state,
            started_at=moment(self.start),
            due=moment(self.due),
            used=sum(shares.values(), Fraction(0)),
            shares=shares,
            breached_at=None if self.breached is None else moment(self.breached),
            met=None if self.closed is None else self.state == "met",
            remaining=Fraction(self.due - froze, SECOND),
            closed_at=None if self.closed is None else moment(self.closed),
            pause_ends=None if self.pause_ends is None else moment(self.pause_ends),
            provisional=self._is_provisional(),
            holders=self.holders,
            limit=self.limit,
        )

    def _shares(self):
        shares = {}
        for start, end, holders in self.stretches:
            counted = self.grid.measure(start, end)
            keys = tuple(dict.fromkeys(holders)) or (None,)
            for key in keys if counted else ():
                part = Fraction(counted, SECOND * len(keys))
                shares[key] = shares.get(key, 0) + part
        return shares

    def _is_provisional(self):
        if self.grid.always:
            return False
        years = {self.grid.date(value).year for value in (self.start, self.due)}
        is_official = self.grid.hours.workdays.is_official
        return not all(is_official(year) for year in range(min(years), max(years) + 1))

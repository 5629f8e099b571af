"""When people are told about a clock: before, at and after its deadline."""

import dataclasses
import datetime

from .grid import DAY, SECOND, grid_of, moment, ticks


@dataclasses.dataclass(frozen=True)
class Step:
    """One step of a ladder.

    :param key: what the caller knows it by
    :param level: height on the ladder; lower ones are reached first
    :param offset: seconds after the deadline, below zero before it
    :param hours: ServiceHours in which the offset is counted; by the clock if left out
    """

    key: object
    level: int
    offset: int
    hours: object = None


@dataclasses.dataclass(frozen=True)
class Quiet:
    """The hours in which nobody is told anything.

    :param start: local time from which it is quiet
    :param end: local time at which it ends, the next day if it isn't after ``start``
    :param tz: tzinfo of these times
    """

    start: datetime.time
    end: datetime.time
    tz: datetime.tzinfo

    def around(self, at):
        """(start, end) of the quiet hours that the aware ``at`` is in, or None."""
        day = at.astimezone(self.tz).date()
        for first in (day - DAY, day):
            last = first if self.start < self.end else first + DAY
            start = datetime.datetime.combine(first, self.start, self.tz)
            end = datetime.datetime.combine(last, self.end, self.tz)
            if start <= at < end:
                return start, end
        return None

    def leave(self, at):
        """``at``, or the end of the quiet hours it is in."""
        around = self.around(at)
        return around[1] if around else at


@dataclasses.dataclass(frozen=True)
class Alarm:
    """A step and when (aware UTC) it is due."""

    at: datetime.datetime
    step: Step


def alarms(result, steps, quiet=None):
    """The alarms of a running clock, in the order they come.

    A step in quiet hours waits for their end. A warning that would then come after
    the deadline is given before they begin instead, if the clock ran already.

    :param result: :class:`~.clock.Result`; one that doesn't run has no alarms
    :param steps: :class:`Step`
    :param quiet: :class:`Quiet`, or None for an emergency
    """
    if result.state != "running":
        return []
    found = [Alarm(_moment_of(result, step, quiet), step) for step in steps]
    return sorted(found, key=lambda alarm: (alarm.at, alarm.step.level))


def before_share(limit, due, share, hours):
    """The moment at which ``share`` of the limit is used, seen from its deadline.

    Of days, the rest is taken as this part of the last day's hours each.

    :param due: aware datetime
    :param share: Fraction, 0 … 1
    """
    grid = grid_of(limit.hours or hours)
    if limit.in_days:
        day = grid.date(ticks(due))
        length = sum(end - start for start, end in grid.spans(day)) or 8 * 3600 * SECOND
    else:
        length = {"minute": 60, "hour": 3600}[limit.unit] * SECOND
    rest = int(limit.quantity * length * (1 - share))
    return moment(grid.back(ticks(due), rest))


def _moment_of(result, step, quiet):
    at = _offset(result.due, step)
    around = quiet and quiet.around(at)
    if not around:
        return at
    start, end = around
    earlier = start - datetime.timedelta(seconds=1)
    if step.offset < 0 and end >= result.due and earlier >= result.started_at:
        return moment(ticks(earlier))
    return moment(ticks(end))


def _offset(due, step):
    if not step.hours or not step.offset:
        return due + datetime.timedelta(seconds=step.offset)
    grid, amount = grid_of(step.hours), abs(step.offset) * SECOND
    if step.offset < 0:
        return moment(grid.back(ticks(due), amount))
    return moment(grid.advance(ticks(due), amount))

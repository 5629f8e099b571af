"""What the rules of rosters and swaps look at, and what they answer."""

import datetime
from dataclasses import dataclass, replace

HOUR = datetime.timedelta(hours=1)
#: States of a swap that hold its shifts.
PENDING = "pending"
APPROVED = "approved"
CANCELLED = "cancelled"
#: Every code a violation can have.
ROSTER_CODES = ("overlap", "rest", "days", "leave", "qualification")
SWAP_CODES = (
    "swap_same_person",
    "swap_changed",
    "swap_started",
    "swap_taken",
    "swap_limit",
    "swap_adjacent",
    "swap_double",
    "swap_holiday",
    "swap_on_leave",
    "swap_to_leave",
    "swap_notice",
    "swap_team",
    "swap_approver",
)
CODES = ROSTER_CODES + SWAP_CODES


@dataclass(frozen=True)
class Rules:
    """The rules and their figures; None or False: the rule is off.

    :param rest_hours: between the end of a shift and the next one's start
    :param max_days: days with a shift in any ``of_days`` days in a row
    :param home_is_work: whether shifts at home need rest and count as days
    :param qualification: whether a person must have what the shift needs
    :param swaps_a_month: by the date of the shifts; pending ones reserve
    :param count_colleague: whether a swap counts for both people, or only for whoever
        asked (source: 每人每月, so both)
    :param count_cancelled: whether swaps cancelled after approval still count
    :param adjacent_days: swapped shifts of one person must be further apart; shifts of
        one and the same swap may be closer
    :param no_double: a shift taken over isn't on a day with, nor touches, another one
    :param no_holiday: no part of a swapped shift lies on a statutory holiday
    :param no_leave: nobody has leave in either leg, nor takes it for one afterwards
    :param notice_hours: from asking to the start of each leg
    :param same_team: who takes a shift must belong to its team
    """

    rest_hours: int | None = 11
    max_days: int | None = 6
    of_days: int = 7
    home_is_work: bool = True
    qualification: bool = True
    swaps_a_month: int | None = 3
    count_colleague: bool = True
    count_cancelled: bool = False
    adjacent_days: int | None = 1
    no_double: bool = True
    no_holiday: bool = True
    no_leave: bool = True
    notice_hours: int | None = 24
    same_team: bool = False


@dataclass(frozen=True)
class Leave:
    """Time a person is away: moments as those of :func:`shifts.at`."""

    person: object
    start: datetime.datetime
    stop: datetime.datetime


@dataclass(frozen=True)
class Leg:
    """One shift changes hands.

    :param assignment: as it was when the swap was asked for; its person gives
    :param to: id of the person who takes
    """

    assignment: object
    to: object

    @property
    def giver(self):
        return self.assignment.person


@dataclass(frozen=True)
class Swap:
    """A swap 换班 (two legs), a cover 顶班 (one), or the later pay-back 还班 of one.

    :param key: whatever names it
    :param legs: one or two; of two, each person gives one
    :param state: ``pending``, ``approved``, ``cancelled`` (after approval); others
        don't count
    :param asked_at: moment of asking; None: the moment of the check
    :param root: key of the cover that this pays back: both count once a month
    :raise ValueError: no such legs
    """

    key: object
    requester: object
    colleague: object
    legs: tuple
    state: str = PENDING
    asked_at: datetime.datetime | None = None
    root: object = None

    def __post_init__(self):
        legs = tuple(self.legs)
        object.__setattr__(self, "legs", legs)
        if len(legs) not in (1, 2):
            raise ValueError("a swap has one or two legs")
        people = {self.requester, self.colleague}
        for leg in legs:
            if {leg.giver, leg.to} != people:
                raise ValueError("a leg goes from one of the two to the other")
        if len(legs) == 2 and (
            len({leg.giver for leg in legs}) < len(people)
            or legs[0].assignment.key == legs[1].assignment.key
        ):
            raise ValueError("each of the two gives one shift")

    @property
    def chain(self):
        """The key by which it is counted."""
        return self.key if self.root is None else self.root

    @property
    def people(self):
        return (self.requester, self.colleague)

    @property
    def keys(self):
        """Keys of the shifts."""
        return {leg.assignment.key for leg in self.legs}

    @property
    def days(self):
        return [leg.assignment.day for leg in self.legs]

    @property
    def months(self):
        """(year, month) of its shifts, in order."""
        return sorted({(day.year, day.month) for day in self.days})


@dataclass(frozen=True)
class Facts:
    """What the rules look at.

    Give a week more of assignments on both sides of the time that is checked, so that
    rest and days in a row hold over the end of a month.

    :param assignments: with the people as they are now (approved swaps carried out)
    :param leaves: :class:`Leave`, also those asked for, if they shall count
    :param holidays: statutory holidays as dates
    :param qualifications: {person: {code: last day it holds, or None}}
    :param swaps: all swaps of the months concerned
    :param teams: {person: teams he belongs to}
    :param tz: time zone of the company; None: no clock change (moments are naive)
    """

    assignments: tuple = ()
    leaves: tuple = ()
    holidays: frozenset = frozenset()
    qualifications: dict | None = None
    swaps: tuple = ()
    teams: dict | None = None
    tz: datetime.tzinfo | None = None


@dataclass(frozen=True)
class Violation:
    """A broken rule.

    :param rule: one of ``CODES``
    :param person: who; None if it isn't about one person
    :param day: date of the shift concerned
    :param facts: ((name, value), …) for the message; see :meth:`get`
    """

    rule: str
    person: object
    day: datetime.date | None
    facts: tuple = ()

    def get(self, name, default=None):
        """The fact of this name."""
        return dict(self.facts).get(name, default)


def leg(assignment, giver, taker):
    """A :class:`Leg` of a shift that may have changed hands since.

    :param giver: who had it when the swap was asked for
    """
    return Leg(replace(assignment, person=giver), taker)


def with_swaps(facts, swaps, teams):
    """The same facts with swaps, and with the teams of the people."""
    return replace(facts, swaps=tuple(swaps), teams=teams)


def violation(rule, person, day, **facts):
    return Violation(rule, person, day, tuple(sorted(facts.items())))


def in_order(violations):
    return sorted(
        violations,
        key=lambda one: (
            str(one.day or ""),
            str(one.person),
            CODES.index(one.rule),
            str(one.facts),
        ),
    )

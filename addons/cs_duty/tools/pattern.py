"""Rotating patterns: who works which shift, week after week, and a month made of it.

Source: 以3周为列，班表设定 (a, b, c班). The pattern is data: any number of weeks, each
with a shift or nothing for seven days; a person begins with the week of his own.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, replace

from .roster_facts import Facts
from .roster_rules import check_roster
from .shifts import ONE_DAY, Assignment

WEEK = 7


@dataclass(frozen=True)
class Pattern:
    """Weeks that repeat.

    :param weeks: [[code or None, …7 from Monday], …]
    :param anchor: a day of the first week of the first round
    :raise ValueError: no week, or one that hasn't seven days
    """

    weeks: tuple
    anchor: object

    def __post_init__(self):
        weeks = tuple(tuple(code or None for code in week) for week in self.weeks)
        if not weeks or any(len(week) != WEEK for week in weeks):
            raise ValueError("a pattern has weeks of seven days")
        object.__setattr__(self, "weeks", weeks)
        monday = self.anchor - ONE_DAY * self.anchor.weekday()
        object.__setattr__(self, "anchor", monday)

    def code(self, day, week=0):
        """The shift of ``day`` for who begins with ``week`` (0: the first); or None."""
        turn = ((day - self.anchor).days // WEEK + week) % len(self.weeks)
        return self.weeks[turn][day.weekday()]

    @property
    def codes(self):
        """All its shifts."""
        return {code for week in self.weeks for code in week if code}


@dataclass(frozen=True)
class Member:
    """A person of the pattern.

    :param week: index of the week he begins with; None: stands in only
    :param rank: as in :class:`shifts.Assignment`
    """

    person: object
    week: int | None = None
    rank: int = 0


@dataclass(frozen=True)
class Open:
    """A shift of the pattern that nobody can work.

    :param assignment: without person
    :param reasons: ((code of a rule, how many people it keeps from it), …)
    """

    assignment: object
    reasons: tuple


@dataclass(frozen=True)
class Draft:
    """A generated roster; ``open_shifts`` have nobody."""

    assignments: tuple
    open_shifts: tuple


def generate(pattern, crew, first, last, shifts, facts=None, rules=None, team=None):
    """A roster from ``first`` to ``last``.

    Everybody gets his pattern, except for shifts that break a rule (leave,
    qualification, rest, days in a row, another shift). Such a shift goes to whoever of
    the crew may work it and has the fewest minutes so far; of equal ones the first.
    The same facts give the same roster.

    :param crew: [:class:`Member`]
    :param shifts: {code: Shift}
    :param facts: leaves, qualifications, holidays and the assignments around the time
    :param rules: :class:`Rules`; None: whatever the pattern says
    :param team: of the assignments
    :return: :class:`Draft`; keys are (person of the pattern, day)
    :raise ValueError: a shift of the pattern is missing, or a person stands twice
    """
    if missing := pattern.codes - set(shifts):
        raise ValueError(f"no such shift: {', '.join(sorted(missing))}")
    if len({member.person for member in crew}) < len(crew):
        raise ValueError("a person stands twice in the crew")
    book = _Book(facts or Facts(), rules)
    planned, left = [], []
    day = first
    while day <= last:
        for member in crew:
            code = None if member.week is None else pattern.code(day, member.week)
            if code:
                key, who = (member.person, day), member.person
                wanted = Assignment(key, who, day, shifts[code], team, member.rank)
                if book.refusals(wanted):
                    left.append(wanted)
                else:
                    planned.append(wanted)
                    book.add(wanted)
        day += ONE_DAY
    open_shifts = []
    for one in left:
        taken = book.give(one, crew)
        if isinstance(taken, Open):
            open_shifts.append(taken)
        else:
            planned.append(taken)
    planned.sort(key=lambda one: (one.day, one.shift.start, str(one.person)))
    return Draft(tuple(planned), tuple(open_shifts))


def without(facts, keys):
    """The facts without the assignments of these keys."""
    kept = tuple(one for one in facts.assignments if one.key not in keys)
    return replace(facts, assignments=kept)


class _Book:
    """Who works what so far, and who can't work what."""

    def __init__(self, facts, rules):
        self._rules = rules
        self._facts = facts
        self._assignments = defaultdict(list)
        self._leaves = defaultdict(list)
        self._minutes = Counter()
        for one in facts.assignments:
            self._assignments[one.person].append(one)
        for leave in facts.leaves:
            self._leaves[leave.person].append(leave)

    def refusals(self, wanted):
        """Codes of the rules that keep its person from it."""
        if self._rules is None:
            return set()
        person = wanted.person
        before = replace(
            self._facts,
            assignments=tuple(self._assignments[person]),
            leaves=tuple(self._leaves[person]),
        )
        after = replace(before, assignments=(*before.assignments, wanted))
        old = set(check_roster(before, self._rules))
        return {one.rule for one in check_roster(after, self._rules) if one not in old}

    def add(self, assignment):
        self._assignments[assignment.person].append(assignment)
        self._minutes[assignment.person] += assignment.shift.minutes

    def give(self, assignment, crew):
        """Have somebody else work it: his assignment, or :class:`Open`."""
        reasons = Counter()
        for member in sorted(crew, key=lambda one: self._minutes[one.person]):
            mine = replace(assignment, person=member.person, rank=member.rank)
            refusals = self.refusals(mine)
            if not refusals:
                self.add(mine)
                return mine
            reasons.update(refusals)
        return Open(
            replace(assignment, person=None, rank=0), tuple(sorted(reasons.items()))
        )

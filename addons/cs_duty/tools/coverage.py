"""Is somebody there when somebody must be: a roster against the hours wanted.

Source: 需保证每天(周一至周末)09:00—24:00能满足客户咨询 (with shifts until 22:00
only, so the roster has a gap, which is shown); 国家法定节假日另做加强值班安排;
遇特殊情况或节日,须有中级以上管理人员值班. Hours are those of the company's clock,
counted as it shows them.
"""

import itertools
from collections import defaultdict
from dataclasses import dataclass, field

from .shifts import MIDNIGHT, ONE_DAY

EVERY_DAY = frozenset(range(7))
#: On which days a demand holds.
ANY, ORDINARY, REINFORCED = "any", "ordinary", "reinforced"


@dataclass(frozen=True)
class Demand:
    """How many people are wanted.

    :param code: short name
    :param start: minutes after midnight, 0 to 1439
    :param stop: 1 to 1440; not after ``start``: on the next day
    :param people: how many at every moment
    :param weekdays: Monday is 0
    :param on: ``any`` day, ``ordinary`` or ``reinforced`` ones
    :param rank: only those of this rank or above count
    :param present: whether only those count who aren't at home
    :param moment: enough if they are there at some time between ``start`` and ``stop``
    :raise ValueError: hours outside a day, or nobody wanted
    """

    code: str
    start: int
    stop: int
    people: int = 1
    weekdays: frozenset = EVERY_DAY
    on: str = ANY
    rank: int = 0
    present: bool = False
    moment: bool = False

    def __post_init__(self):
        if not 0 <= self.start < MIDNIGHT or not 0 < self.stop <= MIDNIGHT:
            raise ValueError(f"{self.code}: {self.start}-{self.stop} isn't in a day")
        if self.people < 1:
            raise ValueError(f"{self.code}: nobody is wanted")
        object.__setattr__(self, "weekdays", frozenset(self.weekdays))

    @property
    def end(self):
        """Minutes after the midnight before it starts, up to 2880."""
        return self.stop if self.stop > self.start else self.stop + MIDNIGHT

    def holds(self, day, reinforced):
        """Whether it holds on ``day``."""
        if day.weekday() not in self.weekdays:
            return False
        return self.on == ANY or (self.on == REINFORCED) == (day in reinforced)

    def counts(self, assignment):
        """Whether whoever works this is one of those wanted."""
        return (
            assignment.person is not None
            and assignment.rank >= self.rank
            and not (self.present and assignment.shift.at_home)
        )


@dataclass(frozen=True)
class Hole:
    """Too few people.

    :param day: local date to whose demand it belongs
    :param start: first minute after midnight of ``day``
    :param stop: end; above 1440: on the next day
    :param wanted: how many
    :param there: how many are there
    """

    demand: str
    day: object
    start: int
    stop: int
    wanted: int
    there: int = field(default=0)


def holes(assignments, demands, first, last, reinforced=()):
    """Where people are missing from ``first`` to ``last``.

    Give the assignments of the day before and of the day after as well, for shifts
    and demands over midnight. A person with two shifts at once is one person.

    :param reinforced: dates on which more is wanted (statutory holidays, special days)
    :return: [:class:`Hole`] by day and time
    """
    by_day = defaultdict(list)
    for one in assignments:
        by_day[one.day].append(one)
    reinforced = frozenset(reinforced)
    found = []
    day = first
    while day <= last:
        for demand in demands:
            if demand.holds(day, reinforced):
                spans = _spans(by_day, day, demand)
                find = _somebody if demand.moment else _all_the_time
                found += find(demand, day, spans)
        day += ONE_DAY
    return sorted(found, key=lambda one: (one.day, one.start, one.stop, one.demand))


def profile(assignments, day):
    """How many people are there in the course of a local day.

    :param assignments: also those of the day before
    :return: [(first minute, end, people)] from 0 to 1440
    """
    demand = Demand("", 0, MIDNIGHT)
    by_day = defaultdict(list)
    for one in assignments:
        by_day[one.day].append(one)
    return _steps(demand, _spans(by_day, day, demand))


def _spans(by_day, day, demand):
    """[(first minute, end, person)] of those who count, from midnight of ``day``."""
    found = []
    for offset in (-1, 0, 1):
        for one in by_day.get(day + ONE_DAY * offset, ()):
            start = max(one.shift.start + offset * MIDNIGHT, demand.start)
            stop = min(one.shift.end + offset * MIDNIGHT, demand.end)
            if start < stop and demand.counts(one):
                found.append((start, stop, one.person))
    return found


def _steps(demand, spans):
    """The time of a demand cut where the number of people changes."""
    cuts = {demand.start, demand.end}
    for start, stop, _person in spans:
        cuts |= {start, stop}
    steps = []
    for start, stop in itertools.pairwise(sorted(cuts)):
        there = len({who for one, two, who in spans if one <= start and stop <= two})
        if steps and steps[-1][2] == there:
            steps[-1] = (steps[-1][0], stop, there)
        else:
            steps.append((start, stop, there))
    return steps


def _all_the_time(demand, day, spans):
    return [
        Hole(demand.code, day, start, stop, demand.people, there)
        for start, stop, there in _steps(demand, spans)
        if there < demand.people
    ]


def _somebody(demand, day, spans):
    there = len({person for _start, _stop, person in spans})
    if there >= demand.people:
        return []
    return [Hole(demand.code, day, demand.start, demand.end, demand.people, there)]

"""May this roster be, may these two people swap: facts in, broken rules out.

One checker for rosters that are generated, edited by hand or changed by a swap. It
knows no database and no language: a violation has the code of its rule and the facts
of its message.

Sources: 《客户服务管理制度》: 换班必须经双方当事人同意, 部门经理签字批准;
每人每月换班不得超过3次 (another house: 2); 不允许连续换班，换班者、还班者不允许连班;
换班和还班均不得请假; 节假日当班人员不允许换班或请假; 换班需提前报备. Ours: 24 hours'
notice, 11 hours' rest, 6 days in 7. All are parameters of :class:`Rules`.
"""

from bisect import bisect_left
from collections import defaultdict
from dataclasses import replace

from .roster_facts import HOUR, PENDING, in_order, violation
from .shifts import ONE_DAY


def check_roster(facts, rules, people=None, first=None, last=None):
    """What is wrong with a roster.

    :param people: ids to look at; None: all
    :param first: first and last day to report; None: all
    :return: [:class:`Violation`] by day, person and rule
    """
    people = None if people is None else set(people)
    by_person = defaultdict(list)
    for one in facts.assignments:
        if one.person is not None and (people is None or one.person in people):
            by_person[one.person].append((*one.span(facts.tz), one))
    leaves = defaultdict(list)
    for leave in facts.leaves:
        leaves[leave.person].append(leave)
    found = []
    for person, worked in by_person.items():
        worked.sort(key=lambda row: (row[0], row[1], str(row[2].key)))
        found += _hours(person, worked, rules)
        found += _days(person, worked, rules)
        found += _away(person, worked, leaves[person])
        found += _unqualified(person, worked, facts, rules)
    return in_order(
        one
        for one in found
        if (first is None or one.day >= first) and (last is None or one.day <= last)
    )


def check_change(facts, rules, removed=(), added=()):
    """What a change by hand would break that isn't broken already.

    :param removed: keys of assignments that go
    :param added: assignments that come (for another person: the same key in both)
    :return: as :func:`check_roster`; ``swap_taken`` for shifts in a pending swap
    """
    removed = set(removed)
    gone = [one for one in facts.assignments if one.key in removed]
    people = {one.person for one in (*gone, *added)} - {None}
    kept = [one for one in facts.assignments if one.key not in removed]
    after = replace(facts, assignments=(*kept, *added))
    found = new_violations(facts, after, rules, people)
    for swap in facts.swaps:
        if swap.state == PENDING:
            found += [
                violation("swap_taken", one.person, one.day, shift=one.shift.code)
                for one in gone
                if one.key in swap.keys
            ]
    return in_order(found)


def new_violations(before, after, rules, people):
    """Violations of ``people`` that weren't there before."""
    old = set(check_roster(before, rules, people))
    return [one for one in check_roster(after, rules, people) if one not in old]


def _hours(person, worked, rules):
    """Two shifts at once, or too close."""
    found = []
    before = resting = None
    rest = None if rules.rest_hours is None else rules.rest_hours * HOUR
    for row in worked:
        start, stop, one = row
        if before and start < before[1]:
            found.append(_pair("overlap", person, before[2], one))
        if (
            rest is not None
            and resting
            and _tires(one, rules)
            and resting[1] <= start < resting[1] + rest
        ):
            minutes = int((start - resting[1]).total_seconds() // 60)
            figures = {"minutes": minutes, "wanted": rules.rest_hours}
            found.append(_pair("rest", person, resting[2], one, **figures))
        if before is None or stop > before[1]:
            before = row
        if _tires(one, rules) and (resting is None or stop > resting[1]):
            resting = row
    return found


def _tires(assignment, rules):
    return rules.home_is_work or not assignment.shift.at_home


def _days(person, worked, rules):
    """Too many days in a row."""
    if rules.max_days is None:
        return []
    days = sorted({one.day for _start, _stop, one in worked if _tires(one, rules)})
    found = []
    for index, day in enumerate(days):
        since = day - ONE_DAY * (rules.of_days - 1)
        count = index + 1 - bisect_left(days, since)
        if count > rules.max_days:
            found.append(
                violation(
                    "days",
                    person,
                    day,
                    since=since,
                    count=count,
                    wanted=rules.max_days,
                    of_days=rules.of_days,
                )
            )
    return found


def _away(person, worked, leaves):
    """A shift while on leave; whatever the rules say about swaps."""
    return [
        violation("leave", person, one.day, shift=one.shift.code)
        for start, stop, one in worked
        if any(leave.start < stop and leave.stop > start for leave in leaves)
    ]


def _unqualified(person, worked, facts, rules):
    """A qualification is missing, or runs out before the shift begins."""
    if not rules.qualification:
        return []
    has = (facts.qualifications or {}).get(person, {})
    found = []
    for _start, _stop, one in worked:
        missing = sorted(
            code
            for code in one.shift.needs
            if code not in has or (has[code] is not None and has[code] < one.day)
        )
        if missing:
            found.append(
                violation(
                    "qualification",
                    person,
                    one.day,
                    shift=one.shift.code,
                    missing=tuple(missing),
                )
            )
    return found


def _pair(rule, person, first, second, **facts):
    return violation(
        rule,
        person,
        second.day,
        shift=second.shift.code,
        other=first.shift.code,
        other_day=first.day,
        **facts,
    )

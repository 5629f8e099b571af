"""May these two people swap: asked for, approved, or later turned into leave.

Sources and figures: :mod:`roster_rules`.
"""

from bisect import bisect_left, bisect_right
from dataclasses import replace

from .roster_facts import APPROVED, CANCELLED, HOUR, PENDING, in_order, violation
from .roster_rules import new_violations
from .shifts import ONE_DAY


def check_swap(facts, rules, swap, now, approver=None):
    """Why a swap can't be asked for, or not be approved.

    The same at asking and at approval; then the roster, leaves and other swaps may
    have changed. Notice is counted from ``swap.asked_at``.

    :param now: moment of the check
    :param approver: id of the person who approves
    :return: [:class:`Violation`]; empty: it may be
    """
    if swap.requester == swap.colleague:
        return [violation("swap_same_person", swap.requester, swap.days[0])]
    others = [one for one in facts.swaps if one.key != swap.key and _holds(one, rules)]
    found = []
    if approver is not None and approver in swap.people:
        found.append(violation("swap_approver", approver, None))
    found += _legs(facts, rules, swap, now, others)
    found += _limit(rules, swap, others)
    found += _adjacent(rules, swap, others)
    found += _leave_in_legs(facts, rules, swap)
    current = {one.key: one for one in facts.assignments}
    if all(current.get(leg.assignment.key) == leg.assignment for leg in swap.legs):
        after = carry_out(facts, swap)
        found += _double(after, rules, swap)
        found += [
            one
            for one in new_violations(facts, after, rules, set(swap.people))
            if one.rule != "leave" or not rules.no_leave
        ]
    return in_order(set(found))


def check_leave(facts, rules, leave):
    """Why somebody can't have leave: shifts he swapped stay his (换班和还班均不得请假).

    :return: ``swap_to_leave`` for each shift taken over by him, and for each shift of
        a pending swap, that the leave touches
    """
    if not rules.no_leave:
        return []
    found = []
    for swap in facts.swaps:
        if swap.state not in (PENDING, APPROVED) or leave.person not in swap.people:
            continue
        for leg in swap.legs:
            bound = leg.to == leave.person or swap.state == PENDING
            start, stop = leg.assignment.span(facts.tz)
            if bound and start < leave.stop and stop > leave.start:
                found.append(_of_leg("swap_to_leave", leave.person, leg))
    return in_order(found)


def carry_out(facts, swap):
    """The facts after a swap: its shifts have changed hands."""
    to = {leg.assignment.key: leg.to for leg in swap.legs}
    return replace(
        facts,
        assignments=tuple(
            replace(one, person=to[one.key]) if one.key in to else one
            for one in facts.assignments
        ),
    )


def _holds(swap, rules):
    return swap.state in (PENDING, APPROVED) or (
        swap.state == CANCELLED and rules.count_cancelled
    )


def _legs(facts, rules, swap, now, others):
    """What each leg says by itself."""
    current = {one.key: one for one in facts.assignments}
    asked_at = swap.asked_at or now
    found = []
    for leg in swap.legs:
        was = leg.assignment
        start, _stop = was.span(facts.tz)
        if current.get(was.key) != was:
            found.append(_of_leg("swap_changed", leg.giver, leg))
        if start <= now:
            found.append(_of_leg("swap_started", leg.giver, leg))
        if rules.notice_hours is not None:
            notice = start - asked_at
            if notice < rules.notice_hours * HOUR:
                found.append(
                    _of_leg(
                        "swap_notice",
                        leg.giver,
                        leg,
                        minutes=int(notice.total_seconds() // 60),
                        wanted=rules.notice_hours,
                    )
                )
        if any(one.state == PENDING and was.key in one.keys for one in others):
            found.append(_of_leg("swap_taken", leg.giver, leg))
        teams = (facts.teams or {}).get(leg.to, ())
        if rules.same_team and was.team is not None and was.team not in teams:
            found.append(_of_leg("swap_team", leg.to, leg))
        if rules.no_holiday:
            feasts = [day for day in was.shift.days(was.day) if day in facts.holidays]
            if feasts:
                found.append(_of_leg("swap_holiday", leg.giver, leg, holiday=feasts[0]))
    return found


def _limit(rules, swap, others):
    """Too many swaps of a person in a month, by the date of the shifts."""
    if rules.swaps_a_month is None:
        return []
    found = []
    for person in swap.people:
        if not _counts(swap, person, rules):
            continue
        for month in swap.months:
            chains = {
                one.chain
                for one in others
                if month in one.months and _counts(one, person, rules)
            }
            count = len(chains | {swap.chain})
            if count > rules.swaps_a_month:
                day = min(d for d in swap.days if (d.year, d.month) == month)
                found.append(
                    violation(
                        "swap_limit",
                        person,
                        day,
                        count=count,
                        wanted=rules.swaps_a_month,
                        month=month,
                    )
                )
    return found


def _counts(swap, person, rules):
    if rules.count_colleague:
        return person in swap.people
    return person == swap.requester and swap.root is None


def _adjacent(rules, swap, others):
    """A swapped shift beside a shift of another swap of the same person.

    A cover and its pay-back are one swap.
    """
    if rules.adjacent_days is None:
        return []
    found = []
    for person in swap.people:
        taken = sorted(
            day
            for one in others
            if person in one.people
            and one.state != CANCELLED
            and one.chain != swap.chain
            for day in one.days
        )
        for day in swap.days:
            reach = ONE_DAY * rules.adjacent_days
            low, high = (
                bisect_left(taken, day - reach),
                bisect_right(taken, day + reach),
            )
            if low < high:
                found.append(
                    violation("swap_adjacent", person, day, other_day=taken[low])
                )
    return found


def _double(after, rules, swap):
    """连班: a shift taken over on a day with, or touching, another shift."""
    if not rules.no_double:
        return []
    found = []
    for leg in swap.legs:
        start, stop = leg.assignment.span(after.tz)
        for one in after.assignments:
            if one.person != leg.to or one.key in swap.keys:
                continue
            begin, end = one.span(after.tz)
            if one.day == leg.assignment.day or begin == stop or end == start:
                found.append(_of_leg("swap_double", leg.to, leg, other=one.shift.code))
    return found


def _leave_in_legs(facts, rules, swap):
    if not rules.no_leave:
        return []
    found = []
    for leg in swap.legs:
        start, stop = leg.assignment.span(facts.tz)
        found += [
            _of_leg("swap_on_leave", leave.person, leg)
            for leave in facts.leaves
            if leave.person in swap.people and leave.start < stop and leave.stop > start
        ]
    return found


def _of_leg(rule, person, leg, **facts):
    one = leg.assignment
    return violation(rule, person, one.day, shift=one.shift.code, **facts)

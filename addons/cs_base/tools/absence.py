"""Who is away on a day, from the hours of leave that lie in it."""

import datetime

#: Fewer hours of leave in a day than this are an errand: the person is there.
AWAY_HOURS = 6
AWAY = datetime.timedelta(hours=AWAY_HOURS)
ONE_DAY = datetime.timedelta(days=1)


def is_away(leaves, start, end):
    """Whether the leaves take most of the time from ``start`` to ``end``.

    :param leaves: (from, to) moments in any order, which may overlap
    """
    away = datetime.timedelta()
    reached = start
    for first, last in sorted(leaves):
        first, last = max(first, reached), min(last, end)
        if last > first:
            away += last - first
            reached = last
    return away >= AWAY


def run_length(day, is_absent, is_workday, enough):
    """Count the working days of the absence in which ``day`` lies.

    Days off between two days of absence neither count nor end it.

    :param is_absent: function of a date
    :param is_workday: function of a date
    :param enough: stop counting at this number
    :return: 0 if the person isn't absent on ``day``
    """
    if not is_absent(day):
        return 0
    count = int(is_workday(day))
    for step in (ONE_DAY, -ONE_DAY):
        other = day + step
        # Nobody has more days off in a row than this.
        for _turn in range(enough + 30):
            if count >= enough or (is_workday(other) and not is_absent(other)):
                break
            count += is_workday(other)
            other += step
    return count

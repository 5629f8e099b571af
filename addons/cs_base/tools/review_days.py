"""On which days a register is looked through: a week's working days in equal parts."""

import datetime

DAY = datetime.timedelta(days=1)


def week_of(day):
    """The seven days, Monday first, of the week of ``day``."""
    monday = day - day.weekday() * DAY
    return [monday + offset * DAY for offset in range(7)]


def due_days(workdays, times):
    """The last day of each of ``times`` equal parts of a week's working days.

    With fewer working days than times each of them is one; a week without any has
    none.

    :param workdays: dates in their order
    :param times: how often, at least once
    """
    count = min(times, len(workdays))
    return [
        workdays[-(-len(workdays) * part // count) - 1] for part in range(1, count + 1)
    ]


def periods(due, since):
    """What is looked through on each of the ``due`` days: (first, last) day each.

    Periods follow one another without a gap.

    :param since: the first day that nobody looked at
    """
    found = []
    for day in due:
        if day >= since:
            found.append((since, day))
            since = day + DAY
    return found

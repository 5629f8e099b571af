"""Holidays and make-up workdays of mainland China, to fill in a year.

Years in ``ANNOUNCED`` are written from the notices of the State Council (国务院办公厅
关于…年部分节假日安排的通知). Other years are proposals of the package ``holidays``,
which predicts the days off of a future year but not its make-up workdays: they stay
provisional until somebody confirmed them.
"""

import datetime

import holidays

OFF, MAKEUP = "off", "makeup"
MAKEUP_NAME = "调休上班"
#: Begin of the source of a proposed day.
PACKAGE = "holidays"

#: year: (source, [(first day off, last day off, name)], [make-up workdays])
ANNOUNCED = {
    2025: (
        "国务院办公厅 2024-11-12",
        [
            ("01-01", "01-01", "元旦"),
            ("01-28", "02-04", "春节"),
            ("04-04", "04-06", "清明节"),
            ("05-01", "05-05", "劳动节"),
            ("05-31", "06-02", "端午节"),
            ("10-01", "10-08", "国庆节、中秋节"),
        ],
        ["01-26", "02-08", "04-27", "09-28", "10-11"],
    ),
    2026: (
        "国务院办公厅 2025-11-04",
        [
            ("01-01", "01-03", "元旦"),
            ("02-15", "02-23", "春节"),
            ("04-04", "04-06", "清明节"),
            ("05-01", "05-05", "劳动节"),
            ("06-19", "06-21", "端午节"),
            ("09-25", "09-27", "中秋节"),
            ("10-01", "10-07", "国庆节"),
        ],
        ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"],
    ),
}


def days(year):
    """What is known of a year.

    :return: sorted [(date, ``off`` or ``makeup``, Chinese name, source)]
    """
    return announced(year) if year in ANNOUNCED else proposed(year)


def announced(year):
    """The days of a notice; days off on a weekend, too."""
    source, spans, makeup = ANNOUNCED[year]
    found = [
        (day, OFF, name, source)
        for first, last, name in spans
        for day in _span(_date(year, first), _date(year, last))
    ]
    found += [(_date(year, day), MAKEUP, MAKEUP_NAME, source) for day in makeup]
    return sorted(found)


def proposed(year):
    """The days that the installed package ``holidays`` knows of."""
    source = f"{PACKAGE} {holidays.__version__}"
    china = holidays.China(years=year, language="zh_CN")
    found = [(day, OFF, name, source) for day, name in china.items()]
    found += [
        (day, MAKEUP, MAKEUP_NAME, source)
        for day in china.weekend_workdays
        if day.year == year
    ]
    return sorted(day for day in found if day[0].year == year)


def _date(year, text):
    return datetime.date.fromisoformat(f"{year}-{text}")


def _span(first, last):
    for offset in range((last - first).days + 1):
        yield first + datetime.timedelta(days=offset)

"""Periods and texts of numbers."""

NONE, YEAR, MONTH = "none", "year", "month"
NO_PERIOD = "-"


def key(period, day):
    """The period that ``day`` belongs to: ``-``, ``2026`` or ``2026-10``."""
    if period == YEAR:
        return f"{day:%Y}"
    if period == MONTH:
        return f"{day:%Y-%m}"
    return NO_PERIOD


def label(prefix, digits, day, number):
    """The number as printed: prefix with the parts of the day, then digits."""
    parts = {
        "yyyy": f"{day:%Y}",
        "yy": f"{day:%y}",
        "mm": f"{day:%m}",
        "dd": f"{day:%d}",
    }
    return f"{(prefix or '') % parts}{number:0{digits}d}"


def is_ambiguous(prefix, period):
    """Whether two periods would print the same number."""
    prefix = prefix or ""
    has_year = "%(yy)s" in prefix or "%(yyyy)s" in prefix
    if period == MONTH:
        return not (has_year and "%(mm)s" in prefix)
    return period == YEAR and not has_year

"""Errors of the gas arithmetic.

Every function in this package refuses bad input with a subclass of
``ValueError`` whose message names the offending value.
"""


class GasInputError(ValueError):
    """Input that cannot be computed: bad date, bad number, wrong order."""


class MissingVersionError(GasInputError):
    """The tariff has no version that covers a date."""


class NoHistoryError(GasInputError):
    """An estimate was asked for without a single actual month."""

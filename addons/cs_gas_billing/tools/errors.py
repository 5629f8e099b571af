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


def required(data, key, where="input"):
    """Return ``data[key]``.

    :raises GasInputError: the key is missing
    """
    try:
        return data[key]
    except KeyError:
        raise GasInputError(f"{where}: {key!r} is missing") from None

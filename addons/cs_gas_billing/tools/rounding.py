"""Exact decimals: conversion, half-up rounding, flooring, printing.

All arithmetic of the package runs under ``EXACT``, a decimal context that
raises instead of losing a digit. Rounding happens only where a rule asks for
it, through ``half_up``, ``ratio_half_up`` and ``floor_to``.
"""

from contextlib import suppress
from datetime import date, datetime
from decimal import (
    ROUND_HALF_UP,
    Context,
    Decimal,
    DivisionByZero,
    Inexact,
    InvalidOperation,
    Overflow,
    localcontext,
)
from functools import wraps

from .errors import GasInputError

EXACT = Context(
    prec=60,
    rounding=ROUND_HALF_UP,
    traps=[InvalidOperation, DivisionByZero, Overflow, Inexact],
)
_ROUNDING = Context(
    prec=60,
    rounding=ROUND_HALF_UP,
    traps=[InvalidOperation, DivisionByZero, Overflow],
)

ZERO = Decimal(0)
ONE = Decimal(1)
CENT = Decimal("0.01")


def exact(func):
    """Run ``func`` under ``EXACT``, whatever the caller's decimal context.

    Numbers with so many digits that 60 do not hold a result are refused.
    """

    @wraps(func)
    def wrapper(*args, **kwargs):
        with localcontext(EXACT):
            try:
                return func(*args, **kwargs)
            except (Inexact, InvalidOperation) as error:
                raise GasInputError("a number has too many digits") from error

    return wrapper


def to_decimal(value, what="number"):
    """Return ``value`` as a finite ``Decimal``.

    :param value: ``str``, ``int`` or ``Decimal``; a ``float`` is refused because
        its decimal value is not the one that was written down (use
        ``from_float`` with the number of digits that are meant)
    :param what: name of the value for the message
    :raises GasInputError: anything else, NaN and infinities
    """
    kind = type(value)
    if kind is Decimal:
        number = value
    elif kind is int:
        return Decimal(value)
    elif kind is str and "_" not in value:
        try:
            number = Decimal(value)
        except InvalidOperation:
            raise GasInputError(f"{what}: {value!r} is not a number") from None
    else:
        raise GasInputError(
            f"{what}: {value!r} is not an exact number (text, integer or Decimal)"
        )
    if not number.is_finite():
        raise GasInputError(f"{what}: {value!r} is not a number")
    return number


def non_negative(value, what="number"):
    """``to_decimal`` that also refuses a negative value."""
    number = to_decimal(value, what)
    if number < 0:
        raise GasInputError(f"{what}: {value!r} is negative")
    return number


def positive(value, what="number"):
    """``to_decimal`` that also refuses zero and a negative value."""
    number = to_decimal(value, what)
    if number <= 0:
        raise GasInputError(f"{what}: {value!r} must be above zero")
    return number


def from_float(value, digits):
    """Return a stored binary float as the decimal with ``digits`` places.

    For values kept by the ERP in float columns: 0.30000000000000004 with three
    digits is 0.300.

    :raises GasInputError: not a finite number
    """
    return half_up(to_decimal(repr(float(value))), ONE.scaleb(-digits))


def to_whole(value, what="number"):
    """Return ``value`` (``int`` or text of one) as an ``int``.

    :raises GasInputError: a fraction or no number
    """
    number = to_decimal(value, what)
    if number != number.to_integral_value():
        raise GasInputError(f"{what}: {value!r} is not a whole number")
    return int(number)


def to_date(value, what="date"):
    """Return a ``date`` from ``YYYY-MM-DD`` or a ``date``.

    :raises GasInputError: other forms, impossible days, a ``datetime``, years
        before 1900 or after 2999
    """
    day = None
    if type(value) is str:
        # fromisoformat alone also takes 20250131 and 2025-W05-5
        if len(value) == 10 and value[4] == value[7] == "-":
            with suppress(ValueError):
                day = date.fromisoformat(value)
    elif isinstance(value, date) and not isinstance(value, datetime):
        day = value
    if day is None or not 1900 <= day.year <= 2999:
        raise GasInputError(f"{what}: {value!r} is not a date (YYYY-MM-DD)")
    return day


def half_up(value, exp=CENT):
    """Round ``value`` to a multiple of the power of ten ``exp``.

    Ties go away from zero: 0.005 → 0.01 and -0.005 → -0.01.
    """
    return value.quantize(exp, ROUND_HALF_UP, _ROUNDING)


def ratio_half_up(numerator, denominator, step=CENT):
    """Return ``numerator ÷ denominator`` rounded to a multiple of ``step``.

    The quotient is never formed, so no digit is lost before the tie is decided.
    Ties go away from zero.

    :param denominator: above zero
    :param step: above zero, any decimal (0.001, 0.1, 1, 0.5)
    """
    width = _ROUNDING.multiply(denominator, step)
    doubled = _ROUNDING.multiply(2, numerator.copy_abs())
    units = _ROUNDING.divide_int(
        _ROUNDING.add(doubled, width), _ROUNDING.multiply(2, width)
    )
    result = _ROUNDING.multiply(units, step)
    return result.copy_negate() if numerator < 0 and result else result


def floor_to(value, step):
    """Return the largest multiple of ``step`` that is not above ``value``.

    :raises GasInputError: ``step`` is not above zero
    """
    if step <= 0:
        raise GasInputError(f"step: {step} must be above zero")
    units = _ROUNDING.divide_int(value, step)
    result = _ROUNDING.multiply(units, step)
    if result > value:
        result = _ROUNDING.subtract(result, step)
    return result


def plain(value):
    """Print a quantity: no exponent, no trailing zeros, no minus zero."""
    if not value:
        return "0"
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text


def money(value):
    """Print an amount with two decimals, half-up, no minus zero."""
    rounded = value.quantize(CENT, ROUND_HALF_UP, _ROUNDING)
    return str(rounded) if rounded else "0.00"

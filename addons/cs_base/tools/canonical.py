"""One text for equal values, so that a hash tells whether they changed."""

import datetime
import decimal
import hashlib
import json


def dumps(values):
    """JSON with sorted keys, without spaces; numbers without trailing zeros."""
    return json.dumps(
        _plain(values), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value):
    if value is None or isinstance(value, bool | str | int):
        return value
    if isinstance(value, float | decimal.Decimal):
        return _number(decimal.Decimal(str(value)))
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((_plain(item) for item in value), key=str)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if hasattr(value, "_name") and hasattr(value, "ids"):  # a recordset
        return [value._name, *value.ids]
    raise TypeError(f"{type(value).__name__} can't be frozen for an approval")


def _number(value):
    """``1.50`` and ``1.5`` are one value; integers stay JSON integers."""
    if value == value.to_integral_value():
        return int(value)
    return format(value.normalize(), "f")

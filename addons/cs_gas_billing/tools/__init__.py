"""Gas arithmetic: pure functions on exact decimals, no database.

Each module holds one topic and one function per case kind; ``cases`` (run as a
program) checks them against golden cases.
"""

from . import (
    allocate,
    bankfile,
    bankresult,
    capitals,
    cashing,
    charge,
    errors,
    estimate,
    figures,
    hallterm,
    latefee,
    rating,
    rebill,
    rounding,
    tariff,
    usage,
    vat,
)

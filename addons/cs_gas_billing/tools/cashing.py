"""What a sum handed over at the hall does: use of credit, bills paid, change.

Money that the account has already is used first (if wanted), then what was handed
over. Cash gives change unless it shall stay as credit; other means never do.
"""

from decimal import Decimal
from typing import NamedTuple

from .allocate import allocate
from .errors import required
from .rounding import ZERO, exact, non_negative, to_decimal


class Settlement(NamedTuple):
    """The outcome of a collection; amounts are Decimals."""

    applied: list
    principal: Decimal
    fee: Decimal
    credit_used: Decimal
    kept: Decimal
    change: Decimal
    on_credit: Decimal


@exact
def owed(bills):
    """Return principal and late fees of ``bills`` together."""
    return sum(
        (
            non_negative(required(bill, key, "bill"), key)
            for bill in bills
            for key in ("principal", "fee")
        ),
        ZERO,
    )


@exact
def settle(bills, tendered, credit=ZERO, gives_change=True):
    """Spread what was handed over.

    :param bills: ``[{"id", "due", "principal", "fee"}]``, see ``allocate``
    :param tendered: what the customer handed over
    :param credit: the account's own credit that may be used
    :param gives_change: hand back what is left; otherwise it becomes credit
    """
    tendered = non_negative(tendered, "tendered")
    total = owed(bills)
    used = min(non_negative(credit, "credit"), total)
    kept = min(tendered, total - used) if gives_change else tendered
    result = allocate({"bills": bills, "pay": used + kept})
    applied = [
        {
            **row,
            "principal": to_decimal(row["principal"]),
            "fee": to_decimal(row["fee"]),
        }
        for row in result["applied"]
    ]
    return Settlement(
        applied=applied,
        principal=sum((row["principal"] for row in applied), ZERO),
        fee=sum((row["fee"] for row in applied), ZERO),
        credit_used=used,
        kept=kept,
        change=tendered - kept,
        on_credit=to_decimal(result["credit"]),
    )

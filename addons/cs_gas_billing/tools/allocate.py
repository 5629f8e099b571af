"""Allocating a payment to open bills.

Oldest due date first, then id (as text); of a bill the principal before its late
fee. What is left is the customer's credit.

Readings of the rule where its text is silent: only bills that get something are
listed; a bill whose principal is paid and whose fee is open takes the fee.
"""

from .errors import GasInputError, required
from .rounding import CENT, exact, money, non_negative, to_date


@exact
def allocate(data):
    """Allocate a payment.

    :param data: ``{"bills": [{"id", "due", "principal", "fee"}], "pay"}``: open
        amounts per bill, fee as of the payment, and the money received
    :return: ``{"applied": [{"id", "principal", "fee"}], "credit"}`` as text, in
        the order of allocation
    :raises GasInputError: negative amount, fraction of a cent, id used twice
    """
    bills = sorted(
        (
            (
                to_date(required(bill, "due", "bill"), "due"),
                str(required(bill, "id", "bill")),
                bill,
            )
            for bill in required(data, "bills")
        ),
        key=lambda item: item[:2],
    )
    left = _cents(required(data, "pay"), "pay")
    applied = []
    seen = set()
    for _due, name, bill in bills:
        if name in seen:
            raise GasInputError(f"bill {name}: listed twice")
        seen.add(name)
        principal = min(left, _cents(required(bill, "principal", name), "principal"))
        left -= principal
        fee = min(left, _cents(required(bill, "fee", name), "fee"))
        left -= fee
        if principal or fee:
            applied.append(
                {"id": bill["id"], "principal": money(principal), "fee": money(fee)}
            )
    return {"applied": applied, "credit": money(left)}


def _cents(value, what):
    amount = non_negative(value, what)
    if amount % CENT:
        raise GasInputError(f"{what}: {value!r} has fractions of a cent")
    return amount

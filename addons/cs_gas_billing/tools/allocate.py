"""Allocating a payment to open bills.

Oldest due date first, then id (as text); of a bill the principal before its late
fee. What is left is the customer's credit.

Readings of the rule where its text is silent: only bills that get something are
listed; a bill whose principal is paid and whose fee is open takes the fee.
"""

from .errors import GasInputError
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
        data["bills"], key=lambda bill: (to_date(bill["due"], "due"), str(bill["id"]))
    )
    left = _cents(data["pay"], "pay")
    applied = []
    seen = set()
    for bill in bills:
        if bill["id"] in seen:
            raise GasInputError(f"bill {bill['id']}: listed twice")
        seen.add(bill["id"])
        principal = min(left, _cents(bill["principal"], "principal"))
        left -= principal
        fee = min(left, _cents(bill["fee"], "fee"))
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

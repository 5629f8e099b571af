import uuid
from decimal import Decimal
from typing import NamedTuple

from odoo.exceptions import UserError

from ..tools.errors import GasInputError
from ..tools.rounding import CENT, from_float

METHODS = ("cash", "transfer", "qr")
#: Above this somebody mistyped or scanned into the field of the amount.
MAX_TENDERED = Decimal(1_000_000)


class Collection(NamedTuple):
    """What the cashier asks for, read and checked."""

    method: str
    tendered: Decimal
    seen: dict
    seen_credit: Decimal | None
    bill_ids: list | None
    keep_credit: bool
    reference: str
    token: str
    use_credit: bool

    @classmethod
    def from_screen(cls, env, *, method, tendered, seen, token, **values):
        """Read the arguments of a call; refuse what no cashier means."""
        if method not in METHODS:
            raise UserError(env._("Choose cash, transfer or QR."))
        try:
            amount = from_float(float(tendered or 0), 6)
            seen = dict(seen or {})
            credit = seen.pop("credit", None)
            bills = {int(key): _read_seen(value) for key, value in seen.items()}
            chosen = values["bill_ids"]
            values["bill_ids"] = None if chosen is None else [int(i) for i in chosen]
            seen_credit = None if credit is None else from_float(float(credit), 2)
            values["reference"] = str(values["reference"] or "").strip()[:64]
        except (GasInputError, LookupError, TypeError, ValueError) as error:
            raise UserError(env._("The amount can't be read.")) from error
        cls._check_amount(env, amount, values["use_credit"])
        return cls(
            method=method,
            tendered=amount,
            seen=bills,
            seen_credit=seen_credit,
            token=str(token or uuid.uuid4().hex)[:64],
            **values,
        )

    @staticmethod
    def _check_amount(env, amount, use_credit):
        if amount < 0:
            raise UserError(env._("The amount can't be negative."))
        if amount % CENT:
            raise UserError(env._("The amount has more than two decimals."))
        if not amount and not use_credit:
            raise UserError(env._("Enter the amount received."))
        if amount > MAX_TENDERED:
            raise UserError(
                env._(
                    "%(amount)s is more than a hall takes at once (%(limit)s). Was a "
                    "number scanned into the amount?",
                    amount=f"{amount:,.2f}",
                    limit=f"{MAX_TENDERED:,.2f}",
                )
            )


def _read_seen(value):
    pair = (value["principal"], value["fee"]) if isinstance(value, dict) else value
    principal, fee = pair
    return (from_float(float(principal), 2), from_float(float(fee), 2))

from . import gas_cash_day
from . import gas_receipt_reverse

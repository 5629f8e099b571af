from . import gas_bill_report
from . import gas_cash_day_report
from . import gas_signoff_report
from . import gas_statement_report
from . import ir_actions_report

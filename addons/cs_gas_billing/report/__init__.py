from . import gas_bill_report
from . import ir_actions_report

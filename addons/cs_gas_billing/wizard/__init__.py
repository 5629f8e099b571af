from . import gas_cash_day
from . import gas_estimate_wizard
from . import gas_estimate_wizard_line
from . import gas_reading_decision
from . import gas_receipt_reverse
from . import gas_signoff
from . import gas_portal_invite

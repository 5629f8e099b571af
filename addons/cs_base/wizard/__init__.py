from . import cs_approval_reject
from . import cs_partner_reveal
from . import cs_interaction_pass
from . import cs_workday_wizard
from . import cs_clock_wizard
from . import cs_clock_pause
from . import cs_clock_extend

from . import cs_approval_reject
from . import cs_partner_reveal
from . import cs_interaction_pass
from . import cs_workday_wizard

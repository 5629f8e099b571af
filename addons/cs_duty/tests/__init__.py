from . import test_duty_log
from . import test_roster
from . import test_roster_plan
from . import test_swap

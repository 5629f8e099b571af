from . import test_clocks
from . import test_contact
from . import test_engine
from . import test_followup
from . import test_matter
from . import test_notice
from . import test_transfer
from . import test_workdays

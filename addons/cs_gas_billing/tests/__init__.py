from . import test_access
from . import test_bill_run
from . import test_hall
from . import test_hall_search
from . import test_posting

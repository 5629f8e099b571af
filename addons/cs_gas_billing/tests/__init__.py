from . import test_bill_run
from . import test_posting
from . import test_access

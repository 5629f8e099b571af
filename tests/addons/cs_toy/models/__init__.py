from . import cs_toy_report
from . import cs_toy_request

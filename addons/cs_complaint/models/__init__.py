from . import cs_complaint
from . import cs_complaint_cause
from . import cs_complaint_identity

from . import cs_complaint_certificate_report
from . import cs_complaint_letter
from . import cs_complaint_register_report
from . import cs_complaint_sheet_report

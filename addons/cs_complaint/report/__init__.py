from . import cs_complaint_letter

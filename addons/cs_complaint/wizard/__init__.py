from . import cs_complaint_step

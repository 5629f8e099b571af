from . import cs_complaint_certificate
from . import cs_complaint_link
from . import cs_complaint_reply
from . import cs_complaint_step
from . import cs_complaint_task_send
from . import cs_complaint_task_step
from . import cs_complaint_tell

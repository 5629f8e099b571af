from . import cs_complaint_demo_people
from . import cs_complaint_demo

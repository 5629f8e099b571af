from . import test_complaint
from . import test_copy
from . import test_course
from . import test_judgement
from . import test_settlement
from . import test_severity
from . import test_task

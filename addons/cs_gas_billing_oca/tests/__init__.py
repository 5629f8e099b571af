from . import test_batch
from . import test_text_matching
from . import test_transfer

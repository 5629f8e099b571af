from . import test_roster
from . import test_swap

from . import test_roster

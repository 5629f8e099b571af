from . import route
from . import xlsx

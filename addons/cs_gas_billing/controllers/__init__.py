from . import figures
from . import month
from . import portal
from . import reader
from . import route
from . import xlsx

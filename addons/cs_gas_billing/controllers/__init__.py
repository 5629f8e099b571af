from . import figures
from . import portal
from . import reader
from . import route
from . import xlsx

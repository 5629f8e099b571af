from . import route

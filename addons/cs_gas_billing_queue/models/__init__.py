from . import gas_work_mixin
from . import gas_reading_import

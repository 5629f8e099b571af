from . import gas_demo
from . import gas_demo_bank
from . import gas_demo_money
from . import gas_demo_work

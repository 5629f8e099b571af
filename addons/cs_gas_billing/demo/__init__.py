from . import gas_demo

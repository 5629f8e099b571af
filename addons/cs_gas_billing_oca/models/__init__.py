from . import account_bank_statement_line
from . import account_bank_statement_line_gas
from . import account_bank_statement_line_batch
from . import gas_setup

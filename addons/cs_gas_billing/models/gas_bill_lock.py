from odoo import models
from odoo.exceptions import UserError


class GasBill(models.Model):
    """While the bank is asked for a bill's money, nothing else pays it."""

    _inherit = "gas.bill"

    def _is_locked(self):
        return bool(self.debit_line_id) or super()._is_locked()

    def _refuse_locked(self):
        super()._refuse_locked()
        for bill in self.sudo():
            if bill.debit_line_id:
                raise UserError(
                    self.env._(
                        "Bill %(bill)s is at the bank in debit batch %(batch)s. Wait "
                        "for the bank's answer; until then the money stays the "
                        "account's credit.",
                        bill=bill.name,
                        batch=bill.debit_batch_name,
                    )
                )

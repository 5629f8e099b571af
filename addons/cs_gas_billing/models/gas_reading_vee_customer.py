from odoo import models

from .gas_mobile_entry import CUSTOMER_CODE


class GasReadingVee(models.AbstractModel):
    _inherit = "gas.reading.vee"

    def _explain_code(self, code, values):
        if code == CUSTOMER_CODE:
            return self.env._("entered by the customer, to be confirmed")
        return super()._explain_code(code, values)

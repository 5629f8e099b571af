from odoo import api, models
from odoo.fields import Domain

from .account_move import GAS_KEY


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _mark_gas_customers(self):
        """Make them customers of the ERP, in batch."""
        customers = self | self.commercial_partner_id
        customers.filtered(lambda partner: not partner.customer_rank).customer_rank = 1

    def _increase_rank(self, field, n=1):
        """Posted gas bills don't count: Odoo would write their customers one by one."""
        if self.env.context.get("gas_key") is not GAS_KEY:
            return super()._increase_rank(field, n)
        return None

    @api.model
    def _cs_bound_credit(self):
        """Credit of gas accounts is refunded at the counter, with its own approval."""
        return super()._cs_bound_credit() | Domain("gas_account_id", "!=", False)

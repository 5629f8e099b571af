from odoo import models


class GasBill(models.Model):
    """What an accountant's matching of payments means for a bill."""

    _inherit = "gas.bill"

    def _refuse_locked(self):
        """Refuse matching by hand while the bank is asked for the money; sudo."""

    def _settle_today(self):
        """Bring the late fee's mark in line after matching by hand; sudo."""
        for company, bills in self.grouped("company_id").items():
            self.env["gas.latefee.policy"]._settle(bills, company._cs_today())

from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_gas_transit_accounts(self):
        """Return the accounts on which bank debit waits for the statement; sudo."""
        self.ensure_one()
        profiles = self.env["gas.bank.profile"].with_context(active_test=False)
        journals = (
            self.gas_debit_journal_id
            | profiles.search([("company_id", "=", self.id)]).journal_id
        )
        return journals.inbound_payment_method_line_ids.payment_account_id

from odoo import models


class ResCompany(models.Model):
    """Where a gas company's money goes through."""

    _inherit = "res.company"

    def _get_gas_journals(self):
        """Return the journals of bills, desk and bank debit; sudo."""
        self.ensure_one()
        return (
            self.gas_sale_journal_id
            | self.gas_cash_journal_id
            | self.gas_transfer_journal_id
            | self.gas_qr_journal_id
            | self._get_gas_debit_journals()
        )

    def _get_gas_debit_journals(self):
        profiles = self.env["gas.bank.profile"].with_context(active_test=False)
        mine = profiles.search([("company_id", "=", self.id)])
        return self.gas_debit_journal_id | mine.journal_id

    def _get_gas_transit_accounts(self):
        """Return the accounts on which bank debit waits for the statement; sudo."""
        lines = self._get_gas_debit_journals().inbound_payment_method_line_ids
        return lines.payment_account_id

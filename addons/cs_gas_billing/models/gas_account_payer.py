from odoo import api, models


class GasAccount(models.Model):
    """Which gas accounts a payer means."""

    _inherit = "gas.account"

    @api.model
    def _get_of_payer(self, partner, company):
        """Return the gas accounts a payer has in a company, closed ones left out."""
        if not partner:
            return self.browse()
        return self.search(
            [
                ("partner_id", "child_of", partner.commercial_partner_id.ids),
                ("company_id", "=", company.id),
                ("state", "!=", "closed"),
            ]
        )

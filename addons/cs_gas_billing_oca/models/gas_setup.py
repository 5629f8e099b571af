from odoo import api, models
from odoo.fields import Command

#: Where the charts keep what banks charge.
FEE_PREFIXES = ("5603", "6603")


class GasSetup(models.AbstractModel):
    _inherit = "gas.setup"

    @api.model
    def _setup_company(self, company):
        """Add the button for bank fees to the reconciliation screen."""
        result = super()._setup_company(company)
        lang = company.partner_id.lang or self.env.lang
        setup = self.sudo().with_company(company).with_context(lang=lang)
        setup._make_fee_button(company)
        return result

    def _make_fee_button(self, company):
        """Create the reconcile model that writes the rest off as bank fees, once."""
        models_ = self.env["account.reconcile.model"].with_context(active_test=False)
        account = self._get_bank_fee_account(company)
        known = models_.search(
            [
                ("company_id", "=", company.id),
                ("trigger", "=", "manual"),
                ("line_ids.account_id", "=", account.id),
            ],
            limit=1,
        )
        if not account or known:
            return
        button = models_.create(
            {
                "name": self.env._("Bank Fees"),
                "company_id": company.id,
                "sequence": 1,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "label": self.env._("Bank Fees"),
                            "amount_type": "percentage",
                            "amount_string": "100",
                        }
                    )
                ],
            }
        )
        for lang, _name in self.env["res.lang"].get_installed():
            texts = self.with_context(lang=lang).env
            button.with_context(lang=lang).name = texts._("Bank Fees")

    def _get_bank_fee_account(self, company):
        accounts = self.env["account.account"]
        for prefix in FEE_PREFIXES:
            accounts = self._find_account(
                company,
                [
                    ("code", "=like", prefix + "%"),
                    ("account_type", "in", ("expense", "expense_direct_cost")),
                ],
            )
            if accounts:
                return accounts
        return self._find_account(
            company, [("account_type", "=", "expense"), ("name", "ilike", "bank")]
        )

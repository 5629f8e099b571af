from odoo import api, models
from odoo.fields import Command

#: Where the Chinese charts keep what banks charge (financial expenses).
FEE_PREFIXES = ("5603", "6603")


class GasSetup(models.AbstractModel):
    _inherit = "gas.setup"

    @api.model
    def _setup_company(self, company):
        """Make the button *Bank Fees* of the reconciliation screen right."""
        result = super()._setup_company(company)
        lang = company.partner_id.lang or self.env.lang
        setup = self.sudo().with_company(company).with_context(lang=lang)
        setup._make_fee_button(company)
        return result

    def _make_fee_button(self, company):
        """Point the chart's button to financial expenses, or create one.

        The chart ``cn`` has no account called bank fees; Odoo's own button takes the
        first expense there is: taxes and surcharges.
        """
        account = self._get_bank_fee_account(company)
        if not account:
            return
        button = self.env.ref(f"account.{company.id}_bank_fees_reco", False)
        if not button:
            self._create_fee_button(company, account)
        elif not self.env["account.move.line"].search_count(
            [("reconcile_model_id", "=", button.id)], limit=1
        ):
            button.line_ids[:1].account_id = account
            self._name_in_all_languages(button.line_ids[:1], "label")

    def _create_fee_button(self, company, account):
        buttons = self.env["account.reconcile.model"].with_context(active_test=False)
        mine = [
            ("company_id", "=", company.id),
            ("line_ids.account_id", "=", account.id),
        ]
        if buttons.search_count(mine, limit=1):
            return
        button = buttons.create(
            {
                "name": self.env._("Bank Fees"),
                "company_id": company.id,
                "sequence": 1,
                "line_ids": [
                    Command.create(
                        {"account_id": account.id, "label": self.env._("Bank Fees")}
                    )
                ],
            }
        )
        self._name_in_all_languages(button, "name")
        self._name_in_all_languages(button.line_ids, "label")

    def _name_in_all_languages(self, record, field):
        """Call it bank fees: the chart leaves the label of its entries in English."""
        for lang, _name in self.env["res.lang"].get_installed():
            texts = self.with_context(lang=lang).env
            record.with_context(lang=lang)[field] = texts._("Bank Fees")

    def _get_bank_fee_account(self, company):
        """Return the account for bank fees of a Chinese chart, or nothing."""
        for prefix in FEE_PREFIXES:
            account = self._find_account(
                company,
                [("code", "=like", prefix + "%"), ("account_type", "=", "expense")],
            )
            if account:
                return account
        return self.env["account.account"]

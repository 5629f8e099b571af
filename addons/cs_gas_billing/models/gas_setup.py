from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

VAT_RATE = 9.0


class GasSetup(models.AbstractModel):
    """Creates a company's gas journals, tax and accounts from its chart.

    By a method, not by data files: records in use would keep the addon from being
    uninstalled. Running it again only adds what is missing.
    """

    _name = "gas.setup"
    _description = "Gas Accounting Set-up"

    @api.model
    def _setup_company(self, company):
        """Fill the accounting settings of ``company``.

        :raise UserError: the company has no chart of accounts yet
        """
        if not company.chart_template:
            raise UserError(
                self.env._(
                    "%s has no chart of accounts yet. Choose one in Accounting > "
                    "Configuration > Settings first.",
                    company.name,
                )
            )
        lang = company.partner_id.lang or self.env.lang
        setup = self.sudo().with_company(company).with_context(lang=lang)
        makers = {
            "gas_receivable_account_id": setup._get_receivable,
            "gas_income_account_id": lambda c: setup._get_income(c, ("5001", "6001")),
            "gas_fee_account_id": lambda c: setup._get_income(c, ("5301", "6301")),
            "gas_opening_account_id": setup._get_opening,
            "gas_tax_id": setup._get_tax,
            "gas_sale_journal_id": setup._get_sale_journal,
            "gas_cash_journal_id": setup._get_cash_journal,
            "gas_transfer_journal_id": lambda c: setup._get_bank_journal(
                c, "GTRF", setup.env._("Gas Bank Transfer")
            ),
            "gas_qr_journal_id": lambda c: setup._get_bank_journal(
                c, "GQRP", setup.env._("Gas QR Payment")
            ),
        }
        company = company.sudo()
        for name, make in makers.items():
            if not company[name]:
                company[name] = make(company)
        self._setup_categories(company)
        self._setup_latefees(company)
        return True

    def _find_account(self, company, domain):
        return self.env["account.account"].search(
            Domain("company_ids", "in", company.id) & Domain(domain),
            order="code",
            limit=1,
        )

    def _get_receivable(self, company):
        account = self.env["res.partner"].with_company(
            company
        ).new().property_account_receivable_id or self._find_account(
            company, [("account_type", "=", "asset_receivable")]
        )
        if not account:
            raise UserError(
                self.env._("The chart of %s has no receivable account.", company.name)
            )
        return account

    def _get_income(self, company, prefixes):
        """Return the chart's account with one of the prefixes, else its income one."""
        kinds = ("income", "income_other")
        for prefix in prefixes:
            account = self._find_account(
                company,
                [("code", "=like", prefix + "%"), ("account_type", "in", kinds)],
            )
            if account:
                return account
        return company.income_account_id or self._find_account(
            company, [("account_type", "in", kinds)]
        )

    def _get_opening(self, company):
        return company.get_unaffected_earnings_account()

    def _get_tax(self, company):
        """Return the 9 % tax that is included in the price; charts ship it excluded."""
        taxes = self.env["account.tax"].search(
            [
                ("company_id", "=", company.id),
                ("type_tax_use", "=", "sale"),
                ("amount_type", "=", "percent"),
            ]
        )
        included = taxes.filtered(
            lambda tax: (
                tax.amount == VAT_RATE and tax.price_include_override == "tax_included"
            )
        )
        if included:
            return included[0]
        source = taxes.filtered(lambda tax: tax.amount == VAT_RATE)[:1] or taxes[:1]
        if not source:
            raise UserError(
                self.env._(
                    "The chart of %s has no sale tax to copy the VAT account from.",
                    company.name,
                )
            )
        return source.copy(
            {
                "name": self.env._("9% incl. (Gas)"),
                "amount": VAT_RATE,
                "price_include_override": "tax_included",
                "invoice_label": "9%",
                "description": self.env._("VAT 9% included"),
            }
        )

    def _get_sale_journal(self, company):
        return self._make_journal(
            company,
            "GAS",
            {"name": self.env._("Gas Bills"), "type": "sale"},
        )

    def _make_journal(self, company, code, values):
        journals = self.env["account.journal"].with_context(active_test=False)
        journal = journals.search(
            [("company_id", "=", company.id), ("code", "=", code)], limit=1
        )
        return journal or journals.create(
            {"company_id": company.id, "code": code, **values}
        )

    def _get_cash_journal(self, company):
        """The hall's till: its account is not reconcilable, so cash is paid at once."""
        journal = self._make_journal(
            company, "GHAL", {"name": self.env._("Gas Hall Cash"), "type": "cash"}
        )
        journal.default_account_id.reconcile = False
        lines = journal.inbound_payment_method_line_ids
        lines += journal.outbound_payment_method_line_ids
        lines.payment_account_id = journal.default_account_id
        return journal

    def _get_bank_journal(self, company, code, name):
        """Money that is on its way until the bank statement shows it."""
        journal = self._make_journal(company, code, {"name": name, "type": "bank"})
        lines = journal.inbound_payment_method_line_ids
        lines += journal.outbound_payment_method_line_ids
        if not lines.payment_account_id:
            prefix = company.transfer_account_code_prefix or "1012"
            codes = self.env["account.account"].with_company(company)
            lines.payment_account_id = codes.create(
                {
                    "name": self.env._("%s in Transit", name),
                    "code": codes._search_new_account_code(prefix + "01"),
                    "account_type": "asset_current",
                    "reconcile": True,
                    "company_ids": [Command.link(company.id)],
                }
            )
        return journal

    def _setup_categories(self, company):
        """The two use categories every gas company has."""
        categories = self.env["gas.use.category"].sudo()
        known = categories.with_context(active_test=False).search(
            [("company_id", "=", company.id)]
        )
        shipped = {
            "RES": (self.env._("Residential Gas"), "resident"),
            "COM": (self.env._("Commercial Gas"), "commercial"),
        }
        created = categories.create(
            [
                {
                    "company_id": company.id,
                    "code": code,
                    "name": name,
                    "customer_category": category,
                }
                for code, (name, category) in shipped.items()
                if code not in known.mapped("code")
            ]
        )
        for lang, _name in self.env["res.lang"].get_installed():
            env = self.with_context(lang=lang).env
            names = {
                "RES": env._("Residential Gas"),
                "COM": env._("Commercial Gas"),
            }
            for category in created:
                category.with_context(lang=lang).name = names[category.code]

    def _setup_latefees(self, company):
        """Shipped policy: residents 0.3 % and commercial customers 0.5 % a day."""
        policies = self.env["gas.latefee.policy"].sudo()
        known = policies.search([("company_id", "=", company.id)])
        policies.create(
            [
                {"company_id": company.id, "category": category, "rate": rate}
                for category, rate in (("resident", 0.3), ("commercial", 0.5))
                if category not in known.mapped("category")
            ]
        )

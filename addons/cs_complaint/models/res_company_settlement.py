from odoo import fields, models
from odoo.exceptions import UserError

#: kind of line: the settings it needs.
NEEDED = {
    "allowance": ("cs_allowance_account_id", "cs_allowance_journal_id"),
    "compensation": ("cs_compensation_account_id", "cs_compensation_journal_id"),
    "refund": ("cs_compensation_journal_id",),
    "reward": (
        "cs_reward_account_id",
        "cs_compensation_journal_id",
        "cs_masked_partner_id",
    ),
}


class ResCompany(models.Model):
    """Where the money of settlements is booked."""

    _inherit = "res.company"

    cs_allowance_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Account of Allowances",
        check_company=True,
        domain="[('account_type', 'in', ('income', 'income_other', 'expense'))]",
    )
    cs_allowance_product_id = fields.Many2one(
        comodel_name="product.product",
        string="Product of Allowances",
        check_company=True,
        help="Gives a credit note without invoice its taxes.",
    )
    cs_allowance_journal_id = fields.Many2one(
        comodel_name="account.journal",
        string="Journal of Allowances",
        check_company=True,
        domain="[('type', '=', 'sale')]",
        help="For credit notes without invoice; others take the invoice's journal.",
    )
    cs_compensation_journal_id = fields.Many2one(
        comodel_name="account.journal",
        string="Pays Settlements",
        check_company=True,
        domain="[('type', 'in', ('bank', 'cash'))]",
    )
    cs_compensation_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Account of Compensations",
        check_company=True,
    )
    cs_reward_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Account of Rewards",
        check_company=True,
    )
    cs_reward_amount = fields.Monetary(
        string="Reward for a Report", default=200.0, currency_field="currency_id"
    )
    cs_masked_partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Partner of Masked Persons",
        help="Stands in the books for whoever must not be named.",
    )

    def _cs_check_complaint_money(self, kind, invoice=None):
        """Raise, naming the settings, if what ``kind`` needs is missing."""
        self.ensure_one()
        company = self.sudo()
        names = set(NEEDED[kind])
        if invoice:
            names.discard("cs_allowance_journal_id")
        missing = sorted(name for name in names if not company[name])
        if missing:
            labels = [
                company._fields[name]._description_string(self.env) for name in missing
            ]
            raise UserError(
                self.env._(
                    "Settings > Complaints: “%(settings)s” is missing for %(company)s.",
                    settings="”, “".join(labels),
                    company=company.name,
                )
            )

    def _cs_setup_complaint_money(self):
        """Fill what is missing from the chart of accounts. Sudo.

        :raise UserError: the company has no chart of accounts yet
        """
        for company in self.sudo():
            if not company.chart_template:
                raise UserError(
                    self.env._("%s has no chart of accounts yet.", company.name)
                )
            makers = {
                "cs_allowance_account_id": lambda c: c._cs_find_account("income"),
                "cs_allowance_journal_id": lambda c: c._cs_find_journal("sale"),
                "cs_compensation_journal_id": lambda c: (
                    c._cs_find_journal("cash") or c._cs_find_journal("bank")
                ),
                "cs_compensation_account_id": lambda c: c._cs_find_account("expense"),
                "cs_reward_account_id": lambda c: c._cs_find_account("expense"),
                "cs_masked_partner_id": lambda c: c.env["res.partner"].create(
                    {
                        "name": self.env._("Masked Complainant"),
                        "company_id": c.id,
                        "type": "other",
                    }
                ),
            }
            for name, make in makers.items():
                if not company[name]:
                    company[name] = make(company)
        return True

    def _cs_find_account(self, kind):
        """The chart's first account of a type, of China's chart the fitting one."""
        codes = {"income": ("5001", "6001"), "expense": ("5711", "6711", "5602")}
        accounts = self.env["account.account"].with_company(self)
        mine = [("company_ids", "in", self.id), ("account_type", "=like", f"{kind}%")]
        for code in codes[kind]:
            found = accounts.search([*mine, ("code", "=like", f"{code}%")], limit=1)
            if found:
                return found
        return accounts.search(mine, order="code", limit=1)

    def _cs_find_journal(self, kind):
        return self.env["account.journal"].search(
            [("company_id", "=", self.id), ("type", "=", kind)], limit=1
        )

from datetime import date

from odoo.fields import Command
from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestAmountDue(TransactionCase):
    """What a customer owes, read from the books by the panel of all apps."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        if not cls.company.chart_template:
            charts = cls.env["account.chart.template"]
            known = charts._get_chart_template_mapping()
            charts.try_loading("cn" if "cn" in known else "generic_coa", cls.company)
        cls.bakery, cls.person, cls.nobody = cls.env["res.partner"].create(
            [
                {"name": "Bakery", "is_company": True},
                {"name": "Person"},
                {"name": "Nobody"},
            ]
        )
        cls.contact = cls.env["res.partner"].create(
            {"name": "Contact", "parent_id": cls.bakery.id}
        )
        cls.journal = cls.env["account.journal"].search(
            [("company_id", "=", cls.company.id), ("type", "=", "general")], limit=1
        )
        accounts = cls.env["account.account"].with_company(cls.company)
        domain = accounts._check_company_domain(cls.company)
        cls.receivable, cls.income, cls.payable = (
            accounts.search([*domain, ("account_type", "=", kind)], limit=1)
            for kind in ("asset_receivable", "income", "liability_payable")
        )

    def _entry(self, partner, amount, account=None, post=True):
        move = self.env["account.move"].create(
            {
                "journal_id": self.journal.id,
                "date": date(2026, 3, 2),
                "line_ids": [
                    Command.create(
                        {
                            "account_id": (account or self.receivable).id,
                            "partner_id": partner.id,
                            "balance": amount,
                        }
                    ),
                    Command.create({"account_id": self.income.id, "balance": -amount}),
                ],
            }
        )
        if post:
            move.action_post()
        return move.line_ids.filtered(lambda line: line.partner_id)

    def test_open_posted_receivables(self):
        partners = self.bakery + self.contact + self.person + self.nobody
        self._entry(self.bakery, 100.10)
        self._entry(self.contact, 20.20)
        self._entry(self.bakery, 999, post=False)
        self._entry(self.bakery, 999, account=self.payable)
        bill = self._entry(self.person, 50)
        paid = self._entry(self.person, -30)
        expected = {self.bakery.id: 120.30, self.contact.id: 120.30}
        expected |= {self.person.id: 20, self.nobody.id: 0}
        self.assertEqual(partners._cs_amount_due(), expected)
        (bill | paid).reconcile()
        self.assertEqual(self.person._cs_amount_due(), {self.person.id: 20})
        (bill | self._entry(self.person, -20)).reconcile()
        self.assertEqual(self.person._cs_amount_due(), {self.person.id: 0})
        self._entry(self.person, -5.55)
        self.assertEqual(self.person._cs_amount_due(), {self.person.id: -5.55})

    def test_company_and_queries(self):
        self._entry(self.person, 50)
        other = self.env["res.company"].create({"name": "Second"})
        self.assertEqual(self.person._cs_amount_due(other), {self.person.id: 0})
        self.assertEqual(self.env["res.partner"]._cs_amount_due(), {})
        partners = self.bakery + self.person + self.nobody
        partners.mapped("commercial_partner_id.name")
        partners._cs_amount_due()
        with self.assertQueryCount(1):
            partners._cs_amount_due()

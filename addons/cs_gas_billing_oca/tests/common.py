from odoo.addons.account_reconcile_oca.models.account_bank_statement_line import (
    AccountBankStatementLine as Stock,
)
from odoo.addons.cs_gas_billing.tests.test_hall import HallCommon

DAY = "2026-11-05 02:00:00"


class StatementMixin:
    """An accountant, and lines of a bank journal as an import makes them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            context=dict(cls.env.context, _test_account_reconcile_oca=True)
        )
        cls.accountant = cls.make_bookkeeper()

    def import_line(self, text, amount, **values):
        """Return a line of a bank statement as the accountant imports it."""
        return (
            self.env["account.bank.statement.line"]
            .with_user(self.accountant)
            .create(
                {
                    "journal_id": self.bank.id,
                    "date": "2026-11-05",
                    "payment_ref": text,
                    "amount": amount,
                    **values,
                }
            )
        )


class StatementCommon(StatementMixin, HallCommon):
    """Bills of three accounts, and the company's bank journal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank = cls.env["account.journal"].search(
            [
                ("type", "=", "bank"),
                ("company_id", "=", cls.company.id),
                ("code", "not in", ("GTRF", "GQRP")),
            ],
            limit=1,
        )
        cls.bill_1, cls.bill_2, cls.bill_3 = (
            account.bill_ids for account in cls.accounts
        )

    def find_as_shipped(self, line):
        """Return the open item (id) that stock matching takes for ``line``."""
        query = Stock._do_auto_reconcile_invoices_query(line)
        self.env.cr.execute(query.select("max(account_move_line.id)"))
        return [row[0] for row in self.env.cr.fetchall()]

    def make_invoice(self, amount, reference, partner=None):
        """Post an invoice that has nothing to do with gas."""
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": (partner or self.stranger).id,
                "invoice_date": "2026-11-01",
                "payment_reference": reference,
                "invoice_line_ids": [
                    (0, 0, {"name": "x", "price_unit": amount, "tax_ids": []})
                ],
            }
        )
        invoice.action_post()
        return invoice

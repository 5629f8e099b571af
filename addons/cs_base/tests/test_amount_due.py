from odoo.tests import tagged

from .common import CsCommon


@tagged("post_install", "-at_install")
class TestAmountDue(CsCommon):
    def test_without_books_nothing_is_known(self):
        """With accounting installed the billing app tests the figures."""
        partner = self.env["res.partner"].create({"name": "Customer"})
        known = "account.move.line" in self.env
        self.assertEqual(partner._cs_amount_due(), {partner.id: 0.0} if known else {})

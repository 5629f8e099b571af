from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_money import MoneyCommon


@tagged("post_install", "-at_install")
class TestDispute(MoneyCommon):
    """Receivables an open complaint delays are flagged; choosing invoices needs no
    right in accounting."""

    def _choice(self, action):
        choices = self.env["cs.complaint.invoice.choice"]
        return choices.with_user(self.users["agent"]).browse(action["res_id"])

    def test_flagged_while_the_case_is_open(self):
        invoice, other = self._invoice(100), self._invoice(50)
        agent = self.case.with_user(self.users["agent"])
        choice = self._choice(agent.action_choose_disputed())
        self.assertEqual(choice.row_ids.sudo().move_id, invoice + other)
        choice.row_ids.filtered(lambda row: row.sudo().move_id == invoice).chosen = True
        choice.action_choose()
        self.assertTrue(invoice.cs_complaint_open)
        self.assertFalse(other.cs_complaint_open)
        found = self._rpc(
            "biller", "account.move", "search", [("cs_complaint_open", "=", True)]
        )
        self.assertEqual(found, invoice.ids)
        self.case.sudo().judgement = "unsubstantiated"
        invoice.invalidate_recordset()
        self.assertFalse(invoice.cs_complaint_open)
        self.case.sudo().write({"judgement": "substantiated", "is_open": False})
        invoice.invalidate_recordset()
        self.assertFalse(invoice.cs_complaint_open)

    def test_taken_off_again(self):
        invoice = self._invoice(100)
        agent = self.case.with_user(self.users["agent"])
        agent._cs_dispute(invoice)
        self.assertTrue(invoice.cs_complaint_open)
        agent._cs_dispute(self.env["account.move"])
        invoice.invalidate_recordset()
        self.assertFalse(invoice.cs_complaint_open)
        agent._cs_dispute(invoice)
        invoice.invalidate_recordset()
        self.assertTrue(invoice.cs_complaint_open)

    def test_no_foreign_invoice(self):
        """Rows a client makes up lead nowhere."""
        other = self.env["res.partner"].create({"name": "Li Si"})
        foreign = self._invoice(70, partner=other)
        self._invoice(100)
        agent = self.case.with_user(self.users["agent"])
        choice = self._choice(agent.action_choose_disputed())
        choice.row_ids[0].write({"move_id": foreign.id, "chosen": True})
        choice.action_choose()
        self.assertFalse(foreign.cs_complaint_open)

    def test_masked(self):
        case = self._accepted(masked=True)
        self._invoice(100)
        with self.assertRaises(UserError):
            case.sudo().action_choose_disputed()

    def test_rows_by_methods_only(self):
        invoice = self._invoice(100)
        with self.assertRaises(AccessError):
            self._rpc(
                "agent",
                "cs.complaint.dispute",
                "create",
                {"complaint_id": self.case.id, "move_id": invoice.id},
            )

    def test_invoice_of_an_allowance(self):
        invoice = self._invoice(100)
        offer = self._approved(("allowance", 20))
        line = offer.line_ids.with_user(self.users["agent"])
        choice = self._choice(line.action_choose_invoice())
        choice.row_ids.chosen = True
        choice.action_choose()
        self.assertEqual(line.sudo().invoice_id, invoice)
        self.assertEqual(offer.state, "proposed", "another invoice, another approval")

    def test_many_moves_few_queries(self):
        moves = self._invoice(10, post=False)
        for _number in range(20):
            moves |= moves[0].copy()
        moves.invalidate_recordset()
        with self.assertQueryCount(4):
            moves.mapped("cs_complaint_open")

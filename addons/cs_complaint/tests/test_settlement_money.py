from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_money import SCAN, MoneyCommon


@tagged("post_install", "-at_install")
class TestSettlementMoney(MoneyCommon):
    """What reaches the books, once, and what the case says of it."""

    def _certificate(self, line, login="agent"):
        today = self.company._cs_today()
        line.with_user(self.users[login]).sudo(False).action_certificate_back(
            today, "seal.png", SCAN
        )
        return self._document(line)

    def _document(self, line):
        return self.env["account.move"].browse(line.document_id.id)

    def _tax(self, **values):
        return self.env["account.tax"].create(
            {
                "name": f"T{values}",
                "amount": 13.0,
                "type_tax_use": "sale",
                "price_include_override": "tax_excluded",
                "company_id": self.company.id,
                **values,
            }
        )

    def test_allowance_waits_for_the_certificate(self):
        invoice = self._invoice(1000)
        offer = self._approved(("allowance", 200), invoice=invoice)
        line = offer.line_ids
        self.assertEqual(line.needs, "certificate")
        with self.assertRaisesRegex(UserError, "certificate"):
            line.with_user(self.users["leader"]).sudo(False).action_book()
        agent = line.with_user(self.users["agent"])
        for day, name, scan in (
            (False, "x.png", SCAN),
            (self.company._cs_today(), "x.png", ""),
            (self.company._cs_today(), "", SCAN),
            ("2099-01-01", "x.png", SCAN),
        ):
            with self.assertRaises(UserError):
                agent.action_certificate_back(day, name, scan)
        self.assertFalse(line.document_id)
        move = self._certificate(line)
        self.assertEqual(move.state, "posted")
        self.assertEqual(move.move_type, "out_refund")
        self.assertEqual(move.amount_total, 200)
        self.assertEqual(move.reversed_entry_id, invoice)
        self.assertEqual(invoice.amount_residual, 800)
        self.assertEqual((line.amount_booked, line.amount_paid), (200, 200))
        self.assertTrue(line.certificate_id.cs_internal)
        self.assertEqual(offer.stage, "settled")

    def test_pressed_often_booked_once(self):
        invoice = self._invoice(1000)
        line = self._approved(("allowance", 200), invoice=invoice).line_ids
        move = self._certificate(line)
        self.assertEqual(self._certificate(line), move)
        line.with_user(self.users["leader"]).sudo(False).action_book()
        line.with_user(self.users["biller"]).sudo(False).action_book()
        self.assertEqual(line.sudo().move_ids, move)

    def test_second_document_refused_by_the_database(self):
        line = self._approved(("compensation", 50)).line_ids
        line.with_user(self.users["leader"]).sudo(False).action_book()
        twin = self._document(line).copy()
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            twin.write({"cs_settlement_line_id": line.id, "cs_settlement_main": True})
            twin.flush_recordset()

    def test_never_more_than_the_invoice(self):
        invoice = self._invoice(300)
        with self.assertRaisesRegex(UserError, "left to credit"):
            self._approved(("allowance", 300.01), invoice=invoice)
        first = self._approved(("allowance", 200), invoice=invoice)
        self._certificate(first.line_ids)
        case = self._accepted()
        with self.assertRaisesRegex(UserError, "left to credit"):
            self._approved(("allowance", 101), invoice=invoice, case=case)

    def test_credited_meanwhile(self):
        """What was free at the approval is looked at again when it is booked."""
        invoice = self._invoice(300)
        line = self._approved(("allowance", 200), invoice=invoice).line_ids
        invoice._reverse_moves([{"invoice_date": invoice.invoice_date}]).action_post()
        with self.assertRaisesRegex(UserError, "left to credit"):
            self._certificate(line)
        self.assertFalse(line.document_id)

    def test_other_customers_invoice(self):
        other = self.env["res.partner"].create({"name": "Li Si"})
        invoice = self._invoice(300, partner=other)
        with self.assertRaisesRegex(UserError, "another customer"):
            self._approved(("allowance", 20), invoice=invoice)

    def test_to_the_cent_with_taxes(self):
        """Totals that price and tax don't reach are settled in the tax."""
        tax = self._tax()
        for amount in (200, 0.04, 0.05, 99.99, 33.33):
            partner = self.env["res.partner"].create({"name": f"P {amount}"})
            case = self._accepted(partner=partner)
            invoice = self._invoice(1000, partner=partner, taxes=tax)
            line = self._approved(
                ("allowance", amount), invoice=invoice, case=case
            ).line_ids
            move = self._certificate(line)
            self.assertAlmostEqual(move.amount_total, amount, 2)
            self.assertAlmostEqual(line.amount_booked, amount, 2)

    def test_taxes_of_the_invoice(self):
        """Two rates on the invoice: the allowance is shared out between them."""
        high, low = self._tax(), self._tax(amount=9.0)
        invoice = self._invoice(100, taxes=high, post=False)
        invoice.write(
            {
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Service",
                            "price_unit": 100,
                            "tax_ids": [Command.set(low.ids)],
                        }
                    )
                ]
            }
        )
        invoice.action_post()
        line = self._approved(("allowance", 22.2), invoice=invoice).line_ids
        move = self._certificate(line)
        self.assertEqual(move.amount_total, 22.2)
        self.assertEqual(move.invoice_line_ids.tax_ids, high + low)

    def test_storno(self):
        """Where red figures are kept, every line of the credit note is red."""
        self.company.account_storno = True
        invoice = self._invoice(1000, taxes=self._tax())
        line = self._approved(("allowance", 113), invoice=invoice).line_ids
        move = self._certificate(line)
        self.assertTrue(all(move.line_ids.mapped("is_storno")))
        self.assertTrue(
            all(item.debit <= 0 and item.credit <= 0 for item in move.line_ids)
        )
        self.assertEqual(line.amount_booked, 113)

    def test_storno_of_the_chart_of_china(self):
        """That chart keeps red figures by itself."""
        charts = self.env["account.chart.template"]
        if "cn" not in charts._get_chart_template_mapping():
            self.skipTest("The chart of China isn't there.")
        if self.company.chart_template != "cn":
            charts.try_loading("cn", self.company)
            self.company._cs_setup_complaint_money()
        self.assertTrue(self.company.account_storno)
        invoice = self._invoice(1000)
        line = self._approved(("allowance", 113), invoice=invoice).line_ids
        items = self._certificate(line).line_ids
        self.assertTrue(all(items.mapped("is_storno")))
        self.assertEqual(sum(items.mapped("debit")), -113)
        self.assertEqual(sum(items.mapped("credit")), -113)

    def test_black_books(self):
        self.company.account_storno = False
        line = self._approved(("allowance", 100), invoice=self._invoice()).line_ids
        move = self._certificate(line)
        self.assertTrue(
            all(item.debit >= 0 and item.credit >= 0 for item in move.line_ids)
        )

    def test_without_invoice(self):
        """The credit stands free: booked, and owed until it is used."""
        line = self._approved(("allowance", 80)).line_ids
        move = self._certificate(line)
        self.assertFalse(move.reversed_entry_id)
        self.assertEqual(
            move.invoice_line_ids.account_id, self.company.cs_allowance_account_id
        )
        self.assertEqual(
            (line.amount_booked, line.amount_paid, line.amount_owed), (80, 0, 80)
        )
        invoice = self._invoice(80)
        (move + invoice).line_ids.filtered(
            lambda item: item.account_id.account_type == "asset_receivable"
        ).reconcile()
        self.assertEqual((line.amount_paid, line.amount_owed), (80, 0))
        self.assertEqual(self.case.settlement_paid, 80)

    def test_compensation(self):
        line = self._approved(("compensation", 120)).line_ids
        with self.assertRaises(AccessError):
            self._rpc("agent", line._name, "action_book", line.ids)
        self._rpc("leader", line._name, "action_book", line.ids)
        payment = line.document_id.origin_payment_id
        self.assertEqual(payment.amount, 120)
        self.assertEqual(payment.partner_id, self.customer)
        self.assertEqual(line.amount_paid, 120)
        cost = line.document_id.line_ids.filtered(
            lambda item: item.account_id == self.company.cs_compensation_account_id
        )
        self.assertEqual(cost.balance, 120)

    def test_refund_of_credit(self):
        case = self._accepted()
        with self.assertRaisesRegex(UserError, "of credit"):
            self._approved(("refund", 50), case=case)
        case = self._accepted()
        allowance = self._approved(("allowance", 80), case=case)
        self._certificate(allowance.line_ids)
        case = self._accepted()
        with self.assertRaisesRegex(UserError, "of credit"):
            self._approved(("refund", 80.01), case=case)
        case = self._accepted()
        line = self._approved(("refund", 50), case=case).line_ids
        line.with_user(self.users["biller"]).sudo(False).action_book()
        self.assertEqual(line.amount_paid, 50)
        self.assertEqual(allowance.line_ids.amount_owed, 30)

    def _credit_entry(self, amount):
        """A posted journal entry that owes the customer something."""
        lines = self._invoice(1).line_ids
        receivable = lines.filtered("amount_residual").account_id
        other = (lines.account_id - receivable)[:1]
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "line_ids": [
                    Command.create(
                        {
                            "account_id": receivable.id,
                            "partner_id": self.customer.id,
                            "credit": amount,
                        }
                    ),
                    Command.create({"account_id": other.id, "debit": amount}),
                ],
            }
        )
        entry.action_post()
        return entry

    def _paid_ahead(self, amount):
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.customer.id,
                "amount": amount,
                "journal_id": self.company.cs_compensation_journal_id.id,
            }
        )
        payment.action_post()
        return payment.move_id

    def test_refund_of_native_credit_only(self):
        """Credit of other entries isn't the customer's to be paid out here."""
        self._credit_entry(90)
        with self.assertRaisesRegex(UserError, "of credit"):
            self._approved(("refund", 50))
        paid = self._paid_ahead(60)
        line = self._approved(("refund", 50), case=self._accepted()).line_ids
        line.with_user(self.users["biller"]).sudo(False).action_book()
        credit = paid.line_ids.filtered(
            lambda item: item.account_id.account_type == "asset_receivable"
        )
        self.assertEqual(credit.amount_residual, -10)

    def test_refund_leaves_credit_of_other_apps(self):
        """What belongs to an account of another app, as its hook says, stays there."""
        paid = self._paid_ahead(60)
        partners = self.registry["res.partner"]
        self.patch(
            partners,
            "_cs_bound_credit",
            lambda _partners: Domain("move_id", "in", paid.ids),
        )
        with self.assertRaisesRegex(UserError, "of credit"):
            self._approved(("refund", 50))

    def test_partial_credit_and_goods(self):
        """Approved 300: 200 of credit and goods for 100."""
        offer = self._approved(
            ("allowance", 200), ("repair", 100), invoice=self._invoice()
        )
        allowance, goods = offer.line_ids
        self._certificate(allowance)
        self.assertEqual(offer.stage, "executing")
        goods.action_id.sudo().state = "closed"
        self.assertEqual(offer.stage, "settled")

    def test_reset_cancel_reverse_opens_it_again(self):
        line = self._approved(("allowance", 100), invoice=self._invoice()).line_ids
        offer = line.settlement_id
        move = self._certificate(line)
        accountant = move.with_user(self.users["biller"]).sudo(False)
        notes = len(self.case.sudo().message_ids)
        accountant.button_draft()
        self.assertEqual((line.amount_booked, offer.stage), (0, "approved"))
        self.assertEqual(line.needs, "post")
        self.assertGreater(len(self.case.sudo().message_ids), notes)
        self.assertTrue(self._points())
        line.with_user(self.users["leader"]).sudo(False).action_book()
        self.assertEqual((self._document(line), offer.stage), (move, "settled"))
        accountant.button_draft()
        accountant.button_cancel()
        self.assertEqual(offer.stage, "approved")
        line.with_user(self.users["leader"]).sudo(False).action_book()
        self.assertNotEqual(self._document(line), move)
        self.assertEqual(offer.stage, "settled")
        second = self._document(line).with_user(self.users["biller"]).sudo(False)
        reversal = second._reverse_moves(cancel=True)
        self.assertEqual(reversal.cs_settlement_line_id, line)
        self.assertEqual((line.amount_booked, offer.stage), (0, "approved"))
        line.with_user(self.users["leader"]).sudo(False).action_book()
        self.assertEqual(line.amount_booked, 100)

    def _points(self):
        return [text for text in self.case._cs_open_points() if "ettlement" in text]

    def test_payment_reset_opens_it_again(self):
        line = self._approved(("compensation", 100)).line_ids
        line.with_user(self.users["leader"]).sudo(False).action_book()
        payment = line.document_id.origin_payment_id
        payment = payment.with_user(self.users["biller"]).sudo(False)
        payment.action_draft()
        self.assertEqual(line.amount_paid, 0)
        line.with_user(self.users["leader"]).sudo(False).action_book()
        self.assertEqual(line.amount_paid, 100)
        payment.action_draft()
        payment.action_cancel()
        self.assertEqual(line.amount_paid, 0)
        line.with_user(self.users["leader"]).sudo(False).action_book()
        self.assertEqual(line.amount_paid, 100)
        self.assertNotEqual(line.document_id.origin_payment_id.id, payment.id)

    def test_accounting_keeps_the_amount(self):
        line = self._approved(("allowance", 100), invoice=self._invoice()).line_ids
        move = self._certificate(line)
        model = "account.move"
        self._rpc("biller", model, "button_draft", move.ids)
        item = move.invoice_line_ids
        for values in (
            {"invoice_line_ids": [Command.update(item.id, {"price_unit": 1})]},
            {"partner_id": self.premises.id},
        ):
            with self.assertRaises(UserError):
                self._rpc("biller", model, "write", move.ids, values)
        with self.assertRaises(UserError):
            self._rpc("biller", model, "unlink", move.ids)
        with self.assertRaises(UserError):
            self._rpc(
                "biller", "account.move.line", "write", item.ids, {"price_unit": 1}
            )

    def test_nobody_forges_the_link(self):
        line = self._approved(("compensation", 100)).line_ids
        model = "account.move"
        values = {"move_type": "entry", "cs_settlement_line_id": line.id}
        with self.assertRaises(UserError):
            self._rpc("biller", model, "create", values)
        context = {"default_cs_settlement_line_id": line.id}
        with self.assertRaises(UserError):
            self._rpc("biller", model, "create", {}, context=context)
        invoice = self._invoice()
        for key in (True, "SETTLEMENT_KEY"):
            with self.assertRaises(UserError):
                self._rpc(
                    "biller",
                    model,
                    "write",
                    invoice.ids,
                    {"cs_settlement_line_id": line.id},
                    context={"cs_settlement_key": key},
                )
        with self.assertRaises(UserError):
            self._rpc(
                "biller",
                "account.payment",
                "create",
                {"amount": 100, "cs_settlement_line_id": line.id},
            )

    def test_begun_is_kept(self):
        """The customer refuses: the paid part stays, the rest is given up."""
        offer = self._approved(("compensation", 100), ("allowance", 50))
        offer.line_ids[0].with_user(self.users["leader"]).sudo(False).action_book()
        with self.assertRaises(UserError):
            offer.line_ids.with_user(self.users["agent"]).write({"note": "x"})
        with self.assertRaises(UserError):
            offer.with_user(self.users["leader"]).action_drop("no")
        self.case.sudo()._cs_settlement_on_refused()
        self.assertEqual(offer.stage, "waived")
        self.assertEqual(self.case._cs_loss_amount(), 100)

    def test_missing_setting_is_named(self):
        self.company.cs_compensation_account_id = False
        offer = self._propose(("compensation", 100))
        with self.assertRaisesRegex(UserError, "Account of Compensations"):
            offer.with_user(self.users["leader2"]).action_choose()

    def test_masked_person_stays_out_of_the_books(self):
        case = self._accepted(masked=True)
        offer = self._propose(("allowance", 10), case=case.sudo(), login="masked")
        with self.assertRaisesRegex(UserError, "masked"):
            offer.sudo()._check_choosable(case.sudo())
        offer = self._propose(("compensation", 10), case=case.sudo(), login="masked")
        offer.sudo().write({"state": "chosen", "chosen_by_id": self.env.uid})
        offer.sudo()._request_approval()
        approval = offer.sudo()._cs_pending_approvals("settlement")
        approval.with_user(self.users["leader"]).sudo(False).action_approve()
        line = offer.sudo().line_ids
        line.with_user(self.users["biller"]).sudo(False).action_book()
        moves = line.document_id
        self.assertEqual(moves.partner_id, self.company.cs_masked_partner_id)
        texts = str(moves.read()) + str(moves.line_ids.read())
        texts += str(moves.origin_payment_id.read())
        self.assertNotIn(self.customer.name, texts)
        self.assertNotIn(self.customer, moves.line_ids.partner_id)

    def test_month_ties_to_the_ledger(self):
        """To the cent, also with a reversal; an entry changed behind our back shows."""
        allowance = self._approved(
            ("allowance", 33.33), invoice=self._invoice(taxes=self._tax())
        ).line_ids
        self._certificate(allowance)
        paid = self._approved(("compensation", 120), case=self._accepted()).line_ids
        paid.with_user(self.users["leader"]).sudo(False).action_book()
        check = self.env["cs.complaint.month.check"].with_user(self.users["biller"])
        check = check.sudo(False)
        today = self.company._cs_today()
        rows = {row["kind"]: row for row in check._cs_month_check(self.company, today)}
        self.assertEqual(rows["allowance"]["documents"], 33.33)
        self.assertEqual(rows["allowance"]["ledger"], 33.33)
        self.assertEqual(rows["compensation"]["ledger"], 120)
        self.assertFalse(any(row["difference"] for row in rows.values()))
        self._document(allowance)._reverse_moves(cancel=True)
        rows = {row["kind"]: row for row in check._cs_month_check(self.company, today)}
        self.assertEqual(rows["allowance"]["count"], 2)
        self.assertEqual(rows["allowance"]["documents"], 0)
        self.assertEqual(rows["allowance"]["ledger"], 0)
        self.cr.execute(
            "UPDATE account_move_line SET balance = balance + 1 WHERE move_id = %s",
            [paid.document_id.id],
        )
        rows = {row["kind"]: row for row in check._cs_month_check(self.company, today)}
        self.assertTrue(rows["compensation"]["difference"])
        with self.assertRaises(AccessError):
            self._rpc("agent", "cs.complaint.month.check", "create", {})

    def test_certificate_on_paper(self):
        line = self._approved(("allowance", 20), invoice=self._invoice()).line_ids
        line.with_user(self.users["agent"]).action_print_certificate()
        reports = self.env["ir.actions.report"].with_user(self.users["agent"])
        html, _kind = reports._render_qweb_html(
            "cs_complaint.cs_complaint_certificate_page", line.ids
        )
        text = html.decode()
        self.assertIn(line.name, text)
        self.assertIn(self.customer.name, text)
        self.assertNotIn("rained in", text, "the reason is internal")
        fresh = self._propose(("allowance", 5), case=self._accepted())
        with self.assertRaises(UserError):
            fresh.line_ids.action_print_certificate()

from odoo.tests import freeze_time, tagged

from .common import DAY, StatementCommon


@tagged("post_install", "-at_install", "gas_statement")
class TestTextMatching(StatementCommon):
    """Each trap first shows whom stock matching would have paid."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stranger = cls.env["res.partner"].create({"name": "某某建材有限公司"})
        # else stock matching finds the transaction's own line beside the stranger's
        cls.bank.default_account_id.reconcile = False

    def close_all_but(self, *bills):
        """Leave only these open: stock matching wants exactly one that fits."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move_line SET reconciled = true WHERE NOT id = ANY(%s)",
            [[bill.move_line_id.id for bill in bills]],
        )
        self.env.invalidate_all()

    def assertPaysNobody(self, line):
        self.assertFalse(line.is_reconciled)
        self.assertEqual(
            self.bill_1.move_line_id.amount_residual, self.bill_1.amount_total
        )

    @freeze_time(DAY)
    def test_one_digit_pays_no_stranger(self):
        self.close_all_but(self.bill_1)
        line = self.import_line("1", 77)
        self.assertEqual(self.find_as_shipped(line), self.bill_1.move_line_id.ids)
        self.assertPaysNobody(line)

    @freeze_time(DAY)
    def test_one_digit_with_the_right_amount_pays_no_stranger(self):
        self.close_all_but(self.bill_1)
        line = self.import_line("1", self.bill_1.amount_total)
        self.assertEqual(self.find_as_shipped(line), self.bill_1.move_line_id.ids)
        self.assertPaysNobody(line)

    @freeze_time(DAY)
    def test_empty_texts_and_wildcards_pay_nobody(self):
        self.close_all_but(self.bill_1)
        for text in ("", " ", "%", "_", "_____", "%%%%%%", "/"):
            with self.subTest(text=text):
                line = self.import_line(text, self.bill_1.amount_total)
                if text != " ":
                    self.assertEqual(
                        self.find_as_shipped(line), self.bill_1.move_line_id.ids
                    )
                self.assertPaysNobody(line)

    @freeze_time(DAY)
    def test_a_bill_is_never_paid_by_text(self):
        """Not even by the whole number of its entry and the exact amount."""
        self.close_all_but(self.bill_1)
        text = self.bill_1.move_id.name
        line = self.import_line(text, self.bill_1.amount_total)
        self.assertEqual(self.find_as_shipped(line), self.bill_1.move_line_id.ids)
        self.assertPaysNobody(line)

    @freeze_time(DAY)
    def test_a_partner_match_pays_no_gas_bill(self):
        self.close_all_but(self.bill_1)
        line = self.import_line(
            self.bill_1.move_id.ref,
            self.bill_1.amount_total,
            partner_id=self.account.partner_id.id,
        )
        self.assertPaysNobody(line)

    @freeze_time(DAY)
    def test_a_hall_transfer_is_never_paid_by_text(self):
        receipt = self.collect(method="transfer", tendered=120.15, reference="1")
        transit = receipt.payment_id.move_id.line_ids.filtered("debit")
        line = self.import_line(receipt.payment_id.move_id.name, 120.15)
        self.assertEqual(self.find_as_shipped(line), transit.ids)
        self.assertFalse(line.is_reconciled)
        self.assertFalse(transit.reconciled)

    @freeze_time(DAY)
    def test_a_fragment_with_another_amount_pays_nobody(self):
        invoice = self.make_invoice(500, "HT-2026-0815")
        item = invoice.line_ids.filtered("date_maturity")
        line = self.import_line("2026-0815", 77)
        self.assertEqual(self.find_as_shipped(line), item.ids)
        self.assertFalse(line.is_reconciled)
        self.assertEqual(item.amount_residual, 500)

    @freeze_time(DAY)
    def test_a_reference_with_its_amount_is_paid(self):
        """What is right stays automatic."""
        invoice = self.make_invoice(500, "HT-2026-0815")
        line = self.import_line("ht-2026-0815", 500)
        self.assertTrue(line.is_reconciled)
        self.assertEqual(invoice.payment_state, "paid")

    @freeze_time(DAY)
    def test_a_transaction_does_not_find_itself(self):
        """The chart cn lets bank accounts be matched."""
        self.bank.default_account_id.reconcile = True
        line = self.import_line("HT-2026-0815", 500, ref="HT-2026-0815")
        self.assertFalse(line.is_reconciled)
        invoice = self.make_invoice(500, "HT-2026-0815")
        line = self.import_line("HT-2026-0815", 500, ref="HT-2026-0815")
        self.assertTrue(line.is_reconciled)
        self.assertEqual(invoice.payment_state, "paid")

    @freeze_time(DAY)
    def test_two_items_that_fit_are_left_to_a_person(self):
        for _number in range(2):
            self.make_invoice(500, "HT-2026-0815")
        self.assertFalse(self.import_line("HT-2026-0815", 500).is_reconciled)


@tagged("post_install", "-at_install", "gas_statement")
class TestPayer(StatementCommon):
    """Who paid is found by the whole name or account number only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stranger = cls.env["res.partner"].create({"name": "王小明酒楼"})

    @freeze_time(DAY)
    def test_a_piece_of_a_name_is_nobody(self):
        for text in ("王", "小明", "酒楼", "%", "_"):
            with self.subTest(text=text):
                line = self.import_line("货款", 10, partner_name=text)
                self.assertFalse(line.partner_id)

    @freeze_time(DAY)
    def test_the_whole_name(self):
        line = self.import_line("货款", 10, partner_name="王小明酒楼")
        self.assertEqual(line.partner_id, self.stranger)

    @freeze_time(DAY)
    def test_namesakes_are_nobody(self):
        self.stranger.copy({"name": "王小明酒楼"})
        line = self.import_line("货款", 10, partner_name="王小明酒楼")
        self.assertFalse(line.partner_id)

    @freeze_time(DAY)
    def test_account_numbers(self):
        self.env["res.partner.bank"].create(
            {"partner_id": self.stranger.id, "acc_number": "6222 0000 1111 2222"}
        )
        for number, found in (
            ("6222000011112222", True),
            ("2222", False),
            ("622200001111222", False),
        ):
            with self.subTest(number=number):
                line = self.import_line("货款", 10, account_number=number)
                self.assertEqual(bool(line.partner_id), found)

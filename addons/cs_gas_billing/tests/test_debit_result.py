import base64
import json

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .debit_common import ANSWERED_ON, LATE, SENT_ON, DebitCommon


@tagged("post_install", "-at_install", "gas_debit")
class TestDebitResult(DebitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sent = cls.batch()
        cls.content = cls.answer(cls.sent)

    def assertWholeRefused(self, content, code, **options):
        """The whole file is refused, says why, and nothing at all is booked."""
        moves = self.env["account.move"].search_count([])
        result = self.load_result(content, **options)
        self.assertEqual(result.state, "refused", result.message)
        self.assertEqual(result.line_ids.code, code)
        self.assertTrue(result.message)
        with self.assertRaises(UserError):
            result.with_user(self.users["clerk"]).action_import()
        self.assertEqual(self.env["account.move"].search_count([]), moves)
        return result

    def check_untouched(self):
        self.assertEqual(set(self.sent.line_ids.mapped("state")), {"sent"})
        self.assertEqual(len(self.bills.debit_line_id), len(self.bills))

    def test_same_file_twice(self):
        self.load_result(self.content)
        total = self.transit().amount_residual
        again = self.assertWholeRefused(self.content, "TWIN")
        self.assertIn("result.txt", again.message)
        self.assertEqual(self.transit().amount_residual, total)

    def test_same_answers_in_another_file(self):
        self.load_result(self.content)
        moves = self.env["account.move"].search_count([])
        again = self.load_result(self.content + b"\r\n")
        self.assertEqual(set(again.line_ids.mapped("code")), {"ANSWERED"})
        self.assertEqual(again.duplicate_count, 4)
        self.assertEqual(self.env["account.move"].search_count([]), moves)

    def test_truncated(self):
        self.assertWholeRefused(self.content[:-40], "TRAILER")
        lines = self.content.split(b"\r\n")
        self.assertWholeRefused(b"\r\n".join(lines[:3]), "TRAILER")
        self.assertWholeRefused(b"\r\n".join(lines[:2] + lines[4:]), "COUNT")
        self.assertWholeRefused(b"\r\n", "UNREADABLE")
        self.check_untouched()

    def test_wrong_total(self):
        cents = f"{round(self.sent.line_ids[0].amount * 100):012d}".encode()
        wrong = self.content.replace(cents, b"000000000001", 1)
        self.assertWholeRefused(wrong, "SUM")
        self.check_untouched()

    def test_wrong_batch_and_profile(self):
        other_accounts = self.make_debit_accounts(1, first=41)
        self.read_meters({41: 1050})
        with freeze_time(SENT_ON):
            self.bill()
        other = self.batch(moment=ANSWERED_ON)
        self.assertEqual(other.line_ids.account_id, other_accounts)
        fault = self.assertWholeRefused(self.content, "BATCH", batch=other)
        self.assertIn(self.sent.name, fault.message)
        unknown = self.content.replace(self.sent.name.encode(), b"DK99110001")
        self.assertWholeRefused(unknown, "NOBATCH")
        delimited = self.profiles - self.profile
        record = self.env["gas.debit.result"].create(
            {
                "file": base64.b64encode(self.content),
                "filename": "x.txt",
                "profile_id": delimited.id,
            }
        )
        record.action_check()
        self.assertEqual(record.state, "refused")
        self.check_untouched()

    def test_locked_period_and_future(self):
        self.assertWholeRefused(self.answer(self.sent, day="2026-11-06"), "FUTURE")
        self.company.sudo().fiscalyear_lock_date = "2026-11-04"
        fault = self.assertWholeRefused(self.content, "LOCKED")
        self.assertIn("2026-11-04", fault.message)
        self.company.sudo().fiscalyear_lock_date = False
        self.check_untouched()

    def replace_line(self, content, number, old, new):
        lines = content.split(b"\r\n")
        self.assertIn(old, lines[number - 1])
        lines[number - 1] = lines[number - 1].replace(old, new)
        return b"\r\n".join(lines)

    def test_faulty_lines_are_told_and_the_others_go_in(self):
        """Foreign account, unknown code and reference; the totals still agree."""
        first, second, third, _fourth = self.sent.sudo().line_ids
        content = self.replace_line(
            self.content, 1, first.account_number.encode(), b"6222099999999999999"
        )
        content = self.replace_line(content, 2, b"0000202611", b"7777202611")
        content = self.replace_line(
            content, 3, third.ref.encode(), f"{self.sent.name}000099".encode()
        )
        result = self.load_result(content)
        codes = {line.row: line.code for line in result.line_ids}
        self.assertEqual(codes, {1: "ACCOUNT", 2: "CODE", 3: "UNKNOWN", 4: False})
        self.assertEqual((result.ok_count, result.rejected_count), (1, 3))
        self.assertEqual(self.sent.state, "answered")
        self.assertEqual(second.state, "sent")
        self.assertTrue(all(line.message for line in result.problem_ids))
        self.assertNotIn("9999999999", result.line_ids[0].message, "masked")

    def test_unknown_code_is_mended_later(self):
        content = self.replace_line(self.content, 2, b"0000202611", b"7777202611")
        result = self.load_result(content)
        self.assertEqual((result.ok_count, result.rejected_count), (3, 1))
        self.assertWholeRefused(content, "TWIN")
        self.profile.code_ids = [(0, 0, {"code": "7777", "outcome": "retry"})]
        with freeze_time(ANSWERED_ON):
            clerk = result.with_user(self.users["clerk"])
            clerk.action_recheck()
            self.assertEqual((result.state, result.rejected_count), ("checked", 0))
            clerk.action_import()
            with self.assertRaises(UserError):
                clerk.action_recheck()
        self.assertEqual(result.refused_count, 1)
        self.assertEqual(self.sent.state, "closed")
        [item] = self.transit()
        self.assertEqual(item.amount_residual, self.sent.amount_accepted)

    def test_amount_is_compared(self):
        first, second = self.sent.sudo().line_ids[:2]
        one = f"{round(first.amount * 100):012d}".encode()
        two = f"{round(second.amount * 100):012d}".encode()
        content = self.replace_line(self.content, 1, one, two)
        content = self.replace_line(content, 2, two, one)
        result = self.load_result(content)
        self.assertEqual(
            [line.code for line in result.line_ids[:2]], ["AMOUNT", "AMOUNT"]
        )
        self.assertIn(f"{first.amount:.2f}", result.line_ids[0].message)

    def test_line_twice_in_the_file(self):
        line = self.sent.sudo().line_ids[:1]
        double = self.answer(self.sent, rows=line)
        rows = double.split(b"\r\n")
        cents = round(line.amount * 100)
        total = rows[1].replace(b"00000001", b"00000002", 1)
        total = total.replace(f"{cents:014d}".encode(), f"{cents * 2:014d}".encode())
        content = b"\r\n".join([rows[0], rows[0], total, b""])
        result = self.load_result(content)
        self.assertEqual(result.line_ids.mapped("state"), ["ok", "duplicate"])
        self.assertEqual(self.transit().amount_residual, line.amount)

    def test_rare_name_and_odd_bytes(self):
        self.sent.with_user(self.users["manager"]).action_cancel("重送")
        self.account.mandate_ids.holder = "𠮷田㛃英买买提·阿不都热合曼江"
        batch = self.batch(moment=ANSWERED_ON)
        with freeze_time(ANSWERED_ON):
            content = self.answer(batch, day="2026-11-05")
        self.assertIn("𠮷田".encode("gb18030"), content)
        broken = bytearray(content)
        broken[54] = 0xC0  # the bank cut the name inside a character
        result = self.load_result(bytes(broken))
        self.assertEqual((result.state, result.ok_count), ("done", 4))

    def test_delimited_profile(self):
        self.sent.with_user(self.users["manager"]).action_cancel("换格式")
        delimited = self.profiles - self.profile
        batch = self.batch(profile=delimited, moment=ANSWERED_ON)
        content = base64.b64decode(batch.sudo().with_context(bin_size=False).file)
        self.assertEqual(content.decode().splitlines()[0].split("|")[0], batch.name)
        self.assertEqual(batch.filename, f"{batch.name}_20261105.csv")
        result = self.load_result(
            self.answer(batch, {self.account: "1001"}, day="2026-11-05")
        )
        self.assertEqual(result.profile_id, delimited, result.message)
        self.assertEqual((result.ok_count, result.refused_count), (3, 1))
        self.assertEqual(self.transit(delimited).amount_residual, batch.amount_accepted)

    def test_late_answer_of_another_file(self):
        """Two files that were checked before one of them was taken over."""
        first = self.load_result(self.content, import_it=False)
        second = self.load_result(self.content + b" ", import_it=False)
        with freeze_time(ANSWERED_ON):
            first.action_import()
            second.action_import()
        self.assertEqual((second.ok_count, second.duplicate_count), (0, 4))
        self.assertEqual(self.transit().amount_residual, self.sent.amount_total)

    def test_replaced_file_is_noticed(self):
        result = self.load_result(self.content, import_it=False)
        with self.assertRaises(UserError):
            result.with_user(self.users["clerk"]).batch_id = False
        self.env["ir.attachment"].search(
            [
                ("res_model", "=", "gas.debit.result"),
                ("res_id", "=", result.id),
                ("res_field", "=", "file"),
            ]
        ).raw = b"other"
        with self.assertRaises(UserError):
            result.action_import()

    def test_in_the_background(self):
        self.company.gas_inline_limit = 0
        self.company.gas_chunk_size = 1
        result = self.load_result(self.content)
        self.assertEqual((result.state, result.done_count), ("importing", 0))
        with freeze_time(ANSWERED_ON):
            worker = result._as_worker()
            self.assertEqual(worker._work_chunk(), 1)
            self.assertEqual(result.progress, 25)
            self.assertEqual(self.sent.state, "sent")
            with self.assertRaises(UserError):
                self.sent.with_user(self.users["manager"]).action_cancel("x")
            while worker._work_chunk():
                pass
        self.assertEqual((result.state, self.sent.state), ("done", "closed"))
        [item] = self.transit()
        self.assertEqual(item.amount_residual, self.sent.amount_total)

    def test_fault_in_the_background_can_go_on(self):
        self.company.gas_inline_limit = 0
        self.company.gas_chunk_size = 2
        result = self.load_result(self.content)
        with freeze_time(ANSWERED_ON):
            worker = result._as_worker()
            worker._work_chunk()
            self.company.sudo().fiscalyear_lock_date = "2026-11-04"
            worker._work_chunk()
            self.assertEqual(result.state, "checked")
            self.assertIn("2026-11-04", result.message)
            self.assertEqual(self.sent.accepted_count, 2)
            self.company.sudo().fiscalyear_lock_date = False
            result.action_import()
            while worker._work_chunk():
                pass
        self.assertEqual(result.state, "done")
        [item] = self.transit()
        self.assertEqual(item.amount_residual, self.sent.amount_total)

    def test_cancelled_bill_leaves_the_money_as_credit(self):
        """A bill may be billed again while it is at the bank."""
        bill = self.account.bill_ids
        run = self.env["gas.bill.run"].search([], order="id desc", limit=1)
        with freeze_time(SENT_ON):
            self.env["gas.bill.reverser"].sudo()._reverse(run, bill)
        self.load_result(self.content)
        self.assertEqual(self.account.amount_credit, bill.amount_total)
        self.assertEqual(self.sent.state, "closed")

    def test_money_of_a_cancelled_bill_pays_the_next(self):
        bill = self.account.bill_ids
        with freeze_time("2026-11-20 02:00:00"):
            self.read_meters({1: 1085}, day="2026-11-20", previous=1045)
            self.bill(period="2026-11", first="2026-10-20", last="2026-11-20")
            run = self.env["gas.bill.run"].search([], order="id desc", limit=1)
            self.env["gas.bill.reverser"].sudo()._reverse(run, bill)
        later = self.account.bill_ids - bill
        self.assertEqual(later.amount_residual, 106.8)
        content = self.answer(self.sent, day="2026-11-22")
        self.load_result(content, moment="2026-11-22 02:00:00")
        self.assertEqual(later.amount_residual, 0)
        self.assertEqual(self.account.amount_credit, 13.35)

    def test_queries_do_not_grow_with_lines(self):
        self.make_debit_accounts(24, first=101)
        with freeze_time(SENT_ON):
            self.read_meters({number: 1040 for number in range(101, 125)})
            self.bill()
        big = self.batch(moment=ANSWERED_ON)
        counts = []
        for batch in (self.sent, big):
            codes = {line.account_id: "1001" for line in batch.line_ids[:2]}
            content = self.answer(batch, codes, day="2026-11-05")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            result = self.load_result(content)
            self.assertEqual(result.state, "done", result.message)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLess(counts[1] - counts[0], 20, counts)


@tagged("post_install", "-at_install", "gas_debit")
class TestBankProfile(DebitCommon):
    COUNT = 1

    def test_samples_are_made_once(self):
        self.assertEqual(len(self.profiles), 2)
        self.env["gas.setup"]._setup_company(self.company)
        self.assertEqual(
            self.env["gas.bank.profile"].search_count(
                [("company_id", "=", self.company.id)]
            ),
            2,
        )
        for profile in self.profiles:
            self.assertTrue(profile.preview)
            self.assertEqual(
                profile.with_user(self.users["clerk"]).action_try()["params"]["type"],
                "success",
            )
            self.assertIn(
                "120.15" if profile.kind == "delimited" else "012015", profile.preview
            )

    def test_what_is_wrong_is_said(self):
        details = self.profile.field_ids.filtered(lambda f: f.section == "detail")
        cases = [
            {"field_ids": [(2, details.filtered(lambda f: f.source == "ref").id)]},
            {"field_ids": [(1, details[0].id, {"width": 0})]},
            {"field_ids": [(1, details[0].id, {"width": 5})]},
            {"field_ids": [(1, details[1].id, {"source": "text"})]},
            {"field_ids": [(1, details[1].id, {"source": "constant", "value": ""})]},
            {"code_ids": [(5,)]},
            {"file_name": "{bank}.txt"},
            {"kind": "delimited", "delimiter": ""},
            {"kind": "delimited", "delimiter": "|", "quote": "|"},
        ]
        for values in cases:
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self.profile.with_user(self.users["manager"]).write(values)
                self.env.flush_all()

    def test_exchange(self):
        text = json.dumps(self.profile._export(), ensure_ascii=False)
        manager = self.env["gas.bank.profile"].with_user(self.users["manager"])
        copy = manager.browse(manager.load_json(text))
        self.assertEqual(copy._get_spec(), self.profile._get_spec())
        self.assertEqual(copy._get_codes(), self.profile._get_codes())
        for bad in (
            "x",
            "[]",
            "{}",
            '{"name": "x", "fields": [], "codes": [], "a": 1}',
        ):
            with self.assertRaises(UserError):
                manager.load_json(bad)
        with self.assertRaises(AccessError):
            self.env["gas.bank.profile"].with_user(self.users["clerk"]).load_json(text)
        url = copy.action_export()["url"]
        attachment = int(url.split("/")[3].partition("?")[0])
        self.assertEqual(
            json.loads(self.env["ir.attachment"].browse(attachment).raw)["kind"],
            "fixed",
        )

    def test_loaded_from_a_file(self):
        text = json.dumps(self.profile._export(), ensure_ascii=False)
        wizard = self.env["gas.bank.profile.load"].with_user(self.users["manager"])
        action = wizard.create({"file": base64.b64encode(text.encode())}).action_load()
        copy = self.env["gas.bank.profile"].browse(action["res_id"])
        self.assertEqual(copy._get_spec(), self.profile._get_spec())
        with self.assertRaises(UserError):
            wizard.create({"file": base64.b64encode(b"\xff\xfe")}).action_load()

    def test_copy_keeps_fields_and_codes(self):
        copy = self.profile.copy({"name": "另一家"})
        self.assertEqual(copy._get_spec(), self.profile._get_spec())

    def test_batch_date_instead_of_the_file(self):
        self.profile.posting_date = "batch"
        batch = self.batch()
        self.load_result(self.answer(batch), moment=LATE)
        self.assertEqual(str(self.transit().date), "2026-11-02")

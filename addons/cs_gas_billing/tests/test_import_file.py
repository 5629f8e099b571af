"""What people upload: bad files get a clear message, good rows go in."""

import base64
import io
from unittest.mock import patch

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import CUSTOMER_HEADER, READING_HEADER, GasCommon


@tagged("post_install", "-at_install")
class TestImportFile(GasCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accounts = cls.make_accounts(6)

    def rows(self, *changes):
        """Six good rows, one of them changed by each of ``changes``."""
        rows = [self.reading_row(number, 1040) for number in range(1, 7)]
        for row, change in zip(rows, changes, strict=False):
            row.update(change)
        return rows

    def check(self, data, filename="r.csv", **values):
        record = (
            self.env["gas.reading.import"]
            .with_user(self.users["clerk"])
            .create({"file": base64.b64encode(data), "filename": filename, **values})
        )
        record.action_check()
        return record

    def check_rows(self, *changes, encoding="utf-8"):
        return self.check(self.to_csv(READING_HEADER, self.rows(*changes), encoding))

    def assertRefused(self, record, code, *words):
        self.assertEqual(record.state, "refused", record.message)
        self.assertEqual(record.line_ids.mapped("code"), [code])
        for word in words:
            self.assertIn(word, record.message)
        with self.assertRaises(UserError):
            record.action_import()
        self.assertFalse(record.reading_ids)

    def assertRow(self, record, row, state, code, *words):
        line = record.line_ids.filtered(lambda line: line.row == row)
        self.assertEqual((line.state, line.code), (state, code), line.message)
        for word in words:
            self.assertIn(word, line.message)

    # === ENCODING ===#

    def test_encodings(self):
        for encoding in ("gb18030", "utf-8", "utf-8-sig", "utf-16"):
            record = self.check_rows(encoding=encoding)
            self.assertEqual((record.ok_count, record.state), (6, "checked"), encoding)

    def test_wrong_encoding(self):
        profile = self.env["gas.import.profile"].create(
            {"name": "UTF-8 only", "encoding": "utf-8"}
        )
        data = self.to_csv(READING_HEADER, self.rows(), "gb18030")
        record = self.check(data, profile_id=profile.id)
        self.assertRefused(record, "ENCODING", "utf-8")

    def test_broken_byte_costs_one_row(self):
        data = self.to_csv(READING_HEADER, self.rows(), "gb18030")
        record = self.check(data.replace(b"T000001,", b"T00\xff0001,", 1))
        self.assertEqual((record.ok_count, record.rejected_count), (5, 1))
        self.assertRow(record, 2, "rejected", "ENCODING", "用户编号")

    # === COLUMNS ===#

    def test_missing_and_renamed_columns(self):
        header = [name for name in READING_HEADER if name != "本期读数"]
        record = self.check(self.to_csv(header, self.rows()))
        self.assertRefused(record, "COLUMN", "本期读数", "抄表日期")
        renamed = self.to_csv(READING_HEADER, self.rows()).decode()
        renamed = renamed.replace("本期读数", "止码").encode()
        self.assertRefused(self.check(renamed), "COLUMN", "本期读数", "止码")
        profile = self.env["gas.import.profile"].create(
            {
                "name": "Old handheld",
                "column_ids": [
                    (0, 0, {"heading": "止码", "target": "value"}),
                ],
            }
        )
        self.assertEqual(self.check(renamed, profile_id=profile.id).ok_count, 6)

    def test_a_refused_file_can_be_tried_with_a_profile(self):
        data = self.to_csv(READING_HEADER, self.rows()).decode()
        record = self.check(data.replace("用户编号", "编号").encode())
        self.assertEqual(record.state, "refused")
        profile = self.env["gas.import.profile"].create(
            {
                "name": "Old handheld",
                "column_ids": [(0, 0, {"heading": "编号", "target": "account"})],
            }
        )
        record.profile_id = profile
        self.assertEqual((record.state, record.rejected_count), ("draft", 0))
        self.assertFalse(record.line_ids)
        record.action_check()
        self.assertEqual((record.state, record.ok_count), ("checked", 6))

    def test_other_order_extra_and_double_columns(self):
        header = ["备注", "天气", *reversed(READING_HEADER[:-1])]
        rows = [{**row, "天气": "晴"} for row in self.rows()]
        self.assertEqual(self.check(self.to_csv(header, rows)).ok_count, 6)
        double = self.to_csv(READING_HEADER, self.rows()).decode()
        double = double.replace("备注", "本期读数").encode()
        self.assertRefused(self.check(double), "COLUMN", "本期读数")

    def test_longer_and_shorter_rows(self):
        text = self.to_csv(READING_HEADER, self.rows()).decode().splitlines()
        text[1] = text[1].replace("1040", "1,040") + "dog"
        text[2] = "T000002,TM000002"
        text[3] = text[3].rsplit(",", 2)[0]  # without reader and note
        text[4] += ",,,"
        record = self.check("\r\n".join([*text, "", " ,,", ""]).encode())
        self.assertRow(record, 2, "rejected", "COLUMN", "8", "7")
        self.assertRow(record, 3, "rejected", "COLUMN", "2")
        self.assertEqual((record.ok_count, record.line_count), (4, 6))

    def test_quotes(self):
        text = self.to_csv(READING_HEADER, self.rows({"备注": "a\nb, c"})).decode()
        record = self.check(text.encode())
        self.assertEqual(record.ok_count, 6)
        self.assertEqual(record.line_ids[5].row, 7)
        broken = self.to_csv(READING_HEADER, self.rows()).decode().splitlines()
        broken[1] += '"note without end'
        record = self.check("\n".join(broken).encode())
        self.assertRow(record, 2, "rejected", "QUOTE")
        self.assertEqual((record.ok_count, record.rejected_count), (5, 1))

    # === VALUES ===#

    def test_values(self):
        record = self.check_rows(
            {"抄表日期": "2026/13/45"},
            {"本期读数": "1O5"},
            {"本期读数": "-5"},
            {"本期读数": "１０４０"},
            {"用户编号": "NOBODY"},
            {"表号": "TM999999"},
        )
        self.assertRow(record, 2, "rejected", "DATE", "抄表日期", "2026/13/45")
        self.assertRow(record, 3, "rejected", "NUMBER", "本期读数", "1O5")
        self.assertRow(record, 4, "rejected", "NUMBER", "本期读数", "-5")
        self.assertRow(record, 5, "ok", "WIDE")
        self.assertRow(record, 6, "rejected", "ACCOUNT", "NOBODY")
        self.assertRow(record, 7, "rejected", "METER", "TM999999")
        self.assertEqual((record.ok_count, record.rejected_count), (1, 5))

    def test_absurd_values(self):
        record = self.check_rows(
            {"本期读数": "100000"},  # five digits show at most 99999
            {"本期读数": "1040.1234"},
            {"本期读数": "9" * 30},
            {"抄表日期": "2226-10-20"},
            {"抄表日期": "2026-09-20"},  # the day of the opening reading
            {"本期读数": "", "抄表日期": ""},
        )
        self.assertRow(record, 2, "rejected", "NUMBER", "100000")
        self.assertRow(record, 3, "rejected", "NUMBER", "1040.1234")
        self.assertRow(record, 4, "rejected", "NUMBER")
        self.assertRow(record, 5, "rejected", "DATE")
        self.assertRow(record, 6, "rejected", "DATE", "2026-09-20")
        self.assertRow(record, 7, "rejected", "UNREAD")

    def test_a_future_date_depends_on_the_setting(self):
        self.company.gas_future_days = 0
        day = self.company._cs_today().replace(year=2099).isoformat()
        record = self.check_rows({"抄表日期": day})
        self.assertRow(record, 2, "rejected", "DATE", "2099")

    def test_a_meter_of_another_account(self):
        record = self.check_rows({"表号": "TM000002"})
        self.assertRow(record, 2, "rejected", "METER", "TM000002", "T000001")

    # === FILES ===#

    def test_files_that_are_no_table(self):
        self.assertRefused(self.check(b""), "EMPTY")
        self.assertRefused(self.check("用户编号,表号\n".encode()), "EMPTY")
        self.assertRefused(self.check(b"%PDF-1.7 ...", "r.csv"), "FORMAT", "PDF")
        self.assertRefused(self.check(b"PK\x03\x04 broken", "r.xlsx"), "FORMAT")

    def test_limits_are_named_and_come_before_parsing(self):
        self.company.gas_import_max_lines = 5
        self.assertRefused(self.check_rows(), "LIMIT", "5")
        self.company.gas_import_max_mb = 1
        with patch.object(
            type(self.env["gas.reading.checker"]), "_check", side_effect=AssertionError
        ):
            record = self.check(b"x" * (1024 * 1024 + 1))
        self.assertRefused(record, "LIMIT", "1 MB")

    def test_spreadsheet_with_formulas(self):
        book = openpyxl.Workbook()
        book.active.append(READING_HEADER)
        for row in self.rows():
            book.active.append([row[name] for name in READING_HEADER])
        book.active["D2"] = "=C2+40"
        buffer = io.BytesIO()
        book.save(buffer)
        record = self.check(buffer.getvalue(), "r.xlsx")
        self.assertRow(record, 2, "rejected", "FORMULA", "本期读数")
        self.assertEqual(record.ok_count, 5)

    # === NOTHING HALF-DONE, NOTHING TWICE ===#

    def test_the_same_file_and_the_same_lines_twice(self):
        data = self.to_csv(READING_HEADER, [*self.rows(), *self.rows()[:2]])
        first = self.load("gas.reading.import", data)
        self.assertEqual((first.ok_count, first.duplicate_count), (6, 2))
        self.assertEqual(len(first.reading_ids), 6)
        first.action_import()
        again = self.load("gas.reading.import", data)
        self.assertEqual((again.ok_count, again.duplicate_count), (0, 8))
        self.assertIn(first.name, again.message)
        self.assertFalse(again.reading_ids)
        more = self.load("gas.reading.import", data + b"\n")
        self.assertEqual(set(more.line_ids.mapped("code")), {"KNOWN"})
        self.assertFalse(more.reading_ids)

    def test_a_corrected_line_does_not_come_back_with_its_file(self):
        data = self.to_csv(READING_HEADER, self.rows({"本期读数": "990"}))
        first = self.load("gas.reading.import", data)
        held = first.reading_ids.filtered(lambda r: r.state == "held")
        held.with_user(self.users["clerk"]).action_correct(1030, "misread")
        again = self.load("gas.reading.import", data)
        self.assertEqual((again.ok_count, again.duplicate_count), (0, 6))

    def test_an_exception_leaves_nothing(self):
        record = self.check_rows()
        target = type(self.env["gas.reading.task"])
        with (
            self.assertRaises(ZeroDivisionError),
            self.env.cr.savepoint(),
            patch.object(target, "_raise", side_effect=ZeroDivisionError),
        ):
            record.action_import()
        self.env.invalidate_all()
        self.assertEqual(record.state, "checked")
        self.assertFalse(record.reading_ids)

    def test_a_file_replaced_after_the_check(self):
        record = self.check_rows()
        other = base64.b64encode(b"something else")
        with self.assertRaises(UserError):
            record.file = other
        attachment = self.env["ir.attachment"].search(
            [
                ("res_model", "=", record._name),
                ("res_id", "=", record.id),
                ("res_field", "=", "file"),
            ]
        )
        attachment.datas = other
        record.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "replaced"):
            record.action_import()

    def test_a_reading_between_check_and_import(self):
        record = self.check_rows()
        self.read_meters({1: 1033}, day="2026-10-19")
        with self.assertRaisesRegex(UserError, "2"):
            record.action_import()
        record.action_check()
        record.action_import()
        self.assertEqual(record.state, "done")

    # === RIGHTS ===#

    def test_nothing_from_outside(self):
        imports = self.env["gas.reading.import"].with_user(self.users["manager"])
        file = base64.b64encode(self.to_csv(READING_HEADER, self.rows()))
        good = {"file": file, "name": "x"}
        for values in (
            {"state": "done"},
            {"ok_count": 5},
            {"file_hash": "x"},
            {"message": "fine"},
            {"line_ids": [(0, 0, {"row": 1, "state": "ok"})]},
            {"reading_ids": [(0, 0, {"value": 1})]},
        ):
            with self.assertRaises(UserError, msg=values):
                imports.create({**good, **values})
        forged = imports.with_context(default_state="done", default_ok_count=9)
        record = forged.create(good)
        self.assertEqual((record.state, record.ok_count), ("draft", 0))
        for values in ({"state": "checked"}, {"rejected_count": 0}):
            with self.assertRaises(UserError):
                record.write(values)
        result = imports.load(["name", "file", "state"], [["y", file.decode(), "done"]])
        self.assertFalse(result["ids"])
        record.action_check()
        for values in ({"state": "rejected"}, {"value": 5}):
            with self.assertRaises(AccessError):
                record.line_ids[:1].write(values)

    def test_roles(self):
        record = self.check_rows()
        for role in ("reader", "cashier", "accountant", "auditor"):
            foreign = record.with_user(self.users[role])
            for action in ("action_check", "action_import"):
                with self.assertRaises(AccessError, msg=role):
                    getattr(foreign, action)()
            with self.assertRaises(AccessError, msg=role):
                foreign.read(["file"])

    def test_an_imported_file_is_kept(self):
        record = self.check_rows()
        record.action_import()
        for action in (
            record.action_check,
            record.with_user(self.users["manager"]).unlink,
        ):
            with self.assertRaises(UserError):
                action()

    def test_other_company(self):
        record = self.check_rows()
        other = self.env["res.company"].create({"name": "Other Gas"})
        clerk = self.other_clerk
        clerk.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        with self.assertRaises(AccessError):
            record.with_user(clerk).action_import()


@tagged("post_install", "-at_install")
class TestImportCustomers(GasCommon):
    def check(self, *changes, extra=()):
        rows = [self.customer_row(number) for number in range(1, 7)]
        for row, change in zip(rows, changes, strict=False):
            row.update(change)
        header = [*CUSTOMER_HEADER, *extra]
        return self.load(
            "gas.customer.import", self.to_csv(header, rows), import_it=False
        )

    def codes(self, record):
        return {
            line.row: (line.state, line.code)
            for line in record.line_ids
            if line.state != "ok" or line.code
        }

    def test_faults(self):
        record = self.check(
            {"户名": ""},
            {"表位数": "x"},
            {"启用日期": "2026-02-30"},
            {"气价": "NONE"},
            {"用户编号": "T000006"},
            {"电话": "12"},
        )
        self.assertEqual(
            self.codes(record),
            {
                2: ("rejected", "EMPTY"),
                3: ("rejected", "NUMBER"),
                4: ("rejected", "DATE"),
                5: ("rejected", "TARIFF"),
                7: ("rejected", "ACCOUNT"),
            },
        )
        record.action_import()
        self.assertEqual(record.line_ids.account_id.mapped("code"), ["T000006"])

    def test_month_of_arrears(self):
        record = self.check(
            {"期初欠费": "10", "欠费月份": "2026/9"},
            {"期初欠费": "10", "欠费月份": "2026-13"},
            extra=["期初欠费", "欠费月份"],
        )
        self.assertEqual(self.codes(record), {3: ("rejected", "DATE")})
        record.action_import()
        bill = record.line_ids[0].account_id.bill_ids
        self.assertEqual((bill.period, bill.amount_residual), ("2026-09", 10))

    def test_kept_with_a_note(self):
        record = self.check({"电话": "12"}, {"人口数": "３"})
        self.assertEqual(self.codes(record), {2: ("ok", "PHONE"), 3: ("ok", "WIDE")})

    def test_twice(self):
        first = self.check()
        first.action_import()
        self.assertEqual((first.state, first.done_count), ("done", 6))
        again = self.check()
        self.assertEqual((again.ok_count, again.duplicate_count), (0, 6))

    def test_many_go_on_in_the_background(self):
        self.company.gas_inline_limit = 3
        self.company.gas_chunk_size = 2
        record = self.check()
        record.action_import()
        self.assertEqual((record.state, record.done_count), ("importing", 0))
        for action in (record.action_check, record.unlink):
            with self.assertRaises(UserError):
                action()
        record.sudo()._import_chunk()
        self.assertEqual((record.done_count, round(record.progress)), (2, 33))
        with self.enter_registry_test_mode():
            cron = self.env.ref("cs_gas_billing.ir_cron_customer_import")
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((record.state, record.done_count), ("done", 6))
        self.assertEqual(len(record.line_ids.account_id), 6)

    def test_what_the_database_refuses_is_rejected_alone(self):
        record = self.check()
        builder = type(self.env["gas.customer.builder"])
        build = builder._build

        def refuse(self, company, lines):
            if any(line.account == "T000004" for line in lines):
                raise UserError(record.name)
            return build(self, company, lines)

        with patch.object(builder, "_build", refuse):
            record.action_import()
        self.assertEqual((record.ok_count, record.done_count), (5, 5))
        self.assertEqual(self.codes(record), {5: ("rejected", "REFUSED")})
        self.assertEqual(record.state, "done")

    def test_opening_money_needs_the_accounts(self):
        self.company.gas_receivable_account_id = False
        record = self.check({"期初欠费": "12.50"}, extra=["期初欠费"])
        with self.assertRaisesRegex(UserError, "not set up"):
            record.action_import()
        self.assertEqual(record.done_count, 0)

    def test_no_phone_or_bank_account_for_readers_of_lines(self):
        record = self.check()
        with self.assertRaises(AccessError):
            record.with_user(self.users["accountant"]).line_ids.read(["data"])
        with self.assertRaises(AccessError):
            record.with_user(self.users["accountant"]).read(["file"])

"""Figures and account statements as workbooks: real numbers and dates."""

import xlsxwriter

from odoo.addons.cs_base.tools.workbook import OPTIONS, SheetWriter

#: Characters that a sheet's name can't have.
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", "-"))


def write_statements(file, wizard):
    """Write the wizard's statements to an open binary file, one sheet each."""
    book = xlsxwriter.Workbook(file, OPTIONS)
    writer = StatementWriter(book, wizard.env)
    for statement in wizard._get_statements():
        writer.write_statement(wizard, statement)
    book.close()


def write_figures(file, env, data):
    """Write the month of ``gas.dashboard.get`` to an open binary file."""
    book = xlsxwriter.Workbook(file, OPTIONS)
    writer = FiguresWriter(book, env)
    writer.write_month(data)
    writer.write_rates(data)
    writer.write_aging(data)
    writer.write_drops(data)
    book.close()


class StatementWriter(SheetWriter):
    """Each account's statement on its own sheet."""

    def write_statement(self, wizard, statement):
        account = statement["account"]
        sheet = self.book.add_worksheet(account.code.translate(FORBIDDEN)[:31])
        for column, width in enumerate((12, 22, 40, 14, 14, 14)):
            sheet.set_column(column, column, width)
        facts = [
            (self.env._("Account No."), account.code),
            (self.env._("Customer"), account.partner_id.name),
            (self.env._("Address"), account.address),
        ]
        for row, (label, value) in enumerate(facts):
            sheet.write_string(row, 0, label)
            sheet.write_string(row, 1, value or "", self.formats["text"])
        row = self._write_head(sheet, len(facts) + 1)
        opening = (wizard.date_from, "", self.env._("Opening balance"), None, None)
        rows = [(*opening, statement["opening"])]
        rows += [
            (
                item["date"],
                item["document"],
                item["text"],
                item["charge"],
                item["payment"],
                item["balance"],
            )
            for item in statement["rows"]
        ]
        closing = (wizard.date_to, "", self.env._("Closing balance"))
        totals = (statement["charges"], statement["payments"], statement["closing"])
        rows.append((*closing, *totals))
        for values in rows:
            row += 1
            self._write_row(sheet, row, values)

    def _write_head(self, sheet, row):
        heads = (
            self.env._("Date"),
            self.env._("Document No."),
            self.env._("What for"),
            self.env._("Charged"),
            self.env._("Paid"),
            self.env._("Balance"),
        )
        for column, text in enumerate(heads):
            sheet.write_string(row, column, text, self.formats["head"])
        return row

    def _write_row(self, sheet, row, values):
        kinds = ("date", "text", "text", "money", "money", "money")
        for column, (kind, value) in enumerate(zip(kinds, values, strict=True)):
            if value is not None:
                self._write_cell(sheet, row, column, kind, value)


class FiguresWriter(SheetWriter):
    """The month: figures, rates by book and category, arrears, falling use."""

    def write_month(self, data):
        month, reading = data["month"], data["reading"]
        rows = [
            (self.env._("Bill Month"), "text", data["period"]),
            (self.env._("Figures up to"), "text", data["cut_off"]),
            (self.env._("Number of Bills"), "whole", month["count"]),
            (self.env._("Volume (m³)"), "volume", month["volume"]),
            (self.env._("Charged"), "money", month["billed"]),
            (self.env._("Collected"), "money", month["collected"]),
            (self.env._("Open"), "money", month["open"]),
            (self.env._("Collection Rate (%)"), "price", month["rate"]),
            (self.env._("Meters to Read"), "whole", reading["due"]),
            (self.env._("Meters Read"), "whole", reading["read"]),
            (self.env._("Reading Rate (%)"), "price", reading["rate"]),
            (self.env._("Missed"), "whole", reading["missed"]),
            (self.env._("Held"), "whole", reading["held"]),
            (self.env._("Estimated Bills"), "whole", reading["estimated"]),
            (self.env._("Estimate Rate (%)"), "price", reading["estimate_rate"]),
            (self.env._("Arrears of All Months"), "money", data["open"]["amount"]),
        ]
        rows += [(row["label"], "money", row["amount"]) for row in data["aging"]]
        sheet = self.book.add_worksheet(self.env._("Month"))
        sheet.set_column(0, 1, 24)
        for number, (label, kind, value) in enumerate(rows):
            sheet.write_string(number, 0, label)
            if value is not None:
                self._write_cell(sheet, number, 1, kind, value)

    def write_rates(self, data):
        """Write billed and collected of twelve months by category and book."""
        months = [row["period"] for row in data["trend"] if row["count"]]
        groups = (
            self.env["gas.position"]
            .with_context(gas_as_of=data["cut_off"])
            ._read_group(
                [
                    ("company_id", "=", self.env.company.id),
                    ("period", "in", months),
                    ("kind", "!=", "opening"),
                ],
                ["period", "category", "book_id"],
                ["__count", "volume:sum", "amount:sum", "collected:sum", "rate:avg"],
                order="period DESC, category, book_id",
            )
        )
        labels = self._labels("gas.bill", "category")
        columns = [
            (self.env._("Bill Month"), "text", 12, lambda r: r[0]),
            (self.env._("Category"), "text", 10, lambda r: labels.get(r[1])),
            (self.env._("Reading Book"), "text", 24, lambda r: r[2].display_name),
            (self.env._("Number of Bills"), "whole", 10, lambda r: r[3]),
            (self.env._("Volume (m³)"), "volume", 12, lambda r: r[4]),
            (self.env._("Charged"), "money", 14, lambda r: r[5]),
            (self.env._("Collected"), "money", 14, lambda r: r[6]),
            (self.env._("Open"), "money", 14, lambda r: r[5] - r[6]),
            (self.env._("Collection Rate (%)"), "price", 12, lambda r: r[7]),
        ]
        self._write_rows(self.env._("Collection Rate"), columns, [groups])

    def write_aging(self, data):
        """Write everybody who owes, in the order the readers walk."""
        columns = [
            (self.env._("Reading Book"), "text", 18, lambda r: r.book_id.display_name),
            (self.env._("Order in Book"), "whole", 8, lambda r: r.book_seq),
            (self.env._("Account No."), "text", 13, lambda r: r.account_id.code),
            (self.env._("Customer"), "text", 18, lambda r: r.partner_id.name),
            (self.env._("Phone"), "text", 13, lambda r: r.phone_masked),
            (self.env._("Address"), "text", 30, lambda r: r.address),
            (self.env._("Open Bills"), "whole", 8, lambda r: r.bill_count),
            (self.env._("Oldest Due"), "date", 11, lambda r: r.date_due),
            (self.env._("Open"), "money", 12, lambda r: r.open),
        ]
        columns += [
            (label, "money", 12, lambda r, key=key: r[key])
            for key, label in self.env["gas.position"]._get_buckets()
        ]
        records = self.env["gas.aging"].with_context(gas_as_of=data["cut_off"])
        found = records.search(
            [("company_id", "=", self.env.company.id)], order="book_id, book_seq, id"
        )
        self._write_rows(self.env._("Arrears by Age"), columns, [found])

    def write_drops(self, data):
        columns = [
            (self.env._("Account No."), "text", 13, lambda r: r.account_id.code),
            (self.env._("Customer"), "text", 22, lambda r: r.partner_id.name),
            (self.env._("Phone"), "text", 13, lambda r: r.phone_masked),
            (self.env._("Address"), "text", 30, lambda r: r.address),
            (self.env._("Reading Book"), "text", 18, lambda r: r.book_id.display_name),
            (self.env._("Volume (m³)"), "volume", 12, lambda r: r.volume),
            (self.env._("Mean before (m³)"), "volume", 12, lambda r: r.mean),
            (self.env._("Of the Mean (%)"), "price", 10, lambda r: r.share),
            (self.env._("Below the Mean (m³)"), "volume", 12, lambda r: r.lost),
        ]
        records = self.env["gas.usage.drop"].with_context(gas_as_of=data["cut_off"])
        found = records.search(
            [
                ("company_id", "=", self.env.company.id),
                ("period", "=", data["period"]),
            ]
        )
        self._write_rows(self.env._("Commercial Usage Drop"), columns, [found])

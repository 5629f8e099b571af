"""A bill run as a workbook: bills, tier lines, who was not billed, totals.

Texts are written as texts whatever they begin with, so that no name becomes a
formula; dates and numbers are real ones.
"""

import xlsxwriter

#: Records read at a time.
BATCH = 1000
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write_workbook(file, run):
    """Write ``run`` to an open binary file; the reader's rights hold."""
    book = xlsxwriter.Workbook(file, OPTIONS)
    writer = _Writer(book, run.env)
    writer.write_bills(run)
    writer.write_lines(run)
    writer.write_exceptions(run)
    writer.write_totals(run)
    book.close()


class _Writer:
    """Sheets of the workbook; every column is (heading, kind, width, value of)."""

    def __init__(self, book, env):
        self.book = book
        self.env = env
        self.formats = {
            "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True}),
            "text": book.add_format({"num_format": "@"}),
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "money": book.add_format({"num_format": "#,##0.00"}),
            "price": book.add_format({"num_format": "0.00####"}),
            "volume": book.add_format({"num_format": "#,##0.###"}),
            "whole": book.add_format({"num_format": "0"}),
        }

    # -- sheets --------------------------------------------------------------

    def write_bills(self, run):
        _ = self.env._
        states = self._labels("gas.bill", "state")
        kinds = self._labels("gas.bill", "kind")
        columns = [
            (_("Bill No."), "text", 14, lambda b: b.name),
            (_("Account No."), "text", 13, lambda b: b.account_id.code),
            (_("Customer"), "text", 18, lambda b: b.partner_id.name),
            (_("Address"), "text", 28, lambda b: b.address),
            (_("Reading Book"), "text", 7, lambda b: b.book_id.code),
            (_("Order in Book"), "whole", 7, lambda b: b.book_seq),
            (_("Tariff"), "text", 9, lambda b: b.tariff_id.code),
            (_("Kind"), "text", 9, lambda b: kinds.get(b.kind)),
            (_("From"), "date", 11, lambda b: b.date_from),
            (_("To"), "date", 11, lambda b: b.date_to),
            (_("Due"), "date", 11, lambda b: b.date_due),
            (_("Previous Register"), "volume", 10, lambda b: b.register_from),
            (_("Register"), "volume", 10, lambda b: b.register_to),
            (_("Volume (m³)"), "volume", 10, lambda b: b.volume),
            (_("Net"), "money", 11, lambda b: b.amount_base),
            (_("VAT"), "money", 10, lambda b: b.amount_tax),
            (_("Amount"), "money", 11, lambda b: b.amount_total),
            (_("Open"), "money", 11, lambda b: b.amount_residual),
            (_("Last Month (m³)"), "volume", 10, lambda b: b.previous_volume),
            (_("Last Month"), "money", 11, lambda b: b.previous_amount),
            (_("To Review"), "text", 14, lambda b: b.review_note),
            (_("State"), "text", 9, lambda b: states.get(b.state)),
        ]
        domain = [("run_id", "=", run.id), ("state", "!=", "cancelled")]
        order = "book_id, book_seq, id"
        self._write(_("Bills"), columns, "gas.bill", domain, order)

    def write_lines(self, run):
        _ = self.env._
        columns = [
            (_("Bill No."), "text", 14, lambda r: r.bill_id.name),
            (_("Account No."), "text", 13, lambda r: r.bill_id.account_id.code),
            (_("Year"), "whole", 7, lambda r: r.year),
            (_("Tier"), "whole", 6, lambda r: r.tier),
            (_("Price from"), "date", 11, lambda r: r.version_id.date_from),
            (_("Volume (m³)"), "volume", 10, lambda r: r.quantity),
            (_("Price"), "price", 9, lambda r: r.price_unit),
            (_("Amount"), "money", 11, lambda r: r.amount),
            (_("Net"), "money", 11, lambda r: r.base),
            (_("VAT"), "money", 10, lambda r: r.tax),
        ]
        domain = [("bill_id.run_id", "=", run.id), ("bill_id.state", "!=", "cancelled")]
        self._write(_("Tier Lines"), columns, "gas.bill.line", domain, "bill_id, id")

    def write_exceptions(self, run):
        _ = self.env._
        kinds = self._labels("gas.bill.run.exception", "kind")
        columns = [
            (_("Account No."), "text", 13, lambda r: r.account_id.code),
            (_("Customer"), "text", 18, lambda r: r.account_id.partner_id.name),
            (_("Address"), "text", 28, lambda r: r.account_id.address),
            (_("Reading Book"), "text", 7, lambda r: r.book_id.code),
            (_("Order in Book"), "whole", 7, lambda r: r.book_seq),
            (_("Kind"), "text", 9, lambda r: kinds.get(r.kind)),
            (_("Code"), "text", 12, lambda r: r.code),
            (_("Message"), "text", 40, lambda r: r.message),
        ]
        domain = [("run_id", "=", run.id)]
        model = "gas.bill.run.exception"
        self._write(_("Not Billed"), columns, model, domain, "book_id, book_seq, id")

    def write_totals(self, run):
        _ = self.env._
        states = self._labels("gas.bill.run", "state")
        rows = [
            (_("Bill Run"), "text", run.name),
            (_("Bill Month"), "text", run.period),
            (_("State"), "text", states.get(run.state)),
            (_("Readings from"), "date", run.read_date_from),
            (_("Readings to"), "date", run.read_date_to),
            (_("Accounting Date"), "date", run.accounting_date),
            (_("Due"), "date", run.date_due),
            (_("Bills"), "whole", run.bill_count),
            (_("Zero"), "whole", run.zero_count),
            (_("High"), "whole", run.high_count),
            (_("New Price"), "whole", run.price_count),
            (_("Held"), "whole", run.held_count),
            (_("Missed"), "whole", run.missed_count),
            (_("Errors"), "whole", run.error_count),
            (_("Volume (m³)"), "volume", run.volume_total),
            (_("Amount"), "money", run.amount_total),
            (_("Last Month"), "money", run.previous_amount),
            (_("Calculated by"), "text", run.calculated_by_id.name),
            (_("Approved by"), "text", run.approved_by_id.name),
        ]
        sheet = self.book.add_worksheet(_("Totals")[:31])
        sheet.set_column(0, 1, 20)
        for number, (label, kind, value) in enumerate(rows):
            sheet.write_string(number, 0, label)
            self._write_cell(sheet, number, 1, kind, value)

    # -- writing -------------------------------------------------------------

    def _labels(self, model, name):
        field = self.env[model]._fields[name]
        return dict(field._description_selection(self.env))

    def _write(self, title, columns, model, domain, order):
        sheet = self.book.add_worksheet(title[:31])
        sheet.freeze_panes(1, 0)
        for number, (heading, _kind, width, _value) in enumerate(columns):
            sheet.set_column(number, number, width)
            sheet.write_string(0, number, heading, self.formats["head"])
        row = 0
        for records in self._batches(model, domain, order):
            for record in records:
                row += 1
                for number, (_heading, kind, _width, value) in enumerate(columns):
                    self._write_cell(sheet, row, number, kind, value(record))
        sheet.autofilter(0, 0, max(row, 1), len(columns) - 1)

    def _batches(self, model, domain, order):
        ids = self.env[model].search(domain, order=order).ids
        for start in range(0, len(ids), BATCH):
            yield self.env[model].browse(ids[start : start + BATCH])
            self.env.invalidate_all(flush=False)

    def _write_cell(self, sheet, row, column, kind, value):
        cell_format = self.formats[kind]
        if kind == "text":
            sheet.write_string(row, column, value or "", cell_format)
        elif kind == "date":
            if value:
                sheet.write_datetime(row, column, value, cell_format)
        else:
            sheet.write_number(row, column, value or 0, cell_format)

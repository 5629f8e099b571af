"""Tables of records as sheets of a workbook.

Texts are written as texts whatever they begin with, so that no name becomes a
formula; dates, moments and numbers are real ones. The caller gives an
``xlsxwriter.Workbook``, made with ``OPTIONS``.
"""

#: Records read at a time.
BATCH = 1000
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


class SheetWriter:
    """Writes tables; every column is (heading, kind, width, value of)."""

    def __init__(self, book, env):
        self.book = book
        self.env = env
        self.formats = {
            "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True}),
            "text": book.add_format({"num_format": "@"}),
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            "money": book.add_format({"num_format": "#,##0.00"}),
            "price": book.add_format({"num_format": "0.00####"}),
            "volume": book.add_format({"num_format": "#,##0.###"}),
            "whole": book.add_format({"num_format": "0"}),
        }

    def _labels(self, model, name):
        field = self.env[model]._fields[name]
        return dict(field._description_selection(self.env))

    def _write(self, title, columns, model, domain, order):
        self._write_rows(title, columns, self._batches(model, domain, order))

    def _write_rows(self, title, columns, batches):
        sheet = self.book.add_worksheet(title[:31])
        sheet.freeze_panes(1, 0)
        for number, (heading, _kind, width, _value) in enumerate(columns):
            sheet.set_column(number, number, width)
            sheet.write_string(0, number, heading, self.formats["head"])
        row = 0
        for records in batches:
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
        elif kind in ("date", "moment"):
            if value:
                sheet.write_datetime(row, column, value, cell_format)
        else:
            sheet.write_number(row, column, value or 0, cell_format)

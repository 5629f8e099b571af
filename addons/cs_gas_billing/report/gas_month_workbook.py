"""The month check as a workbook: the comparisons, and each row that differs.

Texts are written as texts whatever they begin with; dates and numbers are real ones.
"""

import xlsxwriter

from odoo.addons.cs_base.tools.workbook import OPTIONS


def write_month(file, check):
    """Write ``check`` to an open binary file; the reader's rights were checked."""
    book = xlsxwriter.Workbook(file, OPTIONS)
    formats = {
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True}),
        "text": book.add_format({"num_format": "@"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "money": book.add_format({"num_format": "#,##0.00"}),
        "whole": book.add_format({"num_format": "0"}),
    }
    _write_check(book, formats, check)
    for line in check.compare_ids.filtered("count"):
        _write_rows(book, formats, line)
    book.close()


def _write_check(book, formats, check):
    env = check.env
    states = dict(check.line_ids._fields["state"]._description_selection(env))
    columns = [
        (env._("What"), "text", 28, lambda line: line.name),
        (env._("Explanation"), "text", 60, lambda line: line.explanation),
        (env._("Ledger"), "money", 16, lambda line: line.ledger),
        (env._("Documents"), "money", 16, lambda line: line.document),
        (env._("Difference"), "money", 14, lambda line: line.difference),
        (env._("Rows"), "whole", 10, lambda line: line.count),
        (env._("State"), "text", 12, lambda line: states[line.state]),
    ]
    title = env._("Month Check %s", check.period)
    _write(book, formats, title, columns, check.compare_ids)
    points = [
        (env._("What"), "text", 40, lambda line: line.name),
        (env._("Number"), "whole", 10, lambda line: line.count),
    ]
    _write(book, formats, env._("Open Points"), points, check.open_ids)


def _write_rows(book, formats, line):
    env = line.env
    rows = line.check_id.sudo()._get_difference_rows(line.code)
    records = env["gas.month.check.row"].sudo()
    records = records.create([records._prepare(line, row) for row in rows])
    columns = [
        (env._("Gas Document"), "text", 22, lambda row: row.document_name),
        (env._("Account No."), "text", 14, lambda row: row.account_id.code),
        (env._("Customer"), "text", 20, lambda row: row.partner_id.name),
        (env._("Journal Entry"), "text", 20, lambda row: row.move_name),
        (env._("Date"), "date", 12, lambda row: row.date),
        (env._("Ledger"), "money", 16, lambda row: row.ledger),
        (env._("Documents"), "money", 16, lambda row: row.document),
        (env._("Difference"), "money", 14, lambda row: row.difference),
    ]
    _write(book, formats, line.name, columns, records)
    records.unlink()


def _write(book, formats, title, columns, records):
    sheet = book.add_worksheet(title.replace(":", " ").replace("：", " ")[:31])
    sheet.freeze_panes(1, 0)
    for number, (heading, _kind, width, _value) in enumerate(columns):
        sheet.set_column(number, number, width)
        sheet.write_string(0, number, heading, formats["head"])
    for row, record in enumerate(records, 1):
        for number, (_heading, kind, _width, value) in enumerate(columns):
            _write_cell(sheet, row, number, kind, value(record), formats)
    sheet.autofilter(0, 0, max(len(records), 1), len(columns) - 1)


def _write_cell(sheet, row, column, kind, value, formats):
    if kind == "text":
        sheet.write_string(row, column, value or "", formats[kind])
    elif kind == "date":
        if value:
            sheet.write_datetime(row, column, value, formats[kind])
    else:
        sheet.write_number(row, column, value or 0, formats[kind])

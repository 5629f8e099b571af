"""The register of complaints as a workbook, with real dates and numbers."""

import xlsxwriter

from odoo.addons.cs_base.tools.workbook import BATCH, OPTIONS, SheetWriter


def write_register(file, register):
    """Write a register to an open binary file; the reader's rights hold."""
    env = register.with_context(lang=register._get_lang()).env
    columns = [
        (env._("Number"), "text", 12, "name"),
        (env._("Kind"), "text", 10, "kind"),
        (env._("Received"), "moment", 17, "received"),
        (env._("Channel"), "text", 14, "channel"),
        (env._("Complainant"), "text", 14, "complainant"),
        (env._("Phone"), "text", 15, "phone"),
        (env._("Premises"), "text", 28, "premises"),
        (env._("Subject"), "text", 28, "subject"),
        (env._("Content"), "text", 50, "content"),
        (env._("Severity"), "text", 10, "severity"),
        (env._("Handler"), "text", 12, "handler"),
        (env._("State"), "text", 12, "state"),
        (env._("Result"), "text", 28, "result"),
        (env._("Answered"), "moment", 17, "answered"),
        (env._("Satisfaction"), "text", 12, "satisfaction"),
    ]
    columns = [
        (head, kind, width, lambda row, key=key: row[key])
        for head, kind, width, key in columns
    ]
    cases = register._get_cases()
    batches = (
        register._get_rows(cases[start : start + BATCH])
        for start in range(0, len(cases), BATCH)
    )
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        writer = SheetWriter(book, env)
        writer._write_rows(env._("Register of Complaints"), columns, batches)

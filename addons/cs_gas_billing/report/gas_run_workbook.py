"""A bill run as a workbook: bills, tier lines, who was not billed, totals.

Texts are written as texts whatever they begin with, so that no name becomes a
formula; dates and numbers are real ones.
"""

import xlsxwriter

from odoo.addons.cs_base.tools.workbook import OPTIONS, SheetWriter


def write_workbook(file, run):
    """Write ``run`` to an open binary file; the reader's rights hold."""
    book = xlsxwriter.Workbook(file, OPTIONS)
    writer = RunWriter(book, run.env)
    writer.write_bills(run)
    writer.write_lines(run)
    writer.write_exceptions(run)
    writer.write_totals(run)
    book.close()


class RunWriter(SheetWriter):
    """The sheets of a bill run."""

    def write_bills(self, run):
        states = self._labels("gas.bill", "state")
        kinds = self._labels("gas.bill", "kind")
        columns = [
            (self.env._("Bill No."), "text", 14, lambda b: b.name),
            (self.env._("Account No."), "text", 13, lambda b: b.account_id.code),
            (self.env._("Customer"), "text", 18, lambda b: b.partner_id.name),
            (self.env._("Address"), "text", 28, lambda b: b.address),
            (self.env._("Reading Book"), "text", 7, lambda b: b.book_id.code),
            (self.env._("Order in Book"), "whole", 7, lambda b: b.book_seq),
            (self.env._("Tariff"), "text", 9, lambda b: b.tariff_id.code),
            (self.env._("Kind"), "text", 9, lambda b: kinds.get(b.kind)),
            (self.env._("From"), "date", 11, lambda b: b.date_from),
            (self.env._("To"), "date", 11, lambda b: b.date_to),
            (self.env._("Due"), "date", 11, lambda b: b.date_due),
            (self.env._("Previous Register"), "volume", 10, lambda b: b.register_from),
            (self.env._("Register"), "volume", 10, lambda b: b.register_to),
            (self.env._("Volume (m³)"), "volume", 10, lambda b: b.volume),
            (self.env._("Net"), "money", 11, lambda b: b.amount_base),
            (self.env._("VAT"), "money", 10, lambda b: b.amount_tax),
            (self.env._("Amount"), "money", 11, lambda b: b.amount_total),
            (self.env._("Open"), "money", 11, lambda b: b.amount_residual),
            (self.env._("Last Month (m³)"), "volume", 10, lambda b: b.previous_volume),
            (self.env._("Last Month"), "money", 11, lambda b: b.previous_amount),
            (self.env._("To Review"), "text", 14, lambda b: b.review_note),
            (self.env._("State"), "text", 9, lambda b: states.get(b.state)),
        ]
        domain = [("run_id", "=", run.id), ("state", "!=", "cancelled")]
        order = "book_id, book_seq, id"
        self._write(self.env._("Bills"), columns, "gas.bill", domain, order)

    def write_lines(self, run):
        columns = [
            (self.env._("Bill No."), "text", 14, lambda r: r.bill_id.name),
            (
                self.env._("Account No."),
                "text",
                13,
                lambda r: r.bill_id.account_id.code,
            ),
            (self.env._("Year"), "whole", 7, lambda r: r.year),
            (self.env._("Tier"), "whole", 6, lambda r: r.tier),
            (self.env._("Price from"), "date", 11, lambda r: r.version_id.date_from),
            (self.env._("Volume (m³)"), "volume", 10, lambda r: r.quantity),
            (self.env._("Price"), "price", 9, lambda r: r.price_unit),
            (self.env._("Amount"), "money", 11, lambda r: r.amount),
            (self.env._("Net"), "money", 11, lambda r: r.base),
            (self.env._("VAT"), "money", 10, lambda r: r.tax),
        ]
        domain = [("bill_id.run_id", "=", run.id), ("bill_id.state", "!=", "cancelled")]
        self._write(
            self.env._("Tier Lines"), columns, "gas.bill.line", domain, "bill_id, id"
        )

    def write_exceptions(self, run):
        kinds = self._labels("gas.bill.run.exception", "kind")
        columns = [
            (self.env._("Account No."), "text", 13, lambda r: r.account_id.code),
            (
                self.env._("Customer"),
                "text",
                18,
                lambda r: r.account_id.partner_id.name,
            ),
            (self.env._("Address"), "text", 28, lambda r: r.account_id.address),
            (self.env._("Reading Book"), "text", 7, lambda r: r.book_id.code),
            (self.env._("Order in Book"), "whole", 7, lambda r: r.book_seq),
            (self.env._("Kind"), "text", 9, lambda r: kinds.get(r.kind)),
            (self.env._("Code"), "text", 12, lambda r: r.code),
            (self.env._("Message"), "text", 40, lambda r: r.message),
        ]
        domain = [("run_id", "=", run.id)]
        model = "gas.bill.run.exception"
        self._write(
            self.env._("Not Billed"), columns, model, domain, "book_id, book_seq, id"
        )

    def write_totals(self, run):
        states = self._labels("gas.bill.run", "state")
        rows = [
            (self.env._("Bill Run"), "text", run.name),
            (self.env._("Bill Month"), "text", run.period),
            (self.env._("State"), "text", states.get(run.state)),
            (self.env._("Readings from"), "date", run.read_date_from),
            (self.env._("Readings to"), "date", run.read_date_to),
            (self.env._("Accounting Date"), "date", run.accounting_date),
            (self.env._("Due"), "date", run.date_due),
            (self.env._("Bills"), "whole", run.bill_count),
            (self.env._("Zero"), "whole", run.zero_count),
            (self.env._("High"), "whole", run.high_count),
            (self.env._("New Price"), "whole", run.price_count),
            (self.env._("Held"), "whole", run.held_count),
            (self.env._("Missed"), "whole", run.missed_count),
            (self.env._("Errors"), "whole", run.error_count),
            (self.env._("Volume (m³)"), "volume", run.volume_total),
            (self.env._("Amount"), "money", run.amount_total),
            (self.env._("Last Month"), "money", run.previous_amount),
            (self.env._("Calculated by"), "text", run.calculated_by_id.name),
            (self.env._("Approved by"), "text", run.approved_by_id.name),
        ]
        sheet = self.book.add_worksheet(self.env._("Totals")[:31])
        sheet.set_column(0, 1, 20)
        for number, (label, kind, value) in enumerate(rows):
            sheet.write_string(number, 0, label)
            self._write_cell(sheet, number, 1, kind, value)

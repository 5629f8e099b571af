import csv
import io
import re

from werkzeug.exceptions import Forbidden, NotFound

from odoo import http
from odoo.http import content_disposition, request

CONTENT_TYPES = {
    "csv": "text/csv; charset=gb18030",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


BOOK_ID = re.compile(r"[0-9]{1,9}")


class GasRouteController(http.Controller):
    @http.route("/cs_gas/route", type="http", auth="user", methods=["GET"])
    def route(self, books="", filetype="csv", **_kwargs):
        """Download the route of books in walking order, for the handheld.

        :param books: ids of the books, separated by commas
        :param filetype: ``csv`` (GB18030) or ``xlsx``
        """
        ids = [int(part) for part in books.split(",") if BOOK_ID.fullmatch(part)]
        found = request.env["gas.book"].browse(ids).exists()
        if not found or filetype not in CONTENT_TYPES:
            raise NotFound
        route = request.env["gas.route"]
        if not route._may_export(found):
            raise Forbidden
        table = route._get_table(found)
        data = self._write_csv(table) if filetype == "csv" else self._write_xlsx(table)
        name = "-".join(found[:3].mapped("code"))
        return request.make_response(
            data,
            [
                ("Content-Type", CONTENT_TYPES[filetype]),
                (
                    "Content-Disposition",
                    content_disposition(f"route-{name}.{filetype}"),
                ),
                ("X-Content-Type-Options", "nosniff"),
                ("Cache-Control", "no-store"),
            ],
        )

    def _write_csv(self, table):
        buffer = io.StringIO(newline="")
        writer = csv.writer(buffer, lineterminator="\r\n")
        writer.writerows([self._escape(cell) for cell in row] for row in table)
        return buffer.getvalue().encode("gb18030")

    def _escape(self, cell):
        """Keep spreadsheets from taking a text for a formula."""
        if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r"):
            return f"'{cell}"
        return cell

    def _write_xlsx(self, table):
        import xlsxwriter

        buffer = io.BytesIO()
        with xlsxwriter.Workbook(buffer, {"in_memory": True}) as workbook:
            sheet = workbook.add_worksheet()
            bold = workbook.add_format({"bold": True})
            text = workbook.add_format({"num_format": "@"})
            for number, row in enumerate(table):
                for column, cell in enumerate(row):
                    if isinstance(cell, str):
                        form = text if number else bold
                        sheet.write_string(number, column, cell, form)
                    elif cell is not None:
                        sheet.write_number(number, column, cell)
            sheet.set_column(0, len(table[0]) - 1, 16)
            sheet.set_column(2, 2, 36)
            sheet.freeze_panes(1, 0)
        return buffer.getvalue()

from odoo import api, models

from ..tools.tabular import FormulaCell, RoundedCell

#: Codes of lines: what the file's own codes are called there.
LINE_CODES = {"SIZE": "LIMIT", "LINES": "LIMIT", "TWICE": "COLUMN"}


class GasImportMessage(models.AbstractModel):
    """Says in the clerk's words what is wrong with a file or a row, and what to do."""

    _name = "gas.import.message"
    _description = "Messages of File Imports"

    @api.model
    def _get_code(self, error):
        return LINE_CODES.get(error.code, error.code)

    @api.model
    def _explain(self, error):
        """Return the message of a :class:`TableError`."""
        explain = getattr(self, f"_explain_{error.code.lower()}", None)
        return explain(error.details) if explain else self._explain_format({})

    def _explain_empty(self, _details):
        return self.env._(
            "The file is empty: there is no heading, or no line below the heading."
        )

    def _explain_encoding(self, details):
        return self.env._(
            "The text can't be read as %s. Choose an import profile with the right "
            "encoding, or save the file as CSV UTF-8.",
            details["encoding"],
        )

    def _explain_size(self, details):
        values = {
            "size": round(details["size"] / 1048576, 1),
            "limit": details["limit"] // 1048576,
        }
        if details.get("unpacked"):
            return self.env._(
                "Unpacked, the file has %(size)s MB; the limit is %(limit)s MB. Save "
                "it as CSV, or split it.",
                **values,
            )
        return self.env._(
            "The file has %(size)s MB; the limit is %(limit)s MB. Split it, or let an "
            "administrator raise the limit in the settings.",
            **values,
        )

    def _explain_lines(self, details):
        return self.env._(
            "The file has more than %s lines, the limit. Split it, or let an "
            "administrator raise the limit in the settings.",
            details["limit"],
        )

    def _explain_column(self, details):
        values = {
            "missing": ", ".join(details["missing"]),
            "header": ", ".join(details["header"])[:500],
        }
        if details["known"]:
            return self.env._(
                "Row 1: column %(missing)s is missing. The file has: %(header)s. "
                "Rename the column, or choose an import profile that knows it.",
                **values,
            )
        return self.env._(
            "Row 1: none of our columns was found. Needed: %(missing)s. The file has: "
            "%(header)s. If that is unreadable, the encoding is wrong: choose an "
            "import profile, or save the file as CSV UTF-8.",
            **values,
        )

    def _explain_twice(self, details):
        return self.env._(
            "Row 1: columns “%(first)s” and “%(second)s” mean the same. Remove one.",
            first=details["first"],
            second=details["second"],
        )

    def _explain_format(self, details):
        if details.get("kind"):
            return self.env._(
                "The file can't be read: it is %s. Save it as CSV or XLSX and try "
                "again.",
                details["kind"],
            )
        return self.env._("The file can't be read. Save it as CSV or XLSX.")

    # === ROWS ===#

    @api.model
    def _explain_width(self, found, width):
        message = self.env._(
            "The row has %(found)s cells, the heading %(width)s. A comma inside a text "
            "needs quotation marks around it.",
            found=found,
            width=width,
        )
        return "COLUMN", message

    @api.model
    def _explain_quote(self):
        message = self.env._("A quotation mark is opened and not closed in this row.")
        return "QUOTE", message

    @api.model
    def _explain_cell(self, heading, cell):
        """Return (code, message) of a cell that is no plain text."""
        if isinstance(cell, FormulaCell):
            message = self.env._(
                "Column %s holds a formula without a value. Save the file in the "
                "spreadsheet program, or paste values.",
                heading,
            )
            return "FORMULA", message
        if isinstance(cell, RoundedCell):
            message = self.env._(
                "Column %s: the spreadsheet has lost digits of this long number. "
                "Format the column as text and enter it again.",
                heading,
            )
            return "NUMBER", message
        message = self.env._(
            "Column %s holds characters that can't be read. Save the file as CSV "
            "UTF-8.",
            heading,
        )
        return "ENCODING", message

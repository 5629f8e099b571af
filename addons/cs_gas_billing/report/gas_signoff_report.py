from odoo import api, models

from ..tools.rounding import from_float, plain

#: A4 landscape with rows of a fixed height; below them is room for the signatures.
PAGE_HEIGHT = 830
EXCEPTION_HEIGHT = 46
ROW_HEIGHT = 27
#: Section title and heading row together.
SECTION_HEIGHT = 66


class GasSignoffReport(models.AbstractModel):
    """Lays the sign-off list out in pages itself, so that they can be numbered.

    wkhtmltopdf without Qt patches prints neither headers nor page numbers.
    """

    _name = "report.cs_gas_billing.report_gas_signoff"
    _description = "Sign-off List"

    @api.model
    def _get_report_values(self, docids, data=None):
        wizards = self.env["gas.signoff"].browse(docids)
        pages = [page for wizard in wizards for page in self._get_pages(wizard)]
        for number, page in enumerate(pages, 1):
            page.update(number=number, total=len(pages))
        return {
            "doc_ids": docids,
            "doc_model": "gas.signoff",
            "docs": wizards,
            "pages": pages,
            "plain": lambda value: plain(from_float(value, 3)),
        }

    def _get_pages(self, wizard):
        """Return the pages of one list: those of a book stand together."""
        readings = self.env["gas.reading"].search(
            wizard._get_domain(), order="book_id, read_date, id"
        )
        groups = {}
        for reading in readings:
            key = (reading.book_id, reading.reader or reading.book_id.reader_id.name)
            groups.setdefault(key, []).append(reading)
        pages = []
        for (book, reader), rows in groups.items():
            rows.sort(key=lambda r: (r.account_id.book_seq, r.account_id.code or ""))
            pages += self._get_group_pages(wizard, book, reader, rows)
        return pages

    def _get_group_pages(self, wizard, book, reader, readings):
        """Return the pages of one book and reader: exceptions, then all readings."""
        exceptions = [reading for reading in readings if reading.vee_codes]
        days = [reading.read_date for reading in readings]
        common = {
            "wizard": wizard,
            "book": book,
            "reader": reader,
            "day_from": min(days),
            "day_to": max(days),
            "counts": {
                "all": len(readings),
                "exceptions": len(exceptions),
                "held": sum(reading.state == "held" for reading in readings),
            },
            "usage": sum(reading.usage for reading in readings),
        }
        sections = [("exceptions", exceptions, EXCEPTION_HEIGHT)]
        if not wizard.exceptions_only:
            sections.append(("all", readings, ROW_HEIGHT))
        pages, room = [], 0
        for kind, rows, height in sections:
            number = 0
            while number < len(rows):
                if room < SECTION_HEIGHT + height:
                    pages.append(common | {"sections": []})
                    room = PAGE_HEIGHT
                fitting = int((room - SECTION_HEIGHT) // height)
                chunk = list(enumerate(rows, 1))[number : number + fitting]
                pages[-1]["sections"].append(
                    {"kind": kind, "rows": chunk, "continued": bool(number)}
                )
                room -= SECTION_HEIGHT + height * len(chunk)
                number += len(chunk)
        pages[-1]["signature"] = True
        return pages

from odoo import api, models

from ..tools.capitals import in_capitals

#: Rows of the first page, of the following ones, and what the foot takes of the last.
FIRST_ROWS = 30
NEXT_ROWS = 38
FOOT_ROWS = 8


class GasStatementReport(models.AbstractModel):
    """Lays account statements out in pages itself, so that they can be numbered.

    wkhtmltopdf without Qt patches prints neither headers nor page numbers.
    """

    _name = "report.cs_gas_billing.report_gas_statement"
    _description = "Printed Account Statement"

    @api.model
    def _get_report_values(self, docids, data=None):
        # Printed in the language of whoever prints it.
        self = self.with_context(lang=self.env.user.lang)  # noqa: PLW0642
        wizards = self.env["gas.statement"].browse(docids)
        pages = []
        for wizard in wizards:
            for statement in wizard._get_statements():
                pages += self._get_pages(wizard, statement)
        if pages:
            pages[-1]["end"] = True
        return {
            "doc_ids": docids,
            "doc_model": "gas.statement",
            "docs": wizards,
            "pages": pages,
            "money": "{:,.2f}".format,
        }

    def _get_pages(self, wizard, statement):
        """Return the pages of one account; the foot stands on the last."""
        rows = list(statement["rows"])
        foot = FOOT_ROWS + len(statement["waivers"])
        chunks = [rows[:FIRST_ROWS]]
        rest = rows[FIRST_ROWS:]
        while rest:
            chunks.append(rest[:NEXT_ROWS])
            rest = rest[NEXT_ROWS:]
        room = FIRST_ROWS if len(chunks) == 1 else NEXT_ROWS
        if len(chunks[-1]) + foot > room:
            chunks.append([])
        shared = {
            "wizard": wizard,
            "statement": statement,
            "account": statement["account"],
            "capitals": self._get_capitals(wizard, statement["closing"]),
            "printed": wizard.company_id._cs_now().strftime("%Y-%m-%d %H:%M"),
            "total": len(chunks),
        }
        return [
            shared | {"number": number, "rows": chunk, "last": number == len(chunks)}
            for number, chunk in enumerate(chunks, 1)
        ]

    def _get_capitals(self, wizard, amount):
        if wizard.currency_id.name != "CNY":
            return ""
        return in_capitals(abs(amount))

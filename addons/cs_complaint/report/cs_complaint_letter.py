from odoo import api, models
from odoo.tools import format_date

LANG = "zh_CN"


class ReportComplaintLetter(models.AbstractModel):
    """The letter to the customer: in Chinese, whatever the clerk's language."""

    _name = "report.cs_complaint.cs_complaint_letter"
    _description = "Letter to the Customer"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Values of the letters: what ``_cs_letter_values`` gives and nothing else.

        :raise AccessError: the user may not read one of the answers
        """
        rows = self.env["cs.complaint.answer"].browse(docids)
        rows.check_access("read")
        lang = self._cs_lang()
        letters = []
        for row in rows.with_context(lang=lang):
            values = row._cs_letter_values()
            for name in ("date", "received"):
                values[name] = format_date(
                    self.env, values[name], lang_code=lang, date_format="long"
                )
            letters.append(values)
        return {"letter_lang": lang, "letters": letters, "doc_model": rows._name}

    @api.model
    def _cs_lang(self):
        """Chinese where it is installed."""
        installed = dict(self.env["res.lang"].sudo().get_installed())
        return LANG if LANG in installed else self.env.user.lang or "en_US"

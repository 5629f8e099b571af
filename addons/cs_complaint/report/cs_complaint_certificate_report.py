from odoo import api, models

from .cs_complaint_letter import LANG


class ReportComplaintCertificate(models.AbstractModel):
    """The allowance certificate: two copies, for the company and for accounting."""

    _name = "report.cs_complaint.cs_complaint_certificate_page"
    _description = "Allowance Certificate"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Whitelisted values of approved allowances.

        :raise UserError: an allowance isn't approved, or the person is masked
        """
        lines = self.env["cs.complaint.settlement.line"].browse(docids)
        lines.check_access("read")
        installed = dict(self.env["res.lang"].sudo().get_installed())
        lang = LANG if LANG in installed else self.env.user.lang or "en_US"
        lines = lines.with_context(lang=lang)
        return {
            "paper_lang": lang,
            "certificates": [line.sudo()._certificate_values(lang) for line in lines],
        }

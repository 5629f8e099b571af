from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools.capitals import in_capitals

LANG = "zh_CN"


class CsComplaintSettlementLine(models.Model):
    """The certificate that the customer seals before an allowance is booked."""

    _inherit = "cs.complaint.settlement.line"

    def _certificate_values(self, lang):
        """What the certificate says; nothing internal. Sudo."""
        self.ensure_one()
        stages = ("approved", "executing", "settled")
        if self.kind != "allowance" or self.stage not in stages:
            raise UserError(
                self.env._("A certificate is printed for an approved allowance.")
            )
        if self.complaint_id.masked:
            raise UserError(self.env._("The books must not name a masked person."))
        invoice = self.invoice_id
        day = self.company_id._cs_today()
        return {
            "number": self.name,
            "company": self.company_id,
            "customer": self.complaint_id._cs_partner().name,
            "premises": self.complaint_id.premises_id.display_name,
            "invoice": invoice.name,
            "invoice_date": invoice
            and format_date(self.env, invoice.invoice_date, lang_code=lang),
            "invoice_total": invoice and self.currency_id.format(invoice.amount_total),
            "amount": self.currency_id.format(self.amount),
            "words": self._certificate_words(lang),
            "date": format_date(self.env, day, lang_code=lang),
        }

    def _certificate_words(self, lang):
        """The amount in words: yuan in Chinese in capital characters."""
        self.ensure_one()
        if lang == LANG and self.currency_id.name == "CNY":
            return in_capitals(round(self.amount * 100))
        return self.currency_id.with_context(lang=lang).amount_to_text(self.amount)

    def action_print_certificate(self):
        """Print the certificate the customer seals."""
        self.check_access("read")
        for line in self.sudo():
            line._certificate_values(self.env.lang)
        report = self.env.ref("cs_complaint.cs_complaint_certificate_report")
        return report.report_action(self, config=False)

from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

LETTER = "cs_complaint.cs_complaint_letter_report"


class CsComplaintAnswer(models.Model):
    """The answer goes out: as a letter, by e-mail, or as a neutral notice."""

    _inherit = "cs.complaint.answer"

    def _cs_send(self):
        """Send what the way asks for; by phone and in person nothing is sent."""
        self.ensure_one()
        if self.way in ("letter", "mail"):
            self._cs_make_letter()
        if self.way == "mail":
            self._cs_mail()
        elif self.way in ("sms", "portal") and not self.complaint_id.masked:
            self._cs_give_notice()

    def _cs_make_letter(self):
        """Print the letter and keep it with the answer, as it went out.

        :raise UserError: the person is hidden or unknown
        """
        self.ensure_one()
        case = self.complaint_id
        if refusal := case._cs_way_refusal("letter"):
            raise UserError(refusal)
        report = self.env["ir.actions.report"].sudo().with_company(case.company_id)
        document, kind = report._render_qweb_pdf(LETTER, self.ids)
        letter = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": f"{self.number}.{kind}",
                    "raw": document,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
        )
        self._update({"letter_id": letter.id})

    def _cs_mail(self):
        """Send the text and the letter by e-mail; an answer comes back to the case."""
        self.ensure_one()
        case = self.complaint_id
        letter = self.sudo().letter_id
        case._cs_post_outside(
            subject=self.env._("Our answer on No. %s", case.name),
            body=Markup(plaintext2html(self.text)),
            partner_ids=case._cs_partner().ids,
            attachments=[(letter.name, letter.raw)],
            message_type="comment",
            subtype_xmlid="mail.mt_note",
        )

    def _cs_give_notice(self):
        """Tell the customer that an answer is there, and where: nothing else."""
        self.ensure_one()
        case = self.complaint_id.sudo()
        self.env["cs.notify"].sudo()._cs_notify(
            "complaint.answered",
            case,
            partners=case._cs_partner(),
            values={"link": case._cs_unsigned_url()},
            key=f"answer,{self.id}",
        )

    # === PRINT === #

    def _cs_print_action(self):
        report = self.env.ref(LETTER).sudo()
        return report.report_action(self.ids, config=False)

    def action_print_letter(self):
        """Print the letter; the first time it is kept with the answer."""
        self.check_access("read")
        self.complaint_id.check_access("write")
        for row in self.filtered(lambda one: not one.letter_id):
            row._cs_make_letter()
        return self._cs_print_action()

    # === VALUES OF THE LETTER === #

    def _cs_letter_values(self):
        """What the letter says; nothing else of the case gets into it."""
        self.ensure_one()
        row = self.sudo()
        case = row.complaint_id
        if refusal := case._cs_way_refusal("letter"):
            raise UserError(refusal)
        company = case.company_id
        contact = case.interaction_id
        identity = case.identity_ids[:1]
        return {
            "number": row.number,
            "case": case.name,
            "company": company,
            "date": company._cs_date(row.told_at),
            "received": company._cs_date(case.received_at),
            "name": identity.partner_id.name,
            "address": identity.address or case.premises_id.display_name or "",
            "subject": case.subject,
            "paragraphs": [line for line in row.text.splitlines() if line.strip()],
            "owner": contact.first_owner_id.name or case.handler_id.name or "",
            "owner_phone": contact._cs_owner_phone(),
            "asks_reply": case._cs_needs_reply(),
        }

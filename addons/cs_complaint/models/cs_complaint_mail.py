import datetime

from odoo import api, fields, models
from odoo.tools import html2plaintext
from odoo.tools.mail import email_split_tuples


class CsComplaintMail(models.Model):
    """Complaints that come by mail, and what a mail does to a case that has ended."""

    _inherit = "cs.complaint"

    @api.model
    def _cs_mail_vals(self, message_dict):
        """A case out of a mail; who complains is whoever wrote it."""
        vals = super()._cs_mail_vals(message_dict)
        body = html2plaintext(message_dict.get("body") or "").strip()
        subject = (message_dict.get("subject") or "").strip()
        senders = email_split_tuples(message_dict.get("email_from") or "")
        name, address = senders[0] if senders else ("", "")
        partner = self.env["res.partner"].browse(message_dict.get("author_id") or ())
        return {
            **vals,
            "channel": "mail",
            "subject": subject or self.env._("Mail without subject"),
            "content": body or subject or self.env._("Empty mail"),
            "complainant_partner_id": partner.id,
            "complainant_name": partner.sudo().name or name or address,
            "complainant_address": False if partner else address,
        }

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        case = super().message_new(msg_dict, custom_values)
        contact = case.sudo().interaction_id
        if not contact.partner_id and contact.channel == "mail":
            contact.partner_id = case.sudo()._cs_partner()
        return case

    def _cs_mail_new_vals(self):
        """The next case after this one: of the same kind and the same person."""
        vals = super()._cs_mail_new_vals()
        identity = self._cs_identity_sudo()
        return {
            **vals,
            "kind": self.kind,
            "complainant_partner_id": identity.partner_id.id,
            "complainant_name": identity.name,
            "complainant_phone": identity.phone,
        }

    def _cs_mail_route(self, message, message_dict):
        """Open cases take it; what was closed lately goes on, later begins a new one.

        A refused round hands it to the next one.
        """
        route = super()._cs_mail_route(message, message_dict)
        if route != "park":
            return route
        if self.state == "refused":
            following = [other for _kind, other in self._cs_linked("round")]
            if following and following[-1] != self:
                following = following[-1].with_env(self.env)
                return following._cs_mail_route(message, message_dict)
            return "new"
        if self.state == "withdrawn":
            return "new"
        if self.state != "closed":
            return route
        days = self.company_id.sudo().cs_complaint_reopen_days
        if self.closed_at < fields.Datetime.now() - datetime.timedelta(days=days):
            return "new"
        self.sudo()._cs_reopen(self.env._("The customer wrote again."))
        return self

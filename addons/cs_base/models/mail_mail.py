from markupsafe import Markup

from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _prepare_outgoing_body(self):
        """Mails of notices go out as ``cs.notify._cs_outgoing`` says."""
        body = super()._prepare_outgoing_body()
        if "/cs/" not in (body or ""):
            return body
        notices = self.env["cs.notify"].sudo()
        notice = notices.search(
            [("mail_message_id", "=", self.mail_message_id.id)], limit=1
        )
        return Markup(notice._cs_outgoing(str(body))) if notice else body

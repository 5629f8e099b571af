from odoo import models

from .cs_matter_mail import matters_of


class MailTemplate(models.Model):
    """Mails made from a template: they bypass the recipients of a message."""

    _inherit = "mail.template"

    def send_mail_batch(self, res_ids, *args, **kwargs):
        matters = matters_of(self.env, self.model, res_ids)
        if matters:
            matters._cs_check_bulk()
        return super().send_mail_batch(res_ids, *args, **kwargs)

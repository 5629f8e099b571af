from odoo import models
from odoo.exceptions import UserError

from ..models.cs_matter_mail import matters_of


class MailComposeMessage(models.TransientModel):
    """Mails in bulk: they bypass the recipients of a message."""

    _inherit = "mail.compose.message"

    def _action_send_mail_mass_mail(self, res_ids, auto_commit=False):
        matters = matters_of(self.env, self.model, res_ids)
        if matters:
            matters._cs_check_bulk()
            if any(self.attachment_ids.sudo().mapped("cs_internal")):
                raise UserError(matters[0]._cs_outside_refusal())
        return super()._action_send_mail_mass_mail(res_ids, auto_commit=auto_commit)

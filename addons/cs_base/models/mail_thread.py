from odoo import models

from .cs_matter_mail import matters_of


class MailThread(models.AbstractModel):
    """The one place every message to anybody passes."""

    _inherit = "mail.thread"

    def message_notify(self, *, partner_ids=False, model=False, res_id=False, **kwargs):
        matter = self._cs_matter_of_message(model, res_id)
        if matter and partner_ids:
            files = self.env["ir.attachment"].browse(kwargs.get("attachment_ids") or ())
            partner_ids = matter._cs_guard_partners(partner_ids, files)
            if not partner_ids:
                return self.env["mail.message"]
        return super().message_notify(
            partner_ids=partner_ids, model=model, res_id=res_id, **kwargs
        )

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        recipients = super()._notify_get_recipients(message, msg_vals, **kwargs)
        told = message.sudo()
        matter = self._cs_matter_of_message(told.model, told.res_id)
        if not recipients or not matter:
            return recipients
        return matter._cs_guard_recipients(recipients, told.attachment_ids)

    def _cs_matter_of_message(self, model, res_id):
        """The matter a message is about, also if it is posted beside it; or None."""
        if self:
            return matters_of(self.env, self._name, self.ids)
        matters = matters_of(self.env, model, [res_id] if res_id else ())
        return matters.exists() if matters else None

from odoo import models


class MailThread(models.AbstractModel):
    """The one place every message to anybody passes."""

    _inherit = "mail.thread"

    def message_notify(self, *, partner_ids=False, model=False, res_id=False, **kwargs):
        document = self._cs_guarded_document(model, res_id)
        if document and partner_ids:
            files = self.env["ir.attachment"].browse(kwargs.get("attachment_ids") or ())
            partner_ids = document._cs_guard_partners(partner_ids, files)
            if not partner_ids:
                return self.env["mail.message"]
        return super().message_notify(
            partner_ids=partner_ids, model=model, res_id=res_id, **kwargs
        )

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        recipients = super()._notify_get_recipients(message, msg_vals, **kwargs)
        told = message.sudo()
        document = self._cs_guarded_document(told.model, told.res_id)
        if not recipients or not document:
            return recipients
        return document._cs_guard_recipients(recipients, told.attachment_ids)

    def _cs_guarded_document(self, model, res_id):
        """The matter, contact or approval a message is about, or None.

        Also if the message is posted beside it.
        """
        if self:
            return self if hasattr(self, "_cs_guard_partners") else None
        if not model or not hasattr(self.env.get(model), "_cs_guard_partners"):
            return None
        return self.env[model].browse([res_id] if res_id else ()).exists()

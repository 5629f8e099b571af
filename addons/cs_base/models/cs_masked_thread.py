from odoo import models


class CsMaskedThread(models.AbstractModel):
    """Messages of documents that may be masked: only their readers hear of them."""

    _name = "cs.masked.thread"
    _description = "Messages of What May Be Masked"
    _inherit = ["mail.thread"]

    def _cs_readers(self, users):
        """Those of ``users`` who may read this document."""
        self.ensure_one()
        return users.filtered(
            lambda user: self.with_user(user).sudo(False).has_access("read")
        )

    def _cs_guard_recipients(self, recipients, attachments):
        """Recipients of a message without those it may not reach.

        :param recipients: as ``_notify_get_recipients`` returns them
        :param attachments: ``ir.attachment`` of the message
        """
        if not self.sudo().masked:
            return recipients
        staff = [one["uid"] for one in recipients if not is_outside(one)]
        users = self.env["res.users"].sudo().browse(filter(None, staff))
        readers = set(self._cs_readers(users).ids)
        return [one for one in recipients if is_outside(one) or one["uid"] in readers]

    def _cs_guard_partners(self, partner_ids, attachments=None):
        """Ids of those partners who may be told or mentioned.

        :param attachments: ``ir.attachment`` of the message
        """
        partners = self.env["res.partner"].sudo().browse(partner_ids or ())
        if not self.sudo().masked:
            return partners.ids
        outside = partners.filtered("partner_share")
        staff = (partners - outside).user_ids.filtered(lambda user: not user.share)
        return (outside | self._cs_readers(staff).partner_id).ids

    def message_post(self, *, partner_ids=None, **kwargs):
        if self and partner_ids:
            self.ensure_one()
            files = self.env["ir.attachment"].browse(kwargs.get("attachment_ids") or ())
            partner_ids = self._cs_guard_partners(partner_ids, files)
        return super().message_post(partner_ids=partner_ids, **kwargs)

    def _message_update_content(self, message, /, *, partner_ids=None, **kwargs):
        if partner_ids:
            files = message.sudo().attachment_ids
            partner_ids = self._cs_guard_partners(partner_ids, files)
        return super()._message_update_content(
            message, partner_ids=partner_ids, **kwargs
        )


def is_outside(recipient):
    """Whether a recipient, as ``_notify_get_recipients`` describes him, is no staff."""
    return recipient["share"] or not recipient["uid"]

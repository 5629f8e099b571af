from odoo import api, models
from odoo.exceptions import UserError

from ..tools.notice import NEUTRAL
from .cs_masked_thread import is_outside


class CsMatterMail(models.AbstractModel):
    """What of a matter may leave the house, and who in the house may hear of it.

    While a room locks a matter, only texts made by ``_cs_post_outside`` and notices
    from neutral templates reach anybody outside: no message, no mail in bulk, no SMS,
    no follower. Attachments marked as internal never go out. Of a masked matter only
    those who may read it get anything.
    """

    _inherit = "cs.matter.mixin"

    def _cs_outside_locked(self):
        """Whether nothing free may go to outsiders now, e.g. while money is open."""
        self.ensure_one()
        return False

    def _cs_post_outside(self, **values):
        """Post to outsiders although the matter is locked: letters the room wrote.

        No client can call this, nor make what it puts into the context.

        :param values: as for ``message_post``
        """
        keyed = self.with_context(cs_neutral=NEUTRAL)
        return keyed.message_post(**values).with_env(self.env)

    # === WHO GETS A MESSAGE === #

    def _cs_may_leave(self, attachments=None):
        """Whether what is being posted may reach outsiders.

        :param attachments: ``ir.attachment`` of the message
        """
        self.ensure_one()
        if attachments and any(attachments.sudo().mapped("cs_internal")):
            return False
        is_ours = self.env.context.get("cs_neutral") is NEUTRAL
        return is_ours or not self.sudo()._cs_outside_locked()

    def _cs_guard_recipients(self, recipients, attachments):
        if not self._cs_may_leave(attachments):
            recipients = [one for one in recipients if not is_outside(one)]
        return super()._cs_guard_recipients(recipients, attachments)

    def _cs_guard_partners(self, partner_ids, attachments=None):
        """Partners who may be told or mentioned; a clerk is told whom he can't reach.

        :raise UserError: somebody outside is among them and nothing may go out
        """
        outside = self._cs_outsiders(partner_ids)
        if outside and not self._cs_may_leave(attachments):
            raise UserError(self._cs_outside_refusal(outside))
        return super()._cs_guard_partners(partner_ids, attachments)

    def _cs_outside_refusal(self, partners=None):
        self.ensure_one()
        return self.env._(
            "Nothing goes out about %(matter)s now%(who)s: it is locked, or an "
            "attachment is internal. Write a note for colleagues, or wait for the "
            "decision.",
            matter=self.display_name,
            who=f" ({', '.join(partners.mapped('name'))})" if partners else "",
        )

    # === WAYS OUT === #

    def message_post(self, *, outgoing_email_to=False, **kwargs):
        if self and outgoing_email_to:
            self.ensure_one()
            files = self.env["ir.attachment"].browse(kwargs.get("attachment_ids") or ())
            if not self._cs_may_leave(files):
                raise UserError(self._cs_outside_refusal())
        return super().message_post(outgoing_email_to=outgoing_email_to, **kwargs)

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        outside = self._cs_outsiders(partner_ids)
        if locked := outside and self.filtered(lambda m: not m._cs_may_leave()):
            raise UserError(locked[0]._cs_outside_refusal(outside))
        return super().message_subscribe(partner_ids, subtype_ids)

    def _message_subscribe(self, partner_ids=None, subtype_ids=None, customer_ids=None):
        """Followers that come by themselves: outsiders not while it is locked."""
        outside = self._cs_outsiders(partner_ids)
        locked = self.filtered(lambda m: outside and not m.sudo()._cs_may_leave())
        if not locked:
            return super()._message_subscribe(partner_ids, subtype_ids, customer_ids)
        inside = [one for one in partner_ids if one not in outside.ids]
        if inside:
            super(CsMatterMail, locked)._message_subscribe(inside, subtype_ids, [])
        return super(CsMatterMail, self - locked)._message_subscribe(
            partner_ids, subtype_ids, customer_ids
        )

    @api.model
    def _cs_outsiders(self, partner_ids):
        partners = self.env["res.partner"].sudo().browse(partner_ids or ())
        return partners.filtered("partner_share")

    def _cs_check_bulk(self):
        """Mails and SMS in bulk, which know no recipients before they are written.

        :raise UserError: nothing may go out about one of the matters
        """
        for matter in self:
            if not matter._cs_may_leave():
                raise UserError(matter._cs_outside_refusal())


def matters_of(env, model, res_ids):
    """The records of ``model`` if they are matters; None if they aren't."""
    if not model or model not in env or not hasattr(env[model], "_cs_check_bulk"):
        return None
    return env[model].browse(res_ids)

import datetime

from odoo import fields, models
from odoo.exceptions import UserError

#: Ways in which staff write a reply down; the others are the customer's own.
STAFF_WAYS = ("signature", "paper", "phone", "visit", "mail")
#: A signature drawn on the screen is smaller than this, in bytes of base64.
SIGNATURE_MAX = 1_000_000


class CsComplaint(models.Model):
    """The customer accepts the answer: by signature, by phone, or by himself."""

    _inherit = "cs.complaint"

    def action_reply(self):
        """Open the dialog in which the customer's reply is written down."""
        self.ensure_one()
        self.check_access("write")
        self._cs_check_told_already()
        return self._cs_answer_dialog(
            "cs.complaint.reply", self.env._("Reply of the Customer"), result="accepted"
        )

    def _cs_check_told_already(self):
        for case in self:
            if case.answer_state != "told":
                raise UserError(
                    self.env._("No answer of %s waits for a reply.", case.display_name)
                )

    def action_customer_accepts(self, way, name="", note="", signature=None, at=None):
        """Write down that the customer accepts the answer.

        :param way: ``signature``, ``paper``, ``phone``, ``visit`` or ``mail``
        :param name: who said so; compulsory unless the person is hidden
        :param note: what he said
        :param signature: base64 of the drawn image, for ``signature``
        :param at: when, as text in UTC or a datetime; default now
        """
        self.ensure_one()
        self.check_access("write")
        self._cs_lock()
        self._cs_check_state("answering")
        self._cs_check_told_already()
        moment = fields.Datetime.to_datetime(at) or fields.Datetime.now()
        self._cs_check_acceptance(way, (name or "").strip(), signature, moment)
        self._cs_accepted(way, name, note, signature, moment, self.env.user)
        return True

    def _cs_check_acceptance(self, way, name, signature, moment):
        if way not in STAFF_WAYS:
            raise UserError(self.env._("Choose how the customer replied."))
        if moment > fields.Datetime.now() or moment < self.answer_id.told_at:
            raise UserError(
                self.env._("The customer replied after he was told, and until now.")
            )
        if self.masked:
            if way in ("signature", "paper") or name or signature:
                raise UserError(
                    self.env._("The person is hidden: no name is kept, no signature.")
                )
            return
        if not name:
            raise UserError(self.env._("Write down who accepted the answer."))
        if way == "signature" and not signature:
            raise UserError(self.env._("Let the customer sign."))
        if signature and len(signature) > SIGNATURE_MAX:
            raise UserError(self.env._("This signature is too large."))

    def _cs_accepted(self, way, name, note, signature, moment, user=None):
        """Keep the acceptance; of a hidden person neither name nor signature."""
        self.ensure_one()
        masked = self.sudo().masked
        self.sudo().answer_id._update(
            {
                "state": "accepted",
                "result_way": way,
                "result_at": moment,
                "result_by_id": user.id if user else False,
                "result_name": not masked and (name or "").strip() or False,
                "result_note": (note or "").strip() or False,
                "signature": not masked and signature or False,
            }
        )
        ways = self.answer_id._fields["result_way"]
        labels = dict(ways._description_selection(self.env))
        self.sudo()._message_log(
            body=self.env._("The customer accepts the answer: %s", labels[way])
        )

    def action_no_objection(self, note=""):
        """Take silence for acceptance, after the days of the company's setting.

        :param note: what was tried to reach him
        :raise UserError: he was told too short a time ago
        """
        self._cs_check_group("cs_complaint.group_lead")
        self._cs_lock()
        self._cs_check_state("answering")
        self._cs_check_told_already()
        now = fields.Datetime.now()
        for case in self:
            days = case.company_id.cs_complaint_silent_days
            last = case.answer_id.told_at + datetime.timedelta(days=days)
            if now < last:
                raise UserError(
                    self.env._(
                        "The customer may object until %(day)s (%(days)s days after he "
                        "was told).",
                        day=case.company_id._cs_date(last).isoformat(),
                        days=days,
                    )
                )
            case._cs_accepted("silence", "", note, None, now, self.env.user)
        return True

from odoo import api, fields, models
from odoo.exceptions import UserError

from .cs_complaint import JUDGEMENTS

CONSENTS = [
    ("agreed", "Understands"),
    ("objects", "Objects"),
    ("not_reached", "Not Reached"),
]
CONSENT_CHANNELS = [
    ("phone", "Phone"),
    ("visit", "Visit"),
    ("letter", "Letter"),
    ("mail", "E-Mail"),
    ("sms", "SMS"),
]
RULED = frozenset(
    {
        "judgement_reason",
        "judged_by_id",
        "judged_at",
        "consent",
        "consent_channel",
        "consent_note",
        "consent_at",
        "consent_by_id",
        "consent_upheld",
    }
)


class CsComplaint(models.Model):
    """Whether a complaint is substantiated (投诉判断), and what its maker says to it.

    What isn't substantiated is explained politely; whether the customer understands
    is written down. If he objects, a team lead judges anew.
    """

    _inherit = "cs.complaint"

    judgement_reason = fields.Text(readonly=True, copy=False)
    judged_by_id = fields.Many2one(comodel_name="res.users", readonly=True, copy=False)
    judged_at = fields.Datetime(string="Judged On", readonly=True, copy=False)
    consent = fields.Selection(
        selection=CONSENTS,
        string="The Customer",
        readonly=True,
        copy=False,
        tracking=True,
        help="What he said when it was explained to him that the complaint isn't "
        "substantiated.",
    )
    consent_channel = fields.Selection(
        selection=CONSENT_CHANNELS, string="Explained By", readonly=True, copy=False
    )
    consent_note = fields.Text(string="What He Said", readonly=True, copy=False)
    consent_at = fields.Datetime(string="Explained On", readonly=True, copy=False)
    consent_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Explained By (User)",
        readonly=True,
        copy=False,
    )
    consent_upheld = fields.Boolean(
        string="Upheld by a Team Lead",
        readonly=True,
        copy=False,
        help="The customer objected, and a team lead came to the same judgement.",
    )

    @api.model
    def _cs_is_closed(self, name):
        return name in RULED or super()._cs_is_closed(name)

    # === STEPS === #

    def action_judge(self, judgement, reason=""):
        """Judge whether the complaint is substantiated.

        Once the customer has objected only a team lead judges anew.

        :param judgement: substantiated, partly or unsubstantiated
        :param reason: why; compulsory unless it is substantiated
        """
        if judgement not in dict(JUDGEMENTS):
            raise UserError(self.env._("Say whether the complaint is substantiated."))
        reason = (reason or "").strip()
        if judgement != "substantiated" and not reason:
            raise UserError(self.env._("Say why it isn't, or isn't fully."))
        self._cs_check_group("cs_complaint.group_user")
        self._cs_lock()
        self._cs_check_state("accepted", "investigating", "deciding", "answering")
        for case in self:
            case._cs_judge(judgement, reason)
        return True

    def _cs_judge(self, judgement, reason):
        if self.kind == "suggestion":
            raise UserError(self.env._("A suggestion is adopted or not."))
        if self.sudo().parent_id and self.consent != "objects":
            raise UserError(
                self.env._(
                    "%s belongs to an event: it is judged there.", self.display_name
                )
            )
        lead = self.env.user.has_group("cs_complaint.group_lead")
        if self.consent == "objects" and not lead:
            raise UserError(
                self.env._(
                    "The customer objects to the judgement of %s: a team lead "
                    "judges anew.",
                    self.display_name,
                )
            )
        vals = {
            "judgement": judgement,
            "judgement_reason": reason or False,
            "judged_by_id": self.env.uid,
            "judged_at": fields.Datetime.now(),
            "consent_upheld": self.consent == "objects"
            and judgement == "unsubstantiated",
        }
        if judgement != "unsubstantiated":
            vals["consent"] = False
        self.sudo().write(vals)
        self._cs_verified()

    def action_record_consent(self, consent, channel, note="", at=None):
        """Write down how the customer took it that his complaint isn't substantiated.

        :param consent: agreed, objects or not_reached
        :param channel: how it was explained, see ``CONSENT_CHANNELS``
        :param note: what he said; compulsory if he objects or wasn't reached
        :param at: when (naive UTC or its text), not in the future; now if left out
        """
        if consent not in dict(CONSENTS) or channel not in dict(CONSENT_CHANNELS):
            raise UserError(
                self.env._("Say how it was explained, and what the customer said.")
            )
        note, now = (note or "").strip(), fields.Datetime.now()
        try:
            moment = fields.Datetime.to_datetime(at) or now
        except (TypeError, ValueError) as error:
            raise UserError(self.env._("Say when it was explained.")) from error
        if moment > now:
            raise UserError(self.env._("It can't have been explained in the future."))
        if consent != "agreed" and not note:
            raise UserError(self.env._("Say what he said, or how it was tried."))
        self._cs_check_group("cs_complaint.group_user")
        self._cs_lock()
        for case in self:
            if not case.is_open or case.judgement != "unsubstantiated":
                raise UserError(
                    self.env._(
                        "%s isn't judged as not substantiated.", case.display_name
                    )
                )
            if case.judged_at and moment < case.judged_at.replace(second=0):
                raise UserError(
                    self.env._("It was explained before it was judged: check the time.")
                )
            case.sudo().write(
                {
                    "consent": consent,
                    "consent_channel": channel,
                    "consent_note": note or False,
                    "consent_at": moment,
                    "consent_by_id": self.env.uid,
                    "consent_upheld": False,
                }
            )
            if consent == "objects":
                case._cs_to_lead(note)
        return True

    def _cs_to_lead(self, note):
        """The customer objects: whoever leads the team takes the case."""
        handler = self.sudo().handler_id
        leads = handler.has_group("cs_complaint.group_lead")
        lead = handler if leads else self._cs_acting_lead()
        if lead and lead != handler:
            self.sudo().handler_id = lead
        self.sudo()._cs_tell("complaint.objects", lead, note=note)

    def _cs_open_points(self):
        points = super()._cs_open_points()
        if self.kind == "suggestion":
            return points
        if not self.judgement:
            if self.parent_id:
                return points
            points.append(self.env._("Judge whether it is substantiated."))
        elif self.judgement == "unsubstantiated" and self._cs_has_customer():
            if not self.consent:
                points.append(
                    self.env._(
                        "Explain politely why it isn't substantiated and write down "
                        "what the customer says."
                    )
                )
            elif self.consent == "objects" and not self.consent_upheld:
                points.append(
                    self.env._("The customer objects: a team lead judges anew.")
                )
        return points

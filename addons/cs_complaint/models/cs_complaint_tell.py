from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.amounts import amounts_in
from .cs_complaint_answer import WAYS

#: What the methods of this topic set, whoever writes.
RULED = frozenset({"answer_ids", "answer_id", "answer_state", "answered_at"})
#: What is judged and decided once for all callers of a mass event.
DECIDED = (
    "judgement",
    "judgement_reason",
    "judged_by_id",
    "judged_at",
    "opinion",
    "opinion_by_id",
    "opinion_at",
)
#: Ways that name the customer on what is sent or kept.
NAMING_WAYS = frozenset({"letter", "mail", "sms"})


class CsComplaint(models.Model):
    """The customer is told: how, what, when; nothing beyond what is approved."""

    _inherit = "cs.complaint"

    answer_ids = fields.One2many(
        comodel_name="cs.complaint.answer",
        inverse_name="complaint_id",
        string="Answers",
        readonly=True,
    )
    answer_id = fields.Many2one(
        comodel_name="cs.complaint.answer",
        string="Present Answer",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    answer_state = fields.Selection(
        related="answer_id.state", string="Answer", store=True
    )
    answered_at = fields.Datetime(
        string="Answered On",
        readonly=True,
        copy=False,
        help="When the customer first had an answer in this round.",
    )
    untold_count = fields.Integer(
        string="Callers Not Told", compute="_compute_untold_count"
    )

    @api.model
    def _cs_is_closed(self, name):
        return name in RULED or super()._cs_is_closed(name)

    # === WHO IS TOLD === #

    def _cs_needs_reply(self):
        """Whether the customer is asked if he accepts the answer.

        Those who suggest or report an anomaly are only told; of what is not
        substantiated the consent is recorded with the explanation.
        """
        self.ensure_one()
        asked = self.kind in ("complaint", "corruption") and self._cs_has_customer()
        return asked and self.judgement != "unsubstantiated"

    def _cs_open_points(self):
        points = super()._cs_open_points()
        if not (self._cs_needs_answer() and self._cs_has_customer()):
            return points
        if not self.answer_id:
            points.append(self.env._("The customer hasn't been told yet."))
        elif self._cs_needs_reply() and self.answer_state != "accepted":
            points.append(self.env._("The customer hasn't accepted the answer yet."))
        return points

    # === WHAT IS SAID === #

    def _cs_answer_text(self):
        """What the customer may be told: from decided and approved values only."""
        self.ensure_one()
        judged = {
            "substantiated": self.env._("Your complaint is justified. We apologize."),
            "partly": self.env._("Your complaint is justified in part. We apologize."),
            "unsubstantiated": self.env._(
                "We could not find that anything was done wrong."
            ),
        }
        opening = self.env._(
            "We have looked into your matter No. %(number)s of %(date)s.",
            number=self.name,
            date=self.company_id._cs_date(self.received_at).isoformat(),
        )
        lines = [opening, judged.get(self.judgement)]
        return "\n".join(filter(None, lines + self._cs_settlement_sentences()))

    def _cs_excess(self, text):
        """Amounts in ``text`` above what is approved, which the case doesn't name."""
        self.ensure_one()
        named = set(amounts_in(self.subject) + amounts_in(self.content))
        named |= set(amounts_in(self.wish_note))
        limit = Decimal(str(self.sudo()._cs_promised_amount()))
        return [one for one in amounts_in(text) if one > limit and one not in named]

    # === TELL === #

    def action_answer(self):
        """Open the dialog in which the answer is written down."""
        self.ensure_one()
        self._cs_check_tell()
        return self._cs_answer_dialog("cs.complaint.tell", self.env._("Tell Customer"))

    def _cs_answer_dialog(self, model, title, **defaults):
        context = {f"default_{name}": value for name, value in defaults.items()}
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_complaint_id": self.id, **context},
        }

    def action_tell(self, way, text, told_at=None):
        """Tell the customer the decision, or write down that he was told.

        The clock of the answer stops now. By e-mail, SMS and in the portal he is told
        by this; by phone, in person and by letter it was done, or is done next.

        :param way: key of ``WAYS``
        :param text: what he was, or is, told
        :param told_at: when he was told, as text in UTC or a datetime; default now
        :raise UserError: nothing may be said now, or this may not be said
        :return: action that prints the letter, or True
        """
        moment = fields.Datetime.to_datetime(told_at) or fields.Datetime.now()
        text = (text or "").strip()
        self._cs_lock()
        rows = self.env["cs.complaint.answer"]
        for case in self:
            case._cs_check_tell()
            case._cs_check_told(way, text, moment)
            rows += case._cs_told(way, text, moment)
            for child in case._cs_event_children():
                child._cs_told_with(case, text, moment)
        letters = rows.letter_id
        if way == "letter" and letters:
            return rows._cs_print_action()
        return True

    def _cs_check_tell(self):
        """Raise unless the customer may be told something now, by this user."""
        self.check_access("write")
        self._cs_check_state("answering")
        for case in self:
            if case.answer_state == "accepted":
                raise UserError(self.env._("The customer has accepted the answer."))
            if refusal := case._cs_tell_refusal():
                raise UserError(refusal)

    def _cs_tell_refusal(self):
        """Why nothing may be told now; empty if it may."""
        self.ensure_one()
        refusal = (
            self._cs_reply_refusal()
            or self._cs_settlement_refusal()
            or self.sudo()._cs_event()._cs_settlement_refusal()
        )
        if not refusal and self.sudo()._cs_outside_locked():
            refusal = self.env._(
                "%s waits for an approval: nothing may be told before the decision.",
                self.display_name,
            )
        return refusal

    def _cs_check_told(self, way, text, moment):
        """Raise unless this may be told this way at this moment."""
        self.ensure_one()
        if way not in dict(WAYS):
            raise UserError(self.env._("Choose how the customer is told."))
        if not text:
            raise UserError(self.env._("Write down what the customer is told."))
        if moment > fields.Datetime.now():
            raise UserError(self.env._("The customer was told in the past, or now."))
        if moment < self.received_at:
            raise UserError(self.env._("Nobody is answered before he complained."))
        if excess := self._cs_excess(text):
            raise UserError(
                self.env._(
                    "The answer names %(amounts)s, which isn't approved for this "
                    "case. Approved: %(limit)s.",
                    amounts=", ".join(f"¥{amount}" for amount in excess),
                    limit=f"¥{self.sudo()._cs_promised_amount():.2f}",
                )
            )
        if refusal := self._cs_way_refusal(way):
            raise UserError(refusal)

    def _cs_way_refusal(self, way):
        """Why the customer can't be told this way; empty if he can."""
        self.ensure_one()
        if way == "posted":
            return ""
        if not self._cs_has_customer():
            return self.env._("Nobody is known who could be told; post the answer.")
        if way not in NAMING_WAYS:
            return ""
        if self.masked:
            return self.env._(
                "The person is hidden: nothing is sent in his name. Tell him by phone, "
                "in person, or by the link he was given."
            )
        partner = self._cs_partner()
        if not partner:
            return self.env._("Only a customer on file can be written to.")
        if way == "mail" and not partner.email:
            return self.env._("The customer has no e-mail address.")
        if way == "sms" and not (partner.phone or partner.email):
            return self.env._("The customer has no mobile number.")
        return ""

    def _cs_told(self, way, text, moment):
        """Keep what was told, stop the clock of the answer, and send it.

        :return: the new row
        """
        self.ensure_one()
        rows = self.env["cs.complaint.answer"]
        case = self.sudo()
        serial = len(case.answer_ids) + 1
        case.answer_ids._cs_replace()
        row = rows._append(
            [
                {
                    "complaint_id": self.id,
                    "number": f"{self.name}-{serial}",
                    "way": way,
                    "text": text,
                    "told_at": moment,
                    "told_by_id": self.env.uid,
                }
            ]
        )
        case.write({"answer_id": row.id, "answered_at": case.answered_at or moment})
        case._cs_answered()
        row.with_env(self.env)._cs_send()
        return row

    def _cs_set_state(self, new, **vals):
        """A case that is open again, or decided anew, has no answer any more."""
        anew = new in ("answering", "deciding")
        if anew:
            vals["answer_id"] = False
        result = super()._cs_set_state(new, **vals)
        if anew:
            self.sudo().answer_ids._cs_replace()
        return result

    # === MASS EVENT === #

    @api.depends("child_ids.answer_id", "child_ids.is_open")
    def _compute_untold_count(self):
        groups = self.sudo()._read_group(
            [("parent_id", "in", self.ids), ("is_open", "=", True)]
            + [("answer_id", "=", False)],
            ["parent_id"],
            ["__count"],
        )
        counts = {parent.id: count for parent, count in groups}
        for case in self:
            case.untold_count = counts.get(case.id, 0)

    def action_untold(self):
        """Show the callers of the event who have no answer yet: call them."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Callers Not Told Yet"),
            "res_model": self._name,
            "view_mode": "list,form",
            "domain": [
                ("parent_id", "=", self.id),
                ("is_open", "=", True),
                ("answer_id", "=", False),
            ],
        }

    def _cs_told_with(self, parent, text, moment):
        """Tell a caller what was found for all of them, if he can be written to."""
        self.ensure_one()
        case = self.sudo()
        way = "sms" if not case._cs_way_refusal("sms") else ""
        if not way or case.answer_state == "accepted":
            return
        case._cs_go_along(parent.sudo())
        case.with_env(self.env)._cs_told(way, text, moment)

    def _cs_go_along(self, parent):
        """Bring a caller's case to where its event is, step by step; with sudo.

        What was judged and decided of the event holds for each caller.
        """
        self.ensure_one()
        self.write(
            {
                name: self._fields[name].convert_to_write(parent[name], parent)
                for name in DECIDED
            }
        )
        steps = ("accepted", "deciding", "answering")
        if self.state in ("investigating", "deciding"):
            steps = ("deciding", "answering")
        for step in steps:
            if self.state != step and step in self._cs_transitions()[self.state]:
                self._cs_set_state(step)

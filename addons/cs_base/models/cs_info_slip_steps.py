from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class CsInfoSlip(models.Model):
    """The steps of a slip: who takes it, answers, returns, decides, confirms."""

    _inherit = "cs.info.slip"

    # === RIGHTS === #

    def _cs_refuse_state(self, new):
        """The same truth for buttons, dialogs and every other way in."""
        user = self.env.user
        receivers = (self._cs_receivers, self.env._("its addressee"))
        sender = (lambda: self.from_id, self.env._("its sender"))
        asker = (
            lambda: self.from_id | self._cs_clerks(),
            self.env._("its sender or the information clerk"),
        )
        arbiter = (self._cs_arbiters, self.env._("the arbiter"))
        who = {
            "accepted": sender if self.state == "answered" else receivers,
            "answered": receivers,
            "returned": receivers,
            "closed": asker,
            "cancelled": sender,
            "disputed": sender,
            "sent": arbiter if self.state == "disputed" else sender,
        }
        people, name = who[new]
        if user not in people():
            return self.env._(
                "Of %(slip)s only %(who)s can do this.",
                slip=self.display_name,
                who=name,
            )
        if new == "returned" and self.decided_at:
            return self.env._(
                "The arbiter decided who takes %s; it can't be returned again.",
                self.display_name,
            )
        if new == "disputed" and not self._cs_arbiters():
            return self.env._(
                "Nobody can decide this: name an arbiter in the settings."
            )
        return ""

    def _cs_step(self, new, **vals):
        """Go to a state; the time goes to whoever has the slip from now on."""
        self._cs_set_state(new, **vals)
        self.sudo()._cs_hold_clocks()

    # === ADDRESSEE === #

    def action_seen(self):
        """Acknowledge that the slip was read; the first time counts."""
        self.check_access("read")
        for slip in self:
            if self.env.user not in slip._cs_receivers():
                raise AccessError(
                    self.env._("%s was sent to somebody else.", slip.display_name)
                )
        self.sudo()._cs_mark_seen()
        return True

    def _cs_mark_seen(self):
        unseen = self.filtered(lambda slip: not slip.seen_at)
        unseen.write({"seen_at": fields.Datetime.now(), "seen_by_id": self.env.uid})

    def action_accept(self):
        """Take the slip: from now on the user works on it."""
        now = fields.Datetime.now()
        self._cs_step("accepted", handler_id=self.env.uid, accepted_at=now)
        self.sudo()._cs_mark_seen()
        return True

    def action_answer(self, answer):
        """Answer the sender; the clock stops until he isn't content with it.

        :param answer: what came of it
        """
        answer = self._cs_said(answer, self.env._("Write down the answer."))
        self._cs_step(
            "answered",
            answer=answer,
            answered_at=fields.Datetime.now(),
            answered_by_id=self.env.uid,
        )
        self.sudo()._cs_open_clocks()._cs_stop()
        for slip in self.sudo():
            slip._cs_tell("slip.answered", slip.from_id, note=answer)
        return True

    def action_return(self, reason):
        """Send the slip back: it belongs to somebody else.

        :param reason: why, and to whom it belongs
        """
        reason = self._cs_said(
            reason, self.env._("Say why it isn't yours, and whose it is.")
        )
        self._cs_step(
            "returned",
            return_reason=reason,
            returned_at=fields.Datetime.now(),
            returned_by_id=self.env.uid,
            sender_opinion=False,
        )
        for slip in self.sudo():
            slip._cs_mark_seen()
            slip._message_log(body=self.env._("Returned: %s", reason))
            slip._cs_tell("slip.returned", slip.from_id, reason=reason)
        return True

    # === SENDER === #

    def action_readdress(self, department_id=False, team_id=False, user_id=False):
        """Send the slip to another department, team or person.

        :param department_id: id of an ``hr.department``
        :param team_id: id of a ``cs.team``
        :param user_id: id of a ``res.users``
        """
        self._cs_send_to(department_id, team_id, user_id)
        return True

    def _cs_send_to(self, department_id, team_id, user_id, **vals):
        if not (department_id or team_id or user_id):
            raise UserError(
                self.env._("Say to which department, team or person the slip goes.")
            )
        address = {
            "to_department_id": department_id,
            "to_team_id": team_id,
            "to_id": user_id,
        }
        for slip in self:
            work = slip._cs_address(address, slip.sudo().company_id)
            fresh = {"seen_at": False, "seen_by_id": False, "accepted_at": False}
            slip._cs_step("sent", **address, **work, **fresh, **vals)
            slip.sudo()._cs_tell("slip.new", slip._cs_addressees())

    def action_dispute(self, opinion):
        """Insist on the addressee: the arbiter decides.

        :param opinion: why the sender thinks so
        """
        opinion = self._cs_said(
            opinion, self.env._("Say why it belongs where you sent it.")
        )
        self._cs_step("disputed", sender_opinion=opinion)
        for slip in self.sudo():
            slip._cs_tell(
                "slip.disputed", slip._cs_arbiters(), reason=slip.return_reason
            )
        return True

    def action_confirm(self):
        """The answer is good: the slip is done."""
        self._cs_step("closed", confirmed_by_id=self.env.uid)
        return True

    def action_refuse_answer(self, reason):
        """The answer isn't enough: work on it goes on, and so does the clock.

        :param reason: what is missing
        """
        reason = self._cs_said(reason, self.env._("Say what the answer lacks."))
        self._cs_step("accepted", answer_refusal=reason)
        self.sudo()._cs_clocks().filtered("closed_at")._cs_reopen()
        for slip in self.sudo():
            slip._message_log(body=self.env._("Answer not enough: %s", reason))
            slip._cs_tell("slip.not_enough", slip.handler_id, reason=reason)
        return True

    def action_cancel(self):
        """Take the slip back before anybody accepted it."""
        self._cs_step("cancelled")
        for slip in self.sudo():
            slip._cs_tell("slip.cancelled", slip._cs_addressees())
        return True

    # === ARBITER === #

    def action_decide(
        self, decision, department_id=False, team_id=False, user_id=False
    ):
        """Decide who takes the slip; he can't return it again.

        :param decision: the decision and its reasons, kept with both opinions
        :param department_id: id of an ``hr.department``; without any of the three it
            stays with the addressee it has
        :param team_id: id of a ``cs.team``
        :param user_id: id of a ``res.users``
        """
        decision = self._cs_said(decision, self.env._("Write down the decision."))
        for slip in self:
            address = (department_id, team_id, user_id)
            if not any(address):
                kept = slip.sudo()
                address = (kept.to_department_id, kept.to_team_id, kept.to_id)
                address = tuple(record.id for record in address)
            parties = slip.from_id | slip.returned_by_id
            slip._cs_send_to(
                *address,
                decision=decision,
                decided_at=fields.Datetime.now(),
                decided_by_id=self.env.uid,
            )
            self.env["cs.event"]._cs_log("slip.decide", slip.sudo())
            slip.sudo()._cs_tell("slip.decided", parties, note=decision)
        return True

    # === DIALOGS === #

    def action_ask(self):
        """Open the dialog of the step named in the context (``slip_step``)."""
        step = self.env.context.get("slip_step")
        return self._cs_dialog("cs.info.slip.step", {"slip_id": self.id}, step)

from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class CsComplaintTask(models.Model):
    """The steps of a task: who takes it, reports, signs, returns it, rules."""

    _inherit = "cs.complaint.task"

    # === RIGHTS === #

    def _cs_refuse_state(self, new):
        """The same truth for buttons, dialogs and every other way in."""
        may, who = self._cs_who(new)
        if not may:
            return self.env._(
                "Of %(task)s only %(who)s can do this.",
                task=self.display_name,
                who=who,
            )
        if new == "disputed" and not self._cs_arbiters():
            return self.env._(
                "Nobody can decide this: name an arbiter in the settings."
            )
        return ""

    def _cs_who(self, new):
        """Whether the user may bring the task to a state, and who may: (bool, text)."""
        user = self.env.user
        sender = self.env._("the handler of the case or a team lead")
        if new in ("reported", "returned") or (
            new == "accepted" and self.state == "sent"
        ):
            return user in self._cs_receivers(), self.env._("the department")
        if new == "accepted":
            may = user in self._cs_heads() or self._cs_is_sender(user)
            return may, self.env._("the head of the department or %s", sender)
        if new == "signed":
            return user in self._cs_heads(), self.env._("the head of the department")
        if new == "sent" and self.state == "disputed":
            return user in self._cs_arbiters(), self.env._("the arbiter")
        return self._cs_is_sender(user), sender

    def _cs_transition_error(self, new):
        error = super()._cs_transition_error(new)
        if error:
            return error
        if new == "returned" and self.decided_at:
            return self.env._(
                "The arbiter decided who takes %s; it can't be returned again.",
                self.display_name,
            )
        if new in ("reported", "signed") and self.needs_explanation:
            return self.env._(
                "%s is late: the department explains first why, and names a new date.",
                self.display_name,
            )
        return ""

    def _cs_step(self, new, **vals):
        """Go to a state; the time goes to whoever has the task from now on."""
        self._cs_set_state(new, **vals)
        self.sudo()._cs_hold_clocks()

    # === DEPARTMENT === #

    def action_accept(self):
        """Take the task: from now on the user works on it."""
        now = fields.Datetime.now()
        self._cs_check_group("base.group_user")
        self._cs_check_state("sent")
        self._cs_step("accepted", handler_id=self.env.uid, accepted_at=now)
        return True

    def action_give(self, user_id):
        """The head gives the task to somebody of the department.

        :param user_id: id of the ``res.users``
        """
        user = self.env["res.users"].browse(user_id).exists()
        self._cs_lock()
        for task in self:
            task._cs_check_state("sent", "accepted")
            if self.env.user not in task._cs_heads():
                raise AccessError(
                    self.env._("The head of the department gives its tasks out.")
                )
            people = task.sudo().department_id._cs_people()
            if user not in people:
                raise UserError(
                    self.env._("Choose somebody of %s.", task.sudo().department_id.name)
                )
            task.sudo().handler_id = user
            task.sudo()._cs_hold_clocks()
            task.sudo()._cs_tell("complaint.task.new", user)
        return True

    def action_report(self):
        """Hand the report in; the head signs it next."""
        for task in self:
            task._cs_check_report_complete()
            task._cs_step(
                "reported",
                reported_at=fields.Datetime.now(),
                reported_by_id=self.env.uid,
                reported_name=self.env.user.name,
                report_refusal=False,
            )
            task.sudo()._cs_tell("complaint.task.sign", task._cs_heads())
        return True

    def _cs_check_report_complete(self):
        task = self.sudo()
        missing = [
            task._fields[name]._description_string(self.env)
            for name in ("cause", "countermeasure", "signature")
            if not (task[name] if name == "signature" else (task[name] or "").strip())
        ]
        if task.tracked and not (task.measure_owner_id and task.measure_due):
            missing.append(
                self.env._("who carries the countermeasure out, and until when")
            )
        if missing:
            raise UserError(
                self.env._("The report isn't complete: %s.", ", ".join(missing))
            )
        if task.tracked and task.measure_due < task.company_id._cs_today():
            raise UserError(self.env._("The day of the countermeasure lies behind us."))

    def action_refuse_report(self, reason):
        """The report isn't enough: work on it goes on.

        :param reason: what is missing
        """
        reason = self._cs_said(reason, self.env._("Say what the report lacks."))
        self._cs_check_state("reported")
        self._cs_step(
            "accepted",
            report_refusal=reason,
            head_signature=False,
            signature=False,
            reported_at=False,
            reported_by_id=False,
            reported_name=False,
        )
        for task in self.sudo():
            task._message_log(body=self.env._("Report not enough: %s", reason))
            task._cs_tell("complaint.task.refused", task.handler_id, reason=reason)
        return True

    def action_sign(self):
        """The head puts the department's name to the report: nothing changes any more.

        A tracked countermeasure becomes a corrective action.
        """
        for task in self:
            task._cs_check_state("reported")
            if not task.sudo().head_signature:
                raise UserError(self.env._("Put your signature below the report."))
            task._cs_step(
                "signed",
                signed_at=fields.Datetime.now(),
                signed_by_id=self.env.uid,
                signed_name=self.env.user.name,
            )
            self.env["cs.event"]._cs_log("complaint.task.sign", task.sudo())
            task.sudo()._cs_track()
            task.sudo().complaint_id._cs_on_report(task.sudo())
        return True

    def _cs_track(self):
        """The corrective action of a tracked countermeasure."""
        self.ensure_one()
        if not self.tracked:
            return
        self.action_id = self.env["cs.action"].create(
            {
                "subject": self.env._("Countermeasure of %s", self.name),
                "problem": self.cause,
                "measure": self.countermeasure,
                "handler_id": self.measure_owner_id.id,
                "department_id": self.department_id.id,
                "due_on": max(self.measure_due, self.company_id._cs_today()),
                "company_id": self.company_id.id,
                "origin_ref": f"{self._name},{self.id}",
            }
        )

    def action_explain(self, reason, new_date):
        """A late department says why, and until when it reports (逾期反应).

        :param reason: why it is late
        :param new_date: date or its text
        """
        reason = self._cs_said(reason, self.env._("Say why it is late."))
        day = fields.Date.to_date(new_date)
        self._cs_lock()
        for task in self:
            if self.env.user not in task._cs_receivers():
                raise AccessError(self.env._("The late department explains itself."))
            if not task.is_open or not task._cs_is_late():
                raise UserError(self.env._("%s isn't late.", task.display_name))
            if not day or day < task.company_id._cs_today():
                raise UserError(self.env._("Name a day to come."))
            task.sudo()._message_log(
                body=self.env._(
                    "Late: %(reason)s. New date: %(day)s", reason=reason, day=day
                )
            )
            task.sudo().write(
                {
                    "overdue_reason": reason,
                    "overdue_until": day,
                    "overdue_at": fields.Datetime.now(),
                    "overdue_by_id": self.env.uid,
                }
            )
            self.env["cs.event"]._cs_log("complaint.task.explain", task.sudo())
            task.sudo()._cs_tell(
                "complaint.task.explained", task._cs_senders(), reason=reason
            )
        return True

    def action_return(self, reason):
        """Send the task back: it is for another department.

        :param reason: why, and for whom it is
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
        for task in self.sudo():
            task._message_log(body=self.env._("Returned: %s", reason))
            task._cs_tell("complaint.task.returned", task._cs_senders(), reason=reason)
        return True

    # === CASE === #

    def action_readdress(self, department_id, user_id=False):
        """Send the task to another department.

        :param department_id: id of an ``hr.department``
        :param user_id: id of who is responsible; the head if left out
        """
        self._cs_send_to(department_id, user_id)
        return True

    def _cs_send_to(self, department_id, user_id=False, **vals):
        department = self.env["hr.department"].browse(department_id).exists()
        if not department:
            raise UserError(self.env._("Say which department it goes to."))
        responsible = user_id or department._cs_head_users().id
        for task in self:
            task._cs_step(
                "sent",
                department_id=department.id,
                handler_id=responsible,
                accepted_at=False,
                **vals,
            )
            task.sudo()._cs_tell("complaint.task.new", task._cs_addressees())

    def action_dispute(self, opinion):
        """Insist on the department: the arbiter decides.

        :param opinion: why it belongs there
        """
        opinion = self._cs_said(
            opinion, self.env._("Say why it belongs where you sent it.")
        )
        self._cs_step("disputed", sender_opinion=opinion)
        for task in self.sudo():
            task._cs_tell(
                "complaint.task.disputed",
                task._cs_arbiters(),
                reason=task.return_reason,
            )
        return True

    def action_cancel(self, reason):
        """Take the task back: it isn't needed any more.

        :param reason: why
        """
        reason = self._cs_said(reason, self.env._("Say why it isn't needed."))
        self._cs_step("cancelled", cancel_reason=reason)
        for task in self.sudo():
            task._cs_tell(
                "complaint.task.cancelled", task._cs_addressees(), reason=reason
            )
        return True

    # === ARBITER === #

    def action_decide(self, decision, department_id=False):
        """Rule which department takes the task; it can't return it again.

        :param decision: the ruling and its reasons, kept with both opinions
        :param department_id: id of an ``hr.department``; without one it stays where
            it was sent
        """
        decision = self._cs_said(decision, self.env._("Write down the decision."))
        self._cs_check_state("disputed")
        for task in self:
            parties = task._cs_senders() | task.returned_by_id
            task._cs_send_to(
                department_id or task.department_id.id,
                decision=decision,
                decided_at=fields.Datetime.now(),
                decided_by_id=self.env.uid,
            )
            self.env["cs.event"]._cs_log("complaint.task.decide", task.sudo())
            task.sudo()._cs_tell("complaint.task.decided", parties, note=decision)
        return True

    # === DIALOGS === #

    def action_ask(self):
        """Open the dialog of the step named in the context (``task_step``)."""
        step = self.env.context.get("task_step")
        return self._cs_dialog("cs.complaint.task.step", {"task_id": self.id}, step)

    def action_open_task(self):
        """Show the task on a screen of its own."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def action_ask_give(self):
        """Ask who of the department works on it."""
        return self.with_context(task_step="give").action_ask()

    def action_ask_cancel(self):
        """Ask why the task isn't needed."""
        return self.with_context(task_step="cancel").action_ask()

    def action_ask_explain(self):
        """Ask why the report is late."""
        return self.with_context(task_step="explain").action_ask()

    def _cs_menu(self):
        items = super()._cs_menu()
        if self.is_head and self.state in ("sent", "accepted"):
            items.append(
                ("action_ask_give", self.env._("Give to Somebody"), "fa-user-o")
            )
        if self.is_sender and self.is_open:
            items.append(("action_ask_cancel", self.env._("Take Back"), "fa-undo"))
        return items

import datetime

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

EFFECTS = [("effective", "Effective"), ("ineffective", "Not Effective")]
CONTENT = frozenset(
    {
        "subject",
        "problem",
        "measure",
        "department_id",
        "handler_id",
        "due_on",
        "tracked",
        "premises_id",
    }
)


class CsAction(models.Model):
    """What is done so that a problem doesn't come again: by whom, until when.

    Whether it helped is judged by somebody who didn't do it. What didn't help leads to
    another action. Plain human mistakes may go without tracking (人为疏忽免列案追踪).
    """

    _name = "cs.action"
    _description = "Corrective Action"
    _inherit = ["cs.matter.internal"]
    _cs_type = "action"
    _cs_open_fields = CONTENT | {
        "origin_ref",
        "interaction_id",
        "company_id",
        "review_id",
    }

    subject = fields.Char(required=True, index="trigram")
    problem = fields.Text(required=True)
    measure = fields.Text(required=True, help="What is done so that it stays away.")
    handler_id = fields.Many2one(string="Responsible", required=True)
    department_id = fields.Many2one(
        comodel_name="hr.department", check_company=True, index="btree_not_null"
    )
    due_on = fields.Date(required=True, copy=False, help="The end of this day counts.")
    tracked = fields.Boolean(
        default=True,
        help="Not for a mere slip of a person: such an action has no deadline and "
        "nobody checks its effect.",
    )
    review_id = fields.Many2one(
        comodel_name="cs.register.review",
        string="Found In",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    author_id = fields.Many2one(
        comodel_name="res.users",
        string="Initiated By",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        copy=False,
        index=True,
    )
    done_note = fields.Text(string="What Was Done", readonly=True, copy=False)
    done_at = fields.Datetime(string="Done", readonly=True, copy=False)
    done_by_id = fields.Many2one(comodel_name="res.users", readonly=True, copy=False)
    effect = fields.Selection(selection=EFFECTS, readonly=True, copy=False)
    check_note = fields.Text(string="How It Showed", readonly=True, copy=False)
    checked_at = fields.Datetime(string="Checked", readonly=True, copy=False)
    checked_by_id = fields.Many2one(comodel_name="res.users", readonly=True, copy=False)
    next_id = fields.Many2one(
        comodel_name="cs.action",
        string="Next Action",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    drop_reason = fields.Text(readonly=True, copy=False)
    state = fields.Selection(
        selection=[
            ("open", "Open"),
            ("done", "Done"),
            ("closed", "Closed"),
            ("dropped", "Dropped"),
        ],
        required=True,
        readonly=True,
        default="open",
        copy=False,
        tracking=True,
        group_expand=True,
    )
    is_responsible = fields.Boolean(
        compute="_compute_roles", export_string_translation=False
    )
    is_checker = fields.Boolean(
        compute="_compute_roles", export_string_translation=False
    )
    is_author = fields.Boolean(
        compute="_compute_roles", export_string_translation=False
    )

    # === COMPUTE === #

    @api.depends("handler_id", "done_by_id", "department_id", "state")
    @api.depends_context("uid")
    def _compute_roles(self):
        user = self.env.user
        for action in self:
            action.is_responsible = user in action._cs_responsible()
            action.is_checker = action._cs_may_check(user)
            action.is_author = user in action._cs_authors()

    # === CONSTRAINTS === #

    @api.constrains("handler_id")
    def _check_handler(self):
        if self.sudo().handler_id.filtered("share"):
            raise ValidationError(self.env._("A colleague is responsible."))

    # === CRUD === #

    @api.model
    def _cs_complete_batch(self, vals_list):
        for vals in vals_list:
            due = fields.Date.to_date(vals.get("due_on"))
            company_id = vals.get("company_id") or self.env.company.id
            company = self.env["res.company"].browse(company_id)
            if due and due < company._cs_today():
                raise UserError(self.env._("The due date lies behind us."))
        return super()._cs_complete_batch(vals_list)

    def _cs_begin(self, origins):
        result = super()._cs_begin(origins)
        for action in self:
            if action.tracked:
                action._cs_clocks()._cs_extend(action._cs_due_moment())
            action._cs_tell("action.new", action.handler_id)
        return result

    def write(self, vals):
        if not self.env.su and vals.keys() & (CONTENT | {"review_id"}):
            self._cs_check_content(vals)
        return super().write(vals)

    def _cs_check_content(self, vals):
        if {"due_on", "tracked", "review_id"} & vals.keys():
            raise UserError(
                self.env._(
                    "Due date and tracking stay as they were decided. Ask for more "
                    "time, or drop the action."
                )
            )
        for action in self:
            author = self.env.user in action._cs_authors()
            if action.state != "open" or not author:
                raise UserError(
                    self.env._(
                        "%s is changed by who decided it or a team lead, while it "
                        "is open.",
                        action.display_name,
                    )
                )

    # === WHO === #

    def _cs_responsible(self):
        self.ensure_one()
        action = self.sudo()
        return action.handler_id | action.department_id.manager_id.user_id

    def _cs_authors(self):
        """Who decided the action, or the user himself if he leads teams."""
        self.ensure_one()
        user = self.env.user
        leads = user if user.has_group("cs_base.group_lead") else user.browse()
        return self.sudo().author_id | leads

    def _cs_may_check(self, user):
        """Whether ``user`` may judge the effect: he isn't the one who did it."""
        self.ensure_one()
        action = self.sudo()
        return user in self._cs_authors() and user not in (
            action.handler_id | action.done_by_id
        )

    # === MATTER === #

    @api.model
    def _cs_transitions(self):
        return {
            "open": {"done", "closed", "dropped"},
            "done": {"closed"},
            "closed": set(),
            "dropped": set(),
        }

    @api.model
    def _cs_open_states(self):
        return {"open", "done"}

    @api.model
    def _cs_cancelled_states(self):
        return {"dropped"}

    def _cs_clock_requests(self, event):
        if event == "created" and self.tracked:
            return [("action.due", self._cs_holders(), self.opened_at)]
        return []

    def _cs_due_moment(self):
        """The last second of the due day, as stored."""
        end = self.company_id._cs_day_bounds(self.due_on)[1]
        return end - datetime.timedelta(seconds=1)

    def _cs_notify_values(self):
        values = super()._cs_notify_values()
        for action in self.sudo():
            values[action.id].update(
                topic=action.subject,
                owner=action.author_id.name,
                due=action.due_at or action.due_on,
            )
        return values

    def _cs_refuse_state(self, new):
        user = self.env.user
        name = self.display_name
        if new == "dropped" and user not in self._cs_authors():
            return self.env._(
                "%s is dropped by who decided it or by a team lead.", name
            )
        if self.state == "open" and new in ("done", "closed"):
            if user not in self._cs_responsible():
                return self.env._(
                    "The responsible person or the head of the department reports "
                    "%s as done.",
                    name,
                )
            if new == "closed" and self.tracked:
                return self.env._("The effect of %s has to be checked first.", name)
        elif new == "closed" and not self._cs_may_check(user):
            return self.env._(
                "The effect of %s is judged by who decided it or a team lead, not by "
                "who did it.",
                name,
            )
        return ""

    # === STEPS === #

    def action_done(self, note):
        """Report what was done; without tracking that is the end of it.

        :param note: what was done
        """
        note = self._cs_said(note, self.env._("Say what was done."))
        now = fields.Datetime.now()
        for action in self:
            vals = {"done_note": note, "done_at": now, "done_by_id": self.env.uid}
            action._cs_set_state("done" if action.tracked else "closed", **vals)
            action.sudo()._cs_open_clocks()._cs_stop()
            if action.tracked:
                action.sudo()._cs_tell("action.done", action.author_id, note=note)
        return True

    def action_check(self, effect, note, measure="", handler_id=False, due_on=False):
        """Judge whether it helped; if it didn't, the next action follows.

        :param effect: ``effective`` or ``ineffective``
        :param note: how it showed
        :param measure: for the next action: what is done now
        :param handler_id: who does it; the same person if left out
        :param due_on: until when, a date or its text
        :return: the next actions' ids, an empty list if it helped
        """
        if effect not in dict(EFFECTS):
            raise UserError(self.env._("Say whether it helped."))
        note = self._cs_said(note, self.env._("Say how it showed."))
        if effect == "ineffective":
            measure = self._cs_said(measure, self.env._("Say what is done now."))
            if not due_on:
                raise UserError(self.env._("Say until when it is done."))
        following = self.browse()
        for action in self:
            action._cs_set_state(
                "closed",
                effect=effect,
                check_note=note,
                checked_at=fields.Datetime.now(),
                checked_by_id=self.env.uid,
            )
            if effect == "ineffective":
                following += action._cs_follow(measure, handler_id, due_on)
        return following.ids

    def _cs_follow(self, measure, handler_id, due_on):
        """The action that takes the place of one that didn't help."""
        action = self.sudo()
        following = action.create(
            {
                "subject": action.subject,
                "problem": action.problem,
                "measure": measure,
                "handler_id": handler_id or action.handler_id.id,
                "department_id": action.department_id.id,
                "due_on": due_on,
                "company_id": action.company_id.id,
                "premises_id": action.premises_id.id,
                "author_id": self.env.uid,
                "origin_ref": f"{self._name},{self.id}",
            }
        )
        action.next_id = following
        return following

    def action_drop(self, reason):
        """Give the action up.

        :param reason: why it isn't needed
        """
        reason = self._cs_said(reason, self.env._("Say why it isn't needed."))
        self._cs_set_state("dropped", drop_reason=reason)
        for action in self:
            action.sudo()._cs_tell("action.dropped", action.handler_id, reason=reason)
        return True

    def action_ask(self):
        """Open the dialog of the step named in the context (``action_step``)."""
        step = self.env.context.get("action_step")
        return self._cs_dialog("cs.action.step", {"action_id": self.id}, step)

    def action_open_next(self):
        """Show the action that followed."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.next_id.id,
            "views": [(False, "form")],
        }

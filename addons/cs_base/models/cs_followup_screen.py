from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

LEAD = "cs_base.group_lead"


class CsFollowup(models.Model):
    """What the screens of return visits show, and their buttons."""

    _inherit = "cs.followup"

    matter_name = fields.Char(string="Matter No.", compute="_compute_matter")
    handover_note = fields.Text(
        string="What Was Done",
        compute="_compute_matter",
        help="Cause, course and next step, as the matter says them.",
    )
    phone_masked = fields.Char(
        string="Phone", compute="_compute_phone_masked", compute_sudo=True
    )
    attempt_count = fields.Integer(
        string="Tries So Far", compute="_compute_attempt_count"
    )
    is_overdue = fields.Boolean(string="Overdue", compute="_compute_is_overdue")
    can_record = fields.Boolean(
        compute="_compute_can_record", export_string_translation=False
    )
    can_give_up = fields.Boolean(
        compute="_compute_can_record", export_string_translation=False
    )
    can_assign = fields.Boolean(
        compute="_compute_can_assign", export_string_translation=False
    )
    needs_owner = fields.Boolean(
        string="Without Somebody Here",
        compute="_compute_needs_owner",
        search="_search_needs_owner",
        help="Nobody makes it, or who does was archived or is away for long.",
    )

    # === COMPUTE === #

    @api.depends("res_model", "res_id")
    @api.depends_context("uid", "lang")
    def _compute_matter(self):
        """Number and course of the matter, as far as the user may read it."""
        for model, followups in self.grouped("res_model").items():
            seen = {}
            if model and model in self.env:
                ids = followups.mapped("res_id")
                matters = self.env[model].browse(ids).exists()
                seen = {m.id: m for m in matters._filtered_access("read")}
            for followup in followups:
                matter = seen.get(followup.res_id)
                followup.matter_name = matter.display_name if matter else False
                followup.handover_note = matter._cs_handover_note() if matter else False

    @api.depends("partner_id.phone", "interaction_id.phone", "masked")
    def _compute_phone_masked(self):
        for followup in self:
            partner, contact = followup.partner_id, followup.interaction_id
            known = partner.cs_phone_masked or contact.phone_masked
            followup.phone_masked = False if followup.masked else known

    @api.depends("attempt_ids")
    def _compute_attempt_count(self):
        counts = dict(
            self.env["cs.followup.attempt"]._read_group(
                [("followup_id", "in", self.ids)], ["followup_id"], ["__count"]
            )
        )
        for followup in self:
            followup.attempt_count = counts.get(followup._origin, 0)

    @api.depends("due_at", "state")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for followup in self:
            is_late = followup.due_at and followup.due_at < now
            followup.is_overdue = followup.state == "open" and is_late

    @api.depends("state", "user_id", "attempt_ids")
    @api.depends_context("uid")
    def _compute_can_record(self):
        for followup in self:
            may = followup.state == "open" and not followup._cs_record_refusal()
            followup.can_record = may
            followup.can_give_up = may and followup._cs_is_tried()

    @api.depends("state", "user_id")
    @api.depends_context("uid")
    def _compute_can_assign(self):
        idle = self.filtered("needs_owner")
        for followup in self:
            followup.can_assign = followup in idle and followup._cs_is_led_by(
                self.env.user
            )

    @api.depends("state", "user_id")
    def _compute_needs_owner(self):
        waiting = self.filtered(lambda followup: followup.state == "open")
        gone = waiting.sudo().user_id._cs_long_absent()
        for followup in self:
            idle = not followup.user_id or followup.sudo().user_id in gone
            followup.needs_owner = followup in waiting and idle

    @api.model
    def _search_needs_owner(self, operator, value):
        if operator != "in":
            return NotImplemented
        waiting = Domain("state", "=", "open")
        users = self.sudo()._read_group(waiting, ["user_id"])
        owners = self.env["res.users"].sudo().union(*(user for (user,) in users))
        gone = owners._cs_long_absent()
        return waiting & Domain("user_id", "in", [False, *gone.ids])

    # === OUTCOME === #

    def action_satisfied(self):
        """The customer is satisfied: no more to write."""
        return self.action_record("satisfied")

    def action_done(self):
        """The callback or periodic visit was made."""
        return self.action_record("done")

    def action_dissatisfied(self):
        """Ask what the customer said: opens the dialog."""
        return self._cs_open_note("dissatisfied", self.env._("Dissatisfied"))

    def action_refused(self):
        """Ask why the customer wouldn't say: opens the dialog."""
        return self._cs_open_note("refused", self.env._("Refused"))

    def action_not_reached(self):
        """Ask what was tried: opens the dialog."""
        return self._cs_open_note("attempt", self.env._("Not Reached"))

    def action_unreachable(self):
        """Give up after the attempts the rule asks for."""
        return self.action_record("unreachable")

    def _cs_open_note(self, outcome, title):
        """Open the dialog, for somebody who may write the outcome down."""
        self._cs_check_may_record()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "cs.followup.note",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_followup_id": self.id,
                "default_outcome": outcome,
                "dialog_size": "medium",
            },
        }

    # === WAYS FROM HERE === #

    def action_open_matter(self):
        """Open what the customer is asked about."""
        self.ensure_one()
        self.check_access("read")
        if not self.sudo().res_model:
            raise UserError(self.env._("This visit belongs to no matter."))
        return super().action_open_matter()

    def action_open_contact(self):
        """Open the contact the visit belongs to, or take down a new one."""
        self.ensure_one()
        self.check_access("read")
        contact = self.interaction_id
        action = {
            "type": "ir.actions.act_window",
            "res_model": "cs.interaction",
            "res_id": contact.id,
            "views": [(False, "form")],
        }
        if not contact:
            action["context"] = {
                "default_partner_id": self.partner_id.id,
                "default_premises_id": self.premises_id.id,
                "default_direction": "out",
                "default_topic": self.subject,
            }
        return action

    def action_reveal(self):
        """Ask why the full number is needed: opens the dialog of the customer."""
        self.ensure_one()
        self.check_access("read")
        if not self.partner_id:
            raise UserError(self.env._("This visit names no customer."))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cs_base.cs_partner_reveal_action"
        )
        reason = "call" if self.kind == "callback" else "visit"
        action["context"] = {
            "default_partner_id": self.partner_id.id,
            "default_reason": reason,
        }
        return action

    # === SOMEBODY ELSE === #

    def action_assign_dialog(self):
        """Choose who makes the visits instead: opens the dialog."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Give to Somebody Else"),
            "res_model": "cs.followup.assign",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_followup_ids": self.ids,
                "dialog_size": "medium",
            },
        }

    def action_assign(self, user_id):
        """Let another user make the visits; by who leads the team.

        Only what nobody makes, or whose owner was archived or is away for long: who
        is here makes his own.

        :param user_id: id of the user
        """
        user = self.env["res.users"].browse(user_id).exists()
        self.check_access("read")
        if not self.sudo().try_lock_for_update(allow_referencing=True) == self.sudo():
            raise UserError(self.env._("Somebody else is writing this visit down."))
        self.invalidate_recordset()
        for followup in self:
            followup._cs_check_assign(user)
        for followup in self:
            self.env["cs.event"]._cs_log(
                "followup.assign",
                followup.sudo(),
                details={"from": followup.sudo().user_id.id or 0, "to": user.id},
            )
        self._update({"user_id": user.id, "reminder_level": -1})
        return True

    def _cs_check_assign(self, user):
        followup = self.sudo()
        if followup.state != "open":
            raise UserError(self.env._("This visit has an outcome already."))
        if not self._cs_is_led_by(self.env.user):
            raise AccessError(
                self.env._("The team lead gives visits to somebody else.")
            )
        if not followup.needs_owner:
            raise UserError(
                self.env._(
                    "%s is here and makes this visit.", followup.user_id.name or "–"
                )
            )
        person = user.sudo()
        fits = (
            person.active
            and not person.share
            and followup.company_id in person.company_ids
            and person.has_group("cs_base.group_user")
            and (not followup.masked or self._cs_may_know(person))
        )
        if not fits or person == followup.barred_id or person._cs_long_absent():
            raise UserError(
                self.env._(
                    "%s can't make this visit. Choose another active member of the "
                    "customer service staff who didn't do the work.",
                    person.name or "–",
                )
            )

    def _cs_may_know(self, user):
        """Whether ``user`` may know the masked person: he, his lead or the group."""
        team = self.sudo().team_id
        return user.has_group("cs_base.group_masked") or user in (
            team.lead_id | team.deputy_id
        )

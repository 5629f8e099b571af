from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools import attribution

#: From here on it can be said who answers for it; still so after closing, as
#: departments look through the closed cases of a month (客诉办法 (九)).
STATES = ("accepted", "investigating", "deciding", "answering", "closed")
CLOSED = frozenset({"attribution_decision_id"})


class CsComplaint(models.Model):
    """Who answers for a case, in per cent, and for what part of the loss."""

    _inherit = "cs.complaint"

    currency_id = fields.Many2one(related="company_id.currency_id")
    attribution_ids = fields.One2many(
        comodel_name="cs.complaint.attribution",
        inverse_name="complaint_id",
        copy=False,
    )
    attribution_decision_id = fields.Many2one(
        comodel_name="cs.complaint.attribution.decision",
        string="Attribution Decided",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    attribution_decision_ids = fields.One2many(
        comodel_name="cs.complaint.attribution.decision",
        inverse_name="complaint_id",
        string="Decisions on Attribution",
        readonly=True,
    )
    attributed_by_id = fields.Many2one(
        related="attribution_decision_id.decided_by_id", string="Attributed By"
    )
    attributed_at = fields.Datetime(
        related="attribution_decision_id.decided_at", string="Attributed On"
    )
    percent_missing = fields.Float(
        string="Per Cent Missing", compute="_compute_percent_missing", digits=(5, 2)
    )
    other_loss = fields.Monetary(
        copy=False, help="What it cost beside what the customer gets."
    )
    loss_amount = fields.Monetary(
        string="Loss", compute="_compute_loss_amount", compute_sudo=True
    )
    needs_attribution = fields.Boolean(
        compute="_compute_needs_attribution", export_string_translation=False
    )
    can_attribute = fields.Boolean(
        compute="_compute_can_attribute", export_string_translation=False
    )
    can_decide_attribution = fields.Boolean(
        compute="_compute_can_attribute", export_string_translation=False
    )

    _check_other_loss = models.Constraint(
        "CHECK(other_loss >= 0)", "A loss isn't negative."
    )

    @api.model
    def _cs_is_closed(self, name):
        return name in CLOSED or super()._cs_is_closed(name)

    # === COMPUTE === #

    @api.depends("attribution_ids.percent")
    def _compute_percent_missing(self):
        for case in self:
            case.percent_missing = float(
                100 - sum(case.attribution_ids.mapped("percent"))
            )

    @api.depends("other_loss")
    def _compute_loss_amount(self):
        for case in self:
            case.loss_amount = case._origin and case._cs_loss_amount()

    @api.depends("kind", "judgement", "parent_id")
    def _compute_needs_attribution(self):
        for case in self:
            case.needs_attribution = case._cs_needs_attribution()

    @api.depends("state", "attribution_decision_id", "handler_id", "attribution_ids")
    @api.depends_context("uid")
    def _compute_can_attribute(self):
        for case in self:
            case.can_attribute = not case._origin._cs_attribute_refusal()
            case.can_decide_attribution = (
                not case._origin._cs_decide_attribution_refusal()
            )

    def _cs_loss_amount(self):
        return super()._cs_loss_amount() + self.other_loss

    def _cs_needs_attribution(self):
        """Whether it has to be decided who answers for it before the case closes.

        For the callers of a mass event that is decided in the event.
        """
        self.ensure_one()
        if self.parent_id:
            return False
        judged = self.judgement in ("substantiated", "partly")
        return judged and self.kind != "suggestion"

    # === WHO === #

    def _cs_attribute_refusal(self):
        """Why nobody, or not the user, changes the shares; empty if he may."""
        if not self or self.env.su:
            return ""
        self.ensure_one()
        if self.attribution_decision_id:
            return self.env._(
                "The attribution of %s is decided. A manager decides anew, with a "
                "reason.",
                self.display_name,
            )
        if self.parent_id:
            return self.env._(
                "%s belongs to an event: who answers for it is decided there.",
                self.display_name,
            )
        if self.state not in STATES:
            return self.env._(
                "Who answers for %s is said once it is accepted.", self.display_name
            )
        user = self.env.user
        works = user == self.handler_id or user.has_group("cs_complaint.group_lead")
        if not works or not self.has_access("write"):
            return self.env._(
                "The handler of the case or a team lead proposes who answers for it."
            )
        return ""

    def _cs_check_attributable(self):
        for case in self:
            if refusal := case._cs_attribute_refusal():
                raise UserError(refusal)

    def _cs_decide_attribution_refusal(self):
        """Why the user doesn't decide on the attribution; empty if he may."""
        if not self or self.env.su:
            return ""
        user = self.env.user
        if not user.has_group("cs_complaint.group_manager"):
            return self.env._("A manager decides who answers for a case.")
        if self._cs_is_attributed(user):
            return self.env._(
                "You answer for %s yourself, or your department does: another manager "
                "decides.",
                self.display_name,
            )
        return ""

    def _cs_is_attributed(self, user):
        """Whether ``user`` is in it: himself, or a department he works in or heads."""
        rows = self.sudo().attribution_ids
        return user in rows.employee_id.user_id | rows.department_id._cs_people()

    # === CRUD === #

    def write(self, vals):
        if not self.env.su and "other_loss" in vals:
            self._cs_check_attributable()
        return super().write(vals)

    # === DECISION === #

    def action_decide_attribution(self, note=""):
        """Decide who answers for what part; the shares stay as they are from then on.

        :param note: what the decision rests on
        """
        self._cs_check_group("cs_complaint.group_manager")
        self._cs_lock()
        for case in self:
            case._cs_check_state(*STATES)
            if case.attribution_decision_id:
                raise UserError(
                    self.env._(
                        "The attribution of %s is decided already.", case.display_name
                    )
                )
            case._cs_check_shares()
            if refusal := case._cs_decide_attribution_refusal():
                raise AccessError(refusal)
            case._cs_decide_attribution((note or "").strip())
        return True

    def _cs_check_shares(self):
        rows = self.sudo().attribution_ids
        if not rows:
            raise UserError(
                self.env._("Say first who answers for %s.", self.display_name)
            )
        lacking = attribution.missing(rows.mapped("percent"))
        if lacking:
            raise UserError(
                self.env._(
                    "The shares of %(case)s have to be 100 per cent together: %(lack)s "
                    "per cent are missing.",
                    case=self.display_name,
                    lack=lacking,
                )
            )

    def _cs_decide_attribution(self, note):
        now = fields.Datetime.now()
        case = self.sudo()
        decision = self.env["cs.complaint.attribution.decision"]._append(
            [
                {
                    "complaint_id": self.id,
                    "decided_by_id": self.env.uid,
                    "decided_at": now,
                    "note": note or False,
                }
            ]
        )
        case.attribution_decision_id = decision
        case.attribution_ids.write({"decision_id": decision.id, "decided_at": now})
        case._cs_split_loss()
        self.env["cs.event"]._cs_log(
            "complaint.attribute",
            case,
            fields=["attribution_ids"],
            details={"decision": decision.id, "loss": decision.loss_amount},
        )

    def _cs_split_loss(self):
        """Give each share its part of the loss, to the cent.

        The decision is on the shares; the loss is what it is when the case closes.
        Call it when a part of the loss changes.
        """
        for case in self.sudo().filtered("attribution_decision_id"):
            loss = case.currency_id.round(case._cs_loss_amount())
            rows = case.attribution_ids
            parts = attribution.split(
                f"{loss:.2f}", [f"{row.percent:.2f}" for row in rows]
            )
            for row, part in zip(rows, parts, strict=True):
                row.amount = float(part)
            case.attribution_decision_id._update({"loss_amount": loss})

    def action_reopen_attribution(self, reason):
        """Decide anew who answers for it; the decision until now is kept.

        :param reason: why
        """
        reason = self._cs_said(reason, self.env._("Say why it is decided anew."))
        self._cs_check_group("cs_complaint.group_manager")
        self._cs_lock()
        for case in self:
            if not case.attribution_decision_id:
                raise UserError(
                    self.env._(
                        "The attribution of %s isn't decided.", case.display_name
                    )
                )
            case._cs_reopen_attribution(reason)
        return True

    def _cs_reopen_attribution(self, reason):
        """The rows of the old decision are put away; copies of them can be changed."""
        self.ensure_one()
        case = self.sudo()
        decision, rows = case.attribution_decision_id, case.attribution_ids
        if not decision:
            return
        decision._update(
            {
                "void_at": fields.Datetime.now(),
                "void_by_id": self.env.uid,
                "void_reason": reason,
            }
        )
        fresh = [
            {name: row[name] for name in ("sequence", "percent", "joint_note")}
            | {name: row[name] for name in row._fields if name.startswith("penalty_")}
            | {
                name: row[name].id
                for name in ("department_id", "employee_id", "supplier_id")
            }
            | {"complaint_id": case.id}
            for row in rows
        ]
        rows.write({"active": False})
        case.attribution_decision_id = False
        rows.create(fresh)
        self.env["cs.event"]._cs_log(
            "complaint.attribute_anew", case, details={"decision": decision.id}
        )

    # === DIALOGS === #

    def action_ask_attribution(self):
        """Ask why the attribution is decided anew: opens the dialog."""
        self.ensure_one()
        title = self.env._("Decide Anew Who Answers for It")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "cs.complaint.attribution.reopen",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_complaint_id": self.id},
        }

    # === CASE === #

    def _cs_open_points(self):
        points = super()._cs_open_points()
        if self._cs_needs_attribution() and not self.attribution_decision_id:
            points.append(
                self.env._("Decide who answers for it, and for what part of the loss.")
            )
        return points

    def _cs_on_closed(self):
        self._cs_split_loss()
        return super()._cs_on_closed()

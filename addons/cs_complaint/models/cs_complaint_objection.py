from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .cs_complaint_task import STAFF

SUBJECTS = [
    ("report", "Use of the Report"),
    ("attribution", "Attribution"),
    ("decision", "Decision on the Case"),
]


class CsComplaintObjection(models.Model):
    """A department doesn't agree with what was made of a case (异议, 签呈).

    Its head says why; a manager who isn't in it decides, and both texts stay. An
    objection that is accepted opens the attribution again.
    """

    _name = "cs.complaint.objection"
    _description = "Objection"
    _inherit = ["cs.guarded"]
    _order = "id desc"
    _rec_name = "number"

    complaint_id = fields.Many2one(
        comodel_name="cs.complaint",
        string="Case",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        groups=STAFF,
    )
    number = fields.Char(
        related="complaint_id.name", string="Case Number", store=True, precompute=True
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, precompute=True, index=True
    )
    masked = fields.Boolean(readonly=True)
    department_id = fields.Many2one(
        comodel_name="hr.department", required=True, readonly=True, index=True
    )
    about = fields.Selection(selection=SUBJECTS, required=True, readonly=True)
    text = fields.Text(string="Objection", required=True, readonly=True)
    by_id = fields.Many2one(
        comodel_name="res.users", string="Raised By", required=True, readonly=True
    )
    at = fields.Datetime(string="Raised", required=True, readonly=True)
    state = fields.Selection(
        selection=[
            ("open", "Open"),
            ("accepted", "Accepted"),
            ("rejected", "Rejected"),
        ],
        required=True,
        readonly=True,
        default="open",
    )
    decision = fields.Text(readonly=True)
    decided_by_id = fields.Many2one(comodel_name="res.users", readonly=True)
    decided_at = fields.Datetime(string="Decided", readonly=True)
    can_decide = fields.Boolean(
        compute="_compute_can_decide", export_string_translation=False
    )

    _open_idx = models.Index("(complaint_id) WHERE state = 'open'")

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        for objection in self:
            objection.can_decide = (
                objection.state == "open" and not objection._cs_decide_refusal()
            )

    # === RAISE === #

    @api.model
    def _cs_raise(self, case, department, about, text):
        """Write down an objection; whoever calls checked that it is the head's.

        :param case: ``cs.complaint``, with sudo
        :raise UserError: it says nothing, or the department waits for a decision
        """
        text = (text or "").strip()
        if not text:
            raise UserError(self.env._("Say why you don't agree."))
        if about not in dict(SUBJECTS):
            raise UserError(self.env._("Say what you don't agree with."))
        case._cs_lock()
        waiting = case.objection_ids.filtered(
            lambda row: (row.state, row.department_id) == ("open", department)
        )
        if waiting.filtered(lambda row: row.about == about):
            raise UserError(
                self.env._("Your department objected already; a manager decides.")
            )
        objection = self._append(
            [
                {
                    "complaint_id": case.id,
                    "masked": case.masked,
                    "department_id": department.id,
                    "about": about,
                    "text": text,
                    "by_id": self.env.uid,
                    "at": fields.Datetime.now(),
                }
            ]
        )
        people = objection._cs_deciders() | case.handler_id
        case._cs_tell("complaint.objection", people, topic=department.name, reason=text)
        return objection

    # === DECIDE === #

    def _cs_decide_refusal(self):
        """Why the user doesn't decide; empty if he may: a manager who isn't in it."""
        self.ensure_one()
        user, row = self.env.user, self.sudo()
        if not user.has_group("cs_complaint.group_manager"):
            return self.env._("A manager decides on objections.")
        if user in row.by_id | row.department_id._cs_people():
            return self.env._("Nobody decides on the objection of his own department.")
        decided_by = row.complaint_id.attribution_decision_id.decided_by_id
        if row.about == "attribution" and user == decided_by:
            return self.env._(
                "Who decided on the attribution doesn't decide on the objection to it."
            )
        return ""

    def _cs_name_deciders(self, sentence):
        """``sentence``, then who may decide, or what helps if nobody may."""
        self.ensure_one()
        names = ", ".join(self._cs_deciders().sudo().mapped("name"))
        if names:
            who = self.env._("These may decide: %s.", names)
        else:
            who = self.env._(
                "No other manager may: somebody who isn't in it needs the role of a "
                "manager of complaints."
            )
        return f"{sentence} {who}"

    def _cs_deciders(self):
        """The managers who may decide."""
        self.ensure_one()
        managers = self.env.ref("cs_complaint.group_manager").sudo().all_user_ids
        return managers.filtered(
            lambda user: (
                user.active
                and self.company_id in user.company_ids
                and self.with_user(user).has_access("read")
                and not self.with_user(user)._cs_decide_refusal()
            )
        )

    def action_decide(self, accept, text):
        """Decide on objections; both texts are kept.

        :param accept: whether the department is right; then the attribution is open
            again
        :param text: the reasons
        """
        text = (text or "").strip()
        if not text:
            raise UserError(self.env._("Write down the decision."))
        self.check_access("read")
        self.sudo().complaint_id._cs_lock()
        self.invalidate_recordset()
        for objection in self:
            if objection.state != "open":
                raise UserError(self.env._("This objection is decided already."))
            if refusal := objection._cs_decide_refusal():
                raise AccessError(objection._cs_name_deciders(refusal))
            objection._cs_decide(bool(accept), text)
        return True

    def _cs_decide(self, accept, text):
        row = self.sudo()
        row._update(
            {
                "state": "accepted" if accept else "rejected",
                "decision": text,
                "decided_by_id": self.env.uid,
                "decided_at": fields.Datetime.now(),
            }
        )
        case = row.complaint_id
        if accept:
            case._cs_reopen_attribution(text)
        self.env["cs.event"]._cs_log(
            "complaint.objection", row, details={"accepted": int(accept)}
        )
        case._cs_tell(
            "complaint.objection_decided",
            row.by_id | case.handler_id,
            topic=row.department_id.name,
            note=text,
        )

    def action_ask(self):
        """Open the dialog of the decision."""
        self.ensure_one()
        title = self.env._("Decide on the Objection")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "cs.complaint.objection.decide",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_objection_id": self.id},
        }

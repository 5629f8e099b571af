from odoo import api, fields, models
from odoo.exceptions import AccessError

from .cs_complaint import JUDGEMENTS, KINDS, SEVERITIES


class CsComplaintCopy(models.Model):
    """A department's copy of a closed case (结案副本), with its receipt.

    It says what was found and decided, not who complained; of a masked case neither
    subject nor opinion, as they might show it.
    """

    _name = "cs.complaint.copy"
    _description = "Copy of a Closed Case"
    _inherit = ["cs.guarded"]
    _order = "sent_at desc, id desc"
    _rec_name = "number"

    complaint_id = fields.Many2one(
        comodel_name="cs.complaint",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        groups="cs_complaint.group_user",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    department_id = fields.Many2one(
        comodel_name="hr.department",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Sent To",
        readonly=True,
        index="btree_not_null",
        help="The head of the department when the case was closed.",
    )
    masked = fields.Boolean(readonly=True)
    number = fields.Char(required=True, readonly=True)
    kind = fields.Selection(selection=KINDS, readonly=True)
    subject = fields.Char(readonly=True)
    severity = fields.Selection(selection=SEVERITIES, readonly=True)
    judgement = fields.Selection(selection=JUDGEMENTS, readonly=True)
    cause_id = fields.Many2one(
        comodel_name="cs.complaint.cause", readonly=True, index="btree_not_null"
    )
    opinion = fields.Text(string="Found and Decided", readonly=True)
    closed_at = fields.Datetime(string="Closed On", readonly=True)
    sent_at = fields.Datetime(string="Sent", required=True, readonly=True)
    read_at = fields.Datetime(string="Read", readonly=True)
    read_by_id = fields.Many2one(comodel_name="res.users", readonly=True)
    is_recipient = fields.Boolean(
        compute="_compute_is_recipient", export_string_translation=False
    )

    _unread_idx = models.Index("(company_id, sent_at) WHERE read_at IS NULL")

    @api.depends("department_id", "user_id")
    @api.depends_context("uid")
    def _compute_is_recipient(self):
        for copy in self:
            copy.is_recipient = copy._cs_is_recipient()

    def _cs_is_recipient(self):
        self.ensure_one()
        copy, user = self.sudo(), self.env.user
        own = user.sudo().employee_ids.department_id
        head = copy.department_id.manager_id.user_id
        return user in copy.user_id | head or copy.department_id in own

    @api.model
    def _cs_send(self, case):
        """Send a copy of a closed case to each department it concerns."""
        case = case.sudo()
        plain = not case.masked
        copies = self._append(
            [
                {
                    "complaint_id": case.id,
                    "company_id": case.company_id.id,
                    "department_id": department.id,
                    "user_id": department.manager_id.user_id.id,
                    "masked": case.masked,
                    "number": case.name,
                    "kind": case.kind,
                    "subject": plain and case.subject,
                    "severity": case.severity,
                    "judgement": case.judgement,
                    "cause_id": case.cause_id.id,
                    "opinion": plain and case.opinion,
                    "closed_at": case.closed_at,
                    "sent_at": fields.Datetime.now(),
                }
                for department in case._cs_concerned_departments().sudo()
            ]
        )
        told = copies.filtered("user_id")
        self.env["cs.notify"].sudo()._cs_notify(
            "complaint.copy", told, users={copy.id: copy.user_id for copy in told}
        )
        return copies

    def _cs_notify_values(self):
        return {
            copy.id: {"number": copy.number, "topic": copy.subject or ""}
            for copy in self.sudo()
        }

    def action_read(self):
        """Acknowledge that the department read it; the first time counts."""
        self.check_access("read")
        for copy in self:
            if not copy._cs_is_recipient():
                raise AccessError(
                    self.env._("%s was sent to another department.", copy.number)
                )
        unread = self.sudo().filtered(lambda copy: not copy.read_at)
        unread._update({"read_at": fields.Datetime.now(), "read_by_id": self.env.uid})
        return True

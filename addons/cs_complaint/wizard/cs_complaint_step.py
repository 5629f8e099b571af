from odoo import api, fields, models
from odoo.fields import Command

from ..models.cs_complaint import JUDGEMENTS, SEVERITIES
from ..models.cs_complaint_judgement import CONSENT_CHANNELS, CONSENTS
from ..models.cs_complaint_suggestion import ADOPTIONS


class CsComplaintStep(models.TransientModel):
    """What is said with a step of a case; the case itself decides."""

    _name = "cs.complaint.step"
    _description = "Step of a Complaint"

    complaint_id = fields.Many2one(
        comodel_name="cs.complaint", required=True, ondelete="cascade"
    )
    step = fields.Selection(
        selection=[
            ("severity", "Change Severity"),
            ("judge", "Judge"),
            ("consent", "Explained to the Customer"),
            ("adopt", "Adopt or Not"),
            ("hard", "Hard Case"),
            ("meeting", "Decision of the Meeting"),
            ("withdraw", "Withdraw"),
            ("reopen", "Re-open"),
        ],
        required=True,
    )
    text = fields.Text()
    severity = fields.Selection(
        selection=SEVERITIES,
        compute="_compute_severity",
        store=True,
        readonly=False,
    )
    particularly_severe = fields.Boolean()
    evidence = fields.Text()
    file_ids = fields.Many2many(comodel_name="ir.attachment", string="Files")
    judgement = fields.Selection(selection=JUDGEMENTS)
    consent = fields.Selection(selection=CONSENTS, string="The Customer")
    consent_channel = fields.Selection(
        selection=CONSENT_CHANNELS, string="Explained By", default="phone"
    )
    consent_at = fields.Datetime(string="Explained On", default=fields.Datetime.now)

    adoption = fields.Selection(selection=ADOPTIONS)
    measure = fields.Text(help="What is done.")
    handler_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        domain="[('share', '=', False)]",
    )
    due_on = fields.Date(string="Until")

    @api.depends("complaint_id")
    def _compute_severity(self):
        for step in self:
            step.severity = step.complaint_id.severity

    def action_apply(self):
        """Do the step, in the name of the user."""
        self.ensure_one()
        getattr(self, f"_apply_{self.step}")()
        return {"type": "ir.actions.act_window_close"}

    def _apply_severity(self):
        files = self.file_ids
        self.file_ids = [Command.clear()]
        self.complaint_id.action_change_severity(
            self.severity,
            self.particularly_severe,
            self.text,
            self.evidence,
            files.ids,
        )

    def _apply_judge(self):
        self.complaint_id.action_judge(self.judgement, self.text)

    def _apply_consent(self):
        self.complaint_id.action_record_consent(
            self.consent, self.consent_channel, self.text, self.consent_at
        )

    def _apply_adopt(self):
        self.complaint_id.action_adopt(
            self.adoption, self.text, self.measure, self.handler_id.id, self.due_on
        )

    def _apply_hard(self):
        self.complaint_id.action_mark_hard(self.text)

    def _apply_meeting(self):
        self.complaint_id.action_meeting(self.text)

    def _apply_withdraw(self):
        self.complaint_id.action_withdraw(self.text)

    def _apply_reopen(self):
        self.complaint_id.action_reopen(self.text)

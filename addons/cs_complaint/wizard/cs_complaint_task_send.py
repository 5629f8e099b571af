from odoo import api, fields, models


class CsComplaintTaskSend(models.TransientModel):
    """Which departments find out what, and what they are told of the case."""

    _name = "cs.complaint.task.send"
    _description = "Send Investigation Tasks"

    complaint_id = fields.Many2one(
        comodel_name="cs.complaint", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="complaint_id.company_id")
    masked = fields.Boolean(related="complaint_id.masked")
    department_ids = fields.Many2many(comodel_name="hr.department")
    question = fields.Text(string="What To Find Out")
    brief = fields.Text(
        string="What Happened",
        compute="_compute_brief",
        store=True,
        readonly=False,
        help="The departments see this and not the case: leave out who complains.",
    )
    due_on = fields.Date(
        string="Wanted By", help="Empty: as long as the commitment gives."
    )

    @api.depends("complaint_id")
    def _compute_brief(self):
        """Nothing of a masked case: its words may give the person away."""
        for dialog in self:
            case = dialog.complaint_id
            dialog.brief = False if case.sudo().masked else case.content

    def action_apply(self):
        """Send the tasks, in the name of the user."""
        self.ensure_one()
        self.complaint_id.action_investigate(
            self.department_ids.ids, self.question, self.brief, self.due_on
        )
        return {"type": "ir.actions.act_window_close"}

from odoo import fields, models

from ..models.cs_complaint_objection import SUBJECTS


class CsComplaintObjectionWrite(models.TransientModel):
    """What a department doesn't agree with, and why."""

    _name = "cs.complaint.objection.write"
    _description = "Object"

    task_id = fields.Many2one(comodel_name="cs.complaint.task", ondelete="cascade")
    attribution_id = fields.Many2one(
        comodel_name="cs.complaint.attribution", ondelete="cascade"
    )
    about = fields.Selection(selection=SUBJECTS, required=True, default="report")
    text = fields.Text(string="Objection")

    def action_apply(self):
        """Object, in the name of the user."""
        self.ensure_one()
        if self.attribution_id:
            self.attribution_id.action_object(self.text)
        else:
            self.task_id.action_object(self.about, self.text)
        return {"type": "ir.actions.act_window_close"}

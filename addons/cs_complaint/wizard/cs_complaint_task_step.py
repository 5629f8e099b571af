from odoo import fields, models


class CsComplaintTaskStep(models.TransientModel):
    """What is said with a step of an investigation task."""

    _name = "cs.complaint.task.step"
    _description = "Step of an Investigation Task"

    task_id = fields.Many2one(
        comodel_name="cs.complaint.task", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="task_id.company_id")
    step = fields.Selection(
        selection=[
            ("give", "Give to Somebody"),
            ("explain", "Explain the Delay"),
            ("return", "Return"),
            ("refuse_report", "Report Not Enough"),
            ("readdress", "Re-Address"),
            ("dispute", "Insist"),
            ("decide", "Decide"),
            ("cancel", "Take Back"),
        ],
        required=True,
    )
    text = fields.Text()
    day = fields.Date(string="New Date")
    department_id = fields.Many2one(comodel_name="hr.department")
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    return_reason = fields.Text(related="task_id.return_reason")
    sender_opinion = fields.Text(related="task_id.sender_opinion")

    def action_apply(self):
        """Do the step, in the name of the user."""
        self.ensure_one()
        task, text = self.task_id, self.text
        if self.step == "give":
            task.action_give(self.user_id.id)
        elif self.step == "explain":
            task.action_explain(text, self.day)
        elif self.step == "readdress":
            task.action_readdress(self.department_id.id, self.user_id.id)
        elif self.step == "decide":
            task.action_decide(text, self.department_id.id)
        else:
            getattr(task, f"action_{self.step}")(text)
        return {"type": "ir.actions.act_window_close"}

from odoo import fields, models

from ..models.cs_action import EFFECTS


class CsActionStep(models.TransientModel):
    """What is said with a step of a corrective action."""

    _name = "cs.action.step"
    _description = "Step of a Corrective Action"

    action_id = fields.Many2one(
        comodel_name="cs.action", required=True, ondelete="cascade"
    )
    step = fields.Selection(
        selection=[
            ("done", "Report as Done"),
            ("check", "Check the Effect"),
            ("drop", "Drop"),
        ],
        required=True,
    )
    text = fields.Text()
    effect = fields.Selection(selection=EFFECTS)
    measure = fields.Text(string="Next Measure")
    handler_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        domain="[('share', '=', False)]",
    )
    due_on = fields.Date()

    def action_apply(self):
        """Do the step, in the name of the user."""
        self.ensure_one()
        action = self.action_id
        if self.step == "check":
            action.action_check(
                self.effect, self.text, self.measure, self.handler_id.id, self.due_on
            )
        else:
            getattr(action, f"action_{self.step}")(self.text)
        return {"type": "ir.actions.act_window_close"}

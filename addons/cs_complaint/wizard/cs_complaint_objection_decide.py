from odoo import fields, models


class CsComplaintObjectionDecide(models.TransientModel):
    """Whether a department that objects is right, and why."""

    _name = "cs.complaint.objection.decide"
    _description = "Decide on the Objection"

    objection_id = fields.Many2one(
        comodel_name="cs.complaint.objection", required=True, ondelete="cascade"
    )
    objection = fields.Text(related="objection_id.text", string="What They Say")
    answer = fields.Selection(
        selection=[("accept", "Accept"), ("reject", "Reject")], required=True
    )
    text = fields.Text(string="Decision")

    def action_apply(self):
        """Decide, in the name of the user."""
        self.ensure_one()
        self.objection_id.action_decide(self.answer == "accept", self.text)
        return {"type": "ir.actions.act_window_close"}

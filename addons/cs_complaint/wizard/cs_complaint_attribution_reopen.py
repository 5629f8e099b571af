from odoo import fields, models


class CsComplaintAttributionReopen(models.TransientModel):
    """Why it is decided anew who answers for a case."""

    _name = "cs.complaint.attribution.reopen"
    _description = "Decide Anew Who Answers for It"

    complaint_id = fields.Many2one(
        comodel_name="cs.complaint", required=True, ondelete="cascade"
    )
    reason = fields.Text()

    def action_apply(self):
        """Open the attribution again, in the name of the user."""
        self.ensure_one()
        self.complaint_id.action_reopen_attribution(self.reason)
        return {"type": "ir.actions.act_window_close"}

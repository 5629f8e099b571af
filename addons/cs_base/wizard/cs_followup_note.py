from odoo import fields, models


class CsFollowupNote(models.TransientModel):
    """Dialog: what the customer said, or how he couldn't be reached."""

    _name = "cs.followup.note"
    _description = "Note of a Return Visit"

    followup_id = fields.Many2one(
        comodel_name="cs.followup", string="Return Visit", required=True
    )
    outcome = fields.Selection(
        selection=[
            ("dissatisfied", "Dissatisfied"),
            ("refused", "Refused"),
            ("attempt", "Not Reached"),
        ],
        required=True,
    )
    note = fields.Text()

    def action_write_down(self):
        """Write the outcome or the attempt down."""
        self.ensure_one()
        if self.outcome == "attempt":
            self.followup_id.action_try(self.note)
        else:
            self.followup_id.action_record(self.outcome, self.note)
        return {"type": "ir.actions.act_window_close"}

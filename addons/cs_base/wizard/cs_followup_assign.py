from odoo import fields, models
from odoo.fields import Domain


class CsFollowupAssign(models.TransientModel):
    """Dialog: who makes visits whose owner is gone or away for long."""

    _name = "cs.followup.assign"
    _description = "Give Visits to Somebody Else"

    followup_ids = fields.Many2many(
        comodel_name="cs.followup", string="Return Visits", required=True
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Made By",
        required=True,
        domain=lambda self: self._domain_user_id(),
    )

    def _domain_user_id(self):
        group = self.env.ref("cs_base.group_user")
        return Domain("share", "=", False) & Domain("all_group_ids", "in", group.ids)

    def action_assign(self):
        """Let the chosen user make the visits."""
        self.ensure_one()
        self.followup_ids.action_assign(self.user_id.id)
        return {"type": "ir.actions.act_window_close"}

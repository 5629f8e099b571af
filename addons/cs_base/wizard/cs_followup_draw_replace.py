from odoo import fields, models


class CsFollowupDrawReplace(models.TransientModel):
    """Dialog: why a drawn customer can't be asked."""

    _name = "cs.followup.draw.replace"
    _description = "Replacement in a Draw"

    member_id = fields.Many2one(
        comodel_name="cs.followup.draw.member", string="Instead Of", required=True
    )
    reason = fields.Char(required=True)

    def action_replace(self):
        """Draw the next one."""
        self.ensure_one()
        self.member_id._cs_replace(self.reason)
        return {"type": "ir.actions.act_window_close"}

from odoo import fields, models

from odoo.addons.cs_base.models.res_partner import REVEAL_REASONS


class CsComplaintPerson(models.TransientModel):
    """Why a complainant is hidden, shown again, or called: the case decides."""

    _name = "cs.complaint.person"
    _description = "Complainant Hidden or Shown"

    complaint_id = fields.Many2one(
        comodel_name="cs.complaint", required=True, ondelete="cascade"
    )
    step = fields.Selection(
        selection=[
            ("mask", "Hide the Complainant"),
            ("unmask", "Show the Complainant Again"),
            ("reveal", "Show the Full Number"),
        ],
        required=True,
    )
    reason = fields.Char()
    purpose = fields.Selection(selection=REVEAL_REASONS, default="complaint")

    def action_apply(self):
        """Do it, in the name of the user."""
        self.ensure_one()
        case = self.complaint_id
        if self.step == "reveal":
            return self._cs_show(case.action_reveal(self.purpose))
        done = case.action_mask if self.step == "mask" else case.action_unmask
        result = done(self.reason)
        closes = {"type": "ir.actions.act_window_close"}
        return result if isinstance(result, dict) else closes

    def _cs_show(self, phone):
        """The number on the screen; it isn't stored here."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.complaint_id.display_name,
                "message": phone or self.env._("Nothing is recorded."),
                "sticky": True,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

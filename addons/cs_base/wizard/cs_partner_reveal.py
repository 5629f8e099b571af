from odoo import fields, models

from ..models.res_partner import REVEAL_REASONS


class CsPartnerReveal(models.TransientModel):
    """Ask why somebody wants to see a customer's full numbers, then show them.

    The numbers go to the screen and are not stored here.
    """

    _name = "cs.partner.reveal"
    _description = "Show Full Numbers"

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    reason = fields.Selection(selection=REVEAL_REASONS, required=True)

    def action_show(self):
        self.ensure_one()
        numbers = self.partner_id.action_cs_reveal(self.reason)
        lines = [*numbers["phones"], numbers["id_number"]]
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.partner_id.display_name,
                "message": "; ".join(line for line in lines if line)
                or self.env._("Nothing is recorded."),
                "sticky": True,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

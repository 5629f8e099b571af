from odoo import api, fields, models

from ..models.cs_complaint import CHANNELS


class CsComplaintCaller(models.TransientModel):
    """One more caller of a mass event: who he is, what he adds."""

    _name = "cs.complaint.caller"
    _description = "Caller of an Event"

    event_id = fields.Many2one(
        comodel_name="cs.complaint", required=True, ondelete="cascade"
    )
    channel = fields.Selection(selection=CHANNELS, required=True, default="phone")
    external_ref = fields.Char(string="Their Reference")
    partner_id = fields.Many2one(comodel_name="res.partner", string="Customer")
    name = fields.Char()
    phone = fields.Char()
    anonymous = fields.Boolean()
    premises_id = fields.Many2one(comodel_name="cs.premises")
    content = fields.Text(string="What He Adds")

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        if self.partner_id:
            self.phone = self.partner_id.cs_phone_masked

    def _cs_vals(self):
        """Values of the caller's case."""
        self.ensure_one()
        vals = {
            "channel": self.channel,
            "external_ref": self.external_ref,
            "complainant_partner_id": self.partner_id.id,
            "complainant_name": self.name,
            "complainant_phone": self.phone,
            "anonymous": self.anonymous,
            "premises_id": self.premises_id.id,
            "content": self.content,
        }
        return {name: value for name, value in vals.items() if value}

    def action_add(self):
        """Take the caller down and come back to the event."""
        self.ensure_one()
        self.event_id._cs_add_caller(self._cs_vals())
        return {"type": "ir.actions.act_window_close"}

    def action_add_next(self):
        """Take the caller down; the next one is on the line."""
        self.ensure_one()
        self.event_id._cs_add_caller(self._cs_vals())
        return self.event_id.action_add_caller()

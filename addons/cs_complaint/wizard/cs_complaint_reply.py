from odoo import fields, models
from odoo.exceptions import UserError


class CsComplaintReply(models.TransientModel):
    """What the customer says about the answer, written down by staff."""

    _name = "cs.complaint.reply"
    _description = "Reply of the Customer"

    complaint_id = fields.Many2one(
        comodel_name="cs.complaint", required=True, readonly=True, ondelete="cascade"
    )
    masked = fields.Boolean(related="complaint_id.masked")
    result = fields.Selection(
        selection=[
            ("accepted", "Accepts"),
            ("refused", "Refuses: Next Round"),
            ("silence", "No Objection in Time"),
            ("broken", "Promise Not Kept"),
        ],
        string="The Customer",
        required=True,
        default="accepted",
    )
    way = fields.Selection(
        selection=[
            ("signature", "Signs Here"),
            ("paper", "Signed on Paper"),
            ("phone", "By Phone"),
            ("visit", "In Person"),
            ("mail", "By E-Mail"),
        ],
        string="How",
        default="phone",
    )
    name = fields.Char(string="Who")
    note = fields.Text(string="What He Says")
    at = fields.Datetime(string="When", default=fields.Datetime.now)
    signature = fields.Binary(attachment=False)

    def action_apply(self):
        """Write the reply down, in the name of the user."""
        self.ensure_one()
        case = self.complaint_id
        if self.result == "refused":
            if self.way == "signature":
                raise UserError(self.env._("A refusal isn't signed on the screen."))
            return case.action_refuse(self.note, self.way)
        if self.result == "broken":
            return case.action_broken_promise(self.note)
        if self.result == "silence":
            case.action_no_objection(self.note)
        else:
            moment = min(self.at or fields.Datetime.now(), fields.Datetime.now())
            moment = max(moment, case.answer_id.told_at or moment)
            case.action_customer_accepts(
                self.way, self.name, self.note, self.signature, moment
            )
        return {"type": "ir.actions.act_window_close"}

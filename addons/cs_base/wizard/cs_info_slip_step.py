from odoo import fields, models

from ..models.cs_info_slip import ADDRESS


class CsInfoSlipStep(models.TransientModel):
    """What is said with a step of an information slip, and to whom it goes then."""

    _name = "cs.info.slip.step"
    _description = "Step of an Information Slip"

    slip_id = fields.Many2one(
        comodel_name="cs.info.slip", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="slip_id.company_id")
    step = fields.Selection(
        selection=[
            ("answer", "Answer"),
            ("return", "Return"),
            ("readdress", "Re-Address"),
            ("dispute", "Insist"),
            ("refuse_answer", "Answer Not Enough"),
            ("decide", "Decide"),
        ],
        required=True,
    )
    text = fields.Text()
    to_department_id = fields.Many2one(comodel_name="hr.department")
    to_team_id = fields.Many2one(comodel_name="cs.team")
    to_id = fields.Many2one(
        comodel_name="res.users", string="To Person", domain="[('share', '=', False)]"
    )
    return_reason = fields.Text(related="slip_id.return_reason")
    sender_opinion = fields.Text(related="slip_id.sender_opinion")

    def action_apply(self):
        """Do the step, in the name of the user."""
        self.ensure_one()
        address = [self[name].id for name in ADDRESS]
        slip, text = self.slip_id, self.text
        if self.step == "readdress":
            slip.action_readdress(*address)
        elif self.step == "decide":
            slip.action_decide(text, *address)
        else:
            getattr(slip, f"action_{self.step}")(text)
        return {"type": "ir.actions.act_window_close"}

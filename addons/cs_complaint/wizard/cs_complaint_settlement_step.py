from odoo import fields, models


class CsComplaintSettlementStep(models.TransientModel):
    """Dialog of a step of a settlement that needs a word."""

    _name = "cs.complaint.settlement.step"
    _description = "Step of a Settlement"

    step = fields.Selection(
        selection=[
            ("drop", "Don't Pursue"),
            ("waive", "Waive What Is Open"),
            ("reject", "Reject"),
            ("reward", "Pay the Reward"),
        ],
        required=True,
        readonly=True,
    )
    settlement_id = fields.Many2one(
        comodel_name="cs.complaint.settlement", readonly=True
    )
    line_id = fields.Many2one(
        comodel_name="cs.complaint.settlement.line", readonly=True
    )
    reason = fields.Text()
    code = fields.Char(help="The code that the person says.")

    def action_do(self):
        """Do the step; the settlement checks who may."""
        self.ensure_one()
        if self.step == "reward":
            result = self.line_id.action_pay_reward(self.code)
            if isinstance(result, dict):
                return result
        elif self.step == "drop":
            self.settlement_id.action_drop(self.reason)
        elif self.step == "waive":
            self.settlement_id.action_waive(self.reason)
        else:
            self.settlement_id.action_reject(self.reason)
        return {"type": "ir.actions.act_window_close"}

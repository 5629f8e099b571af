from odoo import fields, models


class CsApprovalReject(models.TransientModel):
    """Ask for the reason of a rejection."""

    _name = "cs.approval.reject"
    _description = "Reject an Approval"

    approval_ids = fields.Many2many(
        comodel_name="cs.approval",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    note = fields.Char(string="Reason", required=True)

    def action_reject(self):
        self.ensure_one()
        result = self.approval_ids.action_reject(self.note)
        return (
            result
            if isinstance(result, dict)
            else {"type": "ir.actions.act_window_close"}
        )

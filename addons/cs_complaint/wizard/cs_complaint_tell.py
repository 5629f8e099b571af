from odoo import api, fields, models

from ..models.cs_complaint_answer import WAYS


class CsComplaintTell(models.TransientModel):
    """What the customer is told, how and when."""

    _name = "cs.complaint.tell"
    _description = "Tell the Customer"

    complaint_id = fields.Many2one(
        comodel_name="cs.complaint", required=True, readonly=True, ondelete="cascade"
    )
    masked = fields.Boolean(related="complaint_id.masked")
    way = fields.Selection(selection=WAYS, string="How", required=True, default="phone")
    text = fields.Text(
        string="What",
        compute="_compute_text",
        store=True,
        readonly=False,
        required=True,
        help="Begins with what is decided and approved. More can't be promised.",
    )
    told_at = fields.Datetime(string="When", required=True, default=fields.Datetime.now)

    @api.depends("complaint_id")
    def _compute_text(self):
        for wizard in self:
            case = wizard.complaint_id
            wizard.text = case._cs_answer_text() if case else False

    def action_tell(self):
        """Tell him; a letter is printed at once."""
        self.ensure_one()
        told_at = min(self.told_at, fields.Datetime.now())
        result = self.complaint_id.action_tell(self.way, self.text, told_at)
        if isinstance(result, dict):
            return {**result, "close_on_report_download": True}
        return {"type": "ir.actions.act_window_close"}

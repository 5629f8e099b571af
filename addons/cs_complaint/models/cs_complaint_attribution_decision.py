from odoo import fields, models


class CsComplaintAttributionDecision(models.Model):
    """Who decided what part everybody answers for, and why it was decided anew."""

    _name = "cs.complaint.attribution.decision"
    _description = "Decision on Attribution"
    _inherit = ["cs.complaint.row"]
    _order = "id desc"
    _rec_name = "decided_at"

    currency_id = fields.Many2one(related="company_id.currency_id")
    decided_by_id = fields.Many2one(comodel_name="res.users", readonly=True)
    decided_at = fields.Datetime(string="Decided", required=True, readonly=True)
    loss_amount = fields.Monetary(string="Loss", readonly=True)
    note = fields.Text(readonly=True)
    attribution_ids = fields.One2many(
        comodel_name="cs.complaint.attribution",
        inverse_name="decision_id",
        string="Shares",
        readonly=True,
        context={"active_test": False},
    )
    void_at = fields.Datetime(string="Replaced On", readonly=True)
    void_by_id = fields.Many2one(
        comodel_name="res.users", string="Replaced By", readonly=True
    )
    void_reason = fields.Text(string="Why Decided Anew", readonly=True)

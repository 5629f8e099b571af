from odoo import fields, models


class CsFollowupAttempt(models.Model):
    """One try to reach the customer."""

    _name = "cs.followup.attempt"
    _description = "Attempt of a Return Visit"
    _inherit = ["cs.guarded"]
    _order = "tried_at, id"

    followup_id = fields.Many2one(
        comodel_name="cs.followup",
        string="Return Visit",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="followup_id.company_id", store=True, precompute=True, index=True
    )
    tried_at = fields.Datetime(required=True, readonly=True)
    by_id = fields.Many2one(comodel_name="res.users", required=True, readonly=True)
    note = fields.Char(readonly=True)

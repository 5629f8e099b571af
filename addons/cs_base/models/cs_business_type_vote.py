from odoo import fields, models


class CsBusinessType(models.Model):
    """Whether customers are asked by link how satisfied they were."""

    _inherit = "cs.business.type"

    vote_link = fields.Boolean(
        string="Ask by Link",
        help="After closing, the customer gets a link by SMS or e-mail and votes once: "
        "satisfied, neutral or dissatisfied.",
    )
    vote_days = fields.Integer(
        string="Link Valid (Days)",
        required=True,
        default=7,
        help="Example: 7 means that a link sent on Monday works until next Monday.",
    )

    _check_vote_days = models.Constraint(
        "CHECK(vote_days BETWEEN 1 AND 90)", "A link is valid for 1 to 90 days."
    )

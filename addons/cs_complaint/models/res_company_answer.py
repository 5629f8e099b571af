from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    cs_complaint_reopen_days = fields.Integer(
        string="Open Again Within (Days)",
        default=7,
        help="A promise that isn't kept, or a customer who isn't satisfied, opens a "
        "closed case again within so many days; later a new case begins.",
    )
    cs_complaint_silent_days = fields.Integer(
        string="No Objection After (Days)",
        default=15,
        help="A customer who says nothing for so long after he was told counts as "
        "content, if the lead says so. Our default.",
    )
    cs_complaint_link_days = fields.Integer(
        string="Customer's Link Valid (Days)",
        default=60,
        help="The link by which a customer sees his case and replies. Our default.",
    )
    cs_complaint_dissatisfied = fields.Selection(
        selection=[
            ("reopen", "Open the case again, later a new one"),
            ("round", "Next round of the case"),
        ],
        string="Dissatisfied on the Return Visit",
        required=True,
        default="reopen",
        help="What follows if the customer isn't satisfied. Our default: the case is "
        "open again.",
    )
    cs_complaint_portal_limit = fields.Integer(
        string="Complaints in the Portal a Day",
        default=5,
        help="So many complaints a customer may send in the portal on a day. Our "
        "default.",
    )

    _check_complaint_days = models.Constraint(
        "CHECK(cs_complaint_reopen_days >= 0 AND cs_complaint_silent_days >= 0 "
        "AND cs_complaint_link_days > 0 AND cs_complaint_portal_limit >= 0)",
        "Days and limits are not negative; a link is valid for a day at least.",
    )

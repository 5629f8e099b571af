from odoo import api, fields, models


class ResCompany(models.Model):
    """How complaints come in."""

    _inherit = "res.company"

    cs_complaint_steward = fields.Boolean(
        string="Steward Handles Complaints",
        compute="_compute_cs_complaint_steward",
        store=True,
        readonly=False,
        help="A new complaint about premises goes to their steward. On in the profile "
        "for property management.",
    )
    cs_complaint_mask_anonymous = fields.Boolean(
        string="Mask Anonymous Complaints",
        help="Cases of anonymous people are masked like reports of corruption.",
    )

    @api.depends("cs_profile")
    def _compute_cs_complaint_steward(self):
        for company in self:
            company.cs_complaint_steward = company.cs_profile == "property"

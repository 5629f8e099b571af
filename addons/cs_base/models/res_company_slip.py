from odoo import fields, models

INTERNAL = "[('share', '=', False), ('company_ids', 'in', id)]"


class ResCompany(models.Model):
    """Who looks after information slips in a company."""

    _inherit = "res.company"

    cs_info_clerk_id = fields.Many2one(
        comodel_name="res.users",
        string="Information Clerk",
        domain=INTERNAL,
        help="Sees every information slip and follows each to its end.",
    )
    cs_arbiter_id = fields.Many2one(
        comodel_name="res.users",
        string="Arbiter",
        domain=INTERNAL,
        help="Decides who takes a slip that its addressee returned and its sender "
        "insists on. Empty: the managers.",
    )

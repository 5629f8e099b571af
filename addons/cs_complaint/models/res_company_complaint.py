from odoo import api, fields, models
from odoo.exceptions import ValidationError

INTERNAL = "[('share', '=', False), ('company_ids', 'in', id)]"
PEOPLE = (
    "cs_complaint_deputy_id",
    "cs_complaint_head_id",
    "cs_complaint_spokesperson_id",
)


class ResCompany(models.Model):
    """Who takes serious complaints in a company, and the figures of the course."""

    _inherit = "res.company"

    cs_complaint_deputy_id = fields.Many2one(
        comodel_name="res.users",
        string="Deputy Manager",
        domain=INTERNAL,
        help="Takes severe complaints (H-001 第九条(二)4).",
    )
    cs_complaint_head_id = fields.Many2one(
        comodel_name="res.users",
        string="Centre Manager",
        domain=INTERNAL,
        help="Takes particularly severe complaints.",
    )
    cs_complaint_spokesperson_id = fields.Many2one(
        comodel_name="res.users",
        string="Spokesperson",
        domain=INTERNAL,
        help="Gives all answers in cases with media or a consumer association.",
    )
    cs_complaint_duplicate_days = fields.Integer(
        string="Duplicates Within",
        default=30,
        help="How many days back a new case is compared with others (ours).",
    )
    cs_complaint_hard_chases = fields.Integer(
        string="Hard From",
        default=3,
        help="A case that was chased this often is a hard one (ours).",
    )

    _check_complaint_figures = models.Constraint(
        "CHECK(cs_complaint_duplicate_days >= 0 AND cs_complaint_hard_chases > 0)",
        "Days can't be below zero, and a hard case was chased at least once.",
    )

    @api.constrains(*PEOPLE)
    def _check_complaint_people(self):
        for company in self:
            for name in PEOPLE:
                user = company[name].sudo()
                if user and not user.has_group("cs_complaint.group_user"):
                    raise ValidationError(
                        self.env._(
                            "%s can't read complaints: give this person a role in "
                            "complaints first.",
                            user.name,
                        )
                    )

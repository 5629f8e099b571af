from odoo import api, fields, models

RANKS = [
    ("0", "Staff"),
    ("1", "Team Lead"),
    ("2", "Middle Management"),
    ("3", "Senior Management"),
]


class CsDutyProfile(models.Model):
    """What the roster must know of an employee: rank and qualifications."""

    _name = "cs.duty.profile"
    _description = "Duty Profile"
    _rec_name = "employee_id"
    _order = "employee_id"
    _check_company_auto = True

    employee_id = fields.Many2one(
        comodel_name="hr.employee",
        required=True,
        check_company=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    rank = fields.Selection(
        selection=RANKS,
        required=True,
        default="0",
        help="On holidays and special days somebody of middle rank or above is "
        "on duty.",
    )
    holder_ids = fields.One2many(
        comodel_name="cs.duty.qualification.holder",
        inverse_name="profile_id",
        string="Qualifications",
    )

    _employee_uniq = models.UniqueIndex(
        "(employee_id)", "This employee has a duty profile already."
    )

    @api.model
    def _cs_of(self, employees):
        """The profiles of employees, with sudo."""
        return self.sudo().search([("employee_id", "in", employees.ids)])

    @api.model
    def _cs_qualifications(self, employees):
        """{employee id: {qualification id: last day or None}}, in two queries."""
        return {
            profile.employee_id.id: {
                holder.qualification_id.id: holder.valid_until or None
                for holder in profile.holder_ids
            }
            for profile in self._cs_of(employees)
        }

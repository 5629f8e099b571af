from odoo import fields, models


class CsRosterMember(models.Model):
    """Somebody whose shifts come from the pattern of a roster."""

    _name = "cs.roster.member"
    _description = "Person of a Pattern"
    _order = "sequence, id"
    _check_company_auto = True

    roster_id = fields.Many2one(
        comodel_name="cs.roster", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="roster_id.company_id", store=True)
    team_id = fields.Many2one(related="roster_id.team_id", store=True)
    sequence = fields.Integer(default=10)
    employee_id = fields.Many2one(
        comodel_name="hr.employee", required=True, check_company=True
    )
    week = fields.Integer(
        string="Begins with Week",
        default=1,
        aggregator=None,
        help="Of the pattern, in the round of its first week. 0: stands in only.",
    )

    _once_uniq = models.UniqueIndex(
        "(roster_id, employee_id)", "This person is in the list already."
    )
    _week_check = models.Constraint("CHECK(week >= 0)", "Weeks begin with 1.")

from odoo import fields, models

DAYS = (
    "monday_id",
    "tuesday_id",
    "wednesday_id",
    "thursday_id",
    "friday_id",
    "saturday_id",
    "sunday_id",
)
SHIFT = {
    "comodel_name": "cs.shift.type",
    "ondelete": "restrict",
    "check_company": True,
}


class CsRosterPatternWeek(models.Model):
    """A week of a pattern; no shift: a free day."""

    _name = "cs.roster.pattern.week"
    _description = "Week of a Pattern"
    _order = "sequence, id"
    _check_company_auto = True

    pattern_id = fields.Many2one(
        comodel_name="cs.roster.pattern", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="pattern_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    monday_id = fields.Many2one(string="Mon", **SHIFT)
    tuesday_id = fields.Many2one(string="Tue", **SHIFT)
    wednesday_id = fields.Many2one(string="Wed", **SHIFT)
    thursday_id = fields.Many2one(string="Thu", **SHIFT)
    friday_id = fields.Many2one(string="Fri", **SHIFT)
    saturday_id = fields.Many2one(string="Sat", **SHIFT)
    sunday_id = fields.Many2one(string="Sun", **SHIFT)

    def _cs_shift_ids(self):
        """Ids of the shifts from Monday on, None where it is free."""
        self.ensure_one()
        return tuple(self[name].id or None for name in DAYS)

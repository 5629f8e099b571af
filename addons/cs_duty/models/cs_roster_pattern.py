from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.pattern import Pattern


class CsRosterPattern(models.Model):
    """Weeks of shifts that repeat (以3周为列)."""

    _name = "cs.roster.pattern"
    _description = "Rotating Pattern"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        comodel_name="res.company", index=True, help="Empty: for every company."
    )
    anchor = fields.Date(
        string="First Week Begins",
        required=True,
        default=lambda self: self.env.company._cs_today(),
        help="The week of this day is the first one of a round.",
    )
    week_ids = fields.One2many(
        comodel_name="cs.roster.pattern.week",
        inverse_name="pattern_id",
        string="Weeks",
        copy=True,
    )
    active = fields.Boolean(default=True)

    @api.constrains("week_ids", "anchor")
    def _check_weeks(self):
        for pattern in self:
            if not pattern.week_ids:
                raise ValidationError(
                    self.env._("%s: a pattern has at least one week.", pattern.name)
                )

    def _cs_pattern(self):
        """The :class:`Pattern`, with the ids of shifts for codes."""
        self.ensure_one()
        weeks = [week._cs_shift_ids() for week in self.week_ids]
        return Pattern(weeks, self.anchor)

    def _cs_kinds(self):
        """The shifts it uses."""
        ids = {one for week in self.week_ids for one in week._cs_shift_ids() if one}
        return self.env["cs.shift.type"].browse(sorted(ids))

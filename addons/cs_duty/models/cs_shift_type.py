from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.shifts import MIDNIGHT, Shift

MINUTES = 60
HOURS = ("hour_from", "hour_to")
#: What rosters remember; a shift already used keeps it.
FROZEN = (*HOURS, "at_home")


class CsShiftType(models.Model):
    """Hours that can be worked, on the company's clock."""

    _name = "cs.shift.type"
    _description = "Shift"
    _order = "sequence, hour_from, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, size=4, help="Stands in the roster: one letter is read best."
    )
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        comodel_name="res.company", index=True, help="Empty: for every company."
    )
    hour_from = fields.Float(string="From", required=True, default=9.0)
    hour_to = fields.Float(
        string="To",
        required=True,
        default=17.0,
        help="Not after the begin: ends on the next day. Until midnight: 24:00.",
    )
    hours = fields.Float(string="Length", compute="_compute_hours")
    at_home = fields.Boolean(
        help="Reachable by phone and online at home instead of present."
    )
    qualification_ids = fields.Many2many(
        comodel_name="cs.duty.qualification",
        string="Qualifications Needed",
        help="Whoever works the shift needs all of them.",
    )
    color = fields.Integer()
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE active IS TRUE",
        "There is a shift with this code already.",
    )

    @api.depends(*HOURS)
    def _compute_hours(self):
        for kind in self:
            minutes = [kind._cs_minutes(name) for name in HOURS]
            length = minutes[1] - minutes[0]
            kind.hours = (length if length > 0 else length + MIDNIGHT) / MINUTES

    @api.depends("code", "name")
    def _compute_display_name(self):
        for kind in self:
            kind.display_name = f"{kind.code} {kind.name}" if kind.code else kind.name

    @api.constrains(*HOURS)
    def _check_hours(self):
        for kind in self:
            try:
                kind._cs_shift()
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "%s: a shift begins from 00:00 to 23:59 and ends until 24:00.",
                        kind.name,
                    )
                ) from error

    def write(self, vals):
        changed = self.filtered(
            lambda kind: any(
                name in vals and vals[name] != kind[name] for name in FROZEN
            )
        )
        if changed and self.env["cs.roster.line"].sudo().search_count(
            [("shift_type_id", "in", changed.ids)], limit=1
        ):
            raise UserError(
                self.env._(
                    "Rosters use these hours. Archive the shift and make a new one."
                )
            )
        return super().write(vals)

    def _cs_minutes(self, name):
        return round(self[name] * MINUTES)

    def _cs_shift(self, code=None):
        """The :class:`Shift` of the rules.

        :param code: by which the rules name it; the letter by default
        """
        self.ensure_one()
        return Shift(
            code or self.code,
            self._cs_minutes("hour_from"),
            self._cs_minutes("hour_to"),
            self.at_home,
            frozenset(self.qualification_ids.ids),
        )

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import coverage
from .cs_duty_profile import RANKS

MINUTES = 60
WEEKDAYS = {"all": range(7), "week": range(5), "weekend": (5, 6)}


class CsDutyDemand(models.Model):
    """Hours at which somebody must be there; rosters show where nobody is."""

    _name = "cs.duty.demand"
    _description = "Hours Wanted"
    _order = "sequence, hour_from, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        comodel_name="res.company",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        index=True,
        help="Empty: for every company.",
    )
    team_id = fields.Many2one(
        comodel_name="cs.team",
        index="btree_not_null",
        check_company=True,
        help="Empty: for the roster of every team.",
    )
    hour_from = fields.Float(string="From", required=True, default=9.0)
    hour_to = fields.Float(
        string="To", required=True, default=24.0, help="Not after the begin: next day."
    )
    people = fields.Integer(default=1, required=True)
    weekdays = fields.Selection(
        selection=[
            ("all", "Every Day"),
            ("week", "Monday to Friday"),
            ("weekend", "Weekend"),
        ],
        required=True,
        default="all",
    )
    on_days = fields.Selection(
        selection=[
            ("any", "Always"),
            ("ordinary", "Except Holidays and Special Days"),
            ("reinforced", "Holidays and Special Days"),
        ],
        string="When",
        required=True,
        default="any",
    )
    rank = fields.Selection(
        selection=RANKS, string="Rank or Above", required=True, default="0"
    )
    present = fields.Boolean(help="Whoever is on duty at home doesn't count.")
    moment = fields.Boolean(
        string="Once Is Enough",
        help="At some time between these hours instead of all the time.",
    )
    active = fields.Boolean(default=True)

    @api.depends("team_id")
    def _compute_company_id(self):
        for demand in self:
            demand.company_id = demand.team_id.company_id or demand.company_id

    @api.constrains("hour_from", "hour_to", "people")
    def _check_demand(self):
        for demand in self:
            try:
                demand._cs_demand()
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "%s: from 00:00 to 24:00, and at least one person.",
                        demand.name,
                    )
                ) from error

    def _cs_demand(self):
        """The :class:`Demand` of the coverage check."""
        self.ensure_one()
        return coverage.Demand(
            self.name,
            round(self.hour_from * MINUTES),
            round(self.hour_to * MINUTES),
            self.people,
            WEEKDAYS[self.weekdays],
            self.on_days,
            int(self.rank),
            self.present,
            self.moment,
        )

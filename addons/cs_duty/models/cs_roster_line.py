from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.shifts import Assignment, at


class CsRosterLine(models.Model):
    """A shift of a day and who works it.

    In a published roster it changes by a swap only.
    """

    _name = "cs.roster.line"
    _description = "Shift of a Roster"
    _inherit = ["cs.ruled"]
    _order = "date, start_at, id"
    _check_company_auto = True
    _cs_closed_fields = frozenset(
        {
            "start_at",
            "stop_at",
            "company_id",
            "team_id",
            "roster_state",
            "user_id",
            "planned_employee_id",
        }
    )

    roster_id = fields.Many2one(
        comodel_name="cs.roster", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="roster_id.company_id", store=True)
    team_id = fields.Many2one(related="roster_id.team_id", store=True, index=True)
    roster_state = fields.Selection(
        related="roster_id.state", store=True, string="State of the Roster"
    )
    date = fields.Date(required=True)
    shift_type_id = fields.Many2one(
        comodel_name="cs.shift.type",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    employee_id = fields.Many2one(
        comodel_name="hr.employee",
        check_company=True,
        ondelete="restrict",
        help="Empty: nobody yet.",
    )
    user_id = fields.Many2one(
        related="employee_id.user_id", store=True, related_sudo=True, index=True
    )
    planned_employee_id = fields.Many2one(
        comodel_name="hr.employee",
        string="As Published",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Who worked it before the first swap.",
    )
    start_at = fields.Datetime(
        string="Begin", compute="_compute_span", store=True, precompute=True
    )
    stop_at = fields.Datetime(
        string="End", compute="_compute_span", store=True, precompute=True
    )
    at_home = fields.Boolean(related="shift_type_id.at_home")
    color = fields.Integer(related="shift_type_id.color")
    can_swap = fields.Boolean(
        compute="_compute_can_swap", export_string_translation=False
    )

    _once_uniq = models.UniqueIndex(
        "(roster_id, employee_id, date, shift_type_id) WHERE employee_id IS NOT NULL",
        "This person has this shift on this day already.",
    )
    _employee_idx = models.Index("(employee_id, date)")
    _published_idx = models.Index(
        "(company_id, start_at) WHERE roster_state = 'published'"
    )

    @api.depends("date", "shift_type_id", "roster_id")
    def _compute_span(self):
        for line in self:
            if not line.date or not line.shift_type_id:
                line.start_at = line.stop_at = False
                continue
            tz = (line.roster_id.company_id or self.env.company)._cs_tz()
            span = line.shift_type_id._cs_shift().span(line.date, tz)
            line.start_at, line.stop_at = (one.replace(tzinfo=None) for one in span)

    @api.depends("user_id", "roster_state", "start_at")
    @api.depends_context("uid")
    def _compute_can_swap(self):
        now = fields.Datetime.now()
        for line in self:
            line.can_swap = (
                line.roster_state == "published"
                and line.user_id == self.env.user
                and bool(line.start_at)
                and line.start_at > now
            )

    @api.depends("date", "shift_type_id", "employee_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = " ".join(
                filter(
                    None,
                    (
                        line.date and line.date.isoformat(),
                        line.shift_type_id.code,
                        line.employee_id.name,
                    ),
                )
            )

    @api.constrains("date", "roster_id")
    def _check_date(self):
        for line in self:
            if not line.roster_id.date_from <= line.date <= line.roster_id.date_to:
                raise ValidationError(
                    self.env._(
                        "%(day)s isn't in the roster %(roster)s.",
                        day=line.date,
                        roster=line.roster_id.display_name,
                    )
                )

    # === LOCK === #

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._cs_check_unlocked()
        return lines

    def write(self, vals):
        self.check_access("write")
        self._cs_check_unlocked()
        result = super().write(vals)
        self._cs_check_unlocked()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self._cs_check_unlocked()

    def _cs_check_unlocked(self):
        if self.env.su:
            return
        for roster in self.roster_id:
            if roster.state != "draft":
                raise UserError(
                    self.env._(
                        "%s is published. Make a new version, or swap.",
                        roster.display_name,
                    )
                )

    def action_cs_swap(self):
        """Begin a swap of this shift, for whoever works it."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Swap"),
            "res_model": "cs.shift.swap",
            "view_mode": "form",
            "context": {"default_line_id": self.id},
        }

    # === FACTS === #

    def _cs_assignments(self, ranks=None):
        """The lines as the rules see them.

        :param ranks: {employee id: rank}
        """
        shifts = {kind: kind._cs_shift() for kind in self.shift_type_id}
        ranks = ranks or {}
        return tuple(
            Assignment(
                line.id,
                line.employee_id.id or None,
                line.date,
                shifts[line.shift_type_id],
                line.team_id.id,
                ranks.get(line.employee_id.id, 0),
            )
            for line in self
        )

    @api.model
    def _cs_day_span(self, company, first, last):
        """(first moment, end) of days on the company's clock, aware UTC."""
        tz = company._cs_tz()
        return at(first, 0, tz), at(last, 24 * 60, tz)

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class CsDutyLog(models.Model):
    """What happened in a shift (值班日志), written by who was on duty."""

    _name = "cs.duty.log"
    _description = "Duty Log"
    _inherit = ["cs.ruled", "mail.thread"]
    _order = "start_at desc, id desc"
    _check_company_auto = True
    _cs_open_fields = frozenset({"team_id", "line_id", "summary", "entry_ids"})

    line_id = fields.Many2one(
        comodel_name="cs.roster.line",
        string="Shift",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Empty: duty that stands in no roster.",
    )
    team_id = fields.Many2one(
        comodel_name="cs.team",
        required=True,
        index=True,
        ondelete="restrict",
        compute="_compute_team_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    company_id = fields.Many2one(
        related="team_id.company_id", store=True, index=True, precompute=True
    )
    employee_id = fields.Many2one(
        comodel_name="hr.employee",
        string="On Duty",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.user.employee_id,
    )
    user_id = fields.Many2one(related="employee_id.user_id", store=True, index=True)
    start_at = fields.Datetime(
        string="Begin", required=True, readonly=True, default=fields.Datetime.now
    )
    stop_at = fields.Datetime(string="End", readonly=True)
    state = fields.Selection(
        selection=[("open", "On Duty"), ("closed", "Closed")],
        required=True,
        readonly=True,
        default="open",
        tracking=True,
    )
    summary = fields.Text(help="How the shift went and what was done about it.")
    entry_ids = fields.One2many(
        comodel_name="cs.duty.log.entry", inverse_name="log_id", string="Entries"
    )
    entry_count = fields.Integer(
        string="Number of Entries", compute="_compute_entry_count"
    )

    _open_once = models.UniqueIndex(
        "(employee_id) WHERE state = 'open'",
        "Your log of another shift is still open. Close that first.",
    )
    _line_once = models.UniqueIndex(
        "(line_id) WHERE line_id IS NOT NULL", "This shift has its log already."
    )

    @api.depends("line_id")
    def _compute_team_id(self):
        for log in self:
            own = log.team_id or self.env.user._cs_team()
            log.team_id = log.line_id.team_id or own

    @api.depends("employee_id", "start_at")
    def _compute_display_name(self):
        for log in self:
            company = log.company_id or self.env.company
            day = (
                log.start_at and f"{company._cs_to_local(log.start_at):%Y-%m-%d %H:%M}"
            )
            log.display_name = f"{day or ''} {log.employee_id.name or ''}".strip()

    @api.depends("entry_ids")
    def _compute_entry_count(self):
        for log in self:
            log.entry_count = len(log.entry_ids)

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        logs = super().create(vals_list)
        for log in logs:
            if log.line_id and log.line_id.sudo().employee_id != log.employee_id:
                raise UserError(self.env._("Only one's own shift has one's log."))
        return logs

    @api.model
    def _cs_complete(self, vals):
        if vals.get("employee_id") or self.env.user.employee_id:
            return vals
        raise UserError(
            self.env._("You have no employee record in this company; ask your manager.")
        )

    def write(self, vals):
        if not self.env.su:
            self.check_access("write")
            self._cs_check_state("open")
            if vals.keys() - {"entry_ids"}:
                self._cs_check_mine()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Duty logs stay."))

    def _cs_check_mine(self):
        for log in self:
            if not self.env.su and log.user_id != self.env.user:
                raise AccessError(
                    self.env._("Only %s writes this log.", log.employee_id.name)
                )

    # === STEPS === #

    def action_close(self):
        """End the shift; by who is on duty, when everybody is back at the post."""
        self.check_access("write")
        self._cs_lock()
        self._cs_check_state("open")
        self._cs_check_mine()
        for log in self:
            away = log.entry_ids.filtered(lambda one: one.kind == "away")
            if away.filtered(lambda one: not one.ended_at):
                raise UserError(
                    self.env._("Enter when you came back to the post, then close.")
                )
        self.sudo().write({"state": "closed", "stop_at": fields.Datetime.now()})
        self.env["cs.event"]._cs_log("dutylog.close", self)
        return True

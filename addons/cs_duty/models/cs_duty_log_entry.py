import datetime

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

ONE_DAY = datetime.timedelta(days=1)
#: What the author may still fill in later.
LATER = frozenset({"result", "ended_at", "told", "report"})


class CsDutyLogEntry(models.Model):
    """Something that happened in a shift.

    Sources: 交接日志要对设备情景、疑难问题、人员调班等情景,记录清楚明了; 有事外出须有人
    替班后方可离开; 重大事件立即报告,次日必须作出书面报告; 客户服务中心主任不定期检查.
    """

    _name = "cs.duty.log.entry"
    _description = "Entry of a Duty Log"
    _inherit = ["cs.ruled", "mail.thread"]
    _order = "at, id"
    _check_company_auto = True
    _cs_closed_fields = frozenset(
        {
            "log_id",
            "author_id",
            "resolved",
            "resolved_at",
            "report_at",
            "report_by_id",
            "report_due",
            "company_id",
            "team_id",
        }
    )

    log_id = fields.Many2one(
        comodel_name="cs.duty.log", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="log_id.company_id", store=True, index=True)
    team_id = fields.Many2one(related="log_id.team_id", store=True)
    log_state = fields.Selection(related="log_id.state", string="State of the Log")
    author_id = fields.Many2one(
        comodel_name="res.users",
        readonly=True,
        required=True,
        index=True,
        default=lambda self: self.env.user,
    )
    kind = fields.Selection(
        selection=[
            ("incident", "Incident"),
            ("equipment", "Equipment"),
            ("fault", "System Fault"),
            ("posts", "Inspection of Posts"),
            ("question", "Hard Question"),
            ("roster", "Roster Change"),
            ("away", "Left the Post"),
            ("check", "Unannounced Check"),
            ("other", "Other"),
        ],
        required=True,
        default="incident",
    )
    severity = fields.Selection(
        selection=[("0", "Normal"), ("1", "Important"), ("2", "Major")],
        required=True,
        default="0",
        help="Major: the team's lead and the managers are told at once, and a written "
        "report is due by the end of the next day.",
    )
    at = fields.Datetime(string="Time", required=True, default=fields.Datetime.now)
    ended_at = fields.Datetime(string="Until")
    text = fields.Text(string="What Happened", required=True)
    told = fields.Char(string="Who Was Told")
    stand_in_id = fields.Many2one(
        comodel_name="hr.employee", string="Stand-in", check_company=True
    )
    result = fields.Text()
    resolved = fields.Boolean(readonly=True, copy=False)
    resolved_at = fields.Datetime(readonly=True, copy=False)
    report_due = fields.Date(readonly=True, copy=False, index="btree_not_null")
    report = fields.Text(
        string="Written Report",
        copy=False,
        help="Place, time, cause, course, result, and what prevents it.",
    )
    report_by_id = fields.Many2one(comodel_name="res.users", readonly=True, copy=False)
    report_at = fields.Datetime(readonly=True, copy=False)

    _check_end = models.Constraint(
        "CHECK(ended_at IS NULL OR ended_at >= at)", "It ends after it begins."
    )

    @api.depends("kind", "at")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for entry in self:
            company = entry.company_id or self.env.company
            at = entry.at and f"{company._cs_to_local(entry.at):%Y-%m-%d %H:%M}"
            entry.display_name = f"{at or ''} {kinds.get(entry.kind, '')}".strip()

    @api.constrains("kind", "stand_in_id", "told", "author_id")
    def _check_kind(self):
        for entry in self:
            if entry.kind == "away" and (
                not entry.stand_in_id
                or entry.stand_in_id == entry.log_id.sudo().employee_id
            ):
                raise ValidationError(
                    self.env._("The post is left only if somebody stands in. Name him.")
                )
            if entry.kind == "fault" and not (entry.told or "").strip():
                raise ValidationError(
                    self.env._("Say who was told of the system fault.")
                )
            if entry.kind == "check" and (
                entry.author_id == entry.log_id.sudo().user_id
            ):
                raise ValidationError(
                    self.env._("An unannounced check is recorded by somebody else.")
                )

    # === CRUD === #

    @api.model
    def _cs_is_closed(self, name):
        return name != "log_id" and super()._cs_is_closed(name)

    @api.model_create_multi
    def create(self, vals_list):
        entries = super().create(vals_list)
        entries._cs_check_author()
        entries._cs_on_major()
        return entries

    def write(self, vals):
        if not self.env.su:
            self.check_access("write")
            self._cs_check_author(vals)
            if "report" in vals and any(entry.report_at for entry in self):
                raise UserError(self.env._("The report is handed in."))
            if "log_id" in vals or "kind" in vals:
                raise UserError(self.env._("An entry stays what and where it is."))
        result = super().write(vals)
        if "severity" in vals:
            self._cs_on_major()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Entries of a duty log stay; add another one."))

    def _cs_check_author(self, vals=None):
        """Whoever is on duty writes his log; leads and managers enter checks."""
        if self.env.su:
            return
        user = self.env.user
        for entry in self:
            on_duty = entry.log_id.sudo().user_id == user
            if entry.kind == "check":
                fits = user.has_group("cs_duty.group_lead") and not on_duty
            else:
                fits = on_duty
            if not fits or entry.author_id != user:
                raise AccessError(
                    self.env._(
                        "Only who is on duty writes this log; a lead or manager enters "
                        "unannounced checks."
                    )
                )
            late = vals is not None and set(vals) <= LATER
            if entry.log_id.sudo().state != "open" and not late:
                raise UserError(self.env._("The log is closed."))

    # === MAJOR INCIDENTS === #

    def _cs_on_major(self):
        """Tell the lead and the managers at once; a report is due the next day."""
        for entry in self.sudo().filtered(
            lambda one: one.severity == "2" and not one.report_due
        ):
            company = entry.company_id
            entry.report_due = company._cs_date(entry.at) + ONE_DAY
            teams = self.env["cs.team"].sudo()
            managers = teams._cs_managers(company)[company]
            users = entry.team_id._cs_lead() | managers - self.env.ref("base.user_root")
            self.env["cs.notify"].sudo()._cs_notify(
                "duty.major", entry, users=users, key=f"major-{entry.id}"
            )
            self.env["cs.event"]._cs_log("dutylog.major", entry)

    def _cs_notify_values(self):
        return {
            entry.id: {
                "topic": entry.text,
                "team": entry.team_id.name,
                "due": entry.report_due,
                "handler": entry.log_id.employee_id.name,
            }
            for entry in self
        }

    def action_resolve(self):
        """Mark as resolved, with its result; by the author or who leads."""
        for entry in self:
            entry._cs_check_part()
            if not (entry.result or "").strip():
                raise UserError(self.env._("Say what came of it first."))
        self.sudo().write({"resolved": True, "resolved_at": fields.Datetime.now()})
        return True

    def action_report(self):
        """Hand in the written report of a major incident; once."""
        for entry in self:
            entry._cs_check_part()
        self._cs_lock()
        for entry in self:
            if not entry.report_due or entry.report_at:
                raise UserError(self.env._("No report is due for this entry."))
            if not (entry.report or "").strip():
                raise UserError(self.env._("The report is empty."))
        self.sudo().write(
            {"report_by_id": self.env.uid, "report_at": fields.Datetime.now()}
        )
        self.env["cs.event"]._cs_log("dutylog.report", self)
        return True

    def _cs_check_part(self):
        self.check_access("read")
        user = self.env.user
        team = self.sudo().team_id
        if not (
            self.env.su
            or self.author_id == user
            or user in team.lead_id | team.deputy_id
            or user.has_group("cs_duty.group_manager")
        ):
            raise AccessError(self.env._("Only the author or who leads does this."))

    @api.model
    def _cron_reports(self):
        """Remind of reports that are overdue, once: the author and the lead."""
        for company in self.env["res.company"].search([("active", "=", True)]):
            late = self.search(
                [
                    ("company_id", "=", company.id),
                    ("report_due", "<", company._cs_today()),
                    ("report_at", "=", False),
                ]
            )
            for entry in late:
                self.env["cs.notify"].sudo()._cs_notify(
                    "duty.report",
                    entry,
                    users=entry.author_id | entry.team_id._cs_lead(),
                    key=f"report-{entry.id}",
                )

import datetime

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import china_days
from ..tools.workdays import Workdays

ACTIVITY_TYPE = "mail.mail_activity_data_todo"
#: A year is asked for from 1 November of the year before.
AHEAD = datetime.timedelta(days=61)


class CsWorkdayYear(models.Model):
    """A year of working days: provisional until a manager confirms it.

    The State Council announces a year's days in the autumn before. Deadlines that
    reach into a provisional year are computed anew when it is confirmed.
    """

    _name = "cs.workday.year"
    _description = "Working Days of a Year"
    _inherit = ["cs.ruled", "mail.thread", "mail.activity.mixin"]
    _order = "year desc"
    _rec_name = "year"
    _cs_closed_fields = frozenset(
        {"state", "confirmed_by_id", "confirmed_at", "reminded_at"}
    )

    year = fields.Integer(required=True, aggregator=None)
    state = fields.Selection(
        selection=[("provisional", "Provisional"), ("official", "Confirmed")],
        required=True,
        readonly=True,
        default="provisional",
        tracking=True,
    )
    no_makeup = fields.Boolean(
        string="No Make-up Workdays",
        help="Tick it if the notice really names no make-up workday. Otherwise a year "
        "without any can't be confirmed.",
    )
    confirmed_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, copy=False
    )
    confirmed_at = fields.Datetime(readonly=True, copy=False)
    reminded_at = fields.Datetime(
        readonly=True, copy=False, export_string_translation=False
    )
    day_ids = fields.One2many(
        comodel_name="cs.workday", inverse_name="year_id", string="Dates"
    )
    off_count = fields.Integer(string="Days Off", compute="_compute_counts")
    makeup_count = fields.Integer(string="Make-up Workdays", compute="_compute_counts")
    workday_count = fields.Integer(string="Working Days", compute="_compute_counts")

    _year_uniq = models.UniqueIndex("(year)", "This year is there already.")
    _check_year = models.Constraint(
        "CHECK(year BETWEEN 2001 AND 2100)",
        "Enter a year from 2001 to 2100.",
    )

    @api.depends("year")
    def _compute_display_name(self):
        for year in self:
            year.display_name = str(year.year or "")

    @api.depends("day_ids.kind", "day_ids.date", "day_ids.company_id", "year")
    def _compute_counts(self):
        for year in self:
            general = year.day_ids.filtered(lambda day: day.date and not day.company_id)
            off = general.filtered(lambda day: day.kind == china_days.OFF)
            makeup = general - off
            year.off_count = len(off)
            year.makeup_count = len(makeup)
            year.workday_count = year._cs_count_workdays(off, makeup)

    def _cs_count_workdays(self, off, makeup):
        if not 2001 <= self.year <= 2100:
            return 0
        off, makeup = set(off.mapped("date")), set(makeup.mapped("date"))
        workdays = Workdays(off - makeup, makeup)
        last = datetime.date(self.year, 12, 31)
        return workdays.between(datetime.date(self.year - 1, 12, 31), last)

    # === CRUD === #

    def write(self, vals):
        result = super().write(vals)
        if "year" in vals:
            for year in self:
                if any(day.date.year != year.year for day in year.sudo().day_ids):
                    raise UserError(
                        self.env._("The days of %s are of another year.", year.year)
                    )
        if "state" in vals or "year" in vals:
            self.env["res.company"]._cs_forget_workdays()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_confirmed(self):
        for year in self:
            if year.state == "official":
                raise UserError(
                    self.env._("%s is confirmed and can't be deleted.", year.year)
                )

    def unlink(self):
        result = super().unlink()
        self.env["res.company"]._cs_forget_workdays()
        return result

    @api.model
    def _cs_find_or_create(self, years):
        """The rows of ``years``; missing ones are added without days, provisional."""
        years = set(years)
        found = self.sudo().search([("year", "in", list(years))])
        missing = years - set(found.mapped("year"))
        return found | self.sudo().create([{"year": year} for year in sorted(missing)])

    # === CONFIRMING === #

    def action_confirm(self):
        """Confirm the days of the years; open deadlines are computed anew."""
        self._cs_check_group("cs_base.group_manager")
        self._cs_lock()
        self._cs_check_state("provisional")
        self._cs_check_complete()
        self._cs_confirm(self.env.user)
        self.sudo().activity_unlink([ACTIVITY_TYPE])
        Day = self.env["cs.workday"]
        Day._cs_changed(Day._cs_all_companies())
        return True

    def _cs_check_complete(self):
        for year in self:
            if not year.off_count:
                raise UserError(
                    self.env._(
                        "%s has no day off yet. Press “Fill In” or enter the days of "
                        "the State Council's notice.",
                        year.year,
                    )
                )
            if not year.makeup_count and not year.no_makeup:
                raise UserError(
                    self.env._(
                        "%(year)s has no make-up workday yet, so the notice is "
                        "probably missing. Enter them, or tick “%(field)s” if there "
                        "are really none.",
                        year=year.year,
                        field=self._fields["no_makeup"]._description_string(self.env),
                    )
                )

    def _cs_confirm(self, user):
        self.sudo().write(
            {
                "state": "official",
                "confirmed_by_id": user.id,
                "confirmed_at": fields.Datetime.now(),
            }
        )
        for year in self:
            self.env["cs.event"]._cs_log(
                "workday.confirm",
                year,
                details={
                    "year": year.year,
                    "off": year.off_count,
                    "makeup": year.makeup_count,
                },
            )

    def action_reopen(self):
        """Make confirmed years provisional again."""
        self._cs_check_group("cs_base.group_manager")
        self._cs_lock()
        self._cs_check_state("official")
        self.sudo().write(
            {"state": "provisional", "confirmed_by_id": False, "confirmed_at": False}
        )
        for year in self:
            self.env["cs.event"]._cs_log(
                "workday.reopen", year, details={"year": year.year}
            )
        return True

    def action_fill(self):
        """Compare the year with what is announced or proposed, and choose."""
        self.ensure_one()
        self._cs_check_group("cs_base.group_manager")
        return self.env["cs.workday.wizard"]._cs_open(self)

    # === YEARS THAT MUST BE THERE === #

    @api.model
    def _cs_ensure(self):
        """Have last, this and next year, and every announced one, with their days.

        Announced years that nobody has touched are confirmed. Runs at installation,
        at each update and daily; what is there already stays as it is.
        """
        today = self.env.company._cs_today()
        wanted = {today.year - 1, today.year, today.year + 1, *china_days.ANNOUNCED}
        years = self._cs_find_or_create(wanted)
        empty = years.filtered(
            lambda year: (
                year.state == "provisional"
                and not year.day_ids.filtered(lambda day: not day.company_id)
            )
        )
        for year in empty:
            self.env["cs.workday"].sudo().create(
                [
                    {"date": day, "kind": kind, "name": name, "source": source}
                    for day, kind, name, source in china_days.days(year.year)
                ]
            )
        empty.filtered(lambda year: year.year in china_days.ANNOUNCED)._cs_confirm(
            self.env["res.users"]
        )

    @api.model
    def _cron_workdays(self):
        """Add the years to come; remind managers, once, of what isn't confirmed."""
        self._cs_ensure()
        today = self.env.company._cs_today()
        due = self.search(
            [
                ("year", ">=", today.year),
                ("year", "<=", (today + AHEAD).year),
                ("state", "=", "provisional"),
                ("reminded_at", "=", False),
            ]
        )
        managers = self._cs_managers()
        for year in due:
            for user in managers:
                summary = year.with_context(lang=user.lang).env._(
                    "Confirm the working days of %s", year.year
                )
                year.activity_schedule(ACTIVITY_TYPE, summary=summary, user_id=user.id)
        due.sudo().reminded_at = fields.Datetime.now()

    @api.model
    def _cs_managers(self):
        group = self.env.ref("cs_base.group_manager").sudo()
        root = self.env.ref("base.user_root")
        return group.all_user_ids.filtered("active") - root

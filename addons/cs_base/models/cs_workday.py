from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ..tools import china_days
from ..tools.workdays import SATURDAY

#: Fields that decide which days are worked.
DECIDING = ("date", "kind", "company_id")
COLORS = {china_days.OFF: 1, china_days.MAKEUP: 10}  # red, green
#: Longest time asked for by a calendar's screen, in days.
MAX_SHOWN = 400


class CsWorkday(models.Model):
    """A day that the plain week has wrong: a day off, or a weekend's day worked.

    The announced days hold for every company, so they have no company. A company has
    rows of its own only where it differs (a local holiday, its anniversary, a make-up
    workday it doesn't take); they go before the general row of the same date.
    """

    _name = "cs.workday"
    _description = "Holiday or Make-up Workday"
    _order = "date, company_id"

    date = fields.Date(required=True, index=True)
    weekday = fields.Char(compute="_compute_weekday")
    kind = fields.Selection(
        selection=[
            (china_days.OFF, "Day Off"),
            (china_days.MAKEUP, "Make-up Workday"),
        ],
        required=True,
        default=china_days.OFF,
        help="Make-up workday: a Saturday or Sunday that is worked in exchange for a "
        "day off. It has the service hours of the first weekday that has some.",
    )
    name = fields.Char(required=True)
    source = fields.Char(help="Who announced the day, and when.")
    company_id = fields.Many2one(
        comodel_name="res.company",
        index=True,
        help="Empty: for every company. A company's own row goes before the general "
        "one of the same date.",
    )
    year_id = fields.Many2one(
        comodel_name="cs.workday.year",
        compute="_compute_year_id",
        store=True,
        index=True,
        ondelete="cascade",
    )
    year_state = fields.Selection(related="year_id.state", string="State of the Year")
    color = fields.Integer(compute="_compute_color", export_string_translation=False)

    _date_company_uniq = models.UniqueIndex(
        "(date, COALESCE(company_id, 0))",
        "This date is recorded already.",
    )

    @api.depends("date")
    @api.depends_context("lang")
    def _compute_weekday(self):
        for day in self:
            day.weekday = day.date and format_date(
                self.env, day.date, date_format="EEE"
            )

    @api.depends("date")
    def _compute_year_id(self):
        years = {day.date.year for day in self if day.date}
        found = self.env["cs.workday.year"].sudo().search([("year", "in", list(years))])
        by_year = {year.year: year for year in found}
        for day in self:
            day.year_id = day.date and by_year.get(day.date.year)

    @api.depends("kind")
    def _compute_color(self):
        for day in self:
            day.color = COLORS.get(day.kind, 0)

    @api.constrains("date", "kind", "company_id")
    def _check_makeup(self):
        for day in self:
            is_makeup = day.kind == china_days.MAKEUP
            if is_makeup and not day.company_id and day.date.weekday() < SATURDAY:
                raise ValidationError(
                    self.env._(
                        "%s is no weekend: it is worked anyway.",
                        format_date(self.env, day.date),
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        self._cs_prepare_years(vals_list)
        days = super().create(vals_list)
        days._cs_log_change("add")
        days._cs_changed(days._cs_confirmed_companies())
        return days

    def write(self, vals):
        self._cs_prepare_years([vals])
        confirmed = self._cs_confirmed()
        companies = self._cs_confirmed_companies()
        confirmed._cs_log_change("change", vals)
        result = super().write(vals)
        (self._cs_confirmed() - confirmed)._cs_log_change("add")
        if any(name in vals for name in DECIDING):
            self._cs_changed(companies | self._cs_confirmed_companies())
        return result

    def unlink(self):
        companies = self._cs_confirmed_companies()
        self._cs_log_change("remove")
        result = super().unlink()
        self._cs_changed(companies)
        return result

    @api.model
    def _cs_prepare_years(self, vals_list):
        dates = [
            fields.Date.to_date(vals["date"]) for vals in vals_list if "date" in vals
        ]
        self.env["cs.workday.year"]._cs_find_or_create(day.year for day in dates if day)

    def _cs_confirmed(self):
        return self.filtered(lambda day: day.sudo().year_state == "official")

    def _cs_confirmed_companies(self):
        """The companies whose open deadlines depend on the confirmed among the days."""
        confirmed = self.sudo()._cs_confirmed()
        if not confirmed:
            return self.env["res.company"]
        if all(day.company_id for day in confirmed):
            return confirmed.company_id
        return self._cs_all_companies()

    @api.model
    def _cs_all_companies(self):
        return self.env["res.company"].sudo().search([("active", "=", True)])

    def _cs_log_change(self, action, vals=None):
        """Note each of the days that is of a confirmed year.

        :param vals: what is about to be written
        """
        changed = (
            {
                f"new_{name}": str(vals[name])
                for name in ("date", "kind")
                if name in vals
            }
            if vals
            else {}
        )
        for day in self._cs_confirmed():
            self.env["cs.event"]._cs_log(
                f"workday.{action}",
                day,
                fields=vals,
                details={"date": day.date.isoformat(), "kind": day.kind, **changed},
            )

    @api.model
    def _cs_changed(self, companies):
        """Forget what is cached; move the open deadlines of ``companies``."""
        self.env["res.company"]._cs_forget_workdays()
        for company in companies.sudo():
            self.env["cs.clock"].sudo()._cs_recompute_open(company)

    # === CALENDAR === #

    @api.model
    def get_unusual_days(self, date_from, date_to=None):
        """Days not worked in the user's company, for the calendar's shading.

        :param date_from: first day, as text
        :param date_to: last day, as text; the same day if empty
        :return: {date as text: whether it is a day off}
        """
        self.browse().check_access("read")
        first = fields.Date.to_date(date_from)
        last = fields.Date.to_date(date_to or date_from)
        if (last - first).days > MAX_SHOWN:
            raise UserError(self.env._("At most %s days can be shown.", MAX_SHOWN))
        workdays = self.env.company._cs_workdays()
        return {
            day.isoformat(): not workdays.is_workday(day)
            for day in (
                fields.Date.add(first, days=offset)
                for offset in range((last - first).days + 1)
            )
        }

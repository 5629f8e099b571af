from odoo import models, tools

from ..tools.china_days import OFF
from ..tools.workdays import ServiceHours, Workdays


class ResCompany(models.Model):
    """The company's working days and service hours."""

    _name = "res.company"
    _inherit = "res.company"

    @tools.ormcache("self.id")
    def _cs_workdays(self):
        """The :class:`Workdays` of the company: general days, its own before them.

        A year without days is Monday to Friday, and provisional.
        """
        self.ensure_one()
        days = (
            self.env["cs.workday"]
            .sudo()
            .search_fetch(
                [("company_id", "in", [self.id, False])],
                ["date", "kind", "company_id"],
            )
        )
        general = days.filtered(lambda day: not day.company_id)
        kinds = {day.date: day.kind for day in general}
        kinds |= {day.date: day.kind for day in days - general}
        off = {date for date, kind in kinds.items() if kind == OFF}
        years = self.env["cs.workday.year"].sudo()
        official = years.search_fetch([("state", "=", "official")], ["year"])
        return Workdays(off, kinds.keys() - off, official.mapped("year"))

    def _cs_forget_workdays(self):
        """Drop cached working days, now and when others can see the change.

        In between, another request of this process may have cached the old ones.
        """
        self.env.registry.clear_cache()
        self.env.cr.postcommit.add(self.env.registry.clear_cache)

    def _cs_is_workday(self, day):
        """Whether the company works on the date ``day``."""
        return self._cs_workdays().is_workday(day)

    def _cs_add_workdays(self, day, n):
        """The ``n``-th working day after the date ``day``."""
        return self._cs_workdays().add(day, n)

    def _cs_service_hours(self, calendar=None):
        """The :class:`ServiceHours` of a calendar, on the company's clock.

        :param calendar: resource.calendar, by default the company's. Its hours are
            read on the company's clock, whatever zone it names. One without fixed
            hours has those of the company, or whole working days.
        """
        self.ensure_one()
        own = self.sudo().resource_calendar_id
        plan = calendar and calendar.sudo()._cs_weeks() or own._cs_weeks()
        week, other = plan or (own._cs_whole_week(), None)
        return ServiceHours(self._cs_workdays(), week, self._cs_tz(), other)

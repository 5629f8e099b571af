import datetime
from collections import defaultdict

from odoo import models
from odoo.fields import Domain

from ..tools import spans

UTC = datetime.timezone.utc
DAY = datetime.timedelta(days=1)
#: What is left between the last second of a leave and midnight is no time.
SHORTEST = datetime.timedelta(minutes=1)


class ResourceResource(models.Model):
    """When people and things are available."""

    _name = "resource.resource"
    _inherit = "resource.resource"

    def _cs_available_intervals(self, start, stop):
        """Service hours of each resource minus its leaves and the general ones.

        Hours are those of its calendar (by contract where there are contracts) on
        working days, make-up workdays included, on the clock of its company. An
        addon with rosters overrides this; ask nothing else for availability.

        :param start: moment, naive UTC or aware
        :param stop: end of the time asked for, excluded
        :return: {resource id: [(aware start, aware end)]}, sorted and disjoint, on
            the company's clock. The number of queries doesn't grow with the resources.
        """
        start, stop = _utc(start), _utc(stop)
        resources = self.sudo()
        if not resources or start >= stop:
            return {resource_id: [] for resource_id in self.ids}
        periods = resources._get_calendars_validity_within_period(start, stop)
        own, general = resources._cs_leaves(start, stop)
        hours = {}
        result = {}
        for resource in resources:
            company = resource.company_id or self.env.company.sudo()
            tz = company._cs_tz()
            found = []
            for calendar, valid in periods[resource.id].items():
                calendar = calendar or company.resource_calendar_id
                key = (company.id, calendar.id)
                if key not in hours:
                    served = company._cs_service_hours(calendar)
                    hours[key] = _hours_between(served, start, stop)
                valid = [(_utc(one), _utc(two)) for one, two, _records in valid]
                closed = general[company.id, False] + general[key]
                found += spans.minus(spans.common(hours[key], valid), closed)
            result[resource.id] = [
                (one.astimezone(tz), two.astimezone(tz))
                for one, two in spans.minus(found, own[resource.id])
                if two - one >= SHORTEST
            ]
        return result

    def _cs_leaves(self, start, stop):
        """Leaves from ``start`` to ``stop`` (aware UTC).

        :return: {resource id: spans}, {(company id, calendar id or False): spans}
        """
        companies = self.company_id | self.env.company
        whose = Domain("resource_id", "in", self.ids) | Domain(
            [("resource_id", "=", False), ("company_id", "in", companies.ids)]
        )
        when = Domain(
            [
                ("time_type", "=", "leave"),
                ("date_from", "<", stop.replace(tzinfo=None)),
                ("date_to", ">", start.replace(tzinfo=None)),
            ]
        )
        leaves = self.env["resource.calendar.leaves"].search_fetch(
            whose & when,
            ["resource_id", "company_id", "calendar_id", "date_from", "date_to"],
        )
        own, general = defaultdict(list), defaultdict(list)
        for leave in leaves:
            span = (_utc(leave.date_from), _utc(leave.date_to))
            if leave.resource_id:
                own[leave.resource_id.id].append(span)
            else:
                general[leave.company_id.id, leave.calendar_id.id].append(span)
        return own, general


def _utc(moment):
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC)


def _hours_between(served, start, stop):
    """Hours from the day of ``start`` to that of ``stop``, as spans in UTC."""
    day = start.astimezone(served.tz).date()
    last = stop.astimezone(served.tz).date()
    found = []
    while day <= last:
        found += [(_utc(one), _utc(two)) for one, two in served.intervals(day)]
        day += DAY
    return found

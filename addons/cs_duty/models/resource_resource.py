from collections import defaultdict

from odoo import models

from odoo.addons.cs_base.models.resource_resource import _utc
from odoo.addons.cs_base.tools import spans

from ..tools.shifts import ONE_DAY


class ResourceResource(models.Model):
    """Whoever is on a published roster is available as it says."""

    _inherit = "resource.resource"

    def _cs_available_intervals(self, start, stop):
        """Shifts minus leaves on the days of a roster, service hours on others.

        A published roster decides on all its days for everybody who has a shift in
        it: days without a shift are free, and holidays with one are worked.
        """
        result = super()._cs_available_intervals(start, stop)
        start, stop = _utc(start), _utc(stop)
        if not self or start >= stop:
            return result
        ruled, worked = self._cs_rostered(start, stop)
        if not ruled:
            return result
        rostered = self.browse(list(ruled))
        own, _general = rostered.sudo()._cs_leaves(start, stop)
        for resource in rostered:
            company = resource.sudo().company_id or self.env.company.sudo()
            tz = company._cs_tz()
            usual = [(_utc(one), _utc(two)) for one, two in result[resource.id]]
            left = spans.minus(usual, ruled[resource.id])
            shifts = spans.common(worked[resource.id], [(start, stop)])
            found = spans.union(left + spans.minus(shifts, own[resource.id]))
            result[resource.id] = [
                (one.astimezone(tz), two.astimezone(tz)) for one, two in found
            ]
        return result

    def _cs_rostered(self, start, stop):
        """Days of rosters and shifts of each resource that has some, aware UTC.

        :return: {resource id: spans of whole days}, {resource id: spans of shifts}
        """
        lines = self.env["cs.roster.line"].sudo()
        employees = (
            self.env["hr.employee"]
            .sudo()
            .with_context(active_test=False)
            .search([("resource_id", "in", self.ids)])
        )
        resources = {employee.id: employee.resource_id.id for employee in employees}
        domain = [
            ("employee_id", "in", employees.ids),
            ("roster_state", "=", "published"),
            ("roster_id.date_from", "<=", stop.date() + ONE_DAY),
            ("roster_id.date_to", ">=", start.date() - ONE_DAY),
        ]
        ruled, worked = defaultdict(list), defaultdict(list)
        for employee, roster in lines._read_group(domain, ["employee_id", "roster_id"]):
            days = (roster.date_from, roster.date_to)
            span = lines._cs_day_span(roster.company_id, *days)
            ruled[resources[employee.id]].append(span)
        if ruled:
            spanned = [
                ("employee_id", "in", employees.ids),
                ("roster_state", "=", "published"),
                ("start_at", "<", stop.replace(tzinfo=None)),
                ("stop_at", ">", start.replace(tzinfo=None)),
            ]
            for line in lines.search(spanned):
                span = (_utc(line.start_at), _utc(line.stop_at))
                worked[resources[line.employee_id.id]].append(span)
        return ruled, worked

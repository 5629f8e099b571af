import datetime
from collections import defaultdict

from odoo import models
from odoo.tools.date_utils import float_to_time

from ..tools import spans
from ..tools.workdays import SATURDAY

MIDNIGHT = datetime.time.min


class ResourceCalendar(models.Model):
    """Working hours as the plan of one or two weeks."""

    _name = "resource.calendar"
    _inherit = "resource.calendar"

    def _cs_weeks(self):
        """The plan as (week, other week or None), {weekday: [(start, end)]} each.

        :return: None if the calendar has no fixed hours
        """
        if not self or self.flexible_hours:
            return None
        weeks = (defaultdict(list), defaultdict(list))
        for line in self.attendance_ids:
            if not line._is_work_period() or line.hour_from >= line.hour_to:
                continue
            hours = (float_to_time(line.hour_from), float_to_time(line.hour_to))
            for number, week in enumerate(weeks):
                if not self.two_weeks_calendar or line.week_type in (
                    False,
                    str(number),
                ):
                    week[int(line.dayofweek)].append(hours)
        week, other = (
            {weekday: spans.union(hours) for weekday, hours in plan.items()}
            for plan in weeks
        )
        if not week and not other:
            return None
        return week, other if self.two_weeks_calendar else None

    def _cs_whole_week(self):
        """Monday to Friday, from midnight to midnight."""
        return {weekday: [(MIDNIGHT, MIDNIGHT)] for weekday in range(SATURDAY)}

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ..tools import coverage
from ..tools.shifts import MIDNIGHT, ONE_DAY

#: Holes written out; the others are counted.
SHOWN = 12


class CsRoster(models.Model):
    """Where a roster has too few people."""

    _inherit = "cs.roster"

    gaps = fields.Text(
        compute="_compute_gaps", help="Hours at which people are missing."
    )

    @api.depends("line_ids.date", "line_ids.shift_type_id", "line_ids.employee_id")
    def _compute_gaps(self):
        for roster in self:
            roster.gaps = "\n".join(roster._origin._cs_gap_texts()) or False

    def _cs_holes(self):
        """Too few people for the hours wanted: [:class:`Hole`] by day."""
        self.ensure_one()
        mine = self.sudo()
        if not mine.date_from or not mine.date_to:
            return []
        company = mine.company_id
        demands = self.env["cs.duty.demand"].sudo()
        demands = demands.search(
            Domain("company_id", "in", [company.id, False])
            & Domain("team_id", "in", [mine.team_id.id, False])
        )
        if not demands:
            return []
        lines = mine.line_ids | mine._cs_lines_around()
        profiles = self.env["cs.duty.profile"]._cs_of(lines.employee_id)
        ranks = {one.employee_id.id: int(one.rank) for one in profiles}
        return coverage.holes(
            lines._cs_assignments(ranks),
            [demand._cs_demand() for demand in demands],
            mine.date_from,
            mine.date_to,
            self._cs_reinforced(company, mine.date_from, mine.date_to),
        )

    def _cs_lines_around(self):
        """Published shifts of the team on the day before and the day after."""
        return self.env["cs.roster.line"].search(
            [
                ("team_id", "=", self.team_id.id),
                ("roster_state", "=", "published"),
                ("roster_id", "not in", (self | self.previous_id).ids),
                ("date", "in", [self.date_from - ONE_DAY, self.date_to + ONE_DAY]),
            ]
        )

    @api.model
    def _cs_reinforced(self, company, first, last):
        """Holidays and special days."""
        special = (
            self.env["cs.duty.special.day"]
            .sudo()
            .search(
                [
                    ("company_id", "=", company.id),
                    ("date", ">=", first),
                    ("date", "<=", last),
                ]
            )
        )
        return self._cs_holidays(company, first, last) | set(special.mapped("date"))

    def _cs_gap_texts(self):
        """One line for each hole that comes back at the same hours, with its days."""
        by_hours = {}
        for hole in self._cs_holes() if self else ():
            key = (hole.demand, hole.start, hole.stop, hole.wanted, hole.there)
            by_hours.setdefault(key, []).append(hole.day)
        texts = []
        for (name, start, stop, wanted, there), days in by_hours.items():
            texts.append(
                self.env._(
                    "%(name)s %(start)s–%(stop)s: %(there)s of %(wanted)s on %(count)s "
                    "days (%(days)s)",
                    name=name,
                    start=_clock(start),
                    stop=_clock(stop),
                    there=there,
                    wanted=wanted,
                    count=len(days),
                    days=self._cs_days_text(days),
                )
            )
        more = len(texts) - SHOWN
        return texts[:SHOWN] + ([self.env._("and %s more", more)] if more > 0 else [])

    @api.model
    def _cs_days_text(self, days):
        first, last = (
            format_date(self.env, day, date_format="MM-dd")
            for day in (days[0], days[-1])
        )
        return first if len(days) == 1 else f"{first} … {last}"


def _clock(minutes):
    """24:00 stays; what is later is on the next day."""
    over = minutes > MIDNIGHT
    hours, rest = divmod(minutes - MIDNIGHT * over, 60)
    return f"{hours:02d}:{rest:02d}" + ("+1" if over else "")

import datetime

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools.shifts import ONE_DAY


class CsRoster(models.Model):
    """The roster as a sheet: people by days."""

    _inherit = "cs.roster"

    grid = fields.Json(compute="_compute_grid", export_string_translation=False)

    @api.depends(
        "line_ids.date",
        "line_ids.shift_type_id",
        "line_ids.employee_id",
        "member_ids.employee_id",
        "date_from",
        "date_to",
        "team_id",
    )
    @api.depends_context("lang")
    def _compute_grid(self):
        for roster in self:
            saved = roster._origin
            roster.grid = saved._cs_grid() if saved else False

    def _cs_grid(self):
        """What the sheet shows.

        :return: ``{days, rows, codes}``; a row is a person with the cells that aren't
            empty, by day
        """
        self.ensure_one()
        mine = self.sudo()
        bad = {}
        if mine.state == "draft":
            broken = self._cs_broken()
            for one, text in zip(broken, self._cs_messages(broken), strict=True):
                key = (one.person, one.day)
                bad[key] = "\n".join(filter(None, (bad.get(key), text)))
        holes = {}
        for hole in self._cs_holes():
            holes[hole.day] = holes.get(hole.day, 0) + 1
        kinds = mine.line_ids.shift_type_id | self._cs_kinds_offered()
        return {
            "days": mine._cs_grid_days(holes),
            "rows": mine._cs_grid_rows(bad),
            "codes": [
                {"code": kind.code, "name": kind.name, "color": kind.color}
                for kind in kinds.sorted(lambda one: (one.sequence, one.hour_from))
            ],
        }

    def _cs_kinds_offered(self):
        return self.env["cs.shift.type"].search(
            [("company_id", "in", [self.company_id.id, False])]
        )

    def _cs_grid_days(self, holes):
        off = self._cs_reinforced(self.company_id, self.date_from, self.date_to)
        days = []
        day = self.date_from
        while day <= self.date_to:
            days.append(
                {
                    "date": day.isoformat(),
                    "day": day.day,
                    "weekday": format_date(self.env, day, date_format="EEEEE"),
                    "weekend": day.weekday() > 4,
                    "holiday": day in off,
                    "holes": holes.get(day, 0),
                }
            )
            day += ONE_DAY
        return days

    def _cs_grid_rows(self, bad):
        people = self.line_ids.employee_id | self.member_ids.employee_id
        if self.state == "draft":
            people |= self.env["hr.employee"].search(
                [
                    ("user_id", "in", self.team_id.member_ids.ids),
                    ("company_id", "=", self.company_id.id),
                ]
            )
        cells = {}
        for line in self.line_ids:
            kind = line.shift_type_id
            cell = cells.setdefault(line.employee_id.id, {}).setdefault(
                line.date.isoformat(), {"code": "", "color": kind.color}
            )
            cell["code"] += kind.code
            cell["home"] = kind.at_home
            cell["swapped"] = bool(line.planned_employee_id)
            cell["bad"] = bad.get((line.employee_id.id, line.date), "")
        rows = [
            {"id": one.id, "name": one.name, "cells": cells.get(one.id, {})}
            for one in people.sorted(lambda one: (one.name, one.id))
        ]
        if False in cells:
            rows.append({"id": False, "name": "", "cells": cells[False]})
        return rows

    def action_set_cell(self, employee_id, date, code):
        """Put one shift, or none, into a cell of a draft.

        :param date: day as text
        :param code: of the shift; empty: free
        """
        self.ensure_one()
        self._cs_check_leads()
        self._cs_check_state("draft")
        day = datetime.date.fromisoformat(date)
        kind = self._cs_kinds_offered().filtered(lambda one: one.code == code)[:1]
        if code and not kind:
            raise UserError(self.env._("There is no shift %s.", code))
        employee = self.env["hr.employee"].browse(int(employee_id))
        self.line_ids.filtered(
            lambda line: line.employee_id == employee and line.date == day
        ).unlink()
        if kind:
            self.env["cs.roster.line"].create(
                {
                    "roster_id": self.id,
                    "employee_id": employee.id,
                    "date": day,
                    "shift_type_id": kind.id,
                }
            )
        return True

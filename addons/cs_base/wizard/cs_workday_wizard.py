from odoo import api, fields, models
from odoo.tools import format_date

from ..tools import china_days

SAME, ADD, CHANGE, REMOVE = "same", "add", "change", "remove"


class CsWorkdayWizard(models.TransientModel):
    """Compare a year with what was announced or is proposed, and take it over."""

    _name = "cs.workday.wizard"
    _description = "Fill In Working Days"

    year_id = fields.Many2one(
        comodel_name="cs.workday.year", required=True, ondelete="cascade"
    )
    year_state = fields.Selection(related="year_id.state")
    line_ids = fields.One2many(
        comodel_name="cs.workday.wizard.line", inverse_name="wizard_id", string="Dates"
    )
    has_makeup = fields.Boolean(
        compute="_compute_known", export_string_translation=False
    )
    has_changes = fields.Boolean(
        compute="_compute_known", export_string_translation=False
    )

    @api.depends("line_ids.kind", "line_ids.change")
    def _compute_known(self):
        for wizard in self:
            lines = wizard.line_ids
            wizard.has_makeup = china_days.MAKEUP in lines.mapped("kind")
            wizard.has_changes = any(line.change != SAME for line in lines)

    @api.model
    def _cs_open(self, year):
        """Show the comparison for ``year`` (a cs.workday.year)."""
        wizard = self.create(
            {
                "year_id": year.id,
                "line_ids": [
                    fields.Command.create(vals) for vals in self._cs_compare(year)
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Fill In %s", year.year),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    @api.model
    def _cs_compare(self, year):
        """Values of a line for each day that is known here or there."""
        recorded = {day.date: day for day in self._cs_general(year)}
        lines = []
        for date, kind, name, source in china_days.days(year.year):
            day = recorded.pop(date, None)
            change = SAME
            if not day:
                change = ADD
            elif day.kind != kind:
                change = CHANGE
            lines.append(
                {
                    "date": date,
                    "kind": kind,
                    "name": name,
                    "source": source,
                    "change": change,
                    "is_applied": change != SAME,
                }
            )
        # Proposals of an older package go; what somebody entered stays, unless ticked.
        lines += [
            {
                "date": day.date,
                "kind": day.kind,
                "name": day.name,
                "source": day.source,
                "change": REMOVE,
                "is_applied": (day.source or "").startswith(china_days.PACKAGE),
            }
            for day in recorded.values()
        ]
        return sorted(lines, key=lambda vals: vals["date"])

    @api.model
    def _cs_general(self, year):
        return year.day_ids.filtered(lambda day: not day.company_id)

    def action_apply(self):
        """Take over the ticked days."""
        self.ensure_one()
        self.year_id._cs_check_group("cs_base.group_manager")
        chosen = self.line_ids.filtered("is_applied")
        recorded = {day.date: day for day in self._cs_general(self.year_id)}
        days = self.env["cs.workday"]
        removed = days.union(
            *(recorded.get(line.date, days) for line in chosen if line.change == REMOVE)
        )
        removed.unlink()
        new = []
        for line in chosen.filtered(lambda line: line.change != REMOVE):
            vals = {"kind": line.kind, "name": line.name, "source": line.source}
            if line.date in recorded:
                recorded[line.date].write(vals)
            else:
                new.append({**vals, "date": line.date})
        days.create(new)
        return {"type": "ir.actions.act_window_close"}


class CsWorkdayWizardLine(models.TransientModel):
    """A day that is announced, proposed or recorded."""

    _name = "cs.workday.wizard.line"
    _description = "Day to Fill In"
    _order = "date"

    wizard_id = fields.Many2one(
        comodel_name="cs.workday.wizard", required=True, index=True, ondelete="cascade"
    )
    is_applied = fields.Boolean(string="Take Over")
    date = fields.Date(required=True, readonly=True)
    weekday = fields.Char(compute="_compute_weekday")
    kind = fields.Selection(
        selection=[
            (china_days.OFF, "Day Off"),
            (china_days.MAKEUP, "Make-up Workday"),
        ],
        required=True,
        readonly=True,
    )
    name = fields.Char(required=True, readonly=True)
    source = fields.Char(readonly=True)
    change = fields.Selection(
        selection=[
            (ADD, "New"),
            (CHANGE, "Other Kind"),
            (REMOVE, "Not in the List"),
            (SAME, "There Already"),
        ],
        string="Compared",
        required=True,
        readonly=True,
    )

    @api.depends("date")
    @api.depends_context("lang")
    def _compute_weekday(self):
        for line in self:
            line.weekday = format_date(self.env, line.date, date_format="EEE")

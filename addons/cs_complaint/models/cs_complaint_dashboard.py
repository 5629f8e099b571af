import datetime

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .cs_complaint import SEVERITIES
from .cs_complaint_board import RESULTS

#: Months of the trends.
MONTHS = 12
#: Rows of the lists: causes, departments, hard cases.
TOP = 10
#: Periods to choose from, with the number of months they begin before this one.
PERIODS = {"month": 0, "quarter": 2, "half": 5, "year": 11}


class CsComplaintDashboard(models.AbstractModel):
    """Complaints at a glance, for whoever asks: his own record rules hold.

    Each figure is ``{"count", "model", "domain"}`` and opens exactly the rows it
    counts; the number of queries doesn't depend on the number of cases.
    """

    _name = "cs.complaint.dashboard"
    _description = "Complaints Dashboard"

    @api.model
    def get_figures(self, filters=None):
        """Return the figures the user may see.

        :param dict filters: ``period`` (a key of ``PERIODS``), ``team_id``,
            ``severity``; each may be missing. The period is that of causes and
            satisfaction; what is open is as of now, trends are twelve months.
        :raise AccessError: the user may not read cases
        :raise UserError: an unknown filter
        """
        cases = self.env["cs.complaint"]
        cases.check_access("read")
        chosen = self._get_filters(filters or {})
        dashboard = self.with_context(tz=str(self.env.company._cs_tz()))
        base = dashboard._get_base(chosen)
        return {
            "filters": chosen,
            "periods": list(PERIODS),
            "teams": self._get_teams(),
            "severities": self._get_labels("severity"),
            "tiles": dashboard._get_tiles(base),
            "severity": dashboard._get_by_severity(base),
            "departments": dashboard._get_by_department(base, chosen),
            "trend": dashboard._get_trend(base),
            "answered": dashboard._get_answered(base),
            **dashboard._get_of_period(base, chosen),
            "hard": dashboard._get_hard(base),
        }

    # === WHAT IS ASKED === #

    @api.model
    def _get_filters(self, filters):
        period = filters.get("period") or "year"
        severity = filters.get("severity") or False
        team = filters.get("team_id") or False
        if (
            period not in PERIODS
            or severity not in (False, *dict(SEVERITIES))
            or not isinstance(team, int | bool)
        ):
            raise UserError(self.env._("There are no figures for this choice."))
        return {"period": period, "severity": severity, "team_id": team}

    @api.model
    def _get_base(self, chosen):
        domain = Domain(self.env["cs.complaint"]._cs_domain("report"))
        domain &= Domain("company_id", "in", self.env.companies.ids)
        if chosen["severity"]:
            domain &= Domain("severity", "=", chosen["severity"])
        if chosen["team_id"]:
            domain &= Domain("team_id", "=", chosen["team_id"])
        return domain

    @api.model
    def _get_teams(self):
        """Teams to choose from, by the user's rules."""
        teams = self.env["cs.team"].search_fetch([], ["name"], limit=100)
        return [{"id": team.id, "name": team.name} for team in teams]

    @api.model
    def _get_labels(self, name):
        field = self.env["cs.complaint"]._fields[name]
        return [
            {"key": key, "label": label}
            for key, label in field._description_selection(self.env)
        ]

    # === HOW A FIGURE LOOKS === #

    @api.model
    def _get_figure(self, count, domain, model="cs.complaint", **values):
        rows = [
            [part[0], part[1], self._get_plain(part[2])]
            if isinstance(part, tuple | list)
            else part
            for part in domain
        ]
        return {"count": count, "model": model, "domain": rows, **values}

    @api.model
    def _get_plain(self, value):
        """A domain's value as JSON has it."""
        if isinstance(value, datetime.datetime):
            return fields.Datetime.to_string(value)
        if isinstance(value, Domain):
            return [
                [part[0], part[1], self._get_plain(part[2])]
                if isinstance(part, tuple | list)
                else part
                for part in value
            ]
        if isinstance(value, set | frozenset | tuple) or hasattr(value, "_items"):
            return sorted(value)
        if not isinstance(value, str) and hasattr(value, "__iter__"):
            return list(value)
        return value

    @api.model
    def _count(self, domain, **values):
        count = self.env["cs.complaint"].search_count(domain)
        return self._get_figure(count, domain, **values)

    @api.model
    def _get_counts(self, domain, group, **options):
        """``{group: count}`` of the cases of a domain."""
        rows = self.env["cs.complaint"]._read_group(
            domain, [group], ["__count"], **options
        )
        return dict(rows)

    # === NOW === #

    @api.model
    def _get_late(self):
        return (
            Domain("is_open", "=", True)
            & Domain("clock_state", "in", ["running", "late"])
            & Domain("due_at", "<", fields.Datetime.now())
        )

    @api.model
    def _get_tiles(self, base):
        is_open = base & Domain("is_open", "=", True)
        now = fields.Datetime.now()
        tomorrow = self.env.company._cs_day_bounds(self.env.company._cs_today())[1]
        today = (
            Domain("clock_state", "=", "running")
            & Domain("due_at", ">=", now)
            & Domain("due_at", "<", tomorrow)
        )
        return {
            "open": self._count(is_open),
            "late": self._count(base & self._get_late()),
            "today": self._count(is_open & today),
            "nobody": self._count(is_open & Domain("handler_id", "=", False)),
            "severe": self._count(
                is_open & Domain("severity", "in", ["severe", "media"])
            ),
            "chased": self._count(is_open & Domain("chase_count", ">", 0)),
        }

    @api.model
    def _get_by_severity(self, base):
        is_open = base & Domain("is_open", "=", True)
        late = base & self._get_late()
        counts = self._get_counts(is_open, "severity")
        counts_late = self._get_counts(late, "severity")
        return [
            self._get_figure(
                counts.get(row["key"], 0),
                is_open & Domain("severity", "=", row["key"]),
                **row,
                late=self._get_figure(
                    counts_late.get(row["key"], 0),
                    late & Domain("severity", "=", row["key"]),
                ),
            )
            for row in self._get_labels("severity")
        ]

    @api.model
    def _get_by_department(self, base, chosen):
        """Overdue investigations by department; their tasks' own rules hold."""
        if "cs.complaint.task" not in self.env:
            return []
        tasks = self.env["cs.complaint.task"]
        domain = self._get_late() & Domain("company_id", "in", self.env.companies.ids)
        for name in ("severity", "team_id"):
            if chosen[name]:
                domain &= Domain(f"complaint_id.{name}", "=", chosen[name])
        rows = tasks._read_group(
            domain, ["department_id"], ["__count"], order="__count desc", limit=TOP
        )
        return [
            self._get_figure(
                count,
                domain & Domain("department_id", "=", department.id),
                tasks._name,
                key=department.id,
                label=department.sudo().name or self.env._("No department"),
            )
            for department, count in rows
        ]

    @api.model
    def _get_hard(self, base):
        domain = base & Domain("is_hard", "=", True)
        cases = self.env["cs.complaint"].search(domain, order="due_at, id", limit=TOP)
        rows = [
            {
                "id": case.id,
                "name": case.name,
                "subject": case.subject,
                "handler": case.handler_id.sudo().name or "",
                "waits_for": case.waits_for or "",
            }
            for case in cases
        ]
        return self._count(domain, rows=rows)

    # === BY MONTH === #

    @api.model
    def _get_months(self):
        """``[(month as text, first moment, first moment of the next)]``, UTC."""
        company = self.env.company
        first = company._cs_today().replace(day=1)
        days = [first + relativedelta(months=n) for n in range(1 - MONTHS, 2)]
        starts = [company._cs_day_bounds(day)[0] for day in days]
        return [
            (f"{day:%Y-%m}", start, end)
            for day, start, end in zip(days, starts, starts[1:], strict=False)
        ]

    @api.model
    def _get_by_month(self, base, moment, months):
        """Cases of a domain by month of ``moment``: a figure for each month."""
        since = Domain(moment, ">=", months[0][1]) & Domain(moment, "<", months[-1][2])
        counts = {
            f"{month:%Y-%m}": count
            for month, count in self._get_counts(
                base & since, f"{moment}:month"
            ).items()
        }
        return [
            self._get_figure(
                counts.get(key, 0),
                base & Domain(moment, ">=", start) & Domain(moment, "<", end),
            )
            for key, start, end in months
        ]

    @api.model
    def _get_trend(self, base):
        months = self._get_months()
        return {
            "months": [key for key, _start, _end in months],
            "received": self._get_by_month(base, "received_at", months),
            "closed": self._get_by_month(
                base & Domain("is_open", "=", False), "closed_at", months
            ),
        }

    @api.model
    def _get_answered(self, base):
        """By month of receipt: answered in time, late, and the rate in percent."""
        months = self._get_months()
        met, missed = (
            self._get_by_month(
                base & Domain("answered_in_time", "=", state), "received_at", months
            )
            for state in ("met", "missed")
        )
        rates = [
            round(100 * good["count"] / (good["count"] + bad["count"]), 1)
            if good["count"] + bad["count"]
            else None
            for good, bad in zip(met, missed, strict=True)
        ]
        return {
            "months": [key for key, _start, _end in months],
            "met": met,
            "missed": missed,
            "rates": rates,
        }

    # === OF THE PERIOD === #

    @api.model
    def _get_of_period(self, base, chosen):
        company = self.env.company
        first = company._cs_today().replace(day=1)
        first -= relativedelta(months=PERIODS[chosen["period"]])
        since = company._cs_day_bounds(first)[0]
        received = base & Domain("received_at", ">=", since)
        closed = base & Domain("closed_at", ">=", since)
        return {
            "since": first.isoformat(),
            "causes": self._get_causes(received),
            "satisfaction": self._get_satisfaction(closed),
        }

    @api.model
    def _get_causes(self, domain):
        domain &= Domain("cause_id", "!=", False)
        rows = self.env["cs.complaint"]._read_group(
            domain, ["cause_id"], ["__count"], order="__count desc", limit=TOP
        )
        return [
            self._get_figure(
                count,
                domain & Domain("cause_id", "=", cause.id),
                key=cause.id,
                label=cause.complete_name,
            )
            for cause, count in rows
        ]

    @api.model
    def _get_satisfaction(self, domain):
        labels = {row["key"]: row["label"] for row in self._get_labels("satisfaction")}
        return [
            self._count(
                domain & Domain("satisfaction", "=", key), key=key, label=labels[key]
            )
            for key, _name in RESULTS
        ]

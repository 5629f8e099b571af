import calendar

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.errors import GasInputError
from ..tools.figures import month_of, shift_month
from ..tools.rounding import to_date
from .gas_figures import ANSWERS

GROUPS = "cs_gas_billing.group_clerk,cs_gas_billing.group_accountant"


class GasDashboard(models.AbstractModel):
    """The month at a glance 经营看板, and the rows behind each of its figures."""

    _name = "gas.dashboard"
    _description = "Gas Dashboard"

    @api.model
    def get(self, period=None, cut_off=None):
        """Return the figures of a bill month up to a day.

        :param str period: ``YYYY-MM``; default: the last month with posted bills
        :param str cut_off: last day whose bills, corrections and payments count,
            ``YYYY-MM-DD``; default: today, or the month's last day if that is later
        :return: figures of the own company; amounts in its currency, rates in percent
            or None where there is nothing to divide by
        :raise AccessError: neither billing nor accounting
        :raise UserError: no month or no day
        """
        self._check_right()
        company = self.env.company
        self.env.flush_all()
        figures = self.env["gas.figures"].sudo()
        first, last = figures._get_periods(company)
        today = company._cs_today()
        period = self._check_period(period or last or month_of(today))
        day = self._check_day(cut_off, period, today)
        bills = figures._get_bills(company, period, day)
        trend, aging = bills["trend"], bills["aging"]
        return {
            "period": period,
            "cut_off": day.isoformat(),
            "month_end": self._get_month_end(period).isoformat(),
            "today": today.isoformat(),
            "first": first or period,
            "last": max(last or period, period),
            "currency_id": company.currency_id.id,
            "empty": not last,
            "month": trend[-1],
            "before": trend[-2],
            **bills,
            "open": {
                "amount": company.currency_id.round(
                    sum(row["amount"] for row in aging)
                ),
                "count": sum(row["count"] for row in aging),
            },
            "reading": figures._get_readings(company, period, day, trend[-1]),
            "tiers": figures._get_tiers(company, period, day),
            "debit": figures._get_debit(company, period, day),
            "drops": figures._get_drops(company, period, day),
        }

    def _check_right(self):
        if not self.env.user.has_groups(GROUPS):
            raise AccessError(
                self.env._("The figures are for billing, accounting and audit.")
            )

    def _check_period(self, period):
        try:
            return shift_month(period, 0)
        except GasInputError as error:
            raise UserError(
                self.env._("Write the bill month as YYYY-MM, e.g. 2026-10.")
            ) from error

    def _check_day(self, text, period, today):
        if not text:
            return max(today, self._get_month_end(period))
        try:
            return to_date(text)
        except GasInputError as error:
            raise UserError(
                self.env._("Write the day as YYYY-MM-DD, e.g. 2026-10-31.")
            ) from error

    def _get_month_end(self, period):
        first = fields.Date.to_date(f"{period}-01")
        return first.replace(day=calendar.monthrange(first.year, first.month)[1])

    # === DRILL-DOWN ===#

    @api.model
    def open_rows(self, figure, period, cut_off, key=None):
        """Return the action that shows the rows behind a figure.

        :param str figure: billed, collected, unpaid, open, bucket, estimated, held,
            missed, error, tier, drop, book, community, debit
        :param str period: bill month of the figure
        :param str cut_off: day of the figure
        :param key: which bucket, tier, book, community, or state of the debit line
        """
        self._check_right()
        period = self._check_period(period)
        day = self._check_day(cut_off, period, self.env.company._cs_today())
        method = {
            "tier": self._open_tier,
            "drop": self._open_drop,
            "debit": self._open_debit,
            "held": self._open_exceptions,
            "missed": self._open_exceptions,
            "error": self._open_exceptions,
        }.get(figure, self._open_positions)
        return method(figure, period, day, key)

    def _get_action(self, name, day, domain, title):
        action = self.env["ir.actions.act_window"]._for_xml_id(f"cs_gas_billing.{name}")
        return action | {
            "name": title,
            "display_name": title,
            "domain": [("company_id", "=", self.env.company.id), *domain],
            "context": {"gas_as_of": day.isoformat()},
        }

    def _open_positions(self, figure, period, day, key):
        month = [("period", "=", period), ("kind", "!=", "opening")]
        labels = dict(self.env["gas.position"]._get_buckets())
        known = {
            "billed": (month, self.env._("Billed %s", period)),
            "collected": (
                [*month, ("collected", "!=", 0)],
                self.env._("Collected of %s", period),
            ),
            "unpaid": (
                [*month, ("open", "!=", 0)],
                self.env._("Open of %s", period),
            ),
            "estimated": (
                [*month, ("kind", "=", "estimate")],
                self.env._("Estimated %s", period),
            ),
            "book": ([*month, ("book_id", "=", key)], self.env._("Billed %s", period)),
            "community": (
                [*month, ("community", "=", key)],
                self.env._("Billed %s", period),
            ),
            "open": ([("open", "!=", 0)], self.env._("Open on %s", day)),
            "bucket": (
                [("open", "!=", 0), ("bucket", "=", key)],
                self.env._(
                    "Open on %(day)s: %(age)s", day=day, age=labels.get(key, "")
                ),
            ),
        }
        if figure not in known:
            raise UserError(self.env._("There are no rows behind this figure."))
        domain, title = known[figure]
        overall = figure in ("open", "bucket")
        name = "gas_position_action_open" if overall else "gas_position_action"
        return self._get_action(name, day, domain, title)

    def _open_tier(self, figure, period, day, key):
        month = [
            ("company_id", "=", self.env.company.id),
            ("period", "=", period),
            ("kind", "!=", "opening"),
            ("date_posted", "<=", day),
            "|",
            ("state", "=", "posted"),
            "&",
            ("state", "=", "cancelled"),
            ("cancelled_date", ">", day),
        ]
        tier = (
            [("year", "!=", 0), ("tier", "=", key)]
            if key
            else ["|", ("year", "=", 0), ("tier", "=", 0)]
        )
        return self._get_action(
            "gas_bill_line_action",
            day,
            [("bill_id", "any", month), *tier],
            self.env._("Tier %(tier)s of %(month)s", tier=key, month=period)
            if key
            else self.env._("Without tiers, %s", period),
        )

    def _open_exceptions(self, figure, period, day, key):
        titles = {
            "held": self.env._("Held in %s", period),
            "missed": self.env._("Missed in %s", period),
            "error": self.env._("Errors in %s", period),
        }
        domain = [
            ("run_id.period", "=", period),
            ("kind", "=", figure),
            ("pending", "=", True),
        ]
        return self._get_action(
            "gas_bill_run_exception_action", day, domain, titles[figure]
        )

    def _open_debit(self, figure, period, day, key):
        month = [
            ("bill_id.period", "=", period),
            ("batch_id.date", "<=", day),
            ("state", "not in", ("queued", "dropped")),
        ]
        answered = [("state", "in", ANSWERS), ("answered_on", "<=", day)]
        if key in ANSWERS:
            month += [("state", "=", key), ("answered_on", "<=", day)]
        elif key == "sent":
            month += ["!", "&", *answered]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Bank debit of %s", period),
            "res_model": "gas.debit.line",
            "views": [(False, "list"), (False, "form")],
            "domain": [("company_id", "=", self.env.company.id), *month],
            "context": {},
        }

    def _open_drop(self, figure, period, day, key):
        return self._get_action(
            "gas_usage_drop_action",
            day,
            [("period", "=", period)],
            self.env._("Commercial Usage Drop"),
        )

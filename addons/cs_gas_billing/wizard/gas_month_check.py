from calendar import monthrange
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..models.gas_month_figures import CHECKS
from ..tools.rounding import to_decimal

GROUPS = "cs_gas_billing.group_accountant,cs_gas_billing.group_manager"
#: Months one can look back.
MONTHS = 24


class GasMonthCheck(models.TransientModel):
    """Month check 月度核对: does the ledger say what the gas documents say?

    Nothing is changed and nothing is kept. A closed month gives the same figures
    whenever it is looked at: movements count by accounting date, balances as of the
    month's last day.
    """

    _name = "gas.month.check"
    _description = "Month Check"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    period = fields.Selection(
        selection="_selection_period",
        string="Month",
        required=True,
        default=lambda self: self._default_period(),
    )
    line_ids = fields.One2many(
        comodel_name="gas.month.check.line", inverse_name="check_id", readonly=True
    )
    compare_ids = fields.One2many(
        comodel_name="gas.month.check.line",
        inverse_name="check_id",
        string="Comparisons",
        domain=[("kind", "=", "compare")],
    )
    open_ids = fields.One2many(
        comodel_name="gas.month.check.line",
        inverse_name="check_id",
        string="Open Points",
        domain=[("kind", "=", "open"), ("count", "!=", 0)],
    )
    difference_count = fields.Integer(
        string="Comparisons That Differ", compute="_compute_result"
    )
    open_count = fields.Integer(
        string="Number of Open Points", compute="_compute_result"
    )
    checked_at = fields.Char(compute="_compute_checked_at", string="Checked at")

    # === DEFAULTS AND COMPUTE ===#

    @api.model
    def _selection_period(self):
        today = self.env.company._cs_today()
        months = [today.year * 12 + today.month - 1 - back for back in range(MONTHS)]
        periods = [f"{month // 12}-{month % 12 + 1:02d}" for month in months]
        return [(period, period) for period in periods]

    @api.model
    def _default_period(self):
        """The month whose bills were posted last, else this one."""
        company = self.env.company
        run = (
            self.env["gas.bill.run"]
            .sudo()
            .search(
                [("company_id", "=", company.id), ("state", "=", "posted")],
                order="accounting_date desc",
                limit=1,
            )
        )
        known = dict(self._selection_period())
        period = (run.accounting_date or company._cs_today()).strftime("%Y-%m")
        return period if period in known else company._cs_today().strftime("%Y-%m")

    @api.depends("period")
    def _compute_display_name(self):
        for check in self:
            check.display_name = self.env._("Month Check %s", check.period)

    @api.depends("line_ids.count")
    def _compute_result(self):
        for check in self:
            found = check.line_ids.filtered("count").grouped("kind")
            check.difference_count = len(found.get("compare", ()))
            check.open_count = sum(line.count for line in found.get("open", ()))

    @api.depends("line_ids")
    def _compute_checked_at(self):
        for check in self:
            company = check.company_id
            check.checked_at = company._cs_now().strftime("%Y-%m-%d %H:%M")

    # === CRUD ===#

    @api.model_create_multi
    def create(self, vals_list):
        self._check_right()
        checks = super().create(vals_list)
        checks._fill()
        return checks

    def write(self, vals):
        result = super().write(vals)
        if "period" in vals:
            self._fill()
        return result

    def _check_right(self):
        if not self.env.su and not self.env.user.has_groups(GROUPS):
            raise AccessError(
                self.env._("The month check is for accounting, managers and audit.")
            )
        for company in self.company_id - self.env.companies:
            raise AccessError(
                self.env._("Switch to %s first.", company.sudo().display_name)
            )

    def _fill(self):
        """Compare again."""
        for check in self:
            check._check_right()
            first, last = check._get_days()
            check.line_ids.unlink()
            check.sudo().line_ids = [
                (0, 0, values)
                for values in (
                    *check._compare(first, last),
                    *check._count_open(first, last),
                )
            ]

    def _get_days(self):
        """Return the first and the last day of the month."""
        self.ensure_one()
        year, month = map(int, self.period.split("-"))
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])

    def _compare(self, first, last):
        figures = self.env["gas.month.figures"].sudo()
        for number, code in enumerate(CHECKS, 1):
            ledger, document, count = figures._get_totals(
                code, self.company_id, first, last
            )
            ledger, document = to_decimal(ledger), to_decimal(document)
            yield {
                "sequence": number,
                "kind": "compare",
                "code": code,
                "ledger": float(ledger),
                "document": float(document),
                "difference": float(ledger - document),
                "count": count,
            }

    def _count_open(self, first, last):
        points = self._get_open_points(first, last)
        for number, (code, (model, domain, _action)) in enumerate(points.items(), 100):
            yield {
                "sequence": number,
                "kind": "open",
                "code": code,
                "count": self.env[model].sudo().search_count(domain),
            }

    def _get_open_points(self, first, last):
        """Return {code: (model, domain, action)} of what isn't finished."""
        company = self.company_id.sudo()
        mine = ("company_id", "=", company.id)
        period = ("period", "<=", self.period)
        return {
            "runs": (
                "gas.bill.run",
                [mine, period, ("state", "not in", ("posted", "cancelled"))],
                "cs_gas_billing.gas_bill_run_action",
            ),
            "held": (
                "gas.reading",
                [mine, ("state", "=", "held"), ("read_date", "<=", last)],
                "cs_gas_billing.gas_reading_action",
            ),
            "corrections": (
                "gas.correction",
                [mine, ("state", "=", "requested"), ("accounting_date", "<=", last)],
                "cs_gas_billing.gas_correction_action",
            ),
            "batches": (
                "gas.debit.batch",
                [mine, ("state", "in", ("sent", "answered")), ("date", "<=", last)],
                "cs_gas_billing.gas_debit_batch_action",
            ),
            "refunds": (
                "gas.credit.refund",
                [mine, ("state", "=", "approved")],
                "cs_gas_billing.gas_credit_refund_action",
            ),
            "drafts": (
                "account.move",
                [
                    mine,
                    ("journal_id", "in", company._get_gas_journals().ids),
                    ("state", "=", "draft"),
                    ("date", "<=", last),
                ],
                "account.action_move_journal_line",
            ),
        }

    # === ACTIONS ===#

    @api.model
    def action_open(self):
        """Open the check of the month that was billed last."""
        check = self.create({})
        return {
            "type": "ir.actions.act_window",
            # The web client finds the menu of a first page by the action's id.
            "id": self.env.ref("cs_gas_billing.gas_month_check_action").id,
            "name": self.env._("Month Check"),
            "res_model": self._name,
            "res_id": check.id,
            "views": [(False, "form")],
        }

    def action_refresh(self):
        self._fill()
        return True

    def action_workbook(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/cs_gas/month/{self.id}.xlsx",
            "target": "download",
        }

    def action_print(self):
        report = self.env.ref("cs_gas_billing.gas_month_check_report")
        return report.report_action(self, config=False)

    def _get_difference_rows(self, code, limit=None):
        """Return the rows of a comparison that differ; sudo."""
        first, last = self._get_days()
        return self.env["gas.month.figures"]._get_rows(
            code, self.company_id, first, last, limit
        )

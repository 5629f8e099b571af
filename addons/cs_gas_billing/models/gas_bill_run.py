import calendar
import re
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

APPROVAL = "gas.bill.run"
RUN_STATES = [
    ("draft", "New"),
    ("calculating", "Calculating"),
    ("calculated", "To Review"),
    ("approved", "Approved"),
    ("posting", "Posting"),
    ("posted", "Posted"),
]
PERIOD_PATTERN = re.compile(r"^\d{4}-(0[1-9]|1[0-2])$")


class GasBillRun(models.Model):
    """Bills of a month: calculate, review, approve by another person, post.

    Work is done in chunks that are complete in themselves, so a run that was killed
    goes on where it stopped and doubles nothing. Several runs may bill one period:
    readings that were held or missing follow in a later one.
    """

    _name = "gas.bill.run"
    _description = "Bill Run"
    _inherit = ["mail.thread", "cs.approval.mixin", "cs.ruled"]
    _order = "period desc, id desc"
    _check_company_auto = True
    _cs_open_fields = frozenset(
        {
            "company_id",
            "period",
            "read_date_from",
            "read_date_to",
            "book_ids",
            "point_ids",
            "accounting_date",
        }
    )

    name = fields.Char(required=True, copy=False, readonly=True, default="/")
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    period = fields.Char(
        string="Bill Month",
        required=True,
        default=lambda self: self._default_period(),
        help="YYYY-MM. Proposed: the month of the oldest reading to bill.",
    )
    read_date_from = fields.Date(
        string="Readings from",
        required=True,
        compute="_compute_read_window",
        store=True,
        readonly=False,
        precompute=True,
        help="Proposed: the first day of the bill month.",
    )
    read_date_to = fields.Date(
        string="Readings to",
        required=True,
        compute="_compute_read_window",
        store=True,
        readonly=False,
        precompute=True,
        help="Proposed: the last day of the bill month.",
    )
    book_ids = fields.Many2many(
        comodel_name="gas.book",
        string="Books",
        check_company=True,
        help="Empty: all books.",
    )
    state = fields.Selection(
        selection=RUN_STATES,
        required=True,
        default="draft",
        readonly=True,
        tracking=True,
    )
    accounting_date = fields.Date(
        compute="_compute_accounting_date",
        store=True,
        readonly=False,
        precompute=True,
        help="Date of the journal entries; must not lie in a locked period.",
    )
    date_due = fields.Date(
        string="Due",
        compute="_compute_date_due",
        store=True,
        precompute=True,
        help="Last day of the bill month.",
    )
    bill_ids = fields.One2many(
        comodel_name="gas.bill", inverse_name="run_id", string="Bills", readonly=True
    )
    exception_ids = fields.One2many(
        comodel_name="gas.bill.run.exception",
        inverse_name="run_id",
        string="Not Billed",
        readonly=True,
    )
    bill_count = fields.Integer(string="Number of Bills", readonly=True, copy=False)
    zero_count = fields.Integer(string="Zero Bills", readonly=True, copy=False)
    high_count = fields.Integer(string="High Bills", readonly=True, copy=False)
    price_count = fields.Integer(string="New Price", readonly=True, copy=False)
    held_count = fields.Integer(string="Held", readonly=True, copy=False)
    missed_count = fields.Integer(string="Missed", readonly=True, copy=False)
    error_count = fields.Integer(string="Errors", readonly=True, copy=False)
    volume_total = fields.Float(
        string="Volume (m³)", digits=(16, 3), readonly=True, copy=False
    )
    amount_total = fields.Monetary(string="Amount", readonly=True, copy=False)
    previous_amount = fields.Monetary(
        string="Last Month", readonly=True, copy=False, help="Of the same accounts."
    )
    todo_count = fields.Integer(readonly=True, copy=False)
    progress = fields.Float(compute="_compute_progress")
    last_error = fields.Text(
        readonly=True, copy=False, help="Why the work in the background stopped."
    )
    calculated_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    calculated_on = fields.Datetime(readonly=True, copy=False)
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_on = fields.Datetime(readonly=True, copy=False)
    posted_on = fields.Datetime(readonly=True, copy=False)

    _window = models.Constraint(
        "CHECK (read_date_to >= read_date_from)",
        "The last reading day can't be before the first.",
    )
    _busy_idx = models.Index("(id) WHERE state IN ('calculating', 'posting')")

    # === DEFAULTS AND COMPUTE ===#

    @api.model
    def _default_period(self):
        company = self.env.company
        oldest = self.env["gas.reading"].search_fetch(
            [("company_id", "=", company.id), ("state", "=", "validated")],
            ["read_date"],
            order="read_date",
            limit=1,
        )
        return (oldest.read_date or company._cs_today()).strftime("%Y-%m")

    @api.depends("period", "company_id")
    def _compute_accounting_date(self):
        for run in self:
            last = run._get_period_end()
            today = (run.company_id or self.env.company)._cs_today()
            run.accounting_date = min(last, today) if last else False

    @api.depends("period")
    def _compute_read_window(self):
        for run in self:
            last = run._get_period_end()
            run.read_date_from = last.replace(day=1) if last else False
            run.read_date_to = last

    @api.depends("period")
    def _compute_date_due(self):
        for run in self:
            run.date_due = run._get_period_end()

    @api.depends("todo_count")
    def _compute_progress(self):
        for run in self:
            total = run.todo_count
            run.progress = min(100.0, 100.0 * run.done_count / total) if total else 0.0

    def _get_period_end(self):
        if not self.period or not PERIOD_PATTERN.match(self.period):
            return False
        year, month = map(int, self.period.split("-"))
        return date(year, month, calendar.monthrange(year, month)[1])

    @api.constrains("period")
    def _check_period(self):
        for run in self:
            if not PERIOD_PATTERN.match(run.period or ""):
                raise ValidationError(
                    self.env._("Write the bill month as YYYY-MM, e.g. 2026-10.")
                )

    # === CRUD ===#

    @api.model_create_multi
    def create(self, vals_list):
        runs = super().create(vals_list)
        for run in runs:
            twins = self.sudo().search_count(
                [
                    ("company_id", "=", run.company_id.id),
                    ("period", "=", run.period),
                    ("id", "<=", run.id),
                ]
            )
            run.sudo().name = f"{run.period} #{twins}"
        return runs

    def write(self, vals):
        if not self.env.su:
            fixed = {"period", "read_date_from", "read_date_to", "book_ids"}
            if fixed & vals.keys() and any(run.bill_count for run in self):
                raise UserError(
                    self.env._("The run has bills already. Discard them first.")
                )
            if "accounting_date" in vals and any(
                run.state not in ("draft", "calculated") for run in self
            ):
                raise UserError(
                    self.env._("The accounting date was approved and can't change.")
                )
        result = super().write(vals)
        if "accounting_date" in vals:
            for run in self.filtered(lambda run: run.state == "calculated"):
                run.sudo()._request_approval(self.env.user)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_empty(self):
        if any(run.bill_ids for run in self):
            raise UserError(self.env._("Discard the bills before deleting the run."))

    # === ACTIONS ===#

    def action_calculate(self):
        """Calculate bills of all points with validated readings in the window.

        Pressed again it adds what came in since and changes nothing else.
        """
        self._cs_check_group("cs_gas_billing.group_clerk")
        for run in self:
            run._cs_check_state("draft", "calculated")
            locked = run.sudo()
            locked._cs_lock()
            points = locked._list_points()
            locked.write(
                {
                    "state": "calculating",
                    "last_error": False,
                    "calculated_by_id": self.env.uid,
                    "calculated_on": fields.Datetime.now(),
                    "todo_count": len(points),
                }
            )
            locked.exception_ids.unlink()
            locked._start_work(locked._split_points(points))
        return True

    def action_discard(self):
        """Throw the calculated bills away; their readings can be billed again."""
        self._cs_check_group("cs_gas_billing.group_clerk")
        for run in self:
            run._cs_check_state("calculating", "calculated")
            locked = run.sudo()
            locked._cs_lock()
            self.env["gas.bill.calculator"]._discard(locked.bill_ids)
            locked.exception_ids.unlink()
            locked._forget_work()
            locked.write({"state": "draft", "todo_count": 0})
            locked._update_totals()
        return True

    def action_approve(self):
        """Release the run for posting; never by the person who calculated it."""
        self._cs_check_group("cs_gas_billing.group_manager")
        for run in self:
            run._cs_check_state("calculated")
            run.company_id._gas_check_date(run.accounting_date)
            approval = run._cs_pending_approvals(APPROVAL)
            if not approval:
                raise UserError(
                    run.last_error or self.env._("There is no bill to approve.")
                )
            result = approval.action_approve()
            if result is not True:
                return result
        return True

    def action_post(self):
        """Post the approved bills to the ledger; in the background if they are many."""
        self._cs_check_group("cs_gas_billing.group_clerk")
        for run in self:
            run._cs_check_state("approved")
            run.company_id._gas_check_date(run.accounting_date)
            run.company_id._check_gas_setup()
            locked = run.sudo()
            locked._cs_lock()
            run._cs_check_state("approved")
            bills = locked._get_bills_to_post()
            locked.write(
                {"state": "posting", "last_error": False, "todo_count": len(bills)}
            )
            self.env["gas.bill.poster"].sudo()._number(bills, run.accounting_date)
            locked._start_work(locked._split_bills(bills))
        return True

    # === GUARDS ===#

    def _cs_lock_rows(self):
        """Nobody decides on a run while a worker has a part of it."""
        result = super()._cs_lock_rows()
        self._lock_work()
        return result

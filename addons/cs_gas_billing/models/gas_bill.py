from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.choices import CATEGORIES
from ..tools.errors import GasInputError
from ..tools.rounding import from_float, plain, to_decimal
from ..tools.tariff import tier_position

BILL_STATES = [
    ("calc", "Calculated"),
    ("approved", "Approved"),
    ("posted", "Posted"),
    ("cancelled", "Cancelled in Red"),
]


class GasBill(models.Model):
    """What a service point owes for a period, computed once from frozen inputs.

    The bill is an open item of the ledger (``move_line_id``): payments are matched
    there, and ``amount_residual`` follows it.
    """

    _name = "gas.bill"
    _description = "Gas Bill"
    _order = "period desc, account_id, id desc"
    _check_company_auto = True

    name = fields.Char(
        string="Bill No.", readonly=True, copy=False, help="Given at posting."
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True
    )
    currency_id = fields.Many2one(comodel_name="res.currency", required=True)
    run_id = fields.Many2one(
        comodel_name="gas.bill.run", index=True, readonly=True, ondelete="restrict"
    )
    account_id = fields.Many2one(
        comodel_name="gas.account", required=True, index=True, readonly=True
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", required=True, index=True, readonly=True
    )
    service_point_id = fields.Many2one(
        comodel_name="gas.service.point", index=True, readonly=True
    )
    agreement_id = fields.Many2one(
        comodel_name="gas.agreement", index="btree_not_null", readonly=True
    )
    tariff_id = fields.Many2one(comodel_name="gas.tariff", readonly=True)
    use_category_id = fields.Many2one(comodel_name="gas.use.category", readonly=True)
    category = fields.Selection(
        selection=CATEGORIES,
        readonly=True,
    )
    book_id = fields.Many2one(
        comodel_name="gas.book",
        string="Reading Book",
        index="btree_not_null",
        readonly=True,
    )
    book_seq = fields.Integer(string="Order in Book", readonly=True, aggregator=None)
    kind = fields.Selection(
        selection=[
            ("actual", "Metered"),
            ("estimate", "Estimated"),
            ("opening", "Opening Arrears"),
        ],
        required=True,
        default="actual",
        readonly=True,
    )
    period = fields.Char(
        string="Bill Month", required=True, readonly=True, help="YYYY-MM."
    )
    date_from = fields.Date(string="From", readonly=True)
    date_to = fields.Date(string="To", readonly=True)
    date_due = fields.Date(string="Due", readonly=True)
    reading_ids = fields.One2many(
        comodel_name="gas.reading", inverse_name="bill_id", string="Readings"
    )
    register_from = fields.Float(
        string="Previous Register", digits=(12, 3), readonly=True, aggregator=None
    )
    register_to = fields.Float(
        string="Register", digits=(12, 3), readonly=True, aggregator=None
    )
    line_ids = fields.One2many(
        comodel_name="gas.bill.line", inverse_name="bill_id", string="Lines"
    )
    volume = fields.Float(string="Volume (m³)", digits=(12, 3), readonly=True)
    amount_total = fields.Monetary(string="Amount", readonly=True)
    amount_base = fields.Monetary(string="Net", readonly=True)
    amount_tax = fields.Monetary(string="VAT", readonly=True)
    amount_residual = fields.Monetary(
        string="Open",
        compute="_compute_amount_residual",
        store=True,
        help="What is still to be paid, without late fee.",
    )
    previous_volume = fields.Float(
        string="Last Month (m³)", digits=(12, 3), readonly=True
    )
    previous_amount = fields.Monetary(string="Last Month", readonly=True)
    flags = fields.Char(
        readonly=True,
        help="ZERO: no use; HIGH: far above last month; PRICE: new price; EST: "
        "estimated; TRUE: takes the place of estimates.",
    )
    state = fields.Selection(
        selection=BILL_STATES, required=True, default="calc", readonly=True
    )
    calc = fields.Json(string="Frozen Inputs", readonly=True, prefetch=False)
    calc_hash = fields.Char(string="Hash of the Inputs", readonly=True)
    engine_version = fields.Char(readonly=True)
    move_line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Receivable",
        index="btree_not_null",
        readonly=True,
        ondelete="restrict",
        copy=False,
    )
    move_id = fields.Many2one(
        related="move_line_id.move_id", string="Journal Entry", compute_sudo=True
    )
    fee_settled = fields.Boolean(
        string="Late Fee Settled",
        readonly=True,
        help="The late fee of the paid bill was collected, waived or is zero.",
    )
    receipt_line_ids = fields.One2many(
        comodel_name="gas.receipt.line", inverse_name="bill_id", string="Receipts"
    )
    waiver_ids = fields.One2many(
        comodel_name="gas.latefee.waiver", inverse_name="bill_id"
    )

    # What the screens and the printed bill show
    address = fields.Char(compute="_compute_address")
    comparison = fields.Char(string="Against Last Month", compute="_compute_notes")
    review_note = fields.Char(string="To Review", compute="_compute_notes")
    tier_position = fields.Json(
        string="Tiers after This Bill", compute="_compute_tier_position"
    )
    has_move = fields.Boolean(
        compute="_compute_has_move", export_string_translation=False
    )

    _name_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name IS NOT NULL", "The bill number exists already."
    )
    _period_uniq = models.UniqueIndex(
        "(service_point_id, date_to) WHERE state != 'cancelled' "
        "AND kind != 'opening' AND replaced_by_id IS NULL",
        "The service point is billed up to this day already.",
    )
    _history_idx = models.Index(
        "(service_point_id, period DESC) INCLUDE (volume, date_from, date_to) "
        "WHERE kind = 'actual' AND state != 'cancelled'"
    )
    _open_idx = models.Index(
        "(account_id, date_due) WHERE state = 'posted' AND amount_residual != 0"
    )
    _run_idx = models.Index("(run_id, state)")
    _print_idx = models.Index("(company_id, period, book_id, book_seq)")

    # === COMPUTE ===#

    @api.depends("name", "account_id.code", "period")
    def _compute_display_name(self):
        for bill in self:
            bill.display_name = bill.name or f"{bill.account_id.code} {bill.period}"

    @api.depends("move_line_id.amount_residual", "state", "amount_total")
    def _compute_amount_residual(self):
        for bill in self:
            if bill.state == "posted":
                bill.amount_residual = bill.move_line_id.amount_residual
            elif bill.state == "cancelled":
                bill.amount_residual = 0.0
            else:
                bill.amount_residual = bill.amount_total

    @api.depends("service_point_id.premises_id.full_address")
    def _compute_address(self):
        for bill in self:
            bill.address = bill.service_point_id.premises_id.full_address

    @api.depends("move_line_id")
    def _compute_has_move(self):
        for bill in self:
            bill.has_move = bool(bill.move_line_id)

    @api.depends_context("lang")
    @api.depends("volume", "previous_volume", "previous_amount", "flags")
    def _compute_notes(self):
        labels = {
            "ZERO": self.env._("No use"),
            "HIGH": self.env._("High"),
            "PRICE": self.env._("New price"),
            "EST": self.env._("Estimated"),
            "TRUE": self.env._("Corrects an estimate"),
        }
        for bill in self:
            codes = (bill.flags or "").split(",")
            notes = [labels.get(code, code) for code in codes if code]
            bill.review_note = " · ".join(notes) or False
            bill.comparison = bill._get_comparison()

    def _get_comparison(self):
        """Return in words how the bill differs from the one before."""
        if not self.previous_volume and not self.previous_amount:
            return False
        values = {
            "volume": f"{self.volume - self.previous_volume:+g}",
            "amount": f"{self.amount_total - self.previous_amount:+.2f}",
        }
        if not self.previous_volume:
            return self.env._("%(volume)s m³, %(amount)s yuan", **values)
        change = (self.volume / self.previous_volume - 1) * 100
        return self.env._(
            "%(volume)s m³ (%(change)s %%), %(amount)s yuan",
            change=f"{change:+.0f}",
            **values,
        )

    @api.depends("calc")
    def _compute_tier_position(self):
        for bill in self:
            bill.tier_position = bill._get_tier_position()

    def _get_tier_position(self):
        """Return where the year stands after the bill, from its frozen inputs only."""
        self.ensure_one()
        data = self.calc
        if not data or data["tariff"]["cycle"] == "none":
            return False
        year = str(self.date_to.year)
        used = to_decimal(data["ytd"].get(year, "0")) + sum(
            from_float(line.quantity, 3)
            for line in self.line_ids
            if line.year == self.date_to.year
        )
        try:
            return tier_position(
                data["tariff"],
                self.date_to,
                ytd=plain(used),
                persons=data["persons"],
                opened=data["opened"],
                policy=data["policy"],
            )
        except GasInputError:
            return False

    # === CRUD ===#

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("Bills are made by a bill run."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            raise UserError(
                self.env._("A bill can't be changed; cancel it and bill again.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_calculated(self):
        if any(bill.state != "calc" for bill in self):
            raise UserError(self.env._("A posted bill is kept; it can be cancelled."))

    # === ACTIONS ===#

    def action_account(self):
        return self._open("account_id")

    def action_run(self):
        return self._open("run_id")

    def action_move(self):
        return self._open("move_id")

    def _open(self, name):
        self.ensure_one()
        self.check_access("read")
        record = self[name]
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }

    # === BUSINESS ===#

    def _get_qr_text(self):
        """Return what the QR code on the bill says; the hall's search reads it."""
        self.ensure_one()
        return f"GASBILL:{self.name}"

    def action_print(self):
        """Print the posted ones among these, in the order the reader walks."""
        bills = self.filtered(lambda bill: bill.state == "posted").sorted(
            lambda bill: (bill.book_id.code or "", bill.book_seq, bill.id)
        )
        if not bills:
            raise UserError(self.env._("There is no posted bill to print yet."))
        return self.env.ref("cs_gas_billing.gas_bill_report").report_action(bills)

    def _mark_posted(self):
        """Link each posted bill to its receivable line."""
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                """
                UPDATE gas_bill b
                   SET state = 'posted', move_line_id = l.id,
                       amount_residual = coalesce(l.amount_residual, 0),
                       fee_settled = l.id IS NULL,
                       write_date = now() AT TIME ZONE 'UTC', write_uid = %s
                  FROM unnest(%s::int[]) AS p(id)
                  LEFT JOIN account_move_line l ON l.gas_bill_id = p.id
                 WHERE b.id = p.id
                RETURNING b.id
                """,
                self.env.uid,
                self.ids,
            )
        )
        self.invalidate_recordset()

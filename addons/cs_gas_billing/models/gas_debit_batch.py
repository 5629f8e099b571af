from odoo import api, fields, models
from odoo.exceptions import UserError

BATCH_STATES = [
    ("draft", "New"),
    ("sent", "At the Bank"),
    ("answered", "Answered in Part"),
    ("closed", "Completed"),
    ("cancelled", "Cancelled"),
]
#: What a clerk may set; everything else follows from the buttons.
OPEN_FIELDS = frozenset({"profile_id", "company_id", "date"})


class GasDebitBatch(models.Model):
    """Bills given to a bank for debit 银行代扣批次.

    Nothing is posted when the file is sent; the bills are locked until the bank has
    answered. What it accepted ends in one open item with the batch's number
    (``open_line_id``), which meets the bank statement.
    """

    _name = "gas.debit.batch"
    _description = "Debit Batch"
    _inherit = ["mail.thread", "cs.ruled"]
    _order = "id desc"
    _check_company_auto = True
    _cs_open_fields = OPEN_FIELDS

    name = fields.Char(string="Batch No.", readonly=True, copy=False, default="/")
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    profile_id = fields.Many2one(
        comodel_name="gas.bank.profile",
        string="Bank Profile",
        required=True,
        index=True,
        check_company=True,
        default=lambda self: self._default_profile(),
    )
    date = fields.Date(
        required=True,
        default=lambda self: self.env.company._cs_today(),
        help="Mandates have to be valid on this day; it may be written to the file.",
    )
    state = fields.Selection(
        selection=BATCH_STATES,
        required=True,
        default="draft",
        readonly=True,
        tracking=True,
        copy=False,
    )
    line_ids = fields.One2many(
        comodel_name="gas.debit.line",
        inverse_name="batch_id",
        string="Bills",
        readonly=True,
    )
    exclusion_ids = fields.One2many(
        comodel_name="gas.debit.exclusion",
        inverse_name="batch_id",
        string="Not in the Batch",
        readonly=True,
    )
    result_ids = fields.One2many(
        comodel_name="gas.debit.result",
        inverse_name="batch_id",
        string="Result Files",
        readonly=True,
    )
    line_count = fields.Integer(
        string="Number of Bills", readonly=True, copy=False, help="Control total."
    )
    amount_total = fields.Monetary(
        string="Amount", readonly=True, copy=False, help="Control total; no late fees."
    )
    file = fields.Binary(
        readonly=True,
        attachment=True,
        copy=False,
        groups="cs_gas_billing.group_clerk",
    )
    filename = fields.Char(string="File Name", readonly=True, copy=False)
    file_hash = fields.Char(string="SHA-256", readonly=True, copy=False)
    sent_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    sent_on = fields.Datetime(readonly=True, copy=False)
    close_reason = fields.Char(string="Reason", readonly=True, copy=False)
    open_line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Item for the Bank Statement",
        index="btree_not_null",
        readonly=True,
        copy=False,
    )
    exclusion_count = fields.Integer(
        string="Number Not in the Batch", compute="_compute_exclusion_count"
    )
    waiting_count = fields.Integer(string="Not Answered", compute="_compute_counts")
    accepted_count = fields.Integer(string="Debited", compute="_compute_counts")
    refused_count = fields.Integer(string="Refused by Bank", compute="_compute_counts")
    returned_count = fields.Integer(
        string="Returned by Bank", compute="_compute_counts"
    )
    amount_accepted = fields.Monetary(
        string="Amount Debited", compute="_compute_counts"
    )
    amount_waiting = fields.Monetary(
        string="Amount Not Answered", compute="_compute_counts"
    )
    amount_refused = fields.Monetary(compute="_compute_counts")
    amount_open = fields.Monetary(
        string="Not on a Statement",
        compute="_compute_amount_open",
        compute_sudo=True,
        help="What the bank accepted and no bank statement has shown yet.",
    )

    _name_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name != '/'", "The batch number exists already."
    )
    _open_idx = models.Index("(company_id, state) WHERE state IN ('sent', 'answered')")

    # === DEFAULTS AND COMPUTE ===#

    @api.model
    def _default_profile(self):
        """The profile of the last batch, else the only one there is."""
        mine = [("company_id", "=", self.env.company.id)]
        last = self.search([*mine, ("profile_id.active", "=", True)], limit=1)
        profiles = self.env["gas.bank.profile"].search(mine, limit=2)
        return last.profile_id or (profiles if len(profiles) == 1 else False)

    @api.depends("name", "profile_id.name")
    def _compute_display_name(self):
        for batch in self:
            if batch.name != "/":
                batch.display_name = batch.name
            else:
                batch.display_name = self.env._("New: %s", batch.profile_id.name or "")

    @api.depends("exclusion_ids")
    def _compute_exclusion_count(self):
        counts = dict(
            self.env["gas.debit.exclusion"]._read_group(
                [("batch_id", "in", self.ids)], ["batch_id"], ["__count"]
            )
        )
        for batch in self:
            batch.exclusion_count = counts.get(batch, 0)

    @api.depends("line_ids.state")
    def _compute_counts(self):
        rows = self.env["gas.debit.line"]._read_group(
            [("batch_id", "in", self.ids)],
            ["batch_id", "state"],
            ["__count", "amount:sum"],
        )
        found = {(batch, state): (n, amount) for batch, state, n, amount in rows}
        names = {
            "waiting": "sent",
            "accepted": "accepted",
            "refused": "refused",
            "returned": "returned",
        }
        for batch in self:
            for name, state in names.items():
                count, amount = found.get((batch, state), (0, 0.0))
                batch[f"{name}_count"] = count
                if f"amount_{name}" in batch._fields:
                    batch[f"amount_{name}"] = amount

    @api.depends("line_ids.state", "open_line_id.amount_residual")
    def _compute_amount_open(self):
        items = self._get_transit_items().grouped(
            lambda item: item.move_id.gas_debit_batch_id
        )
        for batch in self:
            batch.amount_open = (
                sum(items[batch].mapped("amount_residual")) if (batch in items) else 0.0
            )

    def _get_transit_items(self):
        """Return the batches' open items for money in transit, returns included."""
        return self.env["account.move.line"].search(
            [
                ("move_id.gas_debit_batch_id", "in", self.ids),
                ("account_type", "!=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("account_id.reconcile", "=", True),
            ],
            order="id",
        )

    # === CRUD ===#

    def write(self, vals):
        if OPEN_FIELDS & vals.keys() and any(batch.line_count for batch in self):
            raise UserError(
                self.env._("The batch has bills already. Discard them first.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(batch.state != "draft" or batch.line_ids for batch in self):
            raise UserError(
                self.env._("A batch with bills is kept; discard or cancel it.")
            )

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .account_move import GAS_KEY

PAPERS = ("a5", "thermal")


class GasReceipt(models.Model):
    """Money taken at the hall: which bills it paid, by which method, by whom."""

    _name = "gas.receipt"
    _inherit = ["gas.paper.mixin"]
    _description = "Hall Receipt"
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(string="Receipt No.", readonly=True, copy=False)
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, readonly=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    account_id = fields.Many2one(
        comodel_name="gas.account", required=True, index=True, readonly=True
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", required=True, index=True, readonly=True
    )
    cashier_id = fields.Many2one(
        comodel_name="res.users", required=True, index=True, readonly=True
    )
    date = fields.Date(required=True, readonly=True, help="Day in company time.")
    moment = fields.Datetime(required=True, readonly=True)
    method = fields.Selection(
        selection=[
            ("cash", "Cash"),
            ("transfer", "Bank Transfer"),
            ("qr", "QR"),
            ("credit", "Own Credit"),
        ],
        required=True,
        readonly=True,
    )
    reference = fields.Char(
        readonly=True, help="Number of the bank's or the payment app's confirmation."
    )
    tendered = fields.Monetary(string="Received", readonly=True)
    change = fields.Monetary(readonly=True)
    amount = fields.Monetary(string="Kept", required=True, readonly=True)
    amount_net = fields.Monetary(
        string="Takings",
        compute="_compute_amount_net",
        store=True,
        help="What was kept; nothing if the receipt was reversed.",
    )
    amount_principal = fields.Monetary(string="On Bills", readonly=True)
    amount_fee = fields.Monetary(string="Late Fee", readonly=True)
    amount_credit = fields.Monetary(string="On Credit", readonly=True)
    amount_credit_used = fields.Monetary(string="Credit Used", readonly=True)
    credit_balance = fields.Monetary(
        string="Account Credit", readonly=True, help="Right after this receipt."
    )
    token = fields.Char(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="Made by the screen; the same collection is booked once.",
    )
    print_count = fields.Integer(string="Prints", readonly=True, aggregator=None)
    line_ids = fields.One2many(
        comodel_name="gas.receipt.line", inverse_name="receipt_id", readonly=True
    )
    payment_id = fields.Many2one(
        comodel_name="account.payment", index="btree_not_null", readonly=True
    )
    fee_move_id = fields.Many2one(
        comodel_name="account.move",
        string="Late Fee Invoice",
        index="btree_not_null",
        readonly=True,
    )
    state = fields.Selection(
        selection=[("posted", "Booked"), ("reversed", "Reversed")],
        required=True,
        default="posted",
        readonly=True,
    )
    reversed_by_id = fields.Many2one(comodel_name="res.users", readonly=True)
    reversed_on = fields.Datetime(readonly=True)
    reversal_reason = fields.Char(readonly=True)

    can_reverse = fields.Boolean(
        compute="_compute_can_reverse", export_string_translation=False
    )

    _name_uniq = models.UniqueIndex(
        "(company_id, name)", "The receipt number exists already."
    )
    _token_uniq = models.UniqueIndex(
        "(company_id, token) WHERE token IS NOT NULL", "This collection is booked."
    )
    _account_idx = models.Index("(account_id, id)")
    _day_idx = models.Index("(company_id, date, cashier_id)")

    @api.depends("amount", "state")
    def _compute_amount_net(self):
        for receipt in self:
            receipt.amount_net = receipt.amount if receipt.state == "posted" else 0.0

    @api.depends_context("uid")
    @api.depends("state", "date", "cashier_id")
    def _compute_can_reverse(self):
        user = self.env.user
        manager = user.has_group("cs_gas_billing.group_manager")
        cashier = user.has_group("cs_gas_billing.group_cashier")
        for receipt in self:
            receipt.can_reverse = (
                receipt.state == "posted"
                and receipt.date == receipt.company_id._cs_today()
                and (manager or (cashier and receipt.cashier_id == user))
            )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("Receipts are made at the hall screen."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            raise UserError(self.env._("A receipt can't be changed; reverse it."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Receipts are kept. A wrong one is reversed."))

    # === BUSINESS ===#

    @api.model
    def _find_by_token(self, account, token):
        """Return the receipt that was booked for the same collection already."""
        if not token:
            return self.browse()
        receipt = self.search(
            [
                ("company_id", "=", account.company_id.id),
                ("token", "=", str(token)[:64]),
            ],
            limit=1,
        )
        if receipt and receipt.account_id != account:
            raise UserError(self.env._("This collection was for another account."))
        return receipt

    # === REVERSAL ===#

    def action_reverse(self, reason):
        """Take a receipt of today back: money, late fee and matching, in red.

        The bills are open again with their old due dates. Cashiers reverse their own
        receipts, managers anybody's.
        """
        for receipt in self:
            receipt.check_access("read")
            receipt._check_reversal_right()
            receipt.sudo().with_company(receipt.company_id).with_context(
                gas_key=GAS_KEY, tracking_disable=True
            )._reverse((reason or "").strip())
        return True

    def _check_reversal_right(self):
        user = self.env.user
        if user.has_group("cs_gas_billing.group_manager"):
            return
        if not user.has_group("cs_gas_billing.group_cashier"):
            raise AccessError(self.env._("Only cashiers reverse receipts."))
        if self.sudo().cashier_id != user:
            raise AccessError(
                self.env._(
                    "Receipt %(receipt)s is of %(cashier)s. Only a manager reverses "
                    "the receipts of others.",
                    receipt=self.sudo().name,
                    cashier=self.sudo().cashier_id.name,
                )
            )

    def _reverse(self, reason):
        """Do the reversal; sudo."""
        self.ensure_one()
        self._check_reversible(reason)
        self.env["gas.allocator"]._lock(self.account_id)
        fees = self.env["gas.correction.fee"]
        notes = fees._get_notes(self)
        money = self.payment_id.move_id | self.fee_move_id | notes
        matches = self._get_matches(money)
        self._check_matches(matches, money)
        bills = matches.debit_move_id.gas_bill_id | self.line_ids.bill_id
        matches.unlink()
        self._storno(money)
        self.payment_id.state = "canceled"
        self.write(
            {
                "state": "reversed",
                "reversed_by_id": self.env.uid,
                "reversed_on": fields.Datetime.now(),
                "reversal_reason": reason,
            }
        )
        fees._take_back(self, notes)
        bills.fee_settled = False
        self.env["gas.latefee.policy"]._settle(bills, self.date)
        self.env["cs.event"]._cs_log(
            "gas.receipt.reverse", self, details={"bills": len(bills)}
        )

    def _check_reversible(self, reason):
        if self.state != "posted":
            raise UserError(
                self.env._(
                    "Receipt %(receipt)s was reversed by %(who)s already.",
                    receipt=self.name,
                    who=self.reversed_by_id.name,
                )
            )
        if not reason:
            raise UserError(self.env._("Say why the receipt is reversed."))
        company = self.company_id
        if self.date != company._cs_today():
            raise UserError(
                self.env._(
                    "Receipt %(receipt)s is of %(day)s. Only receipts of the same day "
                    "are reversed at the hall; ask accounting.",
                    receipt=self.name,
                    day=self.date,
                )
            )
        moves = self.payment_id.move_id | self.fee_move_id
        company._gas_check_open(self.date, moves.journal_id)

    def _get_matches(self, money):
        """Return what this receipt matched and what its money was used for later."""
        lines = money.line_ids
        mine = self.env["account.partial.reconcile"].search(
            [("gas_receipt_id", "=", self.id)]
        )
        return mine | lines.matched_debit_ids | lines.matched_credit_ids

    def _check_matches(self, matches, money):
        later = matches.gas_receipt_id - self
        if later:
            raise UserError(
                self.env._(
                    "The credit of receipt %(receipt)s paid for receipt %(later)s. "
                    "Reverse that one first.",
                    receipt=self.name,
                    later=", ".join(later.mapped("name")),
                )
            )
        payments = matches.debit_move_id.move_id.origin_payment_id
        refunds = payments.gas_refund_ids.filtered(
            lambda refund: refund.payment_id.id > self.payment_id.id
        )
        if refunds:
            raise UserError(
                self.env._(
                    "The credit of receipt %(receipt)s was paid out with refund "
                    "%(refund)s, which stays. Ask accounting.",
                    receipt=self.name,
                    refund=", ".join(refunds.mapped("name")),
                )
            )
        transit = money.line_ids.filtered(
            lambda line: line.account_type != "asset_receivable"
        )
        if transit & (matches.debit_move_id | matches.credit_move_id):
            raise UserError(
                self.env._(
                    "The money of receipt %s is on the bank statement already. Ask "
                    "accounting.",
                    self.name,
                )
            )

    def _storno(self, money):
        """Book the red entries and match them with what they take back."""
        values = [
            {
                "date": self.date,
                "invoice_date": self.date,
                "ref": self.env._("Reversal of receipt %s", self.name),
                "gas_account_id": self.account_id.id,
            }
            for _move in money
        ]
        for move, red in zip(money, money._reverse_moves(values), strict=True):
            if self.company_id.account_storno:
                red.line_ids.is_storno = not move.line_ids[:1].is_storno
            red.line_ids.filtered(
                lambda line: line.account_type == "asset_receivable"
            ).gas_account_id = self.account_id
            red.action_post()
            pairs = (move | red).line_ids.filtered(
                lambda line: line.account_id.reconcile and not line.reconciled
            )
            for lines in pairs.grouped("account_id").values():
                lines.reconcile()

    # === PRINTING ===#

    def _print(self, paper):
        """Count a print; a second one is marked as a copy. Return the report."""
        self.ensure_one()
        self.check_access("read")
        paper = paper if paper in PAPERS else PAPERS[0]
        receipt_sudo = self.sudo()
        receipt_sudo.print_count += 1
        self.env["cs.event"]._cs_log(
            "gas.receipt.print", self, details={"count": receipt_sudo.print_count}
        )
        return f"cs_gas_billing.gas_receipt_report_{paper}"

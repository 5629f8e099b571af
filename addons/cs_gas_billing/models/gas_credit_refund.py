from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.cs_base.tools.masking import is_masked, mask_account

from ..tools.rounding import from_float

APPROVAL = "gas.credit.refund"
#: What the requester fills in.
OPEN_FIELDS = frozenset(
    {
        "account_id",
        "amount",
        "method",
        "reason",
        "bank_name",
        "bank_holder",
        "bank_number",
        "bank_masked",
    }
)
WAITING = ("requested", "approved")
#: Who asks for a refund.
ASKING = ("cs_gas_billing.group_clerk", "cs_gas_billing.group_cashier")


class GasCreditRefund(models.Model):
    """Gives credit of a gas account back 余额退款: asked for, approved, paid.

    Until it is paid, the credit stays where it is; it can't be promised twice, and at
    payment it is looked at again.
    """

    _name = "gas.credit.refund"
    _description = "Refund of Credit"
    _inherit = ["mail.thread", "cs.approval.mixin", "cs.ruled", "gas.paper.mixin"]
    _order = "id desc"
    _check_company_auto = True
    _cs_open_fields = OPEN_FIELDS

    name = fields.Char(string="Refund No.", readonly=True, copy=False)
    account_id = fields.Many2one(
        comodel_name="gas.account",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="account_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(related="account_id.partner_id", string="Customer")
    credit = fields.Monetary(
        string="Account Credit",
        compute="_compute_credit",
        help="Open now, less other refunds that wait.",
    )
    amount = fields.Monetary(required=True)
    method = fields.Selection(
        selection=[("cash", "Cash"), ("transfer", "Bank Transfer")],
        string="Refund by",
        required=True,
        default="cash",
    )
    reason = fields.Char(required=True)
    bank_name = fields.Char(string="Bank")
    bank_holder = fields.Char(string="Account Holder")
    bank_number = fields.Char(
        string="Full Bank Account No.", groups="cs_base.group_personal_data"
    )
    bank_masked = fields.Char(
        string="Bank Account No.",
        compute="_compute_bank_masked",
        inverse="_inverse_bank_masked",
        compute_sudo=True,
        help="Shown in part; type a new number to replace it.",
    )
    state = fields.Selection(
        selection=[
            ("draft", "New"),
            ("requested", "Waiting"),
            ("approved", "To Pay Out"),
            ("paid", "Paid Out"),
            ("rejected", "Rejected"),
            ("cancelled", "Withdrawn"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    requested_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, copy=False
    )
    approved_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, copy=False
    )
    cashier_id = fields.Many2one(
        comodel_name="res.users",
        string="Paid by",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    date = fields.Date(
        string="Paid on", readonly=True, copy=False, help="Day in company time."
    )
    moment = fields.Datetime(string="Paid at", readonly=True, copy=False)
    payment_id = fields.Many2one(
        comodel_name="account.payment",
        index="btree_not_null",
        readonly=True,
        copy=False,
    )
    credit_after = fields.Monetary(
        string="Credit Left", readonly=True, copy=False, help="Right after the payment."
    )
    print_count = fields.Integer(
        string="Prints", readonly=True, copy=False, aggregator=None
    )

    _positive = models.Constraint(
        "CHECK (amount > 0)", "The refunded amount must be above zero."
    )
    _name_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name IS NOT NULL", "The refund number exists already."
    )
    _day_idx = models.Index("(company_id, date, cashier_id) WHERE state = 'paid'")

    # === COMPUTE ===#

    @api.depends("name", "account_id.code")
    def _compute_display_name(self):
        for refund in self:
            refund.display_name = " · ".join(
                filter(None, (refund.name, refund.account_id.code))
            )

    @api.depends("account_id")
    def _compute_credit(self):
        for refund in self:
            refund.credit = float(refund.sudo()._get_free_credit())

    @api.depends("bank_number")
    def _compute_bank_masked(self):
        for refund in self:
            refund.bank_masked = mask_account(refund.bank_number)

    def _inverse_bank_masked(self):
        """Take a number that was typed in; who may enter one need not see others."""
        for refund in self:
            text = (refund.bank_masked or "").replace(" ", "")
            if text and not is_masked(text):
                refund.sudo().bank_number = text

    def _get_free_credit(self):
        """Return the account's open credit less what other refunds promised; sudo."""
        self.ensure_one()
        account = self.account_id
        if not account:
            return from_float(0, 2)
        credit = account._get_open_credit().get(account.id, 0.0)
        promised = self._read_group(
            [
                ("account_id", "=", account.id),
                ("state", "in", WAITING),
                ("id", "not in", self.ids),
            ],
            [],
            ["amount:sum"],
        )[0][0]
        return from_float(credit - (promised or 0.0), 2)

    # === CRUD ===#

    @api.model_create_multi
    def create(self, vals_list):
        refunds = super().create(vals_list)
        for refund in refunds:
            refund.sudo().name = (
                self.env["cs.numbering"]
                .sudo()
                .next("gas.credit.refund", refund.sudo().company_id)
            )
        return refunds

    def write(self, vals):
        if (
            not self.env.su
            and OPEN_FIELDS & vals.keys()
            and any(refund.state != "draft" for refund in self)
        ):
            raise UserError(self.env._("The refund was asked for already."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(refund.state != "draft" for refund in self):
            raise UserError(self.env._("A refund that was asked for is kept."))

    # === WORKFLOW ===#

    def action_request(self):
        """Ask for the approval; the amount has to be free credit of the account."""
        self._cs_check_group(*ASKING)
        for refund in self:
            if refund.state != "draft":
                raise UserError(self.env._("The refund was asked for already."))
            refund_sudo = refund.sudo()
            self.env["gas.allocator"].sudo()._lock(refund_sudo.account_id)
            refund_sudo._check_amount()
            refund_sudo.write({"state": "requested", "requested_by_id": self.env.uid})
            refund._cs_request_approval(
                APPROVAL, amount=refund.amount, reason=refund.reason
            )
        self.env["cs.event"]._cs_log("gas.refund.request", self)
        return True

    def action_approve(self):
        """Approve the refund; never by the person who asked for it."""
        self._cs_check_group("cs_gas_billing.group_manager")
        self._cs_check_state("requested")
        return self._cs_pending_approvals(APPROVAL).action_approve()

    def action_cancel(self):
        """Withdraw a refund that isn't paid: the requester, or a manager."""
        self._cs_check_group(*ASKING)
        manager = self.env.user.has_group("cs_gas_billing.group_manager")
        for refund in self:
            refund_sudo = refund.sudo()
            if refund_sudo.state not in ("draft", *WAITING):
                raise UserError(self.env._("Only a refund that waits is withdrawn."))
            if not manager and refund_sudo.create_uid != self.env.user:
                raise AccessError(
                    self.env._("Only the requester or a manager withdraws a refund.")
                )
            refund_sudo._cs_pending_approvals(APPROVAL)._close("cancelled", "")
            refund_sudo.state = "cancelled"
        self.env["cs.event"]._cs_log("gas.refund.cancel", self)
        return True

    def action_pay(self):
        """Pay it out: cash by a cashier, a transfer by billing."""
        for refund in self:
            desk = "group_cashier" if refund.method == "cash" else "group_clerk"
            refund._cs_check_group(
                f"cs_gas_billing.{desk}", "cs_gas_billing.group_manager"
            )
            if refund.company_id != self.env.company:
                raise AccessError(
                    self.env._("The refund is of %s.", refund.company_id.name)
                )
            self.env["gas.refund.booking"].sudo()._pay(refund.sudo())
        self.env["cs.event"]._cs_log("gas.refund.pay", self)
        return True

    def _check_amount(self):
        """Refuse an amount the account hasn't got; sudo."""
        self.ensure_one()
        amount = from_float(self.amount, 2)
        free = self._get_free_credit()
        if amount > free:
            raise UserError(
                self.env._(
                    "Account %(account)s has %(free)s of free credit; %(amount)s can't "
                    "be refunded.",
                    account=self.account_id.code,
                    free=f"{free:.2f}",
                    amount=f"{amount:.2f}",
                )
            )
        if self.method == "transfer" and not (self.bank_number and self.bank_holder):
            raise UserError(
                self.env._("A transfer needs the customer's bank account and holder.")
            )

    # === APPROVAL ===#

    @api.model
    def _cs_approval_kinds(self):
        return [
            *super()._cs_approval_kinds(),
            (APPROVAL, self.env._("Refund of Credit")),
        ]

    def _cs_approval_group(self, kind):
        return "cs_gas_billing.group_manager"

    def _cs_approval_values(self, kind):
        self.ensure_one()
        return {
            "account": self.account_id.id,
            "amount": f"{self.amount:.2f}",
            "method": self.method,
            "bank": self.bank_number or "",
        }

    def _cs_on_approved(self, approval):
        self.write({"state": "approved", "approved_by_id": self.env.uid})

    def _cs_on_rejected(self, approval):
        self.write({"state": "rejected"})

    # === ACTIONS ===#

    def action_account(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "gas.account",
            "res_id": self.account_id.id,
            "views": [(False, "form")],
        }

    def action_print(self):
        """Print the receipt the customer signs; a second print is marked as a copy."""
        self.ensure_one()
        self.check_access("read")
        if self.state != "paid":
            raise UserError(self.env._("The receipt is printed when it is paid."))
        refund_sudo = self.sudo()
        refund_sudo.print_count += 1
        self.env["cs.event"]._cs_log(
            "gas.refund.print", self, details={"count": refund_sudo.print_count}
        )
        report = self.env.ref("cs_gas_billing.gas_credit_refund_report")
        return report.report_action(self, config=False)

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

WORDS = ("explanation", "apology")
KINDS = [
    ("explanation", "Explanation"),
    ("apology", "Apology"),
    ("allowance", "Price Allowance"),
    ("compensation", "Compensation"),
    ("refund", "Refund of Credit"),
    ("repair", "Repair or Goods"),
    ("reward", "Reward for a Report"),
]
#: Kinds that end in the books.
MONEY = ("allowance", "compensation", "refund", "reward")
#: Stages whose lines accounting sees.
BOOKABLE = ("approved", "executing", "settled", "waived")
#: Who carries out what is approved.
EXECUTORS = ("cs_complaint.group_lead", "account.group_account_invoice")
ACCOUNTANTS = "account.group_account_readonly,account.group_account_invoice"
OPEN_FIELDS = frozenset(
    {"settlement_id", "kind", "amount", "note", "owner_id", "due_on"}
)
STAFF = "cs_complaint.group_user,cs_base.group_auditor"


class CsComplaintSettlementLine(models.Model):
    """One thing that a settlement offers, and what the books say of it.

    Booked, paid and owed follow from posted entries alone: a document that is set
    back to draft, cancelled or reversed opens the line again.
    """

    _name = "cs.complaint.settlement.line"
    _description = "Settlement Line"
    _inherit = ["cs.complaint.part", "cs.ruled"]
    _order = "settlement_id, id"
    _cs_open_fields = OPEN_FIELDS
    _rec_name = "name"

    settlement_id = fields.Many2one(
        comodel_name="cs.complaint.settlement",
        required=True,
        ondelete="cascade",
        index=True,
    )
    complaint_id = fields.Many2one(
        related="settlement_id.complaint_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(
        related="settlement_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    name = fields.Char(string="Number", related="settlement_id.name", store=True)
    stage = fields.Selection(related="settlement_id.stage", store=True, index=True)
    kind = fields.Selection(
        selection=KINDS,
        required=True,
        default="explanation",
    )
    amount = fields.Monetary(help="Including VAT; of a repair what it costs us.")
    note = fields.Char(string="What Exactly", groups=STAFF)
    owner_id = fields.Many2one(
        comodel_name="res.users",
        string="Done By",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Who sees to the repair; empty: the handler of the case.",
    )
    due_on = fields.Date(string="Until")
    invoice_id = fields.Many2one(
        comodel_name="account.move",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The allowance is credited to it; without one it stands free.",
    )
    certificate_on = fields.Date(
        string="Certificate Came Back",
        readonly=True,
        copy=False,
        help="The day the allowance certificate came back with the customer's seal.",
    )
    certificate_id = fields.Many2one(
        comodel_name="ir.attachment", readonly=True, copy=False
    )
    document_id = fields.Many2one(
        comodel_name="account.move",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    document_state = fields.Selection(
        related="document_id.state", string="In the Books"
    )
    account_id = fields.Many2one(
        comodel_name="account.account",
        string="Booked On",
        readonly=True,
        copy=False,
        groups=ACCOUNTANTS,
    )
    booked_by_id = fields.Many2one(
        comodel_name="res.users", string="Carried Out By", readonly=True, copy=False
    )
    action_id = fields.Many2one(
        comodel_name="cs.action",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    move_ids = fields.One2many(
        comodel_name="account.move",
        inverse_name="cs_settlement_line_id",
        string="Documents",
        groups=ACCOUNTANTS,
    )
    amount_booked = fields.Monetary(
        string="Booked", compute="_compute_booked", store=True, copy=False
    )
    amount_paid = fields.Monetary(
        string="Paid",
        compute="_compute_booked",
        store=True,
        copy=False,
        help="What of it the customer has: paid out, or set off against an invoice.",
    )
    amount_owed = fields.Monetary(
        string="Owed",
        compute="_compute_owed",
        store=True,
        help="Booked, and still the customer's credit.",
    )
    amount_open = fields.Monetary(
        string="Open",
        compute="_compute_owed",
        store=True,
        help="Approved, and not in the books.",
    )
    done = fields.Boolean(compute="_compute_done", store=True, copy=False)
    needs = fields.Selection(
        selection=[
            ("certificate", "Certificate Outstanding"),
            ("document", "To Be Booked"),
            ("payment", "To Be Paid"),
            ("post", "Draft to Be Posted"),
            ("action", "Work to Be Done"),
        ],
        string="Next",
        compute="_compute_needs",
    )

    _amount_not_negative = models.Constraint(
        "CHECK(amount >= 0)", "An amount is never below zero."
    )

    # === COMPUTE === #

    @api.depends(
        "kind",
        "account_id",
        "move_ids.state",
        "move_ids.line_ids.balance",
        "move_ids.line_ids.amount_residual",
    )
    def _compute_booked(self):
        for line in self:
            sign = -1 if line.kind == "allowance" else 1
            items = line.move_ids.filtered(lambda m: m.state == "posted").line_ids
            mine = items.filtered(lambda item, a=line.account_id: item.account_id == a)
            booked = sign * sum(mine.mapped("balance")) if line.account_id else 0.0
            unused = 0.0
            if line.kind == "allowance":
                unused = sign * sum(mine.mapped("amount_residual"))
            currency = line.currency_id or line.env.company.currency_id
            line.amount_booked = currency.round(booked)
            line.amount_paid = currency.round(booked - unused)

    @api.depends("amount", "amount_booked", "amount_paid", "kind", "stage")
    def _compute_owed(self):
        for line in self:
            line.amount_owed = line.amount_booked - line.amount_paid
            live = line.kind in MONEY and line.stage in ("approved", "executing")
            line.amount_open = max(line.amount - line.amount_booked, 0) if live else 0

    @api.depends(
        "kind", "amount", "amount_booked", "settlement_id.state", "action_id.state"
    )
    def _compute_done(self):
        for line in self:
            if line.settlement_id.state not in ("approved", "waived"):
                line.done = False
            elif line.kind in WORDS:
                line.done = True
            elif line.kind == "repair":
                line.done = line.action_id.state in ("done", "closed")
            else:
                currency = line.currency_id
                rest = currency.compare_amounts(line.amount, line.amount_booked)
                line.done = rest <= 0

    @api.depends("kind", "done", "settlement_id.state", "certificate_on", "document_id")
    def _compute_needs(self):
        for line in self:
            line.needs = line._next_need()

    def _next_need(self):
        self.ensure_one()
        if self.done or self.settlement_id.state != "approved" or self.kind in WORDS:
            return False
        if self.kind == "repair":
            return "action"
        if self.sudo().document_id.state == "draft":
            return "post"
        if self.kind == "allowance":
            return "document" if self.certificate_on else "certificate"
        return "payment"

    def _label(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        amount = self.currency_id.format(self.amount) if self.amount else ""
        return " ".join(filter(None, (kinds.get(self.kind), amount)))

    def _is_work(self):
        return self.kind not in WORDS

    def _is_kept(self):
        """Whether the customer gets it: of a waived settlement what he has already."""
        self.ensure_one()
        if self.settlement_id.state != "waived":
            return True
        if self.kind == "repair":
            return self.done
        return not self.currency_id.is_zero(self.amount_booked)

    def _kept_amount(self):
        """Its amount; of a waived settlement what is in the books."""
        self.ensure_one()
        waived = self.settlement_id.state == "waived"
        return self.amount_booked if waived else self.amount

    # === CONSTRAINTS === #

    @api.constrains("kind", "amount", "settlement_id")
    def _check_amount(self):
        for line in self:
            if line.kind in MONEY and line.currency_id.is_zero(line.amount):
                raise ValidationError(
                    self.env._("Write the amount of the %s.", line._label())
                )
            if line.kind in WORDS and line.amount:
                raise ValidationError(self.env._("Words cost nothing: no amount."))
            case = line.sudo().complaint_id
            if line.kind == "reward":
                continue
            if line.amount and case.kind in ("anomaly", "suggestion"):
                raise ValidationError(
                    self.env._(
                        "An anomaly sheet or a suggestion is settled without money."
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(vals.get("kind") == "reward" for vals in vals_list):
            raise UserError(
                self.env._("A reward is asked for by the button of the report.")
            )
        lines = super().create(vals_list)
        if not self.env.su:
            lines.settlement_id.check_access("write")
            lines.settlement_id._cs_on_change()
        return lines

    def write(self, vals):
        if not self.env.su and OPEN_FIELDS & vals.keys():
            if "settlement_id" in vals:
                raise UserError(self.env._("A line stays with its settlement."))
            if vals.get("kind") == "reward" or "reward" in self.mapped("kind"):
                raise UserError(
                    self.env._("A reward is asked for by the button of the report.")
                )
            self.settlement_id._cs_on_change()
            if "kind" in vals:
                self.sudo().invoice_id = False
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_open(self):
        if not self.env.su:
            self.settlement_id._cs_on_change()

    # === ACCESS === #

    def _cs_reader_domain(self):
        """Accountants find what is to be booked and what was, whatever the case."""
        domain = super()._cs_reader_domain()
        if self.env.user.has_groups(ACCOUNTANTS):
            domain |= Domain("stage", "in", BOOKABLE)
        return domain

    def _cs_reachable(self, operation):
        rows = super()._cs_reachable(operation)
        if operation == "read" and self.env.user.has_groups(ACCOUNTANTS):
            booked = self.sudo().filtered(lambda line: line.stage in BOOKABLE)
            rows |= booked.with_env(self.env)
        return rows

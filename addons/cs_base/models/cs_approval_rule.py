from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL


class CsApprovalRule(models.Model):
    """One step of approving a kind of request from some amount on.

    The rules of a kind whose amount is reached are the steps, in their order.
    """

    _name = "cs.approval.rule"
    _description = "Approval Rule"
    _order = "kind, company_id, sequence, min_amount, id"
    _check_company_auto = True

    name = fields.Char(string="Step", required=True, translate=True)
    kind = fields.Selection(
        selection=lambda self: self.env["cs.approval"]._selection_kind(),
        required=True,
        index=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        index=True,
        default=lambda self: self.env.company,
        help="Empty: for every company that has no rule of its own for this kind.",
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency", compute="_compute_currency_id"
    )
    sequence = fields.Integer(default=10)
    min_amount = fields.Monetary(
        string="From Amount", help="The step is needed from this amount on."
    )
    per_customer = fields.Boolean(
        string="Add Up over the Customer",
        help="The amount is added to what was approved for the same customer in the "
        "period, and to what waits.",
    )
    per_premises = fields.Boolean(string="Add Up over the Premises")
    per_event = fields.Boolean(
        string="Add Up over the Event",
        help="For what belongs to one event, such as a complaint of many customers.",
    )
    is_cumulative = fields.Boolean(
        compute="_compute_is_cumulative", export_string_translation=False
    )
    period_days = fields.Integer(string="Days", default=30)
    group_id = fields.Many2one(comodel_name="res.groups", string="Approving Group")
    user_ids = fields.Many2many(
        comodel_name="res.users",
        string="Approving Users",
        domain="[('share', '=', False)]",
        help="If set, only these users approve, not the group.",
    )
    active = fields.Boolean(default=True)

    _period_positive = models.Constraint(
        "CHECK(period_days > 0)", "Amounts add up over one day at least."
    )

    @api.depends("per_customer", "per_premises", "per_event")
    def _compute_is_cumulative(self):
        for rule in self:
            rule.is_cumulative = bool(rule._scopes())

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for rule in self:
            rule.currency_id = (rule.company_id or self.env.company).currency_id

    @api.constrains("kind", "group_id", "user_ids")
    def _check_approvers(self):
        for rule in self:
            if not rule.group_id and not rule.user_ids:
                raise ValidationError(
                    self.env._("Choose a group or users who approve “%s”.", rule.name)
                )

    def _scopes(self):
        """Over what the amounts of this rule add up."""
        self.ensure_one()
        return [
            name for name in ("customer", "premises", "event") if self[f"per_{name}"]
        ]

    @api.model
    def _steps(self, approval):
        """Rules that apply to a request, each with why: [(rule, {field of the step})].

        The company's own rules if it has any, else the general ones. A cumulative
        rule applies also when the amount reaches it only with earlier approvals.
        """
        company = approval.company_id
        rules = self.sudo().search(
            [("kind", "=", approval.kind), ("company_id", "in", [company.id, False])]
        )
        own = rules.filtered("company_id")
        earlier = {}
        steps = []
        for rule in own or rules:
            if rule._is_reached(approval, abs(approval.amount)):
                steps.append((rule, {"from_amount": rule.min_amount}))
                continue
            if rule._scopes() and rule.period_days not in earlier:
                earlier[rule.period_days] = approval._earlier(rule.period_days)
            if why := rule._reached_with(approval, earlier.get(rule.period_days, {})):
                steps.append((rule, why))
        return steps

    def _is_reached(self, approval, amount):
        currency = approval.company_id.currency_id
        return currency.compare_amounts(amount, self.min_amount) >= 0

    def _reached_with(self, approval, earlier):
        """Why the limit is reached with what came before: values of the step, or {}."""
        for scope in self._scopes():
            count, amount = earlier.get(scope, (0, 0.0))
            if self._is_reached(approval, abs(approval.amount) + float(amount)):
                return {
                    "from_amount": self.min_amount,
                    "scope": scope,
                    "earlier_count": count,
                    "earlier_amount": float(amount),
                    "period_days": self.period_days,
                }
        return {}

    @api.model
    def _used_kinds(self):
        """Kinds in the database, also those of apps that were removed."""
        rows = self.env.execute_query(
            SQL(
                "SELECT kind FROM cs_approval GROUP BY kind"
                " UNION SELECT kind FROM cs_approval_rule GROUP BY kind"
            )
        )
        return [kind for (kind,) in rows]

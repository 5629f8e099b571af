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
    group_id = fields.Many2one(comodel_name="res.groups", string="Approving Group")
    user_ids = fields.Many2many(
        comodel_name="res.users",
        string="Approving Users",
        domain="[('share', '=', False)]",
        help="If set, only these users approve, not the group.",
    )
    active = fields.Boolean(default=True)

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

    @api.model
    def _steps(self, kind, company, amount):
        """Rules that apply: the company's own if it has any, else the general ones."""
        rules = self.sudo().search(
            [("kind", "=", kind), ("company_id", "in", [company.id, False])]
        )
        own = rules.filtered("company_id")
        return (own or rules).filtered(
            lambda rule: (
                company.currency_id.compare_amounts(abs(amount), rule.min_amount) >= 0
            )
        )

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

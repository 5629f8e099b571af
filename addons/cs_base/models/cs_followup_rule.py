from odoo import api, fields, models


class CsFollowupRule(models.Model):
    """Who asks the customer afterwards, how soon, and when he may give up trying."""

    _name = "cs.followup.rule"
    _description = "Return Visit Rule"
    _order = "business_type_id, company_id"
    _rec_name = "business_type_id"

    business_type_id = fields.Many2one(
        comodel_name="cs.business.type",
        string="Type",
        index=True,
        ondelete="cascade",
        help="Empty: for every type that has no rule of its own.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        index=True,
        help="Empty: for every company that has no rule of its own.",
    )
    who = fields.Selection(
        selection=[
            ("first_owner", "First Owner of the Contact"),
            ("lead", "Team Lead"),
            ("steward", "Steward of the Premises"),
        ],
        required=True,
        default="first_owner",
        help="Who makes the visit. Somebody who isn't there any more is replaced by "
        "the lead of the team.",
    )
    not_by_handler = fields.Boolean(
        string="Not by Who Did the Work",
        default=True,
        help="The person who worked on the matter never asks about it himself.",
    )
    days = fields.Integer(
        string="Within (Working Days)",
        required=True,
        default=3,
        help="Example: 3 means that a matter finished on Monday is asked about on "
        "Thursday at the latest.",
    )
    tries = fields.Integer(
        string="Attempts Needed",
        required=True,
        default=3,
        help="So many attempts before a customer counts as unreachable.",
    )
    try_days = fields.Integer(
        string="On Days",
        required=True,
        default=2,
        help="On at least so many different days.",
    )

    example = fields.Char(compute="_compute_example")

    _scope_uniq = models.UniqueIndex(
        "(COALESCE(business_type_id, 0), COALESCE(company_id, 0))",
        "There is already a rule for this type and company.",
    )
    _check_numbers = models.Constraint(
        "CHECK(days >= 0 AND tries >= 1 AND try_days >= 1)",
        "Days and attempts are whole numbers; at least one attempt on one day.",
    )

    @api.depends("business_type_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for rule in self:
            name = rule.business_type_id.display_name
            rule.display_name = name or self.env._("Every type")

    @api.depends("who", "days", "tries", "try_days", "company_id")
    @api.depends_context("lang", "company")
    def _compute_example(self):
        who = dict(self._fields["who"]._description_selection(self.env))
        for rule in self:
            company = rule.company_id or self.env.company
            today = company._cs_today()
            last = company._cs_add_workdays(today, max(rule.days, 0))
            rule.example = self.env._(
                "Finished today, %(today)s: asked by %(last)s at the latest (%(who)s); "
                "unreachable after %(tries)s attempts on %(days)s different days",
                today=today.isoformat(),
                last=last.isoformat(),
                who=who.get(rule.who, ""),
                tries=rule.tries,
                days=rule.try_days,
            )

    @api.model
    def _cs_for(self, kind, company):
        """The rule of a type in a company: the most particular one there is."""
        rules = self.sudo().search(
            [
                ("business_type_id", "in", [kind.id, False]),
                ("company_id", "in", [company.id, False]),
            ]
        )
        ranked = rules.sorted(
            lambda rule: (bool(rule.business_type_id), bool(rule.company_id)),
            reverse=True,
        )
        return ranked[:1]

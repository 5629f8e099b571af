from odoo import api, fields, models
from odoo.fields import Domain

#: A group with more members than this gets no activities, only the list.
MAX_ACTIVITIES = 5
ACTIVITY_TYPE = "mail.mail_activity_data_todo"


class CsApprovalStep(models.Model):
    """One decision of an approval, with its approvers as they were at the request."""

    _name = "cs.approval.step"
    _description = "Approval Step"
    _inherit = ["cs.guarded"]
    _order = "approval_id, sequence, id"

    approval_id = fields.Many2one(
        comodel_name="cs.approval", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="approval_id.company_id", store=True, precompute=True, index=True
    )
    sequence = fields.Integer(readonly=True)
    name = fields.Char(readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    from_amount = fields.Monetary(readonly=True)
    scope = fields.Selection(
        selection=[
            ("customer", "Customer"),
            ("premises", "Premises"),
            ("event", "Event"),
        ],
        string="Adds Up over",
        readonly=True,
    )
    earlier_count = fields.Integer(string="Earlier Approvals", readonly=True)
    earlier_amount = fields.Monetary(readonly=True)
    period_days = fields.Integer(readonly=True)
    why = fields.Char(string="Needed Because", compute="_compute_why")
    group_id = fields.Many2one(
        comodel_name="res.groups",
        string="Approving Group",
        readonly=True,
        ondelete="set null",
    )
    user_ids = fields.Many2many(
        comodel_name="res.users", string="Approving Users", readonly=True
    )
    decision = fields.Selection(
        selection=[("approved", "Approved"), ("rejected", "Rejected")], readonly=True
    )
    decided_by_id = fields.Many2one(comodel_name="res.users", readonly=True)
    on_behalf_id = fields.Many2one(
        comodel_name="res.users", string="On Behalf Of", readonly=True
    )
    decided_at = fields.Datetime(readonly=True)
    note = fields.Char(readonly=True)

    @api.depends("from_amount", "scope")
    def _compute_why(self):
        for step in self:
            step.why = step._why()

    def _why(self):
        """In words, from which amount the step is needed and how it is reached."""
        limit = self.currency_id.format(self.from_amount)
        if not self.scope:
            return self.env._("From %s", limit) if self.from_amount else ""
        scopes = dict(self._fields["scope"]._description_selection(self.env))
        total = abs(self.approval_id.amount) + self.earlier_amount
        return self.env._(
            "From %(limit)s: with %(count)s earlier approvals of %(days)s days "
            "(%(earlier)s, same %(scope)s) it is %(total)s.",
            limit=limit,
            count=self.earlier_count,
            days=self.period_days,
            earlier=self.currency_id.format(self.earlier_amount),
            scope=scopes[self.scope],
            total=self.currency_id.format(total),
        )

    @api.model
    def _append_steps(self, approval, record):
        """The steps of the rules that apply, or one for the usual group."""
        steps = self.env["cs.approval.rule"]._steps(approval)
        if steps:
            return self._append(
                [
                    {
                        **why,
                        "approval_id": approval.id,
                        "sequence": number,
                        "name": rule.name,
                        "group_id": rule.group_id.id,
                        "user_ids": [fields.Command.set(rule.user_ids.ids)],
                    }
                    for number, (rule, why) in enumerate(steps, 1)
                ]
            )
        group = self.env.ref(record._cs_approval_group(approval.kind))
        return self._append(
            [
                {
                    "approval_id": approval.id,
                    "sequence": 1,
                    "name": group.sudo().name,
                    "group_id": group.id,
                }
            ]
        )

    @api.model
    def _mine_domain(self):
        """Steps that the user, or somebody he stands in for, may decide."""
        principals = self.env.user._cs_approval_principals()
        return Domain("user_ids", "in", principals.ids) | (
            Domain("user_ids", "=", False)
            & Domain("group_id", "in", principals.all_group_ids.ids)
        )

    def _accepts(self, user):
        """Whether ``user`` is one of the approvers of this step."""
        self.ensure_one()
        if self.user_ids:
            return user in self.user_ids
        return self.group_id in user.all_group_ids

    def _approvers(self):
        """The users who may decide this step."""
        users = self.user_ids or self.group_id.all_user_ids
        company = self.approval_id.company_id
        return users.filtered(
            lambda user: (
                user.active
                and not user.share
                and company in user.company_ids
                and user != self.approval_id.requester_id
            )
        )

    def _notify(self):
        """Activities for few approvers; many find it under “Waiting for Me”."""
        for step in self.sudo():
            users = step._approvers()
            if len(users) > MAX_ACTIVITIES:
                continue
            approval = step.approval_id.with_context(mail_activity_quick_update=True)
            for user in users:
                approval.activity_schedule(
                    ACTIVITY_TYPE, summary=approval.name, user_id=user.id
                )

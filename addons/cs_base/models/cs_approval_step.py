from odoo import fields, models


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

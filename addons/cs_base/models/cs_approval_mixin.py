from odoo import api, fields, models
from odoo.exceptions import UserError


class CsApprovalMixin(models.AbstractModel):
    """For documents of which something must be approved by another person."""

    _name = "cs.approval.mixin"
    _description = "Needs Approval"

    cs_approval_ids = fields.One2many(
        comodel_name="cs.approval",
        inverse_name="res_id",
        string="Approvals",
        domain=lambda self: self._domain_cs_approval_ids(),
        readonly=True,
        copy=False,
    )

    @api.model
    def _domain_cs_approval_ids(self):
        return [("res_model", "=", self._name)]

    # === HOOKS === #

    @api.model
    def _cs_approval_kinds(self):
        """Kinds of approval of this model: list of (code, translated label)."""
        return []

    def _cs_approval_values(self, kind):
        """Values that must stay as they are: a dict of plain values or records."""
        raise TypeError(f"{self._name} has to say what is approved")

    def _cs_approval_group(self, kind):
        """Xml id of the group that approves when no rule says otherwise."""
        return "cs_base.group_manager"

    def _cs_approval_scopes(self, kind):
        """What amounts of this kind add up over, for rules with cumulative limits.

        :return: any of ``{"customer": partner, "premises": premises, "event": record}``
        """
        return {}

    def _cs_approval_kind_group(self, kind):
        """Kinds whose amounts add up have the same group; by default each its own."""
        return kind

    def _cs_approval_is_used(self, approval):
        """Whether an earlier approval of this same document still counts.

        A document that knows that nothing was paid on ``approval`` says no: then the
        newer request takes its place in the sum.
        """
        return True

    def _cs_approval_is_masked(self):
        """Whether a masked matter is behind the document: few may know of it then."""
        return "masked" in self._fields and self.masked

    def _cs_on_approved(self, approval):
        """Called with sudo, as the approver, when the last step is approved."""

    def _cs_on_rejected(self, approval):
        """Called with sudo, as the approver, when a step is rejected."""

    # === API === #

    def _cs_request_approval(self, kind, amount=0.0, reason="", values=None):
        """Ask for approval of each record; return the pending approvals.

        :param values: what is asked for, kept with the request and hashed with the
            record's own values; read it with ``approval._cs_values()``
        """
        approvals = self.env["cs.approval"]
        for record in self:
            approvals += approvals._request(record, kind, amount, reason, values)
        return approvals

    def _cs_pending_approvals(self, kind):
        """The approvals of this kind that wait for these records.

        Found whether the user sees them or not, and returned as his own records: he
        decides on them as himself.
        """
        approvals = self.env["cs.approval"]
        pending = approvals.sudo().search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("kind", "=", kind),
                ("state", "=", "pending"),
            ]
        )
        return approvals.browse(pending.ids)

    def _cs_valid_approval(self, kind):
        """The last approval of this kind if it is approved and nothing has changed."""
        self.ensure_one()
        approval = (
            self.env["cs.approval"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "=", self.id),
                    ("kind", "=", kind),
                    ("state", "!=", "cancelled"),
                ],
                order="id desc",
                limit=1,
            )
        )
        if approval.state != "approved" or not approval._is_unchanged():
            return approval.browse()
        return approval

    def _cs_check_approved(self, kind):
        """Raise unless the records are approved as they are now."""
        for record in self:
            if not record._cs_valid_approval(kind):
                raise UserError(
                    self.env._(
                        "%s needs an approval, or was changed since it was approved.",
                        record.display_name,
                    )
                )

    def action_cs_approvals(self):
        """Show the approvals of these records; a single one at once as a form."""
        title = self.env._("Approvals")
        domain = [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        action = {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "cs.approval",
            "view_mode": "list,form",
            "domain": domain,
        }
        approvals = self.env["cs.approval"].search(domain, limit=2)
        if len(approvals) == 1:
            action |= {"view_mode": "form", "res_id": approvals.id}
        return action

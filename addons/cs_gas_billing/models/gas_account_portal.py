from odoo import api, fields, models
from odoo.exceptions import AccessError

INVITERS = ("cs_gas_billing.group_clerk", "cs_gas_billing.group_cashier")


class GasAccount(models.Model):
    """Access of the account's customer to the portal."""

    _inherit = "gas.account"

    portal_state = fields.Selection(
        selection=[
            ("none", "Not Invited"),
            ("invited", "Invited"),
            ("active", "Uses the Portal"),
        ],
        string="Customer Portal",
        compute="_compute_portal_state",
    )

    @api.depends("partner_id.user_ids.active")
    def _compute_portal_state(self):
        for account in self:
            users_sudo = account.partner_id.sudo().user_ids
            if not users_sudo:
                account.portal_state = "none"
            elif any(user.login_date for user in users_sudo):
                account.portal_state = "active"
            else:
                account.portal_state = "invited"

    def _check_inviter(self):
        """Raise unless the user may give customers access to the portal."""
        self.check_access("read")
        user = self.env.user
        if not self.env.su and not any(user.has_group(group) for group in INVITERS):
            raise AccessError(
                self.env._("Billing clerks and cashiers invite customers.")
            )

    def action_portal_invite(self):
        """Open the invitation of the account's customer."""
        self.ensure_one()
        self._check_inviter()
        invite = self.env["gas.portal.invite"]._open_for(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Customer Portal"),
            "res_model": "gas.portal.invite",
            "res_id": invite.id,
            "view_mode": "form",
            "target": "new",
        }

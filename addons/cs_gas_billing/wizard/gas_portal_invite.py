from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import email_normalize


class GasPortalInvite(models.TransientModel):
    """Gives the customer of an account access to the portal, or takes it back.

    Odoo's own portal wizard does it; it needs the right to edit all contacts, which
    clerks and cashiers don't have: it is run for them, for this one customer only.
    """

    _name = "gas.portal.invite"
    _description = "Invitation to the Customer Portal"

    account_id = fields.Many2one(
        comodel_name="gas.account", required=True, readonly=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(related="account_id.partner_id", string="Customer")
    portal_state = fields.Selection(related="account_id.portal_state")
    email = fields.Char(
        string="E-mail",
        help="The invitation is sent there, and it is the name to log in with.",
    )
    shared_count = fields.Integer(
        string="Accounts of This Customer", compute="_compute_shared_count"
    )

    @api.depends("account_id")
    def _compute_shared_count(self):
        for invite in self:
            invite.shared_count = self.env["gas.account"].search_count(
                [("partner_id", "=", invite.partner_id.id)]
            )

    @api.model
    def _open_for(self, account):
        """Create the invitation of ``account``, with the address that is known."""
        partner_sudo = account.partner_id.sudo()
        return self.create({"account_id": account.id, "email": partner_sudo.email})

    def action_send(self):
        """Send the invitation, or send it again."""
        self.ensure_one()
        self.account_id._check_inviter()
        if not email_normalize(self.email or ""):
            raise UserError(self.env._("Type the customer's e-mail address first."))
        line_sudo = self._prepare_line()
        if line_sudo.is_internal:
            raise UserError(
                self.env._("%s is staff and has access already.", self.partner_id.name)
            )
        if line_sudo.is_portal:
            self._check_same_login(line_sudo)
            line_sudo.action_invite_again()
        else:
            line_sudo.action_grant_access()
        # A customer of two of our companies sees his accounts in both.
        line_sudo.user_id.sudo().company_ids |= self.account_id.company_id
        self.env["cs.event"]._cs_log("gas.portal.invite", self.account_id)
        return self._notify(
            self.env._("The invitation was sent to %s.", email_normalize(self.email))
        )

    def _check_same_login(self, line_sudo):
        """A known user keeps his address: changing it here would hand him over."""
        known = email_normalize(line_sudo.user_id.email or "")
        if known and known != email_normalize(self.email):
            raise UserError(
                self.env._(
                    "The customer logs in with %s. Take the access back first if the "
                    "address is wrong.",
                    known,
                )
            )

    def action_revoke(self):
        """Take the access back; the customer's data stays."""
        self.ensure_one()
        self.account_id._check_inviter()
        if not self.env.user.has_group("cs_gas_billing.group_clerk"):
            raise AccessError(self.env._("Billing clerks take access back."))
        line_sudo = self._prepare_line()
        line_sudo.action_revoke_access()
        self.env["cs.event"]._cs_log("gas.portal.revoke", self.account_id)
        return self._notify(self.env._("The access was taken back."))

    def _prepare_line(self):
        """Return the customer's line of Odoo's wizard, with full rights."""
        partner_sudo = self.account_id.partner_id.sudo()
        wizard_sudo = (
            self.env["portal.wizard"]
            .sudo()
            .with_company(self.account_id.company_id)
            .create({"partner_ids": [fields.Command.set(partner_sudo.ids)]})
        )
        line_sudo = wizard_sudo.user_ids
        line_sudo.email = self.email
        return line_sudo

    def _notify(self, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

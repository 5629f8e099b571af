from odoo import api, fields, models
from odoo.exceptions import AccessError


class GasBankMandate(models.Model):
    """A mandate the bank refuses for good is not debited until it is renewed."""

    _inherit = "gas.bank.mandate"

    blocked_on = fields.Date(readonly=True, copy=False)
    blocked_reason = fields.Char(
        string="Blocked Because", readonly=True, copy=False, help="The bank's answer."
    )

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse_block(*vals_list)
        return super().create(vals_list)

    def write(self, vals):
        """Another bank account number is a renewed mandate."""
        self._refuse_block(vals)
        result = super().write(vals)
        if "account_number" in vals:
            self.filtered("blocked_on")._unblock()
        return result

    def _refuse_block(self, *values):
        if not self.env.su and any(
            {"blocked_on", "blocked_reason"} & vals.keys() for vals in values
        ):
            raise AccessError(self.env._("The block follows from the bank's answers."))

    def action_renew(self):
        """The customer has put it in order with the bank: debit again."""
        self.check_access("write")
        self.sudo().filtered("blocked_on")._unblock()
        return True

    def _unblock(self):
        self.sudo().write({"blocked_on": False, "blocked_reason": False})
        self.env["cs.event"]._cs_log("gas.mandate.renew", self)

    def _block(self, reason, day):
        """Stop debiting; sudo."""
        self.write({"blocked_on": day, "blocked_reason": reason})
        self.env["cs.event"]._cs_log("gas.mandate.block", self)

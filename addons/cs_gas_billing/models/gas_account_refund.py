from odoo import models


class GasAccount(models.Model):
    _inherit = "gas.account"

    def action_refund(self):
        """Open a new refund of the whole free credit."""
        self.ensure_one()
        refund = self.env["gas.credit.refund"].new({"account_id": self.id})
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cs_gas_billing.gas_credit_refund_action"
        )
        return action | {
            "views": [(False, "form")],
            "context": {
                "default_account_id": self.id,
                "default_amount": refund.credit,
            },
        }

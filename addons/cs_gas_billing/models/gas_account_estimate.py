from odoo import models
from odoo.exceptions import UserError


class GasAccount(models.Model):
    """What a clerk does with an account's readings."""

    _inherit = "gas.account"

    def action_estimate(self):
        """Show what an estimate of the accounts' missed readings would be."""
        self.env["gas.estimate.wizard"]._check_clerk()
        points = self.service_point_id
        if not points:
            raise UserError(self.env._("This account has no service point."))
        day = points.company_id[:1]._cs_today()
        return self.env["gas.estimate.wizard"]._open(points, day)

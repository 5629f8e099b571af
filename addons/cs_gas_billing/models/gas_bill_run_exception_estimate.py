from odoo import models
from odoo.exceptions import UserError


class GasBillRunException(models.Model):
    """Missed accounts can be estimated."""

    _inherit = "gas.bill.run.exception"

    def action_estimate(self):
        """Show what estimates of the chosen missed accounts would be."""
        self.env["gas.estimate.wizard"]._check_clerk()
        missed = self.filtered(lambda row: row.kind == "missed")
        if not missed:
            raise UserError(
                self.env._(
                    "Choose accounts that were missed; others are not estimated."
                )
            )
        if len(missed.run_id) > 1:
            raise UserError(self.env._("Choose accounts of one bill run."))
        run = missed.run_id
        day = run._get_missed_day()
        return self.env["gas.estimate.wizard"]._open(missed.service_point_id, day, run)

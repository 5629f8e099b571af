from odoo import fields, models
from odoo.exceptions import UserError


class CsShiftSwap(models.Model):
    """What happens when a swapped shift isn't worked."""

    _inherit = "cs.shift.swap"

    def action_missed(self):
        """Record that the shift given was missed by who took it."""
        return self._cs_record_missed("line_id")

    def action_back_missed(self):
        """Record that the shift in return was missed by who took it."""
        return self._cs_record_missed("back_line_id")

    def _cs_record_missed(self, name):
        now = fields.Datetime.now()
        for swap in self._cs_begin("approved", part="approver"):
            line = swap[name].sudo()
            if not line or line.start_at > now:
                raise UserError(
                    self.env._("%s: the shift hasn't begun.", swap.display_name)
                )
            incident = self.env["cs.duty.incident"]._cs_missed(swap.sudo(), line)
            self.env["cs.event"]._cs_log("swap.missed", incident)
        return True

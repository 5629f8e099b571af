from odoo import models


class CsComplaintIdentity(models.Model):
    """Who complained in a round that was refused stays as it was written."""

    _inherit = "cs.complaint.identity"

    def write(self, vals):
        if vals and not self.env.su:
            self.sudo().complaint_id.with_env(self.env)._cs_refuse_frozen()
        return super().write(vals)

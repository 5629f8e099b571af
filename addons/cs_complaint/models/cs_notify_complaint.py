from odoo import models


class CsNotify(models.Model):
    """Links to a case are signed as they leave the house, so that staff have none."""

    _inherit = "cs.notify"

    def _cs_outgoing(self, text):
        self.ensure_one()
        text = super()._cs_outgoing(text)
        if self.res_model != "cs.complaint" or self.user_id:
            return text
        return self.env["cs.complaint"]._cs_sign_links(text, self.res_id)

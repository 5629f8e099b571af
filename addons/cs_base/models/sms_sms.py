from odoo import models


class SmsSms(models.Model):
    _inherit = "sms.sms"

    def _send(self, unlink_failed=False, unlink_sent=True, raise_exception=False):
        """Send the messages of each company by its own provider.

        The queue hands over those of all companies together, which stops at the
        first two of different companies.
        """
        if self.env.context.get("sms_api"):
            return super()._send(unlink_failed, unlink_sent, raise_exception)
        for texts in self.grouped(lambda sms: sms._get_sms_company()).values():
            super(SmsSms, texts)._send(unlink_failed, unlink_sent, raise_exception)
        return None

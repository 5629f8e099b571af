from odoo import models

from ..models.cs_matter_mail import matters_of


class SmsComposer(models.TransientModel):
    """SMS of free text: they go to numbers, not to recipients of a message."""

    _inherit = "sms.composer"

    def _action_send_sms(self):
        for composer in self:
            records = composer._get_records()
            matters = matters_of(
                self.env, composer.res_model, records.ids if records is not None else ()
            )
            if matters:
                matters._cs_check_bulk()
        return super()._action_send_sms()

from odoo import models

from ..tools.compared import COMPARED


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def session_info(self):
        """Let people without a chosen start page land on their role's desk."""
        info = super().session_info()
        if info.get("is_internal_user"):
            info["cs_compared_types"] = sorted(COMPARED)
            if not info.get("home_action_id"):
                info["home_action_id"] = self.env.user._cs_home_action().id
        return info

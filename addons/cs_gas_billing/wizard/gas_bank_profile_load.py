import base64

from odoo import fields, models
from odoo.exceptions import UserError


class GasBankProfileLoad(models.TransientModel):
    """Reads a bank profile that was exported elsewhere."""

    _name = "gas.bank.profile.load"
    _description = "Load a Bank Profile"

    file = fields.Binary(required=True)
    filename = fields.Char()

    def action_load(self):
        """Create the profile and open it."""
        self.ensure_one()
        try:
            text = base64.b64decode(self.file).decode("utf-8-sig")
        except ValueError as error:
            raise UserError(
                self.env._("This is no exported bank profile: %s", error)
            ) from error
        return {
            "type": "ir.actions.act_window",
            "res_model": "gas.bank.profile",
            "res_id": self.env["gas.bank.profile"].load_json(text),
            "views": [(False, "form")],
        }

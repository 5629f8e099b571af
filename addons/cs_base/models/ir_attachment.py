from odoo import fields, models
from odoo.exceptions import UserError


class IrAttachment(models.Model):
    """Files that stay in the house."""

    _inherit = "ir.attachment"

    cs_internal = fields.Boolean(
        string="Internal",
        copy=True,
        help="Never sent to anybody outside with a message.",
    )

    def write(self, vals):
        if (
            "cs_internal" in vals
            and not vals["cs_internal"]
            and not self.env.su
            and any(self.mapped("cs_internal"))
        ):
            raise UserError(self.env._("An internal file stays internal."))
        return super().write(vals)

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class GasImportProfileColumn(models.Model):
    _name = "gas.import.profile.column"
    _description = "Import Profile Column"
    _order = "profile_id, id"

    profile_id = fields.Many2one(
        comodel_name="gas.import.profile",
        required=True,
        index=True,
        ondelete="cascade",
    )
    heading = fields.Char(string="Heading in the File", required=True)
    target = fields.Char(string="Our Column", required=True)

    _heading_uniq = models.UniqueIndex(
        "(profile_id, heading)", "A heading can be mapped once only."
    )

    @api.constrains("target")
    def _check_target(self):
        known = self.env["gas.reading.import"]._get_columns()
        known = {*known, *self.env["gas.customer.import"]._get_columns()}
        for column in self:
            if column.target not in known:
                raise ValidationError(
                    self.env._(
                        "%(column)s is not one of our columns: %(known)s",
                        column=column.target,
                        known=", ".join(sorted(known)),
                    )
                )

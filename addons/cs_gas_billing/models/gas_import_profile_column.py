from odoo import fields, models


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
    kind = fields.Selection(related="profile_id.kind")
    heading = fields.Char(
        string="Heading in the File", required=True, help="As it stands in the file."
    )
    target = fields.Selection(
        selection=lambda self: self._selection_target(),
        string="Our Column",
        required=True,
    )

    _heading_uniq = models.UniqueIndex(
        "(profile_id, heading)", "A heading can be mapped once only."
    )

    def _selection_target(self):
        """Our columns under the headings of our own files."""
        labels = {}
        for model in ("gas.reading.import", "gas.customer.import"):
            for heading, target in self.env[model]._get_headings().items():
                labels.setdefault(target, heading)
        return list(labels.items())

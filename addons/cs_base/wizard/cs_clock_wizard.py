from odoo import api, fields, models
from odoo.exceptions import UserError


class CsClockWizard(models.AbstractModel):
    """A question about the open clocks of one matter that the user may change."""

    _name = "cs.clock.wizard"
    _description = "Question about a Clock"

    res_model = fields.Char(required=True, export_string_translation=False)
    res_id = fields.Integer(required=True, export_string_translation=False)

    @api.model
    def _cs_matter_of(self, res_model, res_id):
        """The matter, if it is one and the user may change it."""
        known = self.env["cs.business.type"]._cs_models(active=False)
        if res_model not in {model._name for _type, model in known}:
            raise UserError(self.env._("This has no clocks."))
        matter = self.env[res_model].browse(res_id).exists()
        if not matter:
            raise UserError(self.env._("The document does not exist any more."))
        matter.check_access("write")
        return matter

    def _cs_matter(self):
        self.ensure_one()
        return self._cs_matter_of(self.res_model, self.res_id)

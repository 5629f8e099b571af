from odoo import api, models

#: Files of these are for the house alone, whoever makes them.
HOUSE_MODELS = frozenset({"cs.complaint.task"})


class IrAttachment(models.Model):
    """What a department reports stays in the house: photos, the printed report."""

    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [
            {**vals, "cs_internal": True}
            if vals.get("res_model") in HOUSE_MODELS
            else vals
            for vals in vals_list
        ]
        return super().create(vals_list)

from odoo import fields, models


class CsComplaint(models.Model):
    """What departments object to; nothing closes before it is decided."""

    _inherit = "cs.complaint"

    objection_ids = fields.One2many(
        comodel_name="cs.complaint.objection",
        inverse_name="complaint_id",
        string="Objections",
        readonly=True,
    )

    def _cs_open_points(self):
        points = super()._cs_open_points()
        waiting = self.sudo().objection_ids.filtered(lambda row: row.state == "open")
        for objection in waiting:
            decides = self.env._(
                "A manager decides on the objection of %s.",
                objection.department_id.name,
            )
            points.append(objection._cs_name_deciders(decides))
        return points

    def write(self, vals):
        result = super().write(vals)
        if "masked" in vals:
            self.sudo().objection_ids._update({"masked": vals["masked"]})
        return result

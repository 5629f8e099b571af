from odoo import fields, models


class CsComplaintCause(models.Model):
    """Why people complain, in two levels, for statistics and the dashboard."""

    _name = "cs.complaint.cause"
    _description = "Cause of Complaints"
    _parent_store = True
    _order = "sequence, id"
    _rec_name = "complete_name"

    name = fields.Char(required=True, translate=True)
    complete_name = fields.Char(compute="_compute_complete_name")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    parent_id = fields.Many2one(
        comodel_name="cs.complaint.cause",
        string="Belongs To",
        ondelete="restrict",
        index=True,
    )
    parent_path = fields.Char(index=True)

    def _compute_complete_name(self):
        for cause in self:
            names = [cause.parent_id.name, cause.name]
            cause.complete_name = " / ".join(filter(None, names))

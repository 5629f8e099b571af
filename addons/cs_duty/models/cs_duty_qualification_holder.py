from odoo import fields, models


class CsDutyQualificationHolder(models.Model):
    """Who has a qualification, and until when."""

    _name = "cs.duty.qualification.holder"
    _description = "Holder of a Qualification"
    _order = "qualification_id, id"

    profile_id = fields.Many2one(
        comodel_name="cs.duty.profile", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="profile_id.company_id", store=True)
    qualification_id = fields.Many2one(
        comodel_name="cs.duty.qualification",
        required=True,
        index=True,
        ondelete="restrict",
    )
    valid_until = fields.Date(help="Last day. Empty: without limit.")

    _profile_uniq = models.UniqueIndex(
        "(profile_id, qualification_id)", "This qualification is there already."
    )

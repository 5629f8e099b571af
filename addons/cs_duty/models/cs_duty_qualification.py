from odoo import fields, models


class CsDutyQualification(models.Model):
    """Something a person must have learned, or hold a certificate of, for a shift."""

    _name = "cs.duty.qualification"
    _description = "Qualification for Shifts"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)

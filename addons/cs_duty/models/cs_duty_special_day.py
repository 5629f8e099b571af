from odoo import fields, models


class CsDutySpecialDay(models.Model):
    """A day that wants more people, as holidays do (特殊情况)."""

    _name = "cs.duty.special.day"
    _description = "Special Day"
    _order = "date desc"

    date = fields.Date(required=True)
    name = fields.Char(required=True, translate=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )

    _date_uniq = models.UniqueIndex(
        "(company_id, date)", "This day is a special one already."
    )

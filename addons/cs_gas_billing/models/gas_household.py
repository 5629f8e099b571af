from odoo import api, fields, models


class GasHousehold(models.Model):
    """Registered persons of a household from a day on 多人口基数.

    More persons than the tariff's base raise the tiers of the year.
    """

    _name = "gas.household"
    _description = "Registered Persons"
    _order = "service_point_id, date_from"
    _check_company_auto = True

    service_point_id = fields.Many2one(
        comodel_name="gas.service.point", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="service_point_id.company_id", store=True, index=True, precompute=True
    )
    date_from = fields.Date(string="From", required=True)
    persons = fields.Integer(required=True)
    evidence = fields.Char(help="Which document was shown, e.g. the residence booklet.")

    _persons_positive = models.Constraint(
        "CHECK (persons >= 0)", "The number of persons can't be negative."
    )
    _day_uniq = models.UniqueIndex(
        "(service_point_id, date_from)",
        "The number of persons is already registered from this day.",
    )

    @api.depends("persons", "date_from")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.persons} ({row.date_from})"

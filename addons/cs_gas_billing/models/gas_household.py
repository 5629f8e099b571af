from odoo import api, fields, models
from odoo.exceptions import UserError


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

    # === CRUD ===#

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._propose_corrections()
        return rows

    def write(self, vals):
        self._check_same_point(vals)
        changes = {"date_from", "persons"} & vals.keys()
        before = self._get_first_affected_bills() if changes else {}
        result = super().write(vals)
        if changes:
            self._propose_corrections(before)
        return result

    def _check_same_point(self, vals):
        point_id = vals.get("service_point_id")
        if point_id and any(row.service_point_id.id != point_id for row in self):
            raise UserError(
                self.env._(
                    "Persons stay with their service point. Register them at the other "
                    "one instead."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        affected = self._get_first_affected_bills()
        for row in self:
            if row.service_point_id in affected:
                raise UserError(
                    self.env._(
                        "Bills were made with %(persons)s persons from %(day)s on. "
                        "Register the right number instead of deleting this one.",
                        persons=row.persons,
                        day=row.date_from,
                    )
                )

    # === BUSINESS ===#

    def _propose_corrections(self, before=()):
        """A change that reaches into billed time proposes what the bills become.

        The new number counts for coming bills at once; posted ones are changed by the
        approved correction only.

        :param dict before: {point: first bill affected by what was registered before}
        """
        affected = self._get_first_affected_bills()
        for point in before:
            first = affected.get(point, before[point])
            affected[point] = min(first, before[point], key=_age)
        for point, bill in affected.items():
            rows = self.filtered(lambda row, point=point: row.service_point_id == point)
            self._propose_correction(bill, rows)

    def _propose_correction(self, bill, rows):
        corrections = self.env["gas.correction"]
        waiting = corrections.sudo().search(
            [
                ("service_point_id", "=", bill.service_point_id.id),
                ("kind", "=", "persons"),
                ("state", "=", "draft"),
            ],
            limit=1,
        )
        if waiting:
            waiting.bill_id = min(waiting.bill_id, bill, key=_age)
            return
        correction = corrections.sudo().create(
            {
                "kind": "persons",
                "bill_id": bill.id,
                "reason": self.env._(
                    "Persons: %s", ", ".join(rows.mapped("display_name"))
                ),
            }
        )
        if not correction.changed_count and not correction.problem:
            correction.unlink()

    def _get_first_affected_bills(self):
        """Return {point: its first posted bill of the years the rows reach into}."""
        first_days = {}
        for row in self:
            day = row.date_from.replace(month=1, day=1)
            known = first_days.get(row.service_point_id, day)
            first_days[row.service_point_id] = min(known, day)
        if not first_days:
            return {}
        bills = (
            self.env["gas.bill"]
            .sudo()
            .search(
                [
                    ("service_point_id", "in", self.service_point_id.ids),
                    ("state", "=", "posted"),
                    ("kind", "=", "actual"),
                    ("date_to", ">=", min(first_days.values())),
                ],
                order="date_to, id",
            )
        )
        found = {}
        for bill in bills:
            point = bill.service_point_id
            if bill.date_to >= first_days[point]:
                found.setdefault(point, bill)
        return found


def _age(bill):
    return bill.date_to, bill.id

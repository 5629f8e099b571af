from odoo import api, fields, models
from odoo.fields import Domain


class CsPremisesParty(models.Model):
    """Who owned, rented, lived at or paid for premises, from when to when."""

    _name = "cs.premises.party"
    _description = "Premises Party"
    _order = "premises_id, date_from desc, id desc"
    _check_company_auto = True

    premises_id = fields.Many2one(
        comodel_name="cs.premises",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="premises_id.company_id", store=True, precompute=True, index=True
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
    )
    role = fields.Selection(
        selection=[
            ("owner", "Owner"),
            ("tenant", "Tenant"),
            ("occupant", "Occupant"),
            ("holder", "Account Holder"),
        ],
        required=True,
        default="owner",
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: self.env.company._cs_today(),
    )
    date_to = fields.Date(string="To", help="Last day; empty while it lasts.")
    is_current = fields.Boolean(
        string="Current", compute="_compute_is_current", search="_search_is_current"
    )
    note = fields.Char()

    _check_dates = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)",
        "The last day is before the first one.",
    )
    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (premises_id WITH =, partner_id WITH =, role WITH =, "
        "daterange(date_from, date_to, '[]') WITH &&)",
        "This customer already has this role at these premises on these days.",
    )

    @api.depends("date_from", "date_to", "company_id")
    def _compute_is_current(self):
        for party in self:
            day = (party.company_id or self.env.company)._cs_today()
            party.is_current = bool(
                party.date_from
                and party.date_from <= day
                and (not party.date_to or party.date_to >= day)
            )

    def _search_is_current(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._on_domain(self.env.company._cs_today())

    @api.depends("partner_id", "role")
    def _compute_display_name(self):
        roles = dict(self._fields["role"]._description_selection(self.env))
        for party in self:
            role = roles.get(party.role, "")
            party.display_name = f"{party.partner_id.display_name} ({role})"

    @api.model
    def _on(self, premises, day, role=None):
        domain = Domain("premises_id", "in", premises.ids) & self._on_domain(day)
        if role:
            domain &= Domain("role", "=", role)
        return self.search(domain)

    @api.model
    def _on_domain(self, day):
        return Domain("date_from", "<=", day) & (
            Domain("date_to", "=", False) | Domain("date_to", ">=", day)
        )

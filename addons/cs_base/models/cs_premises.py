from odoo import api, fields, models

from ..tools import address

PARTS = ("area", "community", "building", "unit", "room")


class CsPremises(models.Model):
    """A flat, shop or house: where customers live and where work is done."""

    _name = "cs.premises"
    _description = "Premises"
    _order = "full_address, id"
    _rec_name = "full_address"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    code = fields.Char(string="Premises No.", index="btree_not_null", copy=False)
    area = fields.Char(index="btree_not_null")
    community = fields.Char(required=True, help="Community, or street and number.")
    building = fields.Char()
    unit = fields.Char()
    room = fields.Char()
    full_address = fields.Char(
        string="Address",
        compute="_compute_full_address",
        store=True,
        precompute=True,
        index="trigram",
    )
    building_type = fields.Selection(
        selection=[
            ("multi_storey", "Multi-storey"),
            ("high_rise", "High-rise"),
            ("villa", "Villa"),
            ("other", "Other"),
        ],
        required=True,
        default="other",
    )
    occupancy = fields.Selection(
        selection=[
            ("occupied", "Occupied"),
            ("let", "Let"),
            ("vacant", "Vacant"),
            ("fit_out", "Fit-out"),
            ("unsold", "Not Handed Over"),
        ],
        required=True,
        default="occupied",
    )
    steward_id = fields.Many2one(
        comodel_name="res.users",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        index="btree_not_null",
        help="Who looks after these premises.",
    )
    party_ids = fields.One2many(
        comodel_name="cs.premises.party",
        inverse_name="premises_id",
        string="Parties",
    )
    note = fields.Text()
    active = fields.Boolean(default=True)

    _address_uniq = models.UniqueIndex(
        "(company_id, full_address)",
        "These premises exist already: same address in the same company.",
    )
    _code_uniq = models.UniqueIndex(
        "(company_id, code) WHERE code IS NOT NULL",
        "This premises number is taken.",
    )
    _community_idx = models.Index("(company_id, community, building)")

    @api.depends(*PARTS)
    def _compute_full_address(self):
        for premises in self:
            premises.full_address = address.full_address(
                *(premises[part] for part in PARTS)
            )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._clean(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._clean(vals))

    @staticmethod
    def _clean(vals):
        """Full-width signs and spaces never make two addresses of one."""
        cleaned = {
            part: address.clean(vals[part]) or False for part in PARTS if part in vals
        }
        return {**vals, **cleaned}

    @api.model
    def _cs_find_or_create(self, vals_list):
        """Premises for each of ``vals_list`` by address, in batch; in their order.

        Values beside the address count for new premises only.
        """
        keys = []
        for vals in vals_list:
            company = vals.get("company_id") or self.env.company.id
            line = address.full_address(*(vals.get(part) for part in PARTS))
            keys.append((company, line))
        known = self._by_address(keys)
        missing = {}
        for key, vals in zip(keys, vals_list, strict=True):
            if key not in known:
                missing.setdefault(key, {**vals, "company_id": key[0]})
        known.update(zip(missing, self.create(list(missing.values())), strict=True))
        return self.browse([known[key].id for key in keys])

    def _by_address(self, keys):
        domain = [
            ("company_id", "in", list({company for company, _line in keys})),
            ("full_address", "in", list({line for _company, line in keys})),
        ]
        found = self.with_context(active_test=False).search_fetch(
            domain, ["company_id", "full_address"]
        )
        return {(p.company_id.id, p.full_address): p for p in found}

    def _cs_parties_on(self, day, role=None):
        """Who had a role at these premises on ``day``."""
        return self.env["cs.premises.party"]._on(self, day, role)

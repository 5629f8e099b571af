from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools import masking, phone, pinyin

PERSONAL = "cs_base.group_personal_data"
#: Why somebody may look at a full phone or identity number.
REVEAL_REASONS = [
    ("call", "Call the Customer"),
    ("identify", "Check the Identity"),
    ("visit", "Visit on Site"),
    ("complaint", "Handle a Complaint"),
    ("billing", "Billing and Collection"),
    ("legal", "Legal Request"),
]
#: Fields whose change is logged, and which exports mask.
PERSONAL_FIELDS = ("phone", "cs_id_number")
EXPORT_MASKED = ("phone", "phone_sanitized")
#: Fewer digits than this say too little to search phone numbers by.
MIN_SUFFIX = 3


class ResPartner(models.Model):
    _inherit = "res.partner"

    cs_pinyin = fields.Char(
        string="Pinyin Initials", compute="_compute_cs_pinyin", store=True
    )
    cs_phone_ids = fields.One2many(
        comodel_name="cs.phone.number",
        inverse_name="partner_id",
        string="Phone Numbers",
    )
    cs_phone_masked = fields.Char(
        string="Phone (Masked)",
        compute="_compute_cs_phone_masked",
        inverse="_inverse_cs_phone_masked",
    )
    cs_id_number = fields.Char(string="ID Number", groups=PERSONAL, copy=False)
    cs_id_number_masked = fields.Char(
        string="ID Number (Masked)",
        compute="_compute_cs_id_number_masked",
        inverse="_inverse_cs_id_number_masked",
        compute_sudo=True,
    )
    cs_credit_class = fields.Selection(
        selection=[
            ("a", "A – Excellent"),
            ("b", "B – Good"),
            ("c", "C – Watch"),
            ("d", "D – Poor"),
        ],
        string="Credit Class",
        index="btree_not_null",
        tracking=True,
    )
    cs_care_tag_ids = fields.Many2many(comodel_name="cs.care.tag", string="Care Tags")
    cs_premises_party_ids = fields.One2many(
        comodel_name="cs.premises.party",
        inverse_name="partner_id",
        string="Premises",
    )
    cs_search = fields.Char(
        string="Name, Pinyin or Phone", store=False, search="_search_cs_search"
    )

    _cs_pinyin_idx = models.Index("(cs_pinyin text_pattern_ops)")
    _cs_name_prefix_idx = models.Index("(name text_pattern_ops)")
    _cs_name_part_idx = models.Index(
        lambda registry: (
            f"USING gin (({registry.unaccent('name')}) gin_trgm_ops)"
            if registry.has_trigram
            else ""
        )
    )

    # === COMPUTE === #

    @api.depends("name", "is_company")
    def _compute_cs_pinyin(self):
        for partner in self:
            partner.cs_pinyin = (
                pinyin.initials(partner.name, not partner.is_company) or False
            )

    @api.depends("phone")
    def _compute_cs_phone_masked(self):
        for partner in self:
            partner.cs_phone_masked = masking.mask_phone(partner.phone)

    def _inverse_cs_phone_masked(self):
        for partner in self:
            partner.phone = partner.cs_phone_masked

    @api.depends("cs_id_number")
    def _compute_cs_id_number_masked(self):
        for partner in self:
            partner.cs_id_number_masked = masking.mask_id_number(partner.cs_id_number)

    def _inverse_cs_id_number_masked(self):
        """Whoever opens an account may enter the number without seeing it later."""
        for partner in self:
            typed = phone.normalize(partner.cs_id_number_masked)
            partner_sudo = partner.sudo()
            if typed == masking.mask_id_number(partner_sudo.cs_id_number):
                continue
            if masking.is_masked(typed):
                raise UserError(
                    self.env._("Enter the whole number, not the masked one.")
                )
            partner_sudo.cs_id_number = typed

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create([self._cs_unmasked(vals) for vals in vals_list])
        masked = [bool(vals.get("cs_phone_masked")) for vals in vals_list]
        fresh = [p.id for p, done in zip(partners, masked, strict=True) if not done]
        self.env["cs.phone.number"]._add(partners.browse(fresh))
        return partners

    def write(self, vals):
        vals = self._cs_unmasked(vals)
        changed = [name for name in PERSONAL_FIELDS if name in vals]
        result = super().write(vals)
        if "phone" in changed:
            self._cs_sync_phone_numbers()
        if changed:
            self.env["cs.event"]._cs_log("partner.write", self, fields=changed)
        return result

    def _cs_unmasked(self, vals):
        """Leave out a masked number that comes back, as from an edited export."""
        if not masking.is_masked(vals.get("phone")):
            return vals
        typed = vals["phone"]
        vals = {name: value for name, value in vals.items() if name != "phone"}
        if not self or any(masking.mask_phone(p.phone) != typed for p in self):
            raise UserError(self.env._("Enter the whole number, not the masked one."))
        return vals

    def _cs_sync_phone_numbers(self):
        """Bring ``cs.phone.number`` in line with the phone field."""
        self.env["cs.phone.number"]._replace(self)

    # === SEARCH === #

    @api.model
    def _search_cs_search(self, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        terms = [value] if isinstance(value, str | bool) else value
        return Domain.OR(
            Domain.OR(self._cs_search_domains(str(term).strip("%")))
            for term in terms
            if term
        )

    @api.model
    def _cs_search_domains(self, term):
        """What ``term`` may mean, the most likely first; each uses an index."""
        text = phone.normalize(term)
        if not text:
            return []
        digits = phone.only_digits(text)
        domains = []
        if len(digits) >= MIN_SUFFIX and not any(sign.isalpha() for sign in text):
            numbers = self.env["cs.phone.number"].sudo()
            query = numbers._search(numbers._suffix_domain(digits))
            domains.append(Domain("id", "in", query.subselect("partner_id")))
            domains.append(Domain("ref", "=", text))
        if text.isascii() and text.isalnum() and not text.isdigit():
            domains.append(Domain("cs_pinyin", "=like", f"{text.lower()}%"))
        domains.append(Domain("name", "=like", f"{text}%"))
        domains.append(Domain("name", "ilike", text))
        return domains

    @api.model
    def _cs_search_term(self, term, limit=20):
        """Customers by name, pinyin initials or the end of a phone number.

        Each meaning of the term is asked for by itself, so that the database uses
        the index of each; the search stops as soon as there are enough.
        """
        found = self.browse()
        for domain in self._cs_search_domains(term):
            query = self._search(
                domain & Domain("id", "not in", found.ids), limit=limit - len(found)
            )
            found += self.browse(query)
            if len(found) >= limit:
                break
        return found

    # === PERSONAL DATA === #

    def action_cs_reveal(self, reason):
        """Return the full numbers of a customer and log who looked and why."""
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group(PERSONAL):
            raise UserError(
                self.env._("Full numbers are shown to the personal data group only.")
            )
        if reason not in dict(REVEAL_REASONS):
            raise UserError(self.env._("Choose a reason for seeing the numbers."))
        self.env["cs.event"]._cs_log(
            "partner.reveal",
            self,
            fields=PERSONAL_FIELDS,
            details={"reason": reason},
        )
        return {
            "phones": self.sudo().cs_phone_ids.mapped("raw"),
            "id_number": self.sudo().cs_id_number or "",
        }

    def export_data(self, fields_to_export):
        result = super().export_data(fields_to_export)
        self.env["cs.event"]._cs_log(
            "partner.export",
            self.browse(),
            fields=[name for name in fields_to_export if "/" not in name],
            details={"count": len(self)},
        )
        return result

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        rows = super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)
        columns = [
            index
            for index, path in enumerate(fields)
            if len(path) == 1 and path[0] in EXPORT_MASKED
        ]
        if columns and not self.env.user.has_group(PERSONAL):
            for row in rows:
                for column in columns:
                    if isinstance(row[column], str):
                        row[column] = masking.mask_phone(row[column])
        return rows

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.cs_base.tools import masking
from odoo.addons.cs_base.tools import phone as phone_tools

PERSONAL = "cs_base.group_personal_data"
#: Fewer digits than this say too little to search phone numbers by.
MIN_DIGITS = 3


class CsComplaintIdentity(models.Model):
    """Who complains: beside the case, as who may know him differs from who may
    read the case.

    Its record rules decide who that is. Rows are written by ``cs.complaint`` only,
    after it asked whether the user may know the person.
    """

    _name = "cs.complaint.identity"
    _description = "Complainant"
    _rec_name = "complaint_id"

    complaint_id = fields.Many2one(
        comodel_name="cs.complaint", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, precompute=True, index=True
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        index="btree_not_null",
        ondelete="set null",
    )
    name = fields.Char(
        index="trigram", help="As he gave it, whether he is a customer or not."
    )
    anonymous = fields.Boolean(help="He didn't say who he is.")
    phone = fields.Char(string="Full Phone Number", groups=PERSONAL)
    phone_masked = fields.Char(
        string="Phone", compute="_compute_phone_masked", compute_sudo=True
    )
    phone_key = fields.Char(
        compute="_compute_phone_key",
        store=True,
        precompute=True,
        index="btree_not_null",
        groups=PERSONAL,
        export_string_translation=False,
    )
    address = fields.Char()
    premises_id = fields.Many2one(
        comodel_name="cs.premises",
        help="Of a masked person; otherwise the premises stand on the case.",
    )

    _complaint_uniq = models.UniqueIndex(
        "(complaint_id)", "A case has one complainant."
    )
    _phone_part_idx = models.Index("USING gin (phone_key gin_trgm_ops)")

    @api.depends("phone")
    def _compute_phone_masked(self):
        for identity in self:
            identity.phone_masked = masking.mask_phone(identity.phone)

    @api.depends("phone")
    def _compute_phone_key(self):
        for identity in self:
            identity.phone_key = self._cs_phone_key(identity.phone) or False

    @api.model
    def _cs_phone_key(self, text):
        """One form for all ways to write a number; empty if there is none.

        :param text: the first number of it counts
        """
        parts = phone_tools.split(text)
        if not parts:
            return ""
        number = phone_tools.parse(parts[0])
        return number.e164 or number.digits

    def _cs_label(self):
        """The person in one line, for who may know him."""
        self.ensure_one()
        identity = self.sudo()
        name = identity.partner_id.name or identity.name
        if not name and identity.anonymous:
            name = self.env._("Anonymous")
        return " · ".join(filter(None, (name, identity.phone_masked)))

    @api.model
    def _cs_term_domain(self, term):
        """Rows whose person may be meant by ``term``: a name, pinyin or a phone.

        Rights are those of whoever searches: the rules of these rows come on top.
        """
        partners = self.env["res.partner"]
        found = Domain.OR(partners._cs_search_domains(term))
        query = partners._search(found)
        domain = Domain("partner_id", "in", query.subselect())
        domain |= Domain("name", "ilike", term)
        digits = phone_tools.only_digits(term)
        if len(digits) >= MIN_DIGITS:
            rows = self.sudo()._search(Domain("phone_key", "=like", f"%{digits}"))
            domain |= Domain("id", "in", rows.subselect())
        return domain

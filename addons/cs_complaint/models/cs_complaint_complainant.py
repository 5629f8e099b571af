from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.cs_base.tools import masking
from odoo.addons.cs_base.tools import phone as phone_tools

#: Field of the case: field of ``cs.complaint.identity`` it shows.
SHOWN = {
    "complainant_partner_id": "partner_id",
    "complainant_name": "name",
    "complainant_phone": "phone_masked",
    "complainant_address": "address",
    "anonymous": "anonymous",
}
HIDDEN = "***"


class CsComplaintComplainant(models.Model):
    """Who complains, on the form of the case.

    These fields show the row of ``cs.complaint.identity`` to those who may read it and
    are empty for everybody else. They aren't stored, so nothing can be searched,
    sorted or grouped by them; ``complainant_search`` asks the rows by their rules.
    """

    _inherit = "cs.complaint"

    complainant_partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        compute="_compute_complainant",
        inverse="_inverse_complainant",
    )
    complainant_name = fields.Char(
        string="Name",
        compute="_compute_complainant",
        inverse="_inverse_complainant",
        help="Of somebody who isn't a customer, or who speaks for him.",
    )
    complainant_phone = fields.Char(
        string="Phone",
        compute="_compute_complainant",
        inverse="_inverse_complainant",
        help="Where he can be reached. To change it, type the new number over it.",
    )
    complainant_address = fields.Char(
        string="Address", compute="_compute_complainant", inverse="_inverse_complainant"
    )
    anonymous = fields.Boolean(
        compute="_compute_complainant",
        inverse="_inverse_complainant",
        help="He doesn't say who he is.",
    )
    complainant_display = fields.Char(
        string="Complainant", compute="_compute_complainant_display"
    )
    complainant_known = fields.Boolean(
        compute="_compute_complainant_display", export_string_translation=False
    )
    complainant_search = fields.Char(
        string="Customer, Phone or Name of Complainant",
        store=False,
        search="_search_complainant_search",
    )

    # === READ === #

    def _cs_identities(self):
        """Rows the user may read, by case: ``{case id: identity}``."""
        identities = self.env["cs.complaint.identity"]
        if not identities.has_access("read"):
            return {}
        rows = identities.search([("complaint_id", "in", self._origin.ids)])
        return {row.sudo().complaint_id.id: row for row in rows}

    @api.depends("masked")
    @api.depends_context("uid", "lang")
    def _compute_complainant(self):
        rows = self._cs_identities() if self._origin else {}
        nobody = self.env["cs.complaint.identity"]
        for case in self:
            row = rows.get(case._origin.id, nobody)
            for name, source in SHOWN.items():
                case[name] = row[source]

    @api.depends("masked")
    @api.depends_context("uid", "lang")
    def _compute_complainant_display(self):
        rows = self._cs_identities() if self._origin else {}
        nobody = self.env["cs.complaint.identity"]
        for case in self:
            row = rows.get(case._origin.id, nobody)
            case.complainant_known = bool(row) or not case.masked or self.env.su
            case.complainant_display = (
                row._cs_label()
                if row
                else (HIDDEN if case.masked and not self.env.su else "")
            )

    @api.model
    def _search_complainant_search(self, operator, value):
        """Cases by customer, phone or name, through the rows the user may read."""
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        terms = [value] if isinstance(value, str) else value
        identities = self.env["cs.complaint.identity"]
        domain = Domain.OR(
            identities._cs_term_domain(str(term).strip("%")) for term in terms if term
        )
        return Domain("id", "in", identities._search(domain).subselect("complaint_id"))

    # === WRITE === #

    def _inverse_complainant(self):
        for case in self:
            vals = {name: case[name] for name in SHOWN}
            case._cs_identify(
                {
                    "partner_id": vals["complainant_partner_id"].id,
                    "name": vals["complainant_name"],
                    "phone": vals["complainant_phone"],
                    "address": vals["complainant_address"],
                    "anonymous": vals["anonymous"],
                }
            )

    def _cs_identify(self, vals):
        """Write down who complains, if the user may know him.

        :param vals: of ``cs.complaint.identity``; ``phone`` as it was typed, or masked
            as it was shown
        :raise AccessError: somebody is known already whom the user may not know
        """
        self.ensure_one()
        rows = self.env["cs.complaint.identity"]
        row_sudo = rows.sudo().search([("complaint_id", "=", self.id)])
        row = row_sudo.with_env(self.env)
        if row and not row.has_access("read"):
            raise AccessError(
                self.env._("You may not know who complains in %s.", self.display_name)
            )
        vals = self._cs_identity_vals(row_sudo, vals)
        changed = sorted(
            name for name, value in vals.items() if _plain(row_sudo[name]) != value
        )
        if row and changed:
            row_sudo.write({name: vals[name] for name in changed})
            self.env["cs.event"]._cs_log("complaint.identity", row, changed)
        elif changed:
            row_sudo.create({**vals, "complaint_id": self.id})
        self.invalidate_recordset([*SHOWN, "complainant_display", "identity_ids"])

    def _cs_identity_vals(self, row, vals):
        """Values to store: a shown phone is the one known, a customer has a name.

        :param row: the row with sudo, empty for a new one
        """
        vals = dict(vals)
        if vals.get("anonymous"):
            vals.update(partner_id=False, name=False)
        partner = self.env["res.partner"].browse(vals.get("partner_id"))
        if "phone" in vals:
            vals["phone"] = self._cs_whole_phone(row, partner, vals["phone"])
        if partner and partner != row.partner_id:
            if not vals.get("name") or vals["name"] == row.partner_id.name:
                vals["name"] = partner.sudo().name
            vals["phone"] = vals.get("phone") or partner.sudo().phone
        return {name: value or False for name, value in vals.items()}

    def _cs_whole_phone(self, row, partner, typed):
        """The number meant by what stands in the field: typed, or shown masked."""
        typed = phone_tools.normalize(typed)
        if not masking.is_masked(typed):
            return typed
        contact = self.sudo().interaction_id
        for known in (row.phone, contact.phone, partner.sudo().phone):
            if known and masking.mask_phone(known) == typed:
                return known
        raise UserError(self.env._("Enter the whole number, not the masked one."))

    # === FORM === #

    @api.onchange("complainant_partner_id")
    def _onchange_complainant_partner_id(self):
        """A customer brings his phone, and his premises if there is one only."""
        partner = self.complainant_partner_id
        if not partner:
            return
        self.anonymous = False
        self.complainant_name = partner.name
        given = self.env.context.get("default_complainant_phone")
        if not given or self.complainant_phone != given:
            self.complainant_phone = partner.cs_phone_masked
        if not self.premises_id:
            today = self.env.company._cs_today()
            parties = self.env["cs.premises.party"]
            domain = Domain("partner_id", "=", partner.id) & parties._on_domain(today)
            places = parties.search(domain, limit=2).premises_id
            if len(places) == 1:
                self.premises_id = places

    @api.onchange("anonymous")
    def _onchange_anonymous(self):
        if self.anonymous:
            self.complainant_partner_id = False
            self.complainant_name = False


def _plain(value):
    """A field's value as it is written: the id of a record."""
    return value.id if isinstance(value, models.BaseModel) else value

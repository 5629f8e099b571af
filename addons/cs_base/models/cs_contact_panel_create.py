from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools import panel_term, phone

PARTS = ("community", "building", "unit", "room")
#: Duplicates shown before somebody is created all the same.
SHOWN = 5


class CsContactPanelCreate(models.AbstractModel):
    """A customer nobody knew yet: made of what was typed into the search."""

    _inherit = "cs.contact.panel"

    @api.model
    def guess(self, term):
        """Sort what was typed into name, phone and parts of the address."""
        self._check_role()
        return panel_term.guess(str(term or ""))

    @api.model
    def create_customer(self, vals, force=False):
        """Create a person, premises or both, unless they seem to be there already.

        :param vals: ``name``, ``phone``, ``community``, ``building``, ``unit``,
            ``room``, ``role`` of the person at the premises
        :param force: the user saw the similar ones and it is somebody else
        :return: ``{"similar": rows}`` or ``{"partner_id": …, "premises_id": …}``
        """
        self._check_role()
        vals = self._dict(vals)
        typed = {
            name: str(vals.get(name) or "").strip()
            for name in ("name", "phone", "role", *PARTS)
        }
        roles = self.env["cs.premises.party"]._fields["role"].get_values(self.env)
        if typed["role"] and typed["role"] not in roles:
            raise UserError(self.env._("Choose what the person is at the premises."))
        if not typed["name"] and not typed["community"]:
            raise UserError(self.env._("Enter a name or an address."))
        if typed["building"] + typed["unit"] + typed["room"] and not typed["community"]:
            raise UserError(self.env._("Enter the community or street as well."))
        if not force and typed["name"] and (similar := self._similar(typed)):
            hits = {"people": similar, "premises": self.env["cs.premises"]}
            rows = self._card()._hits({**hits, "matters": []})
            return {"similar": rows}
        premises = self._make_premises(typed)
        partner = self._make_partner(typed)
        if partner and premises:
            self.env["cs.premises.party"].create(
                {
                    "premises_id": premises.id,
                    "partner_id": partner.id,
                    "role": typed["role"] or "owner",
                }
            )
        return {"partner_id": partner.id, "premises_id": premises.id}

    def _similar(self, typed):
        """Customers with this phone number, or of this name at this address."""
        partners = self.env["res.partner"]
        found = partners
        digits = phone.only_digits(typed["phone"])
        if len(digits) >= panel_term.PHONE_DIGITS:
            numbers = self.env["cs.phone.number"].sudo()
            query = numbers._search(numbers._suffix_domain(digits), limit=SHOWN)
            found |= partners.search(
                Domain("id", "in", query.subselect("partner_id")), limit=SHOWN
            )
        found |= partners.search(
            [("name", "=", typed["name"]), ("parent_id", "=", False)],
            limit=SHOWN,
        )
        return found[:SHOWN]

    def _make_premises(self, typed):
        premises = self.env["cs.premises"]
        if not typed["community"]:
            return premises
        parts = {part: typed[part] or False for part in PARTS}
        return premises._cs_find_or_create([parts])

    def _make_partner(self, typed):
        partners = self.env["res.partner"]
        if not typed["name"]:
            return partners
        vals = {"name": typed["name"]}
        if typed["phone"]:
            vals["cs_phone_masked"] = phone.normalize(typed["phone"])
        return partners.create(vals)

from odoo import api, models

from odoo.addons.cs_base.models.cs_contact_panel_search import PEOPLE, PLACES
from odoo.addons.cs_base.tools import panel_term

from ..tools.hallterm import escape_like, read_term

#: A shorter beginning of a number says too little.
MIN_SIGNS = 4


class CsContactPanelSearch(models.AbstractModel):
    """Customers by their account number or by the number on their meter.

    Both stand on every bill and people read them out, so that whoever works at the
    panel may look for them, also without a role in gas billing: what he sees of the
    customer and the premises is what he may read anyway.
    """

    _inherit = "cs.contact.panel.search"

    @api.model
    def _find(self, text):
        found = super()._find(text)
        accounts = self._gas_accounts(panel_term.read_term(text))
        if not accounts:
            return found
        partners = self._readable(accounts.partner_id) | found["people"]
        premises = accounts.service_point_id.premises_id
        premises = self._readable(premises) | found["premises"]
        return {**found, "people": partners[:PEOPLE], "premises": premises[:PLACES]}

    @api.model
    def _readable(self, records):
        return records.with_env(self.env)._filtered_access("read")

    @api.model
    def _gas_accounts(self, term):
        """Accounts whose number, or whose meter's, is or begins with the term."""
        accounts = self.env["gas.account"].sudo()
        if not term.is_code or " " in term.text:
            return accounts
        hall = self.env["gas.hall.search"].sudo()
        for queries in self._gas_queries(term.text):
            if found := hall._collect(queries, PLACES):
                return accounts.browse(found)
        return accounts

    @api.model
    def _gas_queries(self, text):
        """Two lists of (meaning, query), each by an index: whole number, beginning."""
        hall = self.env["gas.hall.search"]
        companies = self.env.companies
        exact = [
            one
            for company in companies
            for one in hall._exact_queries(read_term(text), company)
            if one[0] != "bill"
        ]
        if len(text) < MIN_SIGNS:
            return [exact]
        prefix = f"{escape_like(text.upper())}%"
        begins = [("account", hall._by_code(prefix, one)) for one in companies]
        return [exact, begins]

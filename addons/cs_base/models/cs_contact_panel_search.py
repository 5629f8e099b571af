from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import panel_term

#: How many of each kind the panel shows.
PEOPLE, PLACES, NUMBERS = 12, 8, 8
#: A shorter text has no trigram, so that the index on parts of it is of no use.
TRIGRAM = 3


class CsContactPanelSearch(models.AbstractModel):
    """Finds people, premises and matters by whatever a customer says.

    A term is asked for in one meaning after the other, the most likely first, each by
    a query with an index of its own and with the rights of whoever asks; the search
    of a group stops as soon as there are enough.
    """

    _name = "cs.contact.panel.search"
    _description = "Search of the Contact Panel"

    @api.model
    def _find(self, text):
        """Return ``{"people": partners, "premises": …, "matters": [recordsets]}``."""
        term = panel_term.read_term(text)
        partners = self.env["res.partner"]
        premises = self.env["cs.premises"]
        if not term.text:
            return {"people": partners, "premises": premises, "matters": []}
        matters = self._matters(term)
        partners |= partners._cs_find_identity(term, PEOPLE)
        partners = self._collect(partners, self._people(term), PEOPLE)
        return {
            "people": partners,
            "premises": self._collect(premises, self._premises(term), PLACES),
            "matters": matters,
        }

    def _collect(self, found, domains, limit):
        for domain in domains:
            if len(found) >= limit:
                break
            rest = limit - len(found)
            domain &= Domain("id", "not in", found.ids)
            found += found.browse(found._search(domain, limit=rest, order="id"))
        return found

    # === PEOPLE === #

    @api.model
    def _people(self, term):
        """Yield the domains of what the term may mean of a person."""
        text = term.text
        if term.is_code:
            yield Domain("ref", "in", [text, text.upper()])
        if term.is_number and len(term.digits) >= panel_term.MIN_DIGITS:
            yield from self._by_phone(term.digits)
        if term.is_number:
            return
        if term.is_latin:
            pinyin = panel_term.escape_like(text.lower())
            yield Domain("cs_pinyin", "=like", f"{pinyin}%")
        yield Domain("name", "=like", f"{panel_term.escape_like(text)}%")
        if len(term.words) > 1:
            yield from self._by_name_and_address(term.words)
        elif len(text) > 1:
            yield self._part("name", text)

    def _by_phone(self, digits):
        """The end of a number, the whole in another form, or any part of it."""
        numbers = self.env["cs.phone.number"].sudo()
        part = Domain("digits", "=like", f"%{digits}%")
        for domain in (numbers._suffix_domain(digits), part):
            query = numbers._search(domain, limit=4 * PEOPLE, order="id")
            yield Domain("id", "in", query.subselect("partner_id"))

    def _by_name_and_address(self, words):
        """The first or the last word is the name, the others are in the address."""
        premises = self.env["cs.premises"]
        parties = self.env["cs.premises.party"]
        today = self.env.company._cs_today()
        for name, rest in ((words[0], words[1:]), (words[-1], words[:-1])):
            there = Domain.AND(
                self._address(panel_term.address_patterns(word)[-1]) for word in rest
            )
            query = parties._search(
                parties._on_domain(today)
                & Domain("premises_id", "in", premises._search(there).subselect())
            )
            prefix = f"{panel_term.escape_like(name)}%"
            yield Domain("name", "=like", prefix) & Domain(
                "id", "in", query.subselect("partner_id")
            )

    # === PREMISES === #

    @api.model
    def _premises(self, term):
        """Yield the domains of what the term may mean of premises."""
        text = term.text
        if term.is_code:
            yield Domain("code", "in", [text, text.upper()])
        if term.is_latin or (term.is_number and "-" not in text):
            return
        if not term.is_number:
            prefix = f"{panel_term.escape_like(text)}%"
            yield Domain("community", "=like", prefix)
        if len(term.words) > 1:
            yield Domain.AND(
                self._address(panel_term.address_patterns(word)[-1])
                for word in term.words
            )
        if len(text) > 1:
            for pattern in panel_term.address_patterns(text):
                yield self._address(pattern)

    def _address(self, pattern):
        return self._like("full_address", pattern)

    # === MATTERS AND CONTACTS === #

    @api.model
    def _matters(self, term):
        """Matters of any type, and contacts, whose number begins with the term."""
        if not term.is_code or len(term.text) < 4 or " " in term.text:
            return []
        prefix = f"{panel_term.escape_like(term.text.upper())}%"
        by_number = self._like("name", prefix)
        mixin = self.env["cs.matter.mixin"]
        found = mixin._cs_union(lambda model: by_number, NUMBERS)
        found = [some._cs_without_hidden() for some in found]
        contacts = self.env["cs.interaction"].search(by_number, limit=NUMBERS)
        return [some for some in [*found, contacts] if some]

    # === PATTERNS === #

    def _part(self, name, text):
        return self._like(name, f"%{panel_term.escape_like(text)}%")

    def _like(self, name, pattern):
        """Match a part of a text in the form its trigram index is built on.

        Without a run of three signs that index would be read as a whole: reading the
        rows is faster then. Signs without upper and lower case are compared as they
        are, which takes a fraction of the time.
        """
        runs = pattern.replace("\\", "").split("%")
        unaccent = self.env.registry.unaccent
        indexed = max(map(len, runs)) >= TRIGRAM
        operator = SQL("LIKE" if pattern.lower() == pattern.upper() else "ILIKE")

        def condition(model, alias, _query):
            column = SQL.identifier(alias, name)
            if indexed:
                term = unaccent(SQL("%s", pattern))
                return SQL("%s %s %s", unaccent(column), operator, term)
            return SQL("(%s || '') %s %s", column, operator, pattern)

        return Domain.custom(to_sql=condition)

from odoo import api, models
from odoo.tools import SQL

from ..tools.hallterm import (
    MIN_PHONE_DIGITS,
    address_patterns,
    escape_like,
    read_term,
)

#: A shorter text has no trigram, so that the index on parts of it is of no use.
TRIGRAM = 3


class GasHallSearch(models.AbstractModel):
    """Finds gas accounts by whatever a customer says or a scanner reads.

    A term is asked for in one meaning after the other, the most likely first, each
    by a query with an index of its own; the search stops as soon as there are enough.
    What is found exactly (account, meter, bill) ends it at once.
    """

    _name = "gas.hall.search"
    _description = "Hall Search"

    @api.model
    def _find(self, term, company, limit):
        """Return {account id: {"hit": meaning, "bill_id": of a bill number}}."""
        term = read_term(term)
        if not term.text:
            return {}
        if term.bill:
            return self._collect([("bill", self._by_bill(term.bill, company))], limit)
        exact = self._collect(self._exact_queries(term, company), limit)
        if exact:
            return exact
        return self._collect(self._queries(term, company, limit), limit)

    def _collect(self, queries, limit):
        self.env["gas.account"].flush_model(["code", "company_id", "partner_id"])
        found = {}
        for meaning, query in queries:
            rows = self.env.execute_query(SQL("%s LIMIT %s", query, limit))
            for account_id, *rest in rows:
                hit = {"hit": meaning, "bill_id": rest[0] if rest else False}
                found.setdefault(account_id, hit)
            if len(found) >= limit:
                break
        return dict(list(found.items())[:limit])

    def _exact_queries(self, term, company):
        text = term.text
        if not text.isascii():
            return
        yield (
            "account",
            SQL(
                "SELECT id FROM gas_account WHERE company_id = %s AND code IN (%s, %s)",
                company.id,
                text,
                text.upper(),
            ),
        )
        yield "meter", self._by_meter(SQL("= %s", text), company)
        yield "bill", self._by_bill(text, company)

    def _queries(self, term, company, limit):
        """Yield (meaning, query) in the order they are asked."""
        prefix = f"{escape_like(term.text)}%"
        if term.text.isascii():
            yield "account", self._by_code(prefix, company)
            yield "meter", self._by_meter(SQL("LIKE %s", prefix), company)
        if term.is_number and len(term.digits) >= MIN_PHONE_DIGITS:
            yield "phone", self._by_phone(term.digits, company)
        if term.latin and not term.text.isdigit():
            pinyin = f"{term.text.lower()}%"
            yield "name", self._by_name(SQL("p.cs_pinyin LIKE %s", pinyin), company)
        if not term.is_number:
            yield "name", self._by_name(SQL("p.name = %s", term.text), company)
            yield "name", self._by_name(SQL("p.name LIKE %s", prefix), company)
        if len(term.words) > 1:
            yield "address", self._by_words(term.words, company)
            yield from self._by_name_and_address(term.words, company)
        if len(term.text) > 1:
            for pattern in address_patterns(term.text):
                yield "address", self._by_address(pattern, company)
            if not term.is_number:
                yield "name", self._by_name(self._part("p", "name", term.text), company)

    # === ONE MEANING ===#

    def _by_code(self, prefix, company):
        return SQL(
            "SELECT id FROM gas_account WHERE company_id = %s AND code LIKE %s "
            "ORDER BY code USING ~<~",
            company.id,
            prefix,
        )

    def _by_meter(self, condition, company):
        today = company._cs_today()
        return SQL(
            """
            SELECT g.account_id
              FROM gas_meter m
              JOIN gas_meter_install i ON i.meter_id = m.id AND i.date_to IS NULL
              JOIN gas_agreement g ON g.service_point_id = i.service_point_id
               AND g.date_from <= %s AND (g.date_to IS NULL OR g.date_to >= %s)
             WHERE m.serial %s AND m.company_id = %s
            """,
            today,
            today,
            condition,
            company.id,
        )

    def _by_bill(self, name, company):
        return SQL(
            "SELECT account_id, id FROM gas_bill "
            "WHERE company_id = %s AND name = %s AND state = 'posted'",
            company.id,
            name,
        )

    def _by_phone(self, digits, company):
        return SQL(
            """
            SELECT a.id
              FROM cs_phone_number n
              JOIN gas_account a ON a.partner_id = n.partner_id AND a.company_id = %s
             WHERE n.digits_reversed LIKE %s
            """,
            company.id,
            f"{digits[::-1]}%",
        )

    def _by_name(self, condition, company):
        return SQL(
            """
            SELECT a.id
              FROM res_partner p
              JOIN gas_account a ON a.partner_id = p.id AND a.company_id = %s
             WHERE %s
            """,
            company.id,
            condition,
        )

    def _by_address(self, pattern, company):
        return self._at_address(
            self._like(SQL.identifier("pr", "full_address"), pattern), company
        )

    def _by_words(self, words, company):
        """Every word is somewhere in the address."""
        column = SQL.identifier("pr", "full_address")
        return self._at_address(
            SQL(" AND ").join(
                self._like(column, address_patterns(word)[-1]) for word in words
            ),
            company,
        )

    def _by_name_and_address(self, words, company):
        """The first or the last word is the name, the others are in the address."""
        column = SQL.identifier("pr", "full_address")
        for name, rest in ((words[0], words[1:]), (words[-1], words[:-1])):
            conditions = [SQL("p.name LIKE %s", f"{escape_like(name)}%")]
            conditions += [self._like(column, address_patterns(w)[-1]) for w in rest]
            yield "name", self._at_address(SQL(" AND ").join(conditions), company)

    def _at_address(self, condition, company):
        today = company._cs_today()
        return SQL(
            """
            SELECT a.id
              FROM cs_premises pr
              JOIN gas_service_point s ON s.premises_id = pr.id
              JOIN gas_agreement g ON g.service_point_id = s.id
               AND g.date_from <= %s AND (g.date_to IS NULL OR g.date_to >= %s)
              JOIN gas_account a ON a.id = g.account_id AND a.company_id = %s
              JOIN res_partner p ON p.id = a.partner_id
             WHERE pr.company_id = %s AND %s
            """,
            today,
            today,
            company.id,
            company.id,
            condition,
        )

    def _part(self, alias, column, text):
        return self._like(SQL.identifier(alias, column), f"%{escape_like(text)}%")

    def _like(self, column, pattern):
        """Match a part of a text, in the form its trigram index is built on.

        Without a run of three signs that index would be read as a whole: then it is
        kept out, reading the rows is faster. Signs without upper and lower case are
        compared as they are, which takes a fraction of the time.
        """
        runs = pattern.replace("\\", "").split("%")
        if max(map(len, runs)) < TRIGRAM:
            return SQL("(%s || '') LIKE %s", column, pattern)
        unaccent = self.env.registry.unaccent
        operator = SQL("LIKE" if pattern.lower() == pattern.upper() else "ILIKE")
        return SQL("%s %s %s", unaccent(column), operator, unaccent(SQL("%s", pattern)))

import datetime

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.cs_base.tools import masking

#: Rows shown, and looked at, for each reason.
LIMIT = 5
#: Subjects that share this much are taken for the same (ours).
SIMILAR = 0.45
MIN_SUBJECT = 4


class CsComplaintDuplicate(models.Model):
    """Whether somebody complained about the same thing a few days ago.

    Same phone, customer, premises or a similar subject within the company's days.
    What the reader may not read is counted only; masked cases don't even count.
    """

    _inherit = "cs.complaint"

    duplicate_rows = fields.Json(
        string="Perhaps the Same", compute="_compute_duplicate_rows"
    )

    @api.depends(
        "subject",
        "premises_id",
        "complainant_partner_id",
        "complainant_phone",
        "kind",
        "state",
    )
    @api.depends_context("uid", "lang")
    def _compute_duplicate_rows(self):
        for case in self:
            asks = case.state in (False, "new") and case.kind != "corruption"
            if asks and not case.masked and not case.parent_id:
                case.duplicate_rows = case._cs_duplicates()
            else:
                case.duplicate_rows = False

    def _cs_duplicates(self):
        """What may be the same as this case.

        :return: ``{rows: [{id, number, subject, state, received, why, is_open}],
            hidden: how many more}``; False if there is none
        """
        self.ensure_one()
        found = {}
        for why, domain in self._cs_duplicate_domains():
            for case in self.sudo().search(domain, limit=LIMIT, order="id desc"):
                found.setdefault(case.id, []).append(why)
        for case_id in self._cs_similar_ids():
            found.setdefault(case_id, []).append(self.env._("similar subject"))
        if not found:
            return False
        known = self.browse(sorted(found, reverse=True))
        readable = known._filtered_access("read")
        states = dict(self._fields["state"]._description_selection(self.env))
        return {
            "rows": [
                {
                    "id": case.id,
                    "number": case.name,
                    "subject": case.subject,
                    "state": states[case.state],
                    "received": fields.Datetime.to_string(case.received_at),
                    "why": ", ".join(found[case.id]),
                    "is_open": case.is_open,
                    "is_event": case.is_event,
                }
                for case in readable[: 2 * LIMIT]
            ],
            "hidden": len(known - readable),
        }

    def _cs_duplicate_scope(self):
        """Cases among which to look: of this company and the last days, not masked."""
        company = self.company_id or self.env.company
        days = company.sudo().cs_complaint_duplicate_days
        since = fields.Datetime.now() - datetime.timedelta(days=days)
        return (
            Domain("company_id", "=", company.id)
            & Domain("received_at", ">=", since)
            & Domain("masked", "=", False)
            & Domain("parent_id", "=", False)
            & Domain("state", "!=", "merged")
            & Domain("id", "!=", self._origin.id or 0)
        )

    def _cs_duplicate_domains(self):
        """(reason, domain) of the exact searches; each has an index."""
        scope = self._cs_duplicate_scope()
        rows = self.env["cs.complaint.identity"].sudo()
        partner, premises = self.complainant_partner_id, self.premises_id
        if key := rows._cs_phone_key(self._cs_typed_phone()):
            yield (
                self.env._("same phone"),
                scope & Domain("identity_ids.phone_key", "=", key),
            )
        if partner:
            yield (
                self.env._("same customer"),
                scope & Domain("identity_ids.partner_id", "=", partner._origin.id),
            )
        if premises:
            yield (
                self.env._("same premises"),
                scope & Domain("premises_id", "=", premises._origin.id),
            )

    def _cs_typed_phone(self):
        """The phone that stands in the form, as a whole number; empty if unknown."""
        row = (
            self._cs_identity_sudo()
            if self._origin
            else self.env["cs.complaint.identity"].sudo()
        )
        partner = self.complainant_partner_id._origin
        try:
            phone = self._cs_whole_phone(row, partner, self.complainant_phone)
        except UserError:
            return ""
        return "" if masking.is_masked(phone) else phone

    def _cs_similar_ids(self):
        """Ids of cases with a similar subject, by trigrams; the most similar first."""
        subject = (self.subject or "").strip()
        if len(subject) < MIN_SUBJECT:
            return []
        self.env["cs.complaint"].flush_model(["subject"])
        query = self.sudo()._search(self._cs_duplicate_scope())
        column = SQL.identifier(query.table, "subject")
        query.add_where(SQL("%s %% %s", column, subject))
        likeness = SQL("similarity(%s, %s)", column, subject)
        query.add_where(SQL("%s >= %s", likeness, SIMILAR))
        query.order = SQL("%s DESC", likeness)
        query.limit = LIMIT
        return list(query)

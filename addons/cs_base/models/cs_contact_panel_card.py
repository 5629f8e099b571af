from odoo import api, fields, models
from odoo.fields import Domain

#: Rows of each list on the card.
OPEN, HISTORY, VISITS, PREMISES = 20, 10, 5, 10
#: Contacts of a customer that lead to matters which keep the person elsewhere.
CONTACTS = 500


class CsContactPanelCard(models.AbstractModel):
    """What the contact panel shows of a person, premises or contact, as plain values.

    Everything is read with the rights of whoever looks, in a number of queries that
    doesn't grow with the history.
    """

    _name = "cs.contact.panel.card"
    _description = "Card of the Contact Panel"

    def _label(self, record, name):
        labels = dict(record._fields[name]._description_selection(self.env))
        return labels.get(record[name], "")

    # === HITS === #

    @api.model
    def _hits(self, found):
        """Rows of the search: people with their premises, premises with people."""
        people, premises = found["people"], found["premises"]
        domain = Domain("partner_id", "in", people.ids)
        domain |= Domain("premises_id", "in", premises.ids)
        parties = self._parties(domain)
        rows = []
        for partner in people:
            theirs = parties.filtered(lambda one, p=partner: one.partner_id == p)
            rows.append(
                {
                    "kind": "person",
                    "id": partner.id,
                    "name": partner.name or "",
                    "phone": partner.cs_phone_masked or "",
                    "detail": theirs[:1].premises_id.full_address or "",
                    "premises_id": theirs[:1].premises_id.id,
                    "badge": self._label(partner, "cs_credit_class"),
                    "ref": partner.ref or "",
                }
            )
        for place in premises:
            theirs = parties.filtered(lambda one, p=place: one.premises_id == p)
            names = dict.fromkeys(theirs.partner_id.mapped("name"))
            rows.append(
                {
                    "kind": "premises",
                    "id": place.id,
                    "name": place.full_address or "",
                    "phone": "",
                    "detail": "、".join(name for name in names if name),
                    "badge": self._label(place, "occupancy"),
                    "ref": place.code or "",
                }
            )
        for records in found["matters"]:
            if records._name == "cs.interaction":
                rows += [self._contact_hit(contact) for contact in records]
            else:
                rows += [{"kind": "matter", **row} for row in records._cs_panel_rows()]
        return rows

    def _contact_hit(self, contact):
        return {"kind": "contact", **self._contact_row(contact)}

    def _parties(self, domain):
        """Who has to do with which premises today; one query with what is shown."""
        parties = self.env["cs.premises.party"]
        today = self.env.company._cs_today()
        found = parties.search(domain & parties._on_domain(today), limit=200)
        found.partner_id.fetch(["name", "phone"])
        found.premises_id.fetch(["full_address"])
        return found

    # === CARD === #

    @api.model
    def _card(self, partner, premises):
        """Everything about a person and/or premises, as the user may see it."""
        parties = self._parties(Domain("partner_id", "in", partner.ids))
        places = parties.premises_id[:PREMISES]
        if not premises:
            premises = places[:1]
        living = self._parties(Domain("premises_id", "in", premises.ids))
        scope = self.env["cs.premises"] if partner else premises
        contacts = self._contacts(partner, scope)
        is_open = Domain("is_open", "=", True)
        shown, hidden = self._matters(partner, scope, contacts, is_open, OPEN)
        closed, _none = self._matters(
            partner, scope, contacts, ~is_open, HISTORY + 1, count_hidden=False
        )
        history = [self._contact_row(one) for one in contacts[: HISTORY + 1]] + closed
        history.sort(key=lambda row: row["moment"], reverse=True)
        return {
            "partner": self._person(partner) if partner else False,
            "premises": self._place(premises, living) if premises else False,
            "places": [
                {
                    "id": place.id,
                    "address": place.full_address,
                    "roles": self._roles(parties, place),
                }
                for place in places
            ],
            "open": shown,
            "hidden": hidden,
            "history": history[:HISTORY],
            "more": len(history) > HISTORY,
            "visits": self._visits(partner, scope),
        }

    def _roles(self, parties, place):
        theirs = parties.filtered(lambda one: one.premises_id == place)
        return "、".join(dict.fromkeys(self._label(one, "role") for one in theirs))

    def _person(self, partner):
        due = partner._cs_amount_due()
        return {
            "id": partner.id,
            "name": partner.name or "",
            "is_company": partner.is_company,
            "phone": partner.cs_phone_masked or "",
            "phones": [
                {"number": one.masked, "valid": one.valid, "note": one.note or ""}
                for one in partner.cs_phone_ids[:4]
            ],
            "ref": partner.ref or "",
            "id_number": partner.cs_id_number_masked or "",
            "credit": partner.cs_credit_class or "",
            "credit_label": self._label(partner, "cs_credit_class"),
            "tags": partner.cs_care_tag_ids.mapped("display_name"),
            "due": due.get(partner.id, False) if due else False,
        }

    def _place(self, premises, living):
        steward = premises.steward_id.sudo()
        return {
            "id": premises.id,
            "address": premises.full_address or "",
            "code": premises.code or "",
            "occupancy": self._label(premises, "occupancy"),
            "note": premises.note or "",
            "steward": steward.name or "",
            "occupants": [
                {
                    "id": one.partner_id.id,
                    "name": one.partner_id.name or "",
                    "role": self._label(one, "role"),
                    "phone": one.partner_id.cs_phone_masked or "",
                }
                for one in living
            ],
        }

    def _contacts(self, partner, premises):
        """Contacts of the person, or those at the premises; the latest first."""
        contacts = self.env["cs.interaction"]
        name, records = (
            ("partner_id", partner) if partner else ("premises_id", premises)
        )
        if not records:
            return contacts
        return contacts.search([(name, "in", records.ids)], limit=CONTACTS)

    def _matters(self, partner, premises, contacts, extra, limit, count_hidden=True):
        """Rows of the matters the user may read, and how many more there are.

        Those more are other people's business; masked ones don't count at all.
        """
        mixin = self.env["cs.matter.mixin"]

        def domain_of(model):
            domain = model._cs_customer_domain(partner, premises, contacts)
            return domain & extra

        readable = mixin._cs_union(domain_of, limit)
        rows = []
        known = set()
        for matters in readable:
            known |= {(matters._name, res_id) for res_id in matters.ids}
            rows += matters._cs_without_hidden()._cs_panel_rows()
        rows.sort(key=lambda row: row["moment"], reverse=True)
        if not count_hidden:
            return rows, 0
        plain = Domain("masked", "=", False) & Domain(
            "company_id", "in", self.env.companies.ids
        )
        everything = mixin._cs_union(
            lambda model: domain_of(model) & plain, limit, sudo=True
        )
        others = {
            (matters._name, res_id) for matters in everything for res_id in matters.ids
        }
        return rows, len(others - known)

    def _visits(self, partner, premises):
        name, records = (
            ("partner_id", partner) if partner else ("premises_id", premises)
        )
        if not records:
            return []
        domain = [(name, "in", records.ids), ("state", "=", "open")]
        visits = self.env["cs.followup"].search(domain, limit=VISITS)
        now = fields.Datetime.now()
        spans = self.env["cs.clock"]
        return [
            {
                "id": visit.id,
                "kind": self._label(visit, "kind"),
                "subject": visit.subject or "",
                "user": visit.sudo().user_id.name or visit.sudo().team_id.name or "",
                "clock": spans._cs_span_text(visit.due_at, now),
                "tone": self._tone(visit, now),
            }
            for visit in visits
        ]

    def _tone(self, visit, now):
        if visit.due_at < now:
            return "late"
        company = visit.company_id
        same = company._cs_date(visit.due_at) == company._cs_date(now)
        return "today" if same else ""

    # === CONTACT === #

    def _contact_row(self, contact):
        return {
            "model": "cs.interaction",
            "id": contact.id,
            "type": self._label(contact, "channel"),
            "icon": "fa-comment-o",
            "number": contact.name or "",
            "topic": contact.topic or "",
            "summary": contact.outcome or "",
            "owner": contact.sudo().first_owner_id.name or "",
            "state": self._label(contact, "state"),
            "is_open": contact.state != "closed",
            "masked": contact.masked,
            "moment": fields.Datetime.to_string(contact.started),
        }

    @api.model
    def _contact(self, contact):
        """The running contact with what came of it."""
        matters = self.env["cs.matter.mixin"]._cs_union(
            lambda model: [("interaction_id", "=", contact.id)], OPEN
        )
        files = self.env["ir.attachment"].search_fetch(
            [("res_model", "=", contact._name), ("res_id", "=", contact.id)],
            ["name", "mimetype"],
            order="id",
        )
        followups = self.env["cs.followup"].search(
            [("interaction_id", "=", contact.id), ("kind", "=", "callback")]
        )
        local = contact.company_id._cs_to_local
        return {
            "id": contact.id,
            "number": contact.name,
            "channel": contact.channel,
            "direction": contact.direction,
            "running": contact.running,
            "state": contact.state,
            "started": fields.Datetime.to_string(contact.started),
            "partner": self._pair(contact.partner_id),
            "premises": self._pair(contact.premises_id),
            "contact_name": contact.contact_name or "",
            "phone_masked": contact.phone_masked or "",
            "topic": contact.topic or "",
            "content": contact.content or "",
            "outcome": contact.outcome or "",
            "about": contact.about_summary or "",
            "matters": [row for some in matters for row in some._cs_panel_rows()],
            "files": [
                {"id": file.id, "name": file.name, "mimetype": file.mimetype}
                for file in files
            ],
            "callbacks": [
                f"{local(one.due_at):%m-%d %H:%M} {one.subject or ''}".strip()
                for one in followups
                if one.state == "open"
            ],
        }

    def _pair(self, record):
        return {"id": record.id, "name": record.display_name} if record else False

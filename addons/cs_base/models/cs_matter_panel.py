from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CsMatterPanel(models.AbstractModel):
    """What the contact panel shows of matters, of any type and in few queries."""

    _inherit = "cs.matter.mixin"

    # === FOR ROOMS TO EXTEND === #

    @api.model
    def _cs_customer_domain(self, partners, premises, contacts):
        """Domain of the matters of people or premises.

        :param contacts: contacts of these people, for matters that keep the person
            in a model of their own
        """
        domain = Domain.FALSE
        if partners and self._cs_partner_field:
            ours = Domain(self._cs_partner_field, "in", partners.ids)
            domain |= ours & self._cs_domain("customer")
        elif partners:
            ours = Domain("interaction_id", "in", contacts.ids)
            domain |= ours & self._cs_domain("customer")
        if premises:
            ours = Domain("premises_id", "in", premises.ids)
            domain |= ours & self._cs_domain("premises")
        return domain

    def _cs_copy_vals(self):
        """Values of this matter that a new one like it begins with."""
        self.ensure_one()
        return {"premises_id": self.premises_id.id}

    # === PANEL === #

    @api.model
    def _cs_union(self, domain_of, limit, order="id desc", sudo=False):
        """Matters of all types in one query: list of recordsets, by type.

        :param domain_of: function of a model, its domain or None to leave it out
        :param limit: at most so many of each type
        :param sudo: also what the user may not read
        """
        queries = []
        models_by_name = {}
        for _kind, model in self.env["cs.business.type"]._cs_models(active=False):
            if not sudo and not model.has_access("read"):
                continue
            asked = model.sudo() if sudo else model
            domain = domain_of(asked)
            if domain is None:
                continue
            query = asked._search(domain, limit=limit, order=order)
            if query.is_empty():
                continue
            models_by_name[model._name] = asked
            columns = SQL("%s, %s", model._name, SQL.identifier(query.table, "id"))
            queries.append(SQL("(%s)", query.select(columns)))
        if not queries:
            return []
        found = {}
        rows = self.env.execute_query(SQL(" UNION ALL ").join(queries))
        for name, res_id in rows:
            found.setdefault(name, []).append(res_id)
        return [models_by_name[name].browse(ids) for name, ids in found.items()]

    def _cs_without_hidden(self):
        """Leave out masked matters of contacts the user may not read."""
        masked = self.filtered("masked")
        if not masked:
            return self
        contacts = masked.sudo().interaction_id.with_env(self.env)
        seen = contacts._filtered_access("read")
        return self.filtered(
            lambda one: not one.masked or one.sudo().interaction_id.id in seen.ids
        )

    def _cs_panel_rows(self):
        """What a list shows of the matters; the user may read them."""
        now = fields.Datetime.now()
        topics = self._cs_topics()
        states = dict(
            self._fields["state"]._description_selection(self.env) if self else []
        )
        rows = []
        for matter in self:
            kind = matter.business_type_id.sudo()
            rows.append(
                {
                    "model": matter._name,
                    "id": matter.id,
                    "type": kind.name,
                    "icon": kind.icon or "",
                    "number": matter.name or "",
                    "summary": matter._cs_summary(),
                    "topic": topics.get(matter.id, ""),
                    "state": states.get(matter.state, ""),
                    "owner": matter.sudo().first_owner_id.name or "",
                    "handler": matter.sudo().handler_id.name or "",
                    "team": matter.sudo().team_id.name or "",
                    "mine": self.env.user in (matter.first_owner_id, matter.handler_id),
                    "clock": matter.clock_text or "",
                    "tone": matter._cs_clock_tone(now),
                    "chased": matter.chase_count,
                    "is_open": matter.is_open,
                    "masked": matter.masked,
                    "moment": fields.Datetime.to_string(matter.opened_at),
                }
            )
        return rows

    def _cs_topics(self):
        """Topic of the contact of each matter, where the user may read it."""
        contacts = self.sudo().interaction_id.with_env(self.env)
        seen = set(contacts._filtered_access("read").ids)
        return {
            one.id: one.sudo().interaction_id.topic or ""
            for one in self
            if one.sudo().interaction_id.id in seen
        }

    def _cs_clock_tone(self, now):
        """``late``, ``today`` or nothing: how the deadline is coloured."""
        self.ensure_one()
        if not self.is_open or not self.due_at:
            return ""
        if self.clock_state == "late":
            return "late"
        if self.clock_state != "running":
            return ""
        company = self.company_id
        today = company._cs_date(now)
        return "today" if company._cs_date(self.due_at) <= today else ""

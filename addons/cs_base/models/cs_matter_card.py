from odoo import api, fields, models


class CsMatterCard(models.AbstractModel):
    """What every matter's form shows at its top: title, people, linked matters."""

    _inherit = "cs.matter.mixin"

    matter_title = fields.Char(string="Title", compute="_compute_matter_title")
    holder_rows = fields.Json(
        string="First Owner and Handlers",
        compute="_compute_holder_rows",
        compute_sudo=True,
    )
    link_rows = fields.Json(string="Linked", compute="_compute_link_rows")

    def _cs_title_parts(self):
        """What the title is made of: number, person, premises.

        Of a masked matter the number alone; an app whose readers may know more
        answers for itself.
        """
        self.ensure_one()
        matter = self.sudo()
        if matter.masked:
            return [matter.name]
        return [matter.name, matter._cs_partner().name, matter.premises_id.display_name]

    @api.depends("name", "premises_id", "masked")
    @api.depends_context("uid", "lang")
    def _compute_matter_title(self):
        for matter in self:
            parts = matter._cs_title_parts() if matter.id else ()
            matter.matter_title = " · ".join(filter(None, parts)) or False

    @api.depends("handler_id", "interaction_id")
    def _compute_holder_rows(self):
        """First owner, then those who worked on it one after the other.

        Rows: ``{name, role: owner | handler, from, to}``, moments as stored (UTC).
        """
        holders = self.env["cs.matter.holder"].search(
            self.env["cs.matter.holder"]._cs_domain_of(self._origin)
        )
        by_matter = holders.grouped("res_id")
        for matter in self:
            contact = matter.interaction_id
            rows = []
            if contact.first_owner_id:
                rows.append(
                    self._cs_holder_row(
                        contact.first_owner_id, "owner", contact.owned_since, None
                    )
                )
            rows += [
                self._cs_holder_row(row.user_id, "handler", row.date_from, row.date_to)
                for row in by_matter.get(matter._origin.id, holders.browse())
            ]
            matter.holder_rows = rows

    @api.model
    def _cs_holder_row(self, user, role, start, end):
        as_text = fields.Datetime.to_string
        return {
            "id": user.id,
            "name": user.name,
            "role": role,
            "from": as_text(start) if start else False,
            "to": as_text(end) if end else False,
        }

    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_link_rows(self):
        """The matters linked with each, as the reader may see them.

        Rows: ``{id, kind, label, summary, can_open}``.
        """
        links = self.env["cs.link"]
        if self._origin and links.has_access("read"):
            links = links.search(links._cs_domain_of(self._origin))
        labels = dict(links._fields["kind"]._description_selection(self.env))
        by_matter = links.grouped("res_id")
        for matter in self:
            matter.link_rows = [
                {
                    "id": link.id,
                    "kind": link.kind,
                    "label": labels[link.kind],
                    "summary": link.other_summary,
                    "can_open": link.can_open,
                }
                for link in by_matter.get(matter._origin.id, links.browse())
            ]

from odoo import api, fields, models
from odoo.exceptions import UserError


class CsMatterInternal(models.AbstractModel):
    """A matter between colleagues: a slip, a corrective action.

    It has no customer and no contact of its own, but those of the matter it comes
    from; nothing of it leaves the house.
    """

    _name = "cs.matter.internal"
    _description = "Matter in the House"
    _inherit = ["cs.matter.mixin"]
    _cs_partner_field = None

    origin_text = fields.Char(string="Comes From", compute="_compute_origin_text")

    @api.depends_context("uid", "lang")
    def _compute_origin_text(self):
        """What the user may know of the matter this one comes from."""
        texts = {
            link.res_id: link.other_summary for link in self._cs_links_of("origin")
        }
        for matter in self:
            matter.origin_text = texts.get(matter.id, False)

    def _cs_links_of(self, kind):
        links = self.env["cs.link"]
        return links.search([*links._cs_domain_of(self), ("kind", "=", kind)])

    @api.model
    def _cs_give_contacts(self, vals_list):
        """Colleagues among themselves are no contact with a customer."""

    def _cs_begin(self, origins):
        for matter, origin in zip(self, origins, strict=True):
            if origin and origin.sudo().masked:
                matter.masked = True
        return super()._cs_begin(origins)

    def _cs_outside_locked(self):
        return True

    def action_open_origin(self):
        """Open the matter this one comes from, if the user may read it."""
        self.ensure_one()
        self.check_access("read")
        link = self._cs_links_of("origin")[:1]
        if not link:
            raise UserError(self.env._("It comes from no other matter."))
        return link.action_open_other()

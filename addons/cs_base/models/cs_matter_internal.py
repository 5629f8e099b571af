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

    def _cs_tell(self, code, users, key=None, **values):
        """Send a notice about this matter to colleagues, but not to who acts now."""
        self.ensure_one()
        users = users.sudo().filtered("active") - self.env.user
        if users:
            self.env["cs.notify"].sudo()._cs_notify(
                code, self, users=users, values=values, key=key
            )

    @api.model
    def _cs_said(self, text, question):
        """``text`` without blanks at its ends.

        :raise UserError: it says nothing; ``question`` is the message
        """
        text = (text or "").strip()
        if not text:
            raise UserError(question)
        return text

    def action_open_origin(self):
        """Open the matter this one comes from, if the user may read it."""
        self.ensure_one()
        self.check_access("read")
        link = self._cs_links_of("origin")[:1]
        if not link:
            raise UserError(self.env._("It comes from no other matter."))
        return link.action_open_other()

    def _cs_dialog(self, model, values, step):
        """Action: the dialog of a step, by its name."""
        self.ensure_one()
        titles = dict(self.env[model]._fields["step"]._description_selection(self.env))
        if step not in titles:
            raise UserError(self.env._("There is no such step."))
        return {
            "type": "ir.actions.act_window",
            "name": titles[step],
            "res_model": model,
            "views": [(False, "form")],
            "target": "new",
            "context": {
                **{f"default_{name}": value for name, value in values.items()},
                "default_step": step,
            },
        }

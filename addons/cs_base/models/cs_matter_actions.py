from odoo import api, fields, models
from odoo.exceptions import UserError


class CsMatterActions(models.AbstractModel):
    """What anybody may do with any matter: urge it, ask for time, tell a department."""

    _inherit = "cs.matter.mixin"

    menu_rows = fields.Json(compute="_compute_menu_rows")

    def _cs_menu(self):
        """What the menu in the header offers beside what every matter has.

        :return: list of (method, label, icon), only of what this user may do now
        """
        self.ensure_one()
        return []

    @api.depends("state")
    @api.depends_context("uid", "lang")
    def _compute_menu_rows(self):
        for matter in self:
            matter.menu_rows = [
                {"key": method, "label": label, "icon": icon}
                for method, label, icon in (matter._cs_menu() if matter.id else ())
            ]

    def action_chase(self, note=""):
        """Urge the matters on: counted, and told to whoever holds them.

        :param note: what the customer said
        """
        self.check_access("read")
        for matter in self:
            if not matter.is_open:
                raise UserError(
                    self.env._("%s is closed: nothing to urge.", matter.display_name)
                )
        self.env["cs.chase"]._cs_chase(self, note)
        return True

    def action_slip(self):
        """Write an information slip about this matter."""
        self.ensure_one()
        return self._cs_open_from_here("cs.info.slip")

    def action_open_interaction(self):
        """Show the contact this matter belongs to."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "cs.interaction",
            "res_id": self.interaction_id.id,
            "views": [(False, "form")],
        }

    def _cs_open_from_here(self, model):
        """Action: a new matter of ``model`` that comes from this one."""
        target = self.env[model]
        action = target._cs_intake_action(self.interaction_id)
        action["context"] = {
            **action["context"],
            "default_origin_ref": f"{self._name},{self.id}",
            "default_premises_id": self.premises_id.id,
        }
        return action

    # === STEPS === #

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

    # === LINKS === #

    def _cs_link(self, other, kind):
        """Link this matter with another; see ``cs.link`` for the kinds."""
        self.ensure_one()
        return self.env["cs.link"]._cs_link(self, other, kind)

    def _cs_linked(self, kind=None):
        """Records linked with this matter, as (kind, record) by link, with sudo.

        :param kind: only links of this kind, seen from here
        """
        self.ensure_one()
        links = self.env["cs.link"].sudo()
        domain = [*links._cs_domain_of(self)]
        if kind:
            domain.append(("kind", "=", kind))
        return [(link.kind, link._cs_other()) for link in links.search(domain)]

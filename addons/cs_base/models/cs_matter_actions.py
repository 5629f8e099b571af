from odoo import models
from odoo.exceptions import UserError


class CsMatterActions(models.AbstractModel):
    """What anybody may do with any matter: urge it, ask for time, tell a department."""

    _inherit = "cs.matter.mixin"

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

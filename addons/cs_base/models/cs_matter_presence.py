from odoo import models


class CsMatterPresence(models.AbstractModel):
    """Colleagues see who else has a matter open; nobody is kept from anything."""

    _inherit = "cs.matter.mixin"

    def cs_presence(self):
        """Say that the user has this matter open, and ask who else has.

        :return: list of ``{"id": user id, "name": name}`` of the others
        """
        self.ensure_one()
        self.check_access("read")
        presence = self.env["cs.presence"]
        if presence._cs_beat(self):
            self._cs_tell_presence()
        return [
            {"id": user.id, "name": user.name} for user in presence._cs_others(self)
        ]

    def cs_presence_leave(self):
        """Say that the user closed this matter."""
        self.ensure_one()
        self.check_access("read")
        self.env["cs.presence"]._cs_leave(self)
        self._cs_tell_presence()
        return True

    def _cs_tell_presence(self):
        """Let the open forms of this matter ask again; the message names nobody."""
        self.env["bus.bus"]._sendone(
            self._cs_presence_channel(),
            "cs_presence",
            {"model": self._name, "id": self.id},
        )

    def _cs_presence_channel(self):
        self.ensure_one()
        return (self.env.registry.db_name, "cs_presence", self._name, self.id)

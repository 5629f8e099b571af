import re

from odoo import models

CHANNEL = re.compile(r"cs_presence:([\w.]+):(\d+)")


class IrWebsocket(models.AbstractModel):
    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        """Let users listen to who is at the matters that they may read."""
        channels = list(channels)
        if self.env.uid and not self.env.user._is_public():
            channels += filter(None, map(self._cs_presence_channel, channels))
        return super()._build_bus_channel_list(channels)

    def _cs_presence_channel(self, name):
        match = CHANNEL.fullmatch(name) if isinstance(name, str) else None
        if not match:
            return None
        kinds = self.env["cs.business.type"]._cs_models(active=False)
        models_ = {model._name: model for _kind, model in kinds}
        if match[1] not in models_:
            return None
        matter = models_[match[1]].browse(int(match[2])).exists()
        if not matter or not matter.has_access("read"):
            return None
        return matter._cs_presence_channel()

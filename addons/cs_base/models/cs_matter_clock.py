from odoo import api, fields, models
from odoo.exceptions import UserError

from .cs_clock import OPEN_STATES


class CsMatterClock(models.AbstractModel):
    """What people do with the clocks of a matter, which they don't see themselves."""

    _inherit = "cs.matter.mixin"

    clock_text = fields.Char(string="Time Left", compute="_compute_clock_text")

    @api.depends("due_at", "clock_state")
    @api.depends_context("lang")
    def _compute_clock_text(self):
        """``due in 3 hours``: follows from the present moment, so it isn't stored."""
        now = fields.Datetime.now()
        clocks = self.env["cs.clock"]
        labels = dict(self._fields["clock_state"]._description_selection(self.env))
        for matter in self:
            if matter.clock_state in ("running", "late") and matter.due_at:
                matter.clock_text = clocks._cs_span_text(matter.due_at, now)
            elif matter.clock_state == "none":
                matter.clock_text = False
            else:
                matter.clock_text = labels.get(matter.clock_state)

    def _cs_open_clocks(self):
        """The clocks that run or are paused, with sudo; next due first."""
        return self._cs_clocks().filtered(lambda clock: clock.state in OPEN_STATES)

    def action_pause_clock(self):
        """Ask why the clocks of this matter stand still."""
        return self._cs_clock_wizard("cs.clock.pause", self.env._("Pause the Clock"))

    def action_resume_clock(self):
        """Let the clocks of the matters go on."""
        self.check_access("write")
        self._cs_open_clocks()._cs_resume()
        return True

    def action_extend(self):
        """Ask for more time for this matter."""
        return self._cs_clock_wizard("cs.clock.extend", self.env._("Ask for More Time"))

    def _cs_clock_wizard(self, model, title):
        self.ensure_one()
        self.check_access("write")
        if not self._cs_open_clocks():
            raise UserError(self.env._("%s has no open clock.", self.display_name))
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_res_model": self._name, "default_res_id": self.id},
        }

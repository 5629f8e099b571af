from odoo import api, fields, models
from odoo.exceptions import UserError


class CsClockPause(models.TransientModel):
    """Why the clocks of a matter stand still, and since when the customer knows."""

    _name = "cs.clock.pause"
    _description = "Pause the Clock"
    _inherit = ["cs.clock.wizard"]

    reason_id = fields.Many2one(
        comodel_name="cs.pause.reason",
        required=True,
        ondelete="cascade",
        help="Only the customer or force majeure stops the time. A department that "
        "needs longer asks for an extension.",
    )
    needs_request = fields.Boolean(related="reason_id.needs_request")
    max_days = fields.Integer(related="reason_id.max_days")
    requested_on = fields.Date(
        string="Customer Asked On",
        help="The day on which the customer was asked for what is missing.",
    )
    until = fields.Date(help="The clock goes on by itself after this day.")
    note = fields.Text(string="What Was Asked")
    effect = fields.Char(compute="_compute_effect")

    @api.depends("reason_id", "until", "res_id")
    def _compute_effect(self):
        """What will happen, in a sentence."""
        for wizard in self:
            wizard.effect = wizard._cs_effect() if wizard.reason_id else ""

    def _cs_effect(self):
        clock = (
            self._cs_matter()
            ._cs_open_clocks()
            .filtered(lambda clock: clock.state == "running")[:1]
        )
        if not clock:
            return self.env._("No clock is running.")
        company, now = clock.company_id, fields.Datetime.now()
        ends = clock._cs_pause_end(
            self.reason_id, self._cs_until(company), now, company
        )
        due = clock.commitment_id._cs_moment_text(clock.due_at, company)
        if not ends:
            return self.env._("The due date %s is frozen until the clock goes on.", due)
        return self.env._(
            "The due date %(due)s is frozen; the clock goes on by itself on %(ends)s.",
            due=due,
            ends=clock.commitment_id._cs_moment_text(ends, company),
        )

    def _cs_until(self, company):
        return self.until and company._cs_day_bounds(self.until)[1]

    def action_pause(self):
        """Stop the running clocks of the matter."""
        matter = self._cs_matter()
        clocks = matter._cs_open_clocks()
        if "running" not in clocks.mapped("state"):
            raise UserError(self.env._("No clock is running."))
        clocks._cs_pause(
            self.reason_id,
            until=self._cs_until(matter.sudo().company_id),
            note=self.note or "",
            requested_on=self.requested_on,
        )
        return {"type": "ir.actions.act_window_close"}

from odoo import api, fields, models


class CsClockExtend(models.TransientModel):
    """More time for one clock of a matter: why, and until when."""

    _name = "cs.clock.extend"
    _description = "Ask for More Time"
    _inherit = ["cs.clock.wizard"]

    choice = fields.Selection(
        selection=lambda self: self._selection_choice(),
        string="Commitment",
        required=True,
        default=lambda self: next(iter(dict(self._selection_choice())), False),
    )
    old_due = fields.Datetime(string="Due Now", compute="_compute_old_due")
    until = fields.Datetime(
        string="New Due Date",
        required=True,
        compute="_compute_until",
        store=True,
        precompute=True,
        readonly=False,
    )
    reason = fields.Text(required=True)

    @api.model
    def _selection_choice(self):
        """The open clocks of the matter the wizard was opened for, next due first."""
        context = self.env.context
        model, res_id = context.get("default_res_model"), context.get("default_res_id")
        if not model or not res_id:
            return []
        clocks = self._cs_matter_of(model, res_id)._cs_open_clocks()
        return [(str(clock.id), clock.commitment_id.name) for clock in clocks]

    def _cs_clock(self):
        """The clock that was chosen, with sudo; empty if none is."""
        clocks = self._cs_matter()._cs_open_clocks()
        return clocks.filtered(lambda clock: str(clock.id) == self.choice)

    @api.depends("choice", "res_model", "res_id")
    def _compute_old_due(self):
        for wizard in self:
            clock = wizard._cs_clock() if wizard.choice else None
            wizard.old_due = clock.due_at if clock else False

    @api.depends("choice", "res_model", "res_id")
    def _compute_until(self):
        """Proposed: the same time of the next working day but one."""
        for wizard in self:
            clock = wizard._cs_clock() if wizard.choice else None
            wizard.until = clock and wizard._cs_proposal(clock)

    def _cs_proposal(self, clock):
        company = clock.company_id
        due = company._cs_to_local(max(clock.due_at, fields.Datetime.now()))
        day = company._cs_add_workdays(due.date(), 2)
        time = company._cs_to_local(clock.due_at).time()
        return company._cs_to_utc(due.combine(day, time, due.tzinfo))

    def action_request(self):
        """Send it to approval; until then the deadline stays."""
        self.ensure_one()
        clock = self._cs_clock()
        extension = self.env["cs.extension"]._cs_request(clock, self.until, self.reason)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Sent to approval. Until then it is due as before: %s.",
                    extension.name,
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

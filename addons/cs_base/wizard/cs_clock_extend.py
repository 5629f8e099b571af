from odoo import api, fields, models


class CsClockExtend(models.TransientModel):
    """More time for one clock of a matter: why, and until when."""

    _name = "cs.clock.extend"
    _description = "Ask for More Time"
    _inherit = ["cs.clock.wizard"]

    allowed_ids = fields.Many2many(
        comodel_name="cs.commitment",
        compute="_compute_allowed_ids",
        export_string_translation=False,
    )
    commitment_id = fields.Many2one(
        comodel_name="cs.commitment",
        required=True,
        compute="_compute_commitment_id",
        store=True,
        precompute=True,
        readonly=False,
        domain="[('id', 'in', allowed_ids)]",
        ondelete="cascade",
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

    @api.depends("res_model", "res_id")
    def _compute_allowed_ids(self):
        for wizard in self:
            wizard.allowed_ids = wizard._cs_clocks().commitment_id.ids

    @api.depends("res_model", "res_id")
    def _compute_commitment_id(self):
        """Proposed: what is due next."""
        for wizard in self:
            wizard.commitment_id = wizard._cs_clocks()[:1].commitment_id.id

    def _cs_clocks(self):
        """The open clocks of the matter, with sudo, next due first."""
        if not self.res_model or not self.res_id:
            return self.env["cs.clock"].sudo()
        return self._cs_matter()._cs_open_clocks()

    def _cs_clock(self):
        """The next of the clocks that go by the commitment, with sudo."""
        return self._cs_clocks().filtered(
            lambda clock: clock.commitment_id.id == self.commitment_id.id
        )[:1]

    @api.depends("commitment_id", "res_model", "res_id")
    def _compute_old_due(self):
        for wizard in self:
            wizard.old_due = wizard._cs_clock().due_at

    @api.depends("commitment_id", "res_model", "res_id")
    def _compute_until(self):
        """Proposed: the same time of the next working day but one."""
        for wizard in self:
            clock = wizard._cs_clock()
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

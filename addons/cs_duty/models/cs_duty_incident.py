from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class CsDutyIncident(models.Model):
    """A shift that was missed after a swap, with a proposed deduction.

    Source: 若交待不清造成误班、空班的扣罚20元. A manager decides, never about himself.
    """

    _name = "cs.duty.incident"
    _description = "Duty Incident"
    _inherit = ["cs.ruled", "mail.thread"]
    _order = "date desc, id desc"
    _check_company_auto = True
    _cs_open_fields = frozenset({"note", "amount"})

    swap_id = fields.Many2one(
        comodel_name="cs.shift.swap",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    line_id = fields.Many2one(
        comodel_name="cs.roster.line",
        string="Missed Shift",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="line_id.company_id", store=True, index=True)
    team_id = fields.Many2one(related="line_id.team_id", store=True)
    date = fields.Date(related="line_id.date", store=True)
    employee_id = fields.Many2one(
        comodel_name="hr.employee", required=True, readonly=True, index=True
    )
    user_id = fields.Many2one(related="employee_id.user_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(
        string="Deduction", help="Proposed by the company's setting."
    )
    note = fields.Text()
    state = fields.Selection(
        selection=[
            ("proposed", "Proposed"),
            ("confirmed", "Confirmed"),
            ("dropped", "Dropped"),
        ],
        required=True,
        readonly=True,
        default="proposed",
        tracking=True,
    )
    decided_by_id = fields.Many2one(comodel_name="res.users", readonly=True)
    decided_at = fields.Datetime(readonly=True)

    _once_uniq = models.UniqueIndex("(line_id, swap_id)", "This is recorded already.")
    _amount_check = models.Constraint(
        "CHECK(amount >= 0)", "A deduction isn't below zero."
    )

    @api.depends("employee_id", "date")
    def _compute_display_name(self):
        for incident in self:
            incident.display_name = f"{incident.date} {incident.employee_id.name}"

    def write(self, vals):
        if not self.env.su:
            self._cs_check_group("cs_duty.group_manager")
            self._cs_check_state("proposed")
            self._cs_check_not_own()
        return super().write(vals)

    def action_confirm(self):
        """Decide that the deduction stands; by a manager."""
        return self._cs_decide("confirmed")

    def action_drop(self):
        """Decide that there is none; by a manager, with a note."""
        for incident in self:
            if not (incident.note or "").strip():
                raise UserError(self.env._("Say why in the note."))
        return self._cs_decide("dropped")

    def _cs_decide(self, state):
        self._cs_check_group("cs_duty.group_manager")
        self._cs_lock()
        self._cs_check_state("proposed")
        self._cs_check_not_own()
        self.sudo().write(
            {
                "state": state,
                "decided_by_id": self.env.uid,
                "decided_at": fields.Datetime.now(),
            }
        )
        self.env["cs.event"]._cs_log(f"incident.{state}", self)
        return True

    def _cs_check_not_own(self):
        if not self.env.su and self.env.user in self.sudo().user_id:
            raise AccessError(self.env._("Nobody decides about himself."))

    # === MISSED === #

    @api.model
    def _cs_missed(self, swap, line):
        """Record that ``line`` of an approved swap was missed."""
        taker = swap.colleague_id if line == swap.line_id else swap.requester_id
        incident = self.sudo().search(
            [("swap_id", "=", swap.id), ("line_id", "=", line.id)]
        )
        return incident or self.sudo().create(
            {
                "swap_id": swap.id,
                "line_id": line.id,
                "employee_id": taker.id,
                "amount": swap.company_id.sudo().cs_duty_missed_amount,
            }
        )

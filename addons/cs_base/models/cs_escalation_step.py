from odoo import api, fields, models
from odoo.exceptions import ValidationError

SECONDS = {"minute": 60, "hour": 3600}
#: Yes/no fields that name a recipient.
RECIPIENTS = ("to_handler", "to_first_owner", "to_lead", "to_customer")


class CsEscalationStep(models.Model):
    """One step of a ladder: when, and who is told with which text."""

    _name = "cs.escalation.step"
    _description = "Escalation Step"
    _order = "escalation_id, level, id"
    _rec_name = "moment_text"

    escalation_id = fields.Many2one(
        comodel_name="cs.escalation", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="escalation_id.company_id")
    level = fields.Integer(
        required=True, default=1, help="Each level is told once per matter."
    )
    when = fields.Selection(
        selection=[
            ("before", "Before the deadline"),
            ("at", "At the deadline"),
            ("after", "After the deadline"),
        ],
        required=True,
        default="after",
    )
    quantity = fields.Integer(string="Offset", default=1)
    unit = fields.Selection(
        selection=[("minute", "Minutes"), ("hour", "Working hours")],
        required=True,
        default="hour",
        help="Working hours are those of the commitment; minutes go by the clock.",
    )
    to_handler = fields.Boolean(string="Handler")
    to_first_owner = fields.Boolean(string="First Owner")
    to_lead = fields.Boolean(string="Team Lead")
    group_id = fields.Many2one(
        comodel_name="res.groups",
        help="Everybody of this group who works for the company, e.g. the managers.",
    )
    user_ids = fields.Many2many(
        comodel_name="res.users",
        string="Named Users",
        domain="[('share', '=', False)]",
    )
    to_customer = fields.Boolean(string="Customer")
    notice_code = fields.Char(
        string="Notice",
        required=True,
        default="clock.late",
        help="Code of the notice template for staff.",
    )
    moment_text = fields.Char(string="When It Happens", compute="_compute_moment_text")

    _level_uniq = models.Constraint(
        "UNIQUE(escalation_id, level)", "Each level of a ladder exists once."
    )
    _check_quantity = models.Constraint(
        "CHECK(quantity >= 0 AND level > 0)", "Levels and times start at 1."
    )

    @api.depends("when", "quantity", "unit")
    @api.depends_context("lang")
    def _compute_moment_text(self):
        for step in self:
            step.moment_text = step._cs_moment_text()

    def _cs_moment_text(self):
        count = self.quantity
        texts = {
            ("before", "minute"): self.env._("%s min before", count),
            ("before", "hour"): self.env._("%s working h before", count),
            ("after", "minute"): self.env._("%s min after", count),
            ("after", "hour"): self.env._("%s working h after", count),
        }
        return texts.get((self.when, self.unit)) or self.env._("at the deadline")

    @api.constrains("group_id", "user_ids", *RECIPIENTS)
    def _check_recipients(self):
        for step in self:
            named = step.group_id or step.user_ids
            if not named and not any(step[name] for name in RECIPIENTS):
                raise ValidationError(
                    self.env._("Say who is told at level %s.", step.level)
                )

    @api.constrains("notice_code")
    def _check_notice_code(self):
        templates = self.env["cs.notify.template"].sudo()
        templates = templates.with_context(active_test=False)
        for step in self:
            if not templates.search_count([("code", "=", step.notice_code)], limit=1):
                raise ValidationError(
                    self.env._("There is no notice template “%s”.", step.notice_code)
                )

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        self.env.registry.clear_cache()
        return steps

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    def _cs_offset(self):
        """Seconds after the deadline, below zero before it."""
        self.ensure_one()
        sign = {"before": -1, "at": 0, "after": 1}[self.when]
        return sign * self.quantity * SECONDS[self.unit]

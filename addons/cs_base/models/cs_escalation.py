from odoo import api, fields, models


class CsEscalation(models.Model):
    """Who is told, step by step, when a deadline comes near and passes."""

    _name = "cs.escalation"
    _description = "Escalation Ladder"
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        index="btree_not_null",
        help="Empty: for every company.",
    )
    step_ids = fields.One2many(
        comodel_name="cs.escalation.step",
        inverse_name="escalation_id",
        string="Steps",
        copy=True,
    )
    commitment_ids = fields.One2many(
        comodel_name="cs.commitment", inverse_name="escalation_id", readonly=True
    )
    summary = fields.Char(string="Course", compute="_compute_summary")

    @api.depends("step_ids.when", "step_ids.quantity", "step_ids.unit")
    @api.depends_context("lang")
    def _compute_summary(self):
        for ladder in self:
            ladder.summary = " → ".join(ladder.step_ids.mapped("moment_text"))

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

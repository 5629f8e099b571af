from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..models.gas_reading_decision_mixin import REASON_LENGTH


class GasEstimateWizard(models.TransientModel):
    """Estimate months that nobody read 估抄: what it would be, then one press."""

    _name = "gas.estimate.wizard"
    _description = "Estimate Missed Readings"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    run_id = fields.Many2one(comodel_name="gas.bill.run", readonly=True)
    day = fields.Date(
        string="Estimate for the Reading on",
        required=True,
        help="The day the meters should have been read.",
    )
    common_reason = fields.Selection(
        selection=[
            ("absent", "Nobody at home"),
            ("access", "No access to the meter"),
            ("weather", "The reader could not come"),
            ("unreadable", "The register can't be read"),
        ],
    )
    reason = fields.Char()
    line_ids = fields.One2many(
        comodel_name="gas.estimate.wizard.line",
        inverse_name="wizard_id",
        string="Estimates",
    )
    good_count = fields.Integer(string="Can Be Estimated", compute="_compute_counts")
    refused_count = fields.Integer(string="To Be Visited", compute="_compute_counts")
    amount = fields.Monetary(compute="_compute_counts")
    has_cap = fields.Boolean(compute="_compute_counts", export_string_translation=False)
    has_fault = fields.Boolean(
        compute="_compute_counts", export_string_translation=False
    )
    currency_id = fields.Many2one(related="company_id.currency_id")

    @api.depends("line_ids.fault", "line_ids.refused", "line_ids.amount")
    def _compute_counts(self):
        for wizard in self:
            good = wizard.line_ids.filtered(lambda line: not line.fault)
            wizard.good_count = len(good)
            wizard.refused_count = len(wizard.line_ids.filtered("refused"))
            wizard.amount = sum(good.mapped("amount"))
            wizard.has_cap = any(good.mapped("cap"))
            wizard.has_fault = any(wizard.line_ids.mapped("fault"))

    @api.onchange("common_reason")
    def _onchange_common_reason(self):
        labels = dict(self._fields["common_reason"]._description_selection(self.env))
        for wizard in self:
            if wizard.common_reason:
                wizard.reason = labels[wizard.common_reason]

    @api.onchange("day")
    def _onchange_day(self):
        """Another day may mean another meter, mean or number in a row."""
        for wizard in self:
            if wizard.day and wizard.line_ids:
                points = wizard.line_ids.service_point_id
                wizard.line_ids = [
                    fields.Command.clear(),
                    *wizard._prepare_lines(points, wizard.day),
                ]

    # === OPENING ===#

    @api.model
    def _open(self, points, day, run=None):
        """Return the action that shows what estimates of ``points`` would be.

        :param points: service points of one company
        :param day: when they should have been read
        :param run: the bill run that missed them
        """
        self._check_clerk()
        points.check_access("read")
        if len(points.company_id) != 1:
            raise UserError(
                self.env._("Choose service points of one company that were missed.")
            )
        wizard = self.create(
            {
                "company_id": points.company_id.id,
                "run_id": run.id if run else False,
                "day": day,
                "line_ids": self.new(
                    {"company_id": points.company_id.id}
                )._prepare_lines(points, day),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Estimate Missed Readings"),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def _prepare_lines(self, points, day):
        """Return the commands for a line per point, the walk's order kept."""
        proposals = (
            self.env["gas.reading.estimator"]
            .sudo()
            ._propose(self.company_id, points._origin, day)
        )
        return [
            fields.Command.create(
                {
                    "service_point_id": point_id,
                    "account_id": row["account_id"],
                    "actual_date": row["actual_date"],
                    "prev_value": float(row["prev_value"] or 0),
                    "count": row["count"],
                    "mean": float(row["mean"] or 0),
                    "cap": float(row["cap"] or 0),
                    "usage": float(row["usage"] or 0),
                    "capped": "ESTCAP" in row["codes"],
                    "value": float(row["value"] or 0),
                    "amount": float(row["amount"] or 0),
                    "fault": row["fault"],
                    "refused": row["refused"],
                }
            )
            for point_id, row in proposals.items()
        ]

    # === ACTION ===#

    def action_estimate(self):
        """Create the estimates, and have the run that missed them bill them."""
        self.ensure_one()
        self._check_clerk()
        reason = (self.reason or "").strip()
        if not reason:
            raise UserError(self.env._("Give a reason: it is kept with the reading."))
        if len(reason) > REASON_LENGTH:
            raise UserError(
                self.env._("A reason has at most %s characters.", REASON_LENGTH)
            )
        points = self.line_ids.service_point_id
        points.check_access("read")
        company = points.company_id
        if len(company) != 1 or company not in self.env.companies:
            raise UserError(
                self.env._("Choose service points of one company that were missed.")
            )
        estimator = self.env["gas.reading.estimator"].sudo()
        readings, left = estimator._make(company, points.sudo(), self.day, reason)
        if readings and self.run_id.state in ("draft", "calculated"):
            self.run_id.action_calculate()
        return self._tell(readings, left)

    def _tell(self, readings, left):
        visits = sum(row["refused"] for row in left.values())
        texts = [self.env._("%s estimated.", len(readings))]
        if visits:
            texts.append(
                self.env._("%s get a visit: estimated too often in a row.", visits)
            )
        if len(left) > visits:
            texts.append(self.env._("%s could not be estimated.", len(left) - visits))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if left else "success",
                "message": " ".join(texts),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _check_clerk(self):
        if self.env.su or self.env.user.has_group("cs_gas_billing.group_clerk"):
            return
        raise AccessError(self.env._("Billing clerks estimate; you may not."))

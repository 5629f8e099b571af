from odoo import api, fields, models
from odoo.exceptions import UserError


class GasBillRun(models.Model):
    """A run for some service points only, and what it says of estimates."""

    _inherit = "gas.bill.run"

    point_ids = fields.Many2many(
        comodel_name="gas.service.point",
        string="Only These Service Points",
        check_company=True,
        help="Empty: all. Used to bill a customer who moves out at once.",
    )
    estimate_count = fields.Integer(string="Estimated", compute="_compute_estimates")
    trueup_count = fields.Integer(
        string="Estimates Corrected",
        compute="_compute_estimates",
        help="Bills that take the place of estimated ones.",
    )

    @api.depends("bill_ids.kind", "bill_ids.state")
    def _compute_estimates(self):
        bills = self.env["gas.bill"]
        standing = [("run_id", "in", self.ids), ("state", "!=", "cancelled")]
        for name, domain in {
            "estimate_count": [("kind", "=", "estimate")],
            "trueup_count": [("flags", "=like", "%TRUE%")],
        }.items():
            counts = dict(bills._read_group(standing + domain, ["run_id"], ["__count"]))
            for run in self:
                run[name] = counts.get(run, 0)

    def write(self, vals):
        if (
            not self.env.su
            and "point_ids" in vals
            and any(run.bill_count for run in self)
        ):
            raise UserError(
                self.env._("The run has bills already. Discard them first.")
            )
        return super().write(vals)

    def action_estimate_missed(self):
        """Show what estimates of everything this run missed would be."""
        self.ensure_one()
        missed = self.exception_ids.filtered(lambda row: row.kind == "missed")
        return missed.action_estimate()

    def _get_missed_day(self):
        """Return when what was missed should have been read.

        That is the day most of the others were, the window's last one if none was.
        """
        self.ensure_one()
        groups = self.env["gas.bill"]._read_group(
            [("run_id", "=", self.id), ("kind", "=", "actual")],
            ["date_to:day"],
            ["__count"],
            order="__count DESC, date_to:day DESC",
            limit=1,
        )
        return groups[0][0] if groups else self.read_date_to

    @api.model
    def _bill_now(self, points, day):
        """Calculate the bills of ``points`` up to ``day`` in a run of their own.

        It is approved and posted like any other run.

        :param points: service points of one company
        :return: the run
        """
        run = self.create(
            {
                "company_id": points.company_id.id,
                "period": day.strftime("%Y-%m"),
                "read_date_from": day,
                "read_date_to": day,
                "point_ids": points.ids,
            }
        )
        run.action_calculate()
        return run

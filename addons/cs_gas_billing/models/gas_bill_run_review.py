from odoo import api, fields, models

from .gas_bill_run import APPROVAL

#: Bills printed in one go; the browser would wait too long for more.
PRINT_LIMIT = 2000


class GasBillRun(models.Model):
    """What the review screen shows, and the ways from it to bills, lists and paper."""

    _inherit = "gas.bill.run"

    review_data = fields.Json(string="By Use Category", compute="_compute_review_data")
    can_approve = fields.Boolean(
        compute="_compute_can_approve", export_string_translation=False
    )
    approval_hint = fields.Char(compute="_compute_can_approve")

    # === COMPUTE ===#

    @api.depends("bill_count", "amount_total")
    def _compute_review_data(self):
        """Sum up each run's bills by use category, beside the month before."""
        rows = self.env["gas.bill"]._read_group(
            [("run_id", "in", self.ids), ("state", "!=", "cancelled")],
            ["run_id", "use_category_id"],
            [
                "__count",
                "volume:sum",
                "previous_volume:sum",
                "amount_total:sum",
                "previous_amount:sum",
            ],
        )
        names = (
            "bills",
            "volume",
            "previous_volume",
            "amount",
            "previous_amount",
        )
        result = {}
        for run, category, *figures in rows:
            result.setdefault(run.id, []).append(
                {"name": category.name or "", **dict(zip(names, figures, strict=True))}
            )
        for run in self:
            run.review_data = result.get(run.id, [])

    @api.depends_context("uid", "lang")
    @api.depends("state", "calculated_by_id", "accounting_date")
    def _compute_can_approve(self):
        waiting = self.env["cs.approval"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("kind", "=", APPROVAL),
                ("waiting_for_me", "=", True),
            ]
        )
        allowed = set(waiting.mapped("res_id"))
        for run in self:
            to_do = run.state == "calculated" and run.bill_count
            run.can_approve = bool(to_do) and run.id in allowed
            run.approval_hint = run._get_approval_hint() if to_do else False

    def _get_approval_hint(self):
        """Return in words who does the next step."""
        if self.can_approve:
            return self.env._(
                "Calculated by %s. Look through the figures below, then approve.",
                self.calculated_by_id.name,
            )
        if self.calculated_by_id == self.env.user:
            return self.env._(
                "You calculated this run, so another billing manager approves it."
            )
        return self.env._("A billing manager who did not calculate it approves this.")

    # === ACTIONS ===#

    def action_bills(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cs_gas_billing.gas_bill_action"
        )
        context = dict(self.env.context.get("bill_context") or {})
        return action | {
            "domain": [("run_id", "=", self.id)],
            "context": {"search_default_posted": 0, **context},
        }

    def action_exceptions(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cs_gas_billing.gas_bill_run_exception_action"
        )
        return action | {
            "domain": [("run_id", "=", self.id)],
            "context": dict(self.env.context.get("exception_context") or {}),
        }

    def action_xlsx(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/cs_gas/run/{self.id}.xlsx",
            "target": "download",
        }

    def action_print_bills(self):
        """Print the bills; very many are opened by book, to print some at once."""
        self.ensure_one()
        if self.bill_count > PRINT_LIMIT:
            context = {"search_default_group_book": 1, "search_default_posted": 1}
            return self.with_context(bill_context=context).action_bills()
        return self.bill_ids.action_print()

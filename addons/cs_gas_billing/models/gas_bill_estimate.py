from odoo import api, fields, models


class GasBill(models.Model):
    """Estimated bills: how they are found again, and what they say of themselves."""

    _inherit = "gas.bill"

    estimate_note = fields.Char(
        string="About the Estimate", compute="_compute_estimate_note"
    )

    _estimate_idx = models.Index(
        "(service_point_id) WHERE kind = 'estimate' AND state != 'cancelled'"
    )

    @api.depends_context("lang")
    @api.depends("kind", "replaces_ids")
    def _compute_estimate_note(self):
        for bill in self:
            replaced = bill.sudo().replaces_ids.filtered(
                lambda row: row.kind == "estimate"
            )
            if bill.kind == "estimate":
                bill.estimate_note = self.env._(
                    "This bill is an estimate: the meter was not read. The next "
                    "reading takes it back in full and bills from the last actual one."
                )
            elif replaced:
                bill.estimate_note = self.env._(
                    "This bill takes the place of the estimated bills %(bills)s over "
                    "%(amount)s yuan. What was paid on them counts for it.",
                    bills=", ".join(row.display_name for row in replaced),
                    amount=f"{sum(replaced.mapped('amount_total')):.2f}",
                )
            else:
                bill.estimate_note = False

from odoo import fields, models


class CsToyReport(models.Model):
    """Somebody reports something and stays unknown: a masked matter."""

    _name = "cs.toy.report"
    _description = "Toy Report"
    _inherit = ["cs.matter.mixin"]
    _cs_type = "toy.report"
    _cs_partner_field = None

    text = fields.Text(required=True)
    state = fields.Selection(
        selection=[("new", "New"), ("closed", "Closed")],
        required=True,
        readonly=True,
        default="new",
    )

    def _cs_transitions(self):
        return {"new": {"closed"}, "closed": {"new"}}

    def _cs_open_states(self):
        return {"new"}

    def action_close(self):
        """Close the report."""
        return self._cs_set_state("closed")

import datetime

from odoo import fields, models


class CsToyRequest(models.Model):
    """A customer wants something: taken, worked on, done, visited, closed."""

    _name = "cs.toy.request"
    _description = "Toy Request"
    _inherit = ["cs.matter.mixin"]
    _cs_type = "toy.request"

    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", index=True
    )
    wish = fields.Char(required=True)
    state = fields.Selection(
        selection=[
            ("new", "New"),
            ("work", "In Work"),
            ("done", "Done"),
            ("closed", "Closed"),
            ("cancelled", "Cancelled"),
            ("merged", "Merged"),
        ],
        required=True,
        readonly=True,
        default="new",
        tracking=True,
    )

    def _cs_transitions(self):
        return {
            "new": {"work", "cancelled"},
            "work": {"done", "cancelled"},
            "done": {"closed", "work"},
            "closed": {"work"},
            "cancelled": set(),
            "merged": set(),
        }

    def _cs_open_states(self):
        return {"new", "work", "done"}

    def _cs_clock_requests(self, event):
        if event == "created":
            return [("toy.answer", self._cs_holders(), self.opened_at)]
        return []

    def _cs_on_followup(self, followup):
        if followup.outcome == "dissatisfied":
            self._cs_set_state("work")
            return self
        return self.browse()

    def _cs_copy_vals(self):
        return super()._cs_copy_vals() | {"wish": self.wish}

    def _cs_mail_vals(self, message_dict):
        subject = message_dict.get("subject") or "–"
        return super()._cs_mail_vals(message_dict) | {"wish": subject}

    def _cs_mail_route(self, message, message_dict):
        route = super()._cs_mail_route(message, message_dict)
        if route != "park" or self.state != "closed":
            return route
        if self.closed_at < fields.Datetime.now() - datetime.timedelta(days=7):
            return "new"
        self._cs_set_state("work")
        return self

    def action_work(self):
        """Begin."""
        return self._cs_set_state("work")

    def action_done(self):
        """Finish the work; the customer is asked next."""
        return self._cs_set_state("done")

    def action_close(self):
        """Close what the customer was asked about."""
        return self._cs_set_state("closed")

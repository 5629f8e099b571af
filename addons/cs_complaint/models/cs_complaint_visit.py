from odoo import models


class CsComplaint(models.Model):
    """The return visit after a case is closed, made by the first owner (H-001)."""

    _inherit = "cs.complaint"

    def _cs_visit_states(self):
        """Everybody is asked who can be: a customer or a phone number is known."""
        unknown = len(self) == 1 and not self._cs_has_customer()
        return set() if unknown else super()._cs_visit_states()

    def _cs_on_followup(self, followup):
        """A customer who isn't satisfied is heard again, as the company has set.

        :return: the case that goes on: this one, its next round, or a new one
        """
        self.ensure_one()
        case = self.sudo()
        if followup.outcome != "dissatisfied" or case.state != "closed":
            return super()._cs_on_followup(followup)
        if case.company_id.cs_complaint_dissatisfied == "round" and case.answer_id:
            return case._cs_refused(followup.note, "followup", self.env.user)
        return case._cs_go_on(followup.note)

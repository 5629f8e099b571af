from odoo import models
from odoo.exceptions import AccessError


class CsComplaintTask(models.Model):
    """The head of a department objects to what was made of its report."""

    _inherit = "cs.complaint.task"

    def action_object(self, about, text):
        """The head of the department objects to what was made of its report.

        :param about: report, attribution or decision
        :param text: why
        """
        self.ensure_one()
        self.check_access("read")
        if self.env.user not in self._cs_heads():
            raise AccessError(self.env._("The head of the department objects for it."))
        self._cs_check_state("signed")
        task = self.sudo()
        return (
            self.env["cs.complaint.objection"]
            ._cs_raise(task.complaint_id, task.department_id, about, text)
            .id
        )

    def action_ask_objection(self):
        """Open the dialog of an objection."""
        self.ensure_one()
        title = self.env._("Object")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "cs.complaint.objection.write",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_task_id": self.id},
        }

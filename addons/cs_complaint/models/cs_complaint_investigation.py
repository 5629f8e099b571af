from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

#: From here departments are asked; a decided case goes back to investigation.
ASKING = ("accepted", "investigating", "deciding")


class CsComplaint(models.Model):
    """What the departments find out about a case, in parallel and in rounds."""

    _inherit = "cs.complaint"

    task_ids = fields.One2many(
        comodel_name="cs.complaint.task",
        inverse_name="complaint_id",
        string="Investigation",
        readonly=True,
    )
    open_task_count = fields.Integer(
        string="Open Tasks", compute="_compute_open_task_count"
    )
    can_investigate = fields.Boolean(
        compute="_compute_can_investigate", export_string_translation=False
    )

    @api.depends("task_ids.is_open")
    def _compute_open_task_count(self):
        groups = self.env["cs.complaint.task"]._read_group(
            [("complaint_id", "in", self.ids), ("is_open", "=", True)],
            ["complaint_id"],
            ["__count"],
        )
        counts = {case.id: count for case, count in groups}
        for case in self:
            case.open_task_count = counts.get(case.id, 0)

    @api.depends("state", "kind", "handler_id")
    @api.depends_context("uid")
    def _compute_can_investigate(self):
        for case in self:
            case.can_investigate = (
                case.state in ASKING and not case._cs_investigate_refusal()
            )

    def _cs_investigate_refusal(self):
        """Why the user sends no tasks out for this case; empty if he does."""
        self.ensure_one()
        if self.kind == "suggestion":
            return self.env._("A suggestion is judged without an investigation.")
        if self.sudo().parent_id:
            return self.env._(
                "%s belongs to an event: the case of the event is investigated.",
                self.display_name,
            )
        user = self.env.user
        if not self.env.su and not (
            user == self.handler_id or user.has_group("cs_complaint.group_lead")
        ):
            return self.env._("The handler of the case or a team lead sends tasks out.")
        return ""

    def action_send_tasks(self):
        """Ask what the departments are to find out: opens the dialog."""
        self.ensure_one()
        self._cs_check_investigate()
        title = self.env._("Send Investigation Tasks")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "cs.complaint.task.send",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_complaint_id": self.id},
        }

    def action_investigate(self, department_ids, question, brief="", due_on=False):
        """Send a task to each department; the case is being investigated.

        :param department_ids: ids of ``hr.department``
        :param question: what to find out
        :param brief: what happened, for people who don't see the case
        :param due_on: day it is wanted by, not later than the commitment says
        :return: ids of the tasks
        """
        self.ensure_one()
        self._cs_lock()
        self._cs_check_investigate()
        departments = self.env["hr.department"].browse(department_ids).exists()
        question = (question or "").strip()
        if not departments or not question:
            raise UserError(
                self.env._("Say which departments find out what about this case.")
            )
        if self.state != "investigating":
            self._cs_set_state("investigating")
        vals = {"question": question, "brief": brief or False, "due_on": due_on}
        return self._cs_create_tasks(departments, vals).ids

    def action_print_reports(self):
        """The reports of the departments on paper, for the house (调查报告)."""
        self.ensure_one()
        self.check_access("read")
        report = self.env.ref("cs_complaint.cs_complaint_task_report")
        return report.report_action(self.task_ids)

    def _cs_check_investigate(self):
        self._cs_check_group("cs_complaint.group_user")
        self._cs_check_state(*ASKING)
        if refusal := self._cs_investigate_refusal():
            raise AccessError(refusal)

    def _cs_create_tasks(self, departments, vals):
        """Tasks of this case, one a department; what hides the case hides them."""
        return (
            self.env["cs.complaint.task"]
            .sudo()
            .create(
                [
                    {
                        **vals,
                        "complaint_id": self.id,
                        "company_id": self.company_id.id,
                        "masked": self.masked,
                        "department_id": department.id,
                        "handler_id": department._cs_head_users().id,
                        "from_id": self.env.uid,
                    }
                    for department in departments
                ]
            )
        )

    def _cs_open_tasks(self):
        """Tasks that somebody still has work with, with sudo."""
        return self.sudo().task_ids.filtered("is_open")

    def _cs_on_report(self, task):
        """A department signed its report; the handler hears of the last one as such."""
        self.ensure_one()
        code = "task_done" if self._cs_open_tasks() else "tasks_done"
        self._cs_tell(
            f"complaint.{code}",
            self.handler_id or task.from_id,
            f"complaint.task,{task.id}",
            note=task.name,
        )

    # === CASE === #

    def _cs_tasks_point(self):
        """Which departments still owe their report, as a sentence; empty if none."""
        tasks = self._cs_open_tasks()
        if not tasks:
            return ""
        return self.env._(
            "Reports are still missing: %s.",
            ", ".join(tasks.department_id.mapped("name")),
        )

    def _cs_open_points(self):
        return list(filter(None, [*super()._cs_open_points(), self._cs_tasks_point()]))

    def _cs_concerned_departments(self):
        """Also those that were asked, and those that answer for it."""
        case = self.sudo()
        asked = case.task_ids.filtered(lambda task: task.state != "cancelled")
        departments = super()._cs_concerned_departments()
        return departments | asked.department_id | case.attribution_ids.department_id

    def _cs_merge_refuse(self, other):
        return super()._cs_merge_refuse(other) or other.sudo()._cs_tasks_point()

    def _cs_on_closed(self):
        """A case that ends takes back what is still being asked."""
        result = super()._cs_on_closed()
        reason = self.env._("The case has ended.")
        for task in self._cs_open_tasks():
            task.action_cancel(reason)
        return result

    def write(self, vals):
        result = super().write(vals)
        if "masked" in vals:
            self.sudo().task_ids.write({"masked": vals["masked"]})
        return result

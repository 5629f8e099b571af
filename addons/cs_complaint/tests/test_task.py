import datetime

from odoo.exceptions import UserError
from odoo.tests import freeze_time, new_test_user, tagged

from .common import ComplaintCommon

#: A Monday morning, 9:00 in China.
MONDAY = "2026-11-23 01:00:00"
#: One white point: a signature as the browser sends it.
DRAWN = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmM"
    "IQAAAABJRU5ErkJggg=="
)
REPORT = {
    "cause": "The order lay on the wrong desk",
    "countermeasure": "Orders are dispatched by the shift lead",
    "signature": DRAWN,
}


class TaskCommon(ComplaintCommon):
    """A case that two departments look into."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users |= {
            login: new_test_user(
                cls.env, login=f"complaint_{login}", groups="base.group_user"
            )
            for login in ("judge", "stranger", "head2")
        }
        cls.second = cls.env["hr.department"].create({"name": "Dispatch"})
        cls.employees["head2"] = cls.env["hr.employee"].create(
            {
                "name": "Head2",
                "user_id": cls.users["head2"].id,
                "department_id": cls.second.id,
            }
        )
        cls.second.manager_id = cls.employees["head2"]

    def _case(self, login="agent", **values):
        """An accepted case that ``login`` works on."""
        case = self._complaint(login, **values)
        case.sudo().handler_id = self.users[login]
        case.sudo()._cs_set_state("accepted")
        return case

    def _tasks(self, case, departments=None, login="agent", **values):
        departments = departments or self.department
        ids = self._rpc(
            login,
            case._name,
            "action_investigate",
            case.ids,
            departments.ids,
            values.pop("question", "Why was the repair late?"),
            **values,
        )
        return self.env["cs.complaint.task"].browse(ids)

    def _call(self, login, task, method, *args):
        result = self._rpc(login, task._name, method, task.ids, *args)
        self.env.invalidate_all()
        return result

    def _report(self, task, login="accused", **values):
        """Accept and report as ``login``."""
        if task.state == "sent":
            self._call(login, task, "action_accept")
        self._call(login, task, "write", {**REPORT, "tracked": False, **values})
        self._call(login, task, "action_report")

    def _sign(self, task, login="head"):
        self._call(login, task, "write", {"head_signature": DRAWN})
        self._call(login, task, "action_sign")

    def _notices(self, record, code):
        domain = [("res_model", "=", record._name), ("res_id", "=", record.id)]
        rows = self.env["cs.notify"].search([*domain, ("code", "=", code)])
        return rows.user_id


@tagged("post_install", "-at_install")
class TestTask(TaskCommon):
    @freeze_time(MONDAY)
    def test_departments_work_in_parallel_each_with_its_clock(self):
        case = self._case()
        tasks = self._tasks(case, self.department | self.second)
        self.assertEqual(case.state, "investigating")
        self.assertEqual(tasks.mapped("name"), [f"{case.name}-1", f"{case.name}-2"])
        self.assertEqual(tasks.handler_id, self.users["head"] | self.users["head2"])
        for task in tasks:
            due = self.company._cs_to_local(task.due_at)
            self.assertEqual(due.date(), datetime.date(2026, 11, 26))
            clock = task.sudo()._cs_clocks()
            self.assertEqual(clock.holders, f"hr.department,{task.department_id.id}")
            self.assertEqual(self._notices(task, "complaint.task.new"), task.handler_id)
        self._call("accused", tasks[0], "action_accept")
        clocks = tasks.sudo()._cs_clocks()
        self.assertIn(f"res.users,{self.users['accused'].id}", clocks.mapped("holders"))
        self._report(tasks[0])
        self._sign(tasks[0])
        self.assertEqual(tasks.mapped("clock_state"), ["met", "running"])

    def test_whole_course(self):
        case = self._case()
        tasks = self._tasks(case, self.department | self.second)
        self.assertEqual(case.open_task_count, 2)
        with self.assertRaises(UserError):
            case._cs_set_state("deciding")
        self._report(tasks[0])
        self.assertEqual(tasks[0].reported_name, "Accused")
        self._sign(tasks[0])
        self.assertEqual(self._notices(case, "complaint.task_done"), case.handler_id)
        self._report(tasks[1], "head2")
        self._sign(tasks[1], "head2")
        self.assertEqual(self._notices(case, "complaint.tasks_done"), case.handler_id)
        self.assertFalse(case._cs_open_tasks())
        case._cs_set_state("deciding")
        self.assertEqual(
            case._cs_concerned_departments(), self.department | self.second
        )
        again = self._tasks(case, question="And why twice?")
        self.assertEqual(case.state, "investigating", "another round")
        self.assertEqual(again.name, f"{case.name}-3")

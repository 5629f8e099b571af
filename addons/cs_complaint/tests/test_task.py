import datetime

from odoo.exceptions import AccessError, UserError
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

    def test_who_sends_tasks_and_when(self):
        case = self._case()
        departments = self.department.ids
        for role in ("agent2", "head", "auditor"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._rpc(
                    role,
                    case._name,
                    "action_investigate",
                    case.ids,
                    departments,
                    "Why?",
                )
        with self.assertRaises(UserError):
            self._rpc("agent", case._name, "action_investigate", case.ids, [], "Why?")
        with self.assertRaises(UserError):
            self._tasks(case, question=" ")
        self.assertEqual(len(self._tasks(case, login="leader")), 1)
        fresh = self._complaint()
        with self.assertRaises(UserError):
            self._tasks(fresh)
        suggestion = self._case(kind="suggestion")
        with self.assertRaises(AccessError):
            self._tasks(suggestion)

    def test_callers_of_an_event_are_not_asked_about_one_by_one(self):
        parent, child = self._case(), self._case()
        child.sudo().parent_id = parent
        with self.assertRaises(AccessError):
            self._tasks(child)
        self.assertTrue(self._tasks(parent))

    def test_nobody_makes_or_forges_a_task(self):
        task = self._tasks(self._case())
        vals = {
            "complaint_id": task.complaint_id.id,
            "department_id": self.department.id,
            "question": "?",
        }
        for role in ("agent", "leader", "head"):
            with self.subTest(role=role), self.assertRaises(UserError):
                self._rpc(role, task._name, "create", [vals])
        for role in ("agent", "leader", "accused", "head"):
            for name, value in (
                ("state", "signed"),
                ("signed_by_id", self.users["head"].id),
                ("reported_at", "2026-01-01 00:00:00"),
                ("department_id", self.second.id),
                ("handler_id", self.users["stranger"].id),
                ("overdue_at", "2026-01-01 00:00:00"),
                ("decision", "Forged"),
                ("brief", "Forged"),
                ("cause", "Not accepted yet"),
                ("head_signature", DRAWN),
            ):
                with (
                    self.subTest(role=role, name=name),
                    self.assertRaises(UserError),
                ):
                    self._rpc(role, task._name, "write", task.ids, {name: value})

    def test_report_is_complete_signed_by_both_and_frozen(self):
        task = self._tasks(self._case())
        with self.assertRaises(UserError):
            self._call("stranger", task, "action_accept")
        self._call("accused", task, "action_accept")
        for lacking in REPORT:
            vals = {**REPORT, "tracked": False, lacking: False}
            self._call("accused", task, "write", vals)
            with self.subTest(lacking=lacking), self.assertRaises(UserError):
                self._call("accused", task, "action_report")
        self._report(task)
        self.assertEqual(self._notices(task, "complaint.task.sign"), self.users["head"])
        with self.assertRaises(UserError):
            self._call("accused", task, "write", {"cause": "Another"})
        with self.assertRaises(UserError):
            self._call("accused", task, "write", {"head_signature": DRAWN})
        with self.assertRaises(UserError):
            self._call("accused", task, "action_sign")
        with self.assertRaises(UserError):
            self._call("head", task, "action_sign")
        self._sign(task)
        self.assertEqual(task.reported_by_id, self.users["accused"])
        self.assertEqual(task.signed_by_id, self.users["head"])
        self.users["head"].name = "Renamed"
        self.assertEqual(task.signed_name, "Head", "names stay as they were signed")
        for role in ("accused", "head", "agent", "leader"):
            with self.subTest(role=role), self.assertRaises(UserError):
                self._call(role, task, "write", {"cause": "Another"})

    def test_report_that_is_not_enough_goes_back(self):
        task = self._tasks(self._case())
        self._report(task)
        with self.assertRaises(UserError):
            self._call("accused", task, "action_refuse_report", "Mine")
        self._call("agent", task, "action_refuse_report", "Which desk?")
        self.assertEqual(task.state, "accepted")
        self.assertFalse(task.signature)
        self.assertEqual(task.report_refusal, "Which desk?")
        self._report(task)
        self._call("head", task, "action_refuse_report", "And who?")
        self._report(task)
        self._sign(task)

    def test_tracked_countermeasure_becomes_an_action(self):
        today = self.company._cs_today()
        task = self._tasks(self._case())
        self._call("accused", task, "action_accept")
        self._call("accused", task, "write", REPORT)
        with self.assertRaises(UserError):
            self._call("accused", task, "action_report")
        self._call(
            "accused",
            task,
            "write",
            {
                "measure_owner_id": self.users["accused"].id,
                "measure_due": str(today + datetime.timedelta(days=7)),
            },
        )
        self._call("accused", task, "action_report")
        self.assertFalse(task.action_id)
        self._sign(task)
        action = task.action_id
        self.assertEqual(action.measure, REPORT["countermeasure"])
        self.assertEqual(action.handler_id, self.users["accused"])
        self.assertEqual(action.author_id, self.users["head"])
        self.assertTrue(action.tracked)
        self.assertEqual(action._cs_linked("origin")[0][1], task)
        other = self._tasks(task.complaint_id, self.second)
        self._report(other, "head2")
        self._sign(other, "head2")
        self.assertFalse(other.action_id, "a mere slip isn't tracked")

    def test_the_head_signs_for_a_department_without_one_that_above(self):
        unit = self.env["hr.department"].create(
            {"name": "Shift", "parent_id": self.department.id}
        )
        self.employees["accused"].department_id = unit
        self.env.invalidate_all()
        task = self._tasks(self._case(), unit)
        self.assertEqual(task.handler_id, self.users["head"])
        self._report(task)
        mine = self._rpc("head", task._name, "search", [("is_receiver", "=", True)])
        self.assertIn(task.id, mine)
        self._sign(task)

    def test_the_head_gives_it_to_somebody_of_the_department(self):
        task = self._tasks(self._case())
        accused = self.users["accused"].id
        with self.assertRaises(AccessError):
            self._call("accused", task, "action_give", accused)
        with self.assertRaises(UserError):
            self._call("head", task, "action_give", self.users["stranger"].id)
        self._call("head", task, "action_give", accused)
        self.assertEqual(task.handler_id.id, accused)

    def test_returned_disputed_and_ruled_both_opinions_stay(self):
        self.company.cs_arbiter_id = self.users["judge"]
        task = self._tasks(self._case())
        clock = task.sudo()._cs_clocks()
        with self.assertRaises(UserError):
            self._call("accused", task, "action_return", " ")
        self._call("accused", task, "action_return", "Dispatch did it")
        self.assertEqual(clock.holders, f"res.users,{self.users['agent'].id}")
        with self.assertRaises(AccessError):
            self._rpc("judge", task._name, "read", task.ids, ["question"])
        with self.assertRaises(UserError):
            self._call("accused", task, "action_dispute", "No")
        self._call("agent", task, "action_dispute", "It was your man")
        self.assertEqual(clock.holders, f"res.users,{self.users['judge'].id}")
        for role in ("agent", "head", "leader", "accused"):
            with self.subTest(role=role), self.assertRaises(UserError):
                self._call(role, task, "action_decide", "Mine")
        self._call("judge", task, "action_decide", "Engineering answers")
        self.assertEqual(task.state, "sent")
        self.assertEqual(task.department_id, self.department)
        self.assertEqual(task.return_reason, "Dispatch did it")
        self.assertEqual(task.sender_opinion, "It was your man")
        self.assertEqual(task.decision, "Engineering answers")
        with self.assertRaises(UserError):
            self._call("accused", task, "action_return", "Still not")

    def test_returned_and_sent_to_another_department(self):
        task = self._tasks(self._case())
        self._call("accused", task, "action_return", "Dispatch did it")
        self._call("agent", task, "action_readdress", self.second.id)
        self.assertEqual(task.state, "sent")
        self.assertEqual(task.handler_id, self.users["head2"])
        self.assertFalse(task.with_user(self.users["head"]).has_access("read"))

    @freeze_time(MONDAY)
    def test_late_department_explains_itself_first(self):
        task = self._tasks(self._case())
        with self.assertRaises(UserError):
            self._call("accused", task, "action_explain", "Ill", "2026-12-01")
        self._call("accused", task, "action_accept")
        self._call("accused", task, "write", {**REPORT, "tracked": False})
        with freeze_time("2026-11-27 02:00:00"):
            with self.enter_registry_test_mode():
                self.env.ref("cs_base.ir_cron_clock_alarms").method_direct_trigger()
            self.env.invalidate_all()
            self.assertEqual(task.clock_state, "late")
            self.assertIn(
                self.users["head"], self._notices(task, "complaint.task.late")
            )
            with self.assertRaises(UserError):
                self._call("accused", task, "action_report")
            with self.assertRaises(UserError):
                self._call("accused", task, "action_explain", "Ill", "2026-11-26")
            with self.assertRaises(AccessError):
                self._call("agent", task, "action_explain", "Ill", "2026-12-01")
            self._call("accused", task, "action_explain", "Ill", "2026-12-01")
            self.assertEqual(task.overdue_reason, "Ill")
            self._call("accused", task, "action_report")
            self._sign(task)
            self.assertEqual(task.clock_state, "missed", "a breach stays one")

    @freeze_time(MONDAY)
    def test_wanted_earlier_never_later(self):
        case = self._case()
        task = self._tasks(case, due_on="2026-11-24")
        due = self.company._cs_to_local(task.due_at)
        self.assertEqual(due.date(), datetime.date(2026, 11, 24))
        for day in ("2026-11-20", "2026-12-24"):
            with self.subTest(day=day), self.assertRaises(UserError):
                self._tasks(case, due_on=day)

    def test_tasks_end_with_their_case(self):
        case = self._case()
        done, task = self._tasks(case, self.department | self.second)
        self._report(done)
        self._sign(done)
        case.sudo()._cs_set_state("withdrawn")
        self.assertEqual((done | task).mapped("state"), ["signed", "cancelled"])
        self.assertTrue(task.cancel_reason)

    def test_twice_pressed_is_once(self):
        task = self._tasks(self._case())
        self._report(task)
        self._sign(task)
        for method in ("action_sign", "action_report", "action_accept"):
            with self.subTest(method=method), self.assertRaises(UserError):
                self._call("head", task, method)

    def test_evidence_hangs_on_the_task_and_stays_in_the_house(self):
        task = self._tasks(self._case())
        self._call("accused", task, "action_accept")
        files = self.env["ir.attachment"].with_user(self.users["accused"])
        photo = files.create(
            {"name": "a.png", "res_model": task._name, "res_id": task.id}
        )
        loose = self.env["ir.attachment"].create({"name": "b.png"})
        with self.assertRaises(UserError):
            self._call("accused", task, "write", {"evidence_ids": [(4, loose.id)]})
        self._call("accused", task, "write", {"evidence_ids": [(4, photo.id)]})
        self.assertTrue(photo.sudo().cs_internal)
        with self.assertRaises(UserError):
            self._rpc(
                "accused", "ir.attachment", "write", photo.ids, {"cs_internal": False}
            )

    def test_printed(self):
        case = self._case()
        task = self._tasks(case, brief="Late <b>")
        self._report(task, cause="Wrong desk <i>")
        self._sign(task)
        action = self._rpc("agent", case._name, "action_print_reports", case.ids)
        reports = self.env["ir.actions.report"].with_user(self.users["head"])
        html = reports._render_qweb_html(action["report_name"], task.ids)[0].decode()
        for text in (task.name, "Late &lt;b&gt;", "Wrong desk &lt;i&gt;", DRAWN[:40]):
            self.assertIn(text, html)

    def test_dialogs_do_the_steps_of_their_user(self):
        case = self._case()
        action = self._rpc("agent", case._name, "action_send_tasks", case.ids)
        [dialog] = self._rpc(
            "agent",
            action["res_model"],
            "create",
            [
                {
                    "complaint_id": case.id,
                    "department_ids": [(6, 0, self.department.ids)],
                    "question": "Why?",
                }
            ],
        )
        self._rpc("agent", action["res_model"], "action_apply", [dialog])
        task = case.task_ids
        self.assertEqual(task.brief, case.content)
        action = self._rpc(
            "accused",
            task._name,
            "action_ask",
            task.ids,
            context={"task_step": "return"},
        )
        [dialog] = self._rpc(
            "accused",
            action["res_model"],
            "create",
            [{"task_id": task.id, "step": "return", "text": "Not ours"}],
        )
        self._rpc("accused", action["res_model"], "action_apply", [dialog])
        self.assertEqual(task.state, "returned")


@tagged("post_install", "-at_install")
class TestTaskSecrecy(TaskCommon):
    """An accused department reads its task, never the case nor who complains."""

    SECRET = "Zhang San of 301 says so"

    def setUp(self):
        super().setUp()
        self.secret_case = self._case(
            subject=self.SECRET, content=self.SECRET, premises_id=self.premises.id
        )
        identities = self.env["cs.complaint.identity"]
        identities.search([("complaint_id", "=", self.secret_case.id)]).unlink()
        identities.create(
            {"complaint_id": self.secret_case.id, "partner_id": self.customer.id}
        )
        self.task = self._tasks(self.secret_case, brief="A repair came late")
        self.other = self._tasks(self.secret_case, self.second)
        for login in ("accused", "head"):
            self.users[login].group_ids += self.env.ref("base.group_allow_export")

    def _everything(self, role, method, *args, **kwargs):
        return str(self._rpc(role, self.task._name, method, *args, **kwargs))

    def _assert_clean(self, text):
        for word in (self.SECRET, "Zhang San", "13800001234", "301"):
            self.assertNotIn(word, text)

    def test_own_task_and_nothing_else(self):
        for role in ("accused", "head"):
            with self.subTest(role=role):
                found = self._rpc(role, self.task._name, "search", [])
                self.assertEqual(found, self.task.ids)
                with self.assertRaises(AccessError):
                    self._rpc(role, self.task._name, "read", self.other.ids, ["name"])
                with self.assertRaises(AccessError):
                    self._rpc(
                        role, "cs.complaint", "read", self.secret_case.ids, ["name"]
                    )
                with self.assertRaises(AccessError):
                    self._rpc(role, "cs.complaint", "search", [])

    def test_no_field_of_the_task_gives_the_case_away(self):
        names = list(
            self._rpc("accused", self.task._name, "fields_get", [], ["type"]).keys()
        )
        self.assertNotIn("complaint_id", names)
        for role in ("accused", "head"):
            with self.subTest(role=role):
                self._assert_clean(self._everything(role, "read", self.task.ids, names))
                self._assert_clean(
                    self._everything(role, "name_search", self.task.name)
                )

    def test_the_case_is_no_way_to_search_group_or_export(self):
        domain = [("complaint_id.subject", "ilike", "Zhang")]
        for method, args in (
            ("search", [domain]),
            ("search", [[], 0, None, "complaint_id"]),
            ("read", [self.task.ids, ["complaint_id"]]),
            ("export_data", [self.task.ids, ["complaint_id/subject"]]),
            ("export_data", [self.task.ids, ["complaint_id/.id"]]),
            ("formatted_read_group", [[], ["complaint_id"], ["__count"]]),
            ("web_read", [self.task.ids, {"complaint_id": {"fields": {}}}]),
        ):
            with self.subTest(method=method, args=args), self.assertRaises(AccessError):
                self._rpc("accused", self.task._name, method, *args)
        exported = self._everything(
            "accused", "export_data", self.task.ids, ["name", "department_id", "brief"]
        )
        self._assert_clean(exported)

    def test_links_messages_notices_and_files_say_nothing(self):
        rows = self._rpc(
            "accused",
            self.task._name,
            "read",
            self.task.ids,
            [
                "origin_text",
                "link_rows",
                "holder_rows",
                "first_owner_id",
                "premises_id",
            ],
        )[0]
        self._assert_clean(str(rows))
        self.assertFalse(rows["premises_id"])
        self.assertFalse(rows["first_owner_id"])
        self.assertEqual(rows["origin_text"], "Linked, no access")
        notices = self.env["cs.notify"].search(
            [("user_id", "in", (self.users["accused"] | self.users["head"]).ids)]
        )
        self.assertTrue(notices)
        told = notices.mapped(lambda row: str(row.read()))
        self._assert_clean("".join(told))
        messages = self.env["mail.message"].with_user(self.users["head"])
        self._assert_clean(str(messages.search([]).mapped("body")))
        file = self.env["ir.attachment"].create(
            {
                "name": self.SECRET,
                "res_model": "cs.complaint",
                "res_id": self.secret_case.id,
            }
        )
        with self.assertRaises(AccessError):
            self._rpc("accused", "ir.attachment", "read", file.ids, ["name"])

    def test_a_masked_case_masks_its_tasks_and_prefills_nothing(self):
        case = self._case(login="agent", kind="corruption")
        self.assertTrue(case.masked)
        [dialog] = self._rpc(
            "agent",
            "cs.complaint.task.send",
            "create",
            [{"complaint_id": case.id, "department_ids": [(6, 0, self.second.ids)]}],
        )
        dialog = self.env["cs.complaint.task.send"].browse(dialog)
        self.assertFalse(dialog.brief)
        task = self._tasks(case, self.second)
        self.assertTrue(task.masked)
        for role, sees in (
            ("head2", True),
            ("agent", True),
            ("masked", True),
            ("leader", False),
            ("auditor", False),
            ("agent2", False),
            ("accused", False),
        ):
            found = self._rpc(role, task._name, "search", [("id", "=", task.id)])
            with self.subTest(role=role):
                self.assertEqual(bool(found), sees)

    def test_masking_the_case_later_masks_its_tasks(self):
        self.secret_case.sudo().write({"masked": True})
        self.assertTrue(self.task.masked)
        self.assertFalse(self._rpc("auditor", self.task._name, "search", []))

    def test_who_reads_the_case_reads_its_tasks(self):
        for role in ("agent", "agent2", "leader", "chief", "auditor"):
            found = self._rpc(role, self.task._name, "search", [])
            with self.subTest(role=role):
                self.assertLessEqual({self.task.id, self.other.id}, set(found))
        self.assertFalse(self._rpc("stranger", self.task._name, "search", []))
        self.assertFalse(self._rpc("accountant", self.task._name, "search", []))

    def test_lists_don_t_ask_more_for_more_rows(self):
        tasks = self.task | self.other
        for _number in range(5):
            tasks |= self._tasks(self.secret_case, self.department | self.second)
        names = ["name", "clock_text", "is_receiver", "is_head", "needs_explanation"]
        counts = []
        for rows in (tasks[:2], tasks):
            self.env.invalidate_all()
            rows = rows.with_user(self.users["leader"])
            before = self.cr.sql_log_count
            rows.read([*names, "handler_id", "department_id"])
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1)

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .test_task import TaskCommon


class AttributionCommon(TaskCommon):
    """A second manager, and a supplier who answers for a part."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users["chief2"] = new_test_user(
            cls.env, login="complaint_chief2", groups="cs_complaint.group_manager"
        )
        cls.supplier = cls.env["res.partner"].create({"name": "Pipes Ltd."})

    def _judged(self, **values):
        case = self._case(**values)
        case.sudo().judgement = "substantiated"
        return case

    def _share(self, case, percent, login="agent", **values):
        values.setdefault("department_id", self.department.id)
        [row] = self._rpc(
            login,
            "cs.complaint.attribution",
            "create",
            [{"complaint_id": case.id, "percent": percent, **values}],
        )
        return self.env["cs.complaint.attribution"].browse(row)

    def _decide(self, case, login="chief"):
        self._rpc(login, case._name, "action_decide_attribution", case.ids)
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestAttribution(AttributionCommon):
    def test_needed_unless_unsubstantiated_or_a_suggestion(self):
        case = self._judged()
        points = case._cs_open_points()
        self.assertTrue(any("answers for it" in point for point in points))
        self._share(case, 100)
        self._decide(case)
        self.assertFalse(
            any("answers for it" in point for point in case._cs_open_points())
        )
        case = self._case()
        for judgement in (False, "unsubstantiated"):
            case.sudo().judgement = judgement
            self.assertFalse(case.needs_attribution)
        case.sudo().judgement = "partly"
        self.assertTrue(case.needs_attribution)
        case = self._judged(kind="suggestion")
        self.assertFalse(case.needs_attribution)

    def test_shares_are_a_hundred_together(self):
        case = self._judged()
        with self.assertRaises(UserError):
            self._decide(case)
        self._share(case, 33.33)
        self._share(case, 33.33, department_id=self.second.id)
        third = self._share(
            case, 33.33, department_id=False, supplier_id=self.supplier.id
        )
        self.assertEqual(case.percent_missing, 0.01)
        with self.assertRaises(UserError):
            self._decide(case)
        self._rpc("agent", third._name, "write", third.ids, {"percent": 33.34})
        self._decide(case)
        self.assertEqual(case.attributed_by_id, self.users["chief"])

    @mute_logger("odoo.sql_db")
    def test_a_share_goes_to_a_department_or_a_supplier(self):
        case = self._judged()
        for values in (
            {"department_id": False},
            {"supplier_id": self.supplier.id},
            {"percent": 0},
            {"percent": 100.01},
            {"penalty_amount": -1},
        ):
            vals = {
                "complaint_id": case.id,
                "department_id": self.department.id,
                "percent": 50,
                **values,
            }
            with self.subTest(values=values), self.assertRaises(IntegrityError):
                self.env["cs.complaint.attribution"].create(vals)

    def test_employee_brings_his_department(self):
        case = self._judged()
        row = self._share(
            case, 100, department_id=False, employee_id=self.employees["accused"].id
        )
        self.assertEqual(row.department_id, self.department)

    def test_loss_is_split_to_the_cent(self):
        case = self._judged()
        self._rpc("agent", case._name, "write", case.ids, {"other_loss": 100.01})
        for department in (self.department, self.second):
            self._share(case, 33.33, department_id=department.id)
        self._share(case, 33.34, department_id=False, supplier_id=self.supplier.id)
        self._decide(case)
        rows = case.attribution_ids
        self.assertEqual(rows.mapped("amount"), [33.33, 33.33, 33.35])
        self.assertEqual(case.attribution_decision_id.loss_amount, 100.01)
        case.sudo().other_loss = 200
        case.sudo()._cs_split_loss()
        self.assertEqual(sum(rows.mapped("amount")), 200)

    def test_loss_is_what_it_is_when_the_case_closes(self):
        case = self._judged()
        self._share(case, 100)
        self._decide(case)
        case.sudo().other_loss = 80
        case.sudo()._cs_set_state("withdrawn")
        self.assertEqual(case.attribution_ids.amount, 80)

    def test_who_proposes(self):
        case = self._judged()
        for role in ("agent2", "accused", "head", "auditor", "accountant"):
            with self.subTest(role=role), self.assertRaises(UserError):
                self._share(case, 100, role)
        self._share(case, 60)
        self._share(case, 40, "leader")
        fresh = self._complaint()
        with self.assertRaises(UserError):
            self._share(fresh, 100, "leader")

    def test_decided_by_a_manager_who_is_not_in_it(self):
        case = self._judged()
        employee = self.env["hr.employee"].create(
            {
                "name": "Chief",
                "user_id": self.users["chief"].id,
                "department_id": self.second.id,
            }
        )
        row = self._share(case, 100, department_id=self.second.id)
        for role in ("agent", "leader", "accused", "auditor", "chief"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._decide(case, role)
        row.department_id = self.department
        self.department.manager_id = employee
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            self._decide(case)
        self._decide(case, "chief2")
        with self.assertRaises(UserError):
            self._decide(case, "chief2")

    def test_decided_shares_are_frozen(self):
        case = self._judged()
        row = self._share(case, 100, penalty_kind="fine", penalty_amount=50)
        self._decide(case)
        for role in ("agent", "leader", "chief"):
            for name, value in (
                ("percent", 50),
                ("amount", 1),
                ("department_id", self.second.id),
                ("penalty_amount", 0),
                ("active", False),
                ("decided_at", False),
            ):
                with (
                    self.subTest(role=role, name=name),
                    self.assertRaises(UserError),
                ):
                    self._rpc(role, row._name, "write", row.ids, {name: value})
            with self.subTest(role=role), self.assertRaises(UserError):
                self._share(case, 1, role)
            with self.subTest(role=role), self.assertRaises(UserError):
                self._rpc(role, row._name, "unlink", row.ids)
            with self.subTest(role=role), self.assertRaises(UserError):
                vals = {"attribution_ids": [(2, row.id)]}
                self._rpc(role, case._name, "write", case.ids, vals)
            with self.subTest(role=role), self.assertRaises(UserError):
                vals = {"attribution_decision_id": False}
                self._rpc(role, case._name, "write", case.ids, vals)
            with self.subTest(role=role), self.assertRaises(UserError):
                self._rpc(role, case._name, "write", case.ids, {"other_loss": 1})

    def test_decided_anew_with_a_reason_and_a_history(self):
        case = self._judged()
        old = self._share(case, 100, penalty_kind="points", penalty_points=2)
        self._decide(case)
        first = case.attribution_decision_id
        for role, reason in (("leader", "x"), ("agent", "x"), ("chief", " ")):
            with self.subTest(role=role), self.assertRaises(UserError):
                self._rpc(
                    role, case._name, "action_reopen_attribution", case.ids, reason
                )
        self._rpc(
            "chief", case._name, "action_reopen_attribution", case.ids, "New facts"
        )
        self.env.invalidate_all()
        self.assertFalse(case.attribution_decision_id)
        self.assertEqual(first.void_reason, "New facts")
        self.assertEqual(first.attribution_ids, old)
        self.assertFalse(old.active)
        fresh = case.attribution_ids
        self.assertEqual(fresh.penalty_points, 2)
        self._rpc("agent", fresh._name, "write", fresh.ids, {"percent": 70})
        self._share(case, 30, department_id=self.second.id)
        self._decide(case)
        self.assertEqual(old.percent, 100)
        self.assertEqual(len(case.attribution_decision_ids), 2)
        events = self.env["cs.event"].search(
            [("model", "=", "cs.complaint"), ("res_id", "=", case.id)]
        )
        actions = events.mapped("action")
        self.assertEqual(actions.count("complaint.attribute"), 2)
        self.assertEqual(actions.count("complaint.attribute_anew"), 1)

    def test_the_attributed_read_their_share_once_decided_not_the_case(self):
        case = self._judged(subject="Zhang San says so")
        mine = self._share(case, 60, employee_id=self.employees["accused"].id)
        self._share(case, 40, department_id=self.second.id)
        for role in ("accused", "head", "head2"):
            self.assertFalse(self._rpc(role, mine._name, "search", []))
        self._decide(case)
        for role in ("accused", "head"):
            with self.subTest(role=role):
                self.assertEqual(self._rpc(role, mine._name, "search", []), mine.ids)
                names = list(self._rpc(role, mine._name, "fields_get", [], ["type"]))
                self.assertNotIn("complaint_id", names)
                self.assertNotIn(
                    "Zhang", str(self._rpc(role, mine._name, "read", mine.ids, names))
                )
                with self.assertRaises(AccessError):
                    domain = [("complaint_id.subject", "ilike", "Zhang")]
                    self._rpc(role, mine._name, "search", domain)
        self.assertFalse(self._rpc("stranger", mine._name, "search", []))
        self.assertIn(self.department, case._cs_concerned_departments())

    def test_typed_in_the_form_of_the_case(self):
        case = self._judged()
        with Form(case.with_user(self.users["agent"])) as form:
            with form.attribution_ids.new() as line:
                line.department_id = self.department
                line.percent = 100
        self.assertEqual(case.attribution_ids.percent, 100)


@tagged("post_install", "-at_install")
class TestObjection(AttributionCommon):
    def setUp(self):
        super().setUp()
        self.case = self._judged()
        self.row = self._share(self.case, 100)
        self._decide(self.case)

    def _object(self, login="head", text="The order never reached us"):
        row = self._rpc(login, self.row._name, "action_object", self.row.ids, text)
        return self.env["cs.complaint.objection"].browse(row)

    def _rule(self, objection, accept, login="chief2", text="Read again"):
        self._rpc(login, objection._name, "action_decide", objection.ids, accept, text)
        self.env.invalidate_all()

    def test_the_head_objects_and_nothing_closes_before_it_is_decided(self):
        for role in ("accused", "agent", "head2"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._object(role)
        with self.assertRaises(UserError):
            self._object(text=" ")
        objection = self._object()
        with self.assertRaises(UserError):
            self._object()
        points = self.case._cs_open_points()
        self.assertTrue(any("Engineering" in point for point in points))
        told = self._notices(self.case, "complaint.objection")
        self.assertIn(self.users["chief2"], told)
        self.assertIn(self.users["agent"], told)
        self.assertNotIn(self.users["chief"], told)
        self._rule(objection, False)
        self.assertEqual(objection.state, "rejected")
        self.assertEqual(objection.text, "The order never reached us")
        self.assertEqual(objection.decision, "Read again")
        self.assertTrue(self.case.attribution_decision_id)
        self.assertFalse(
            any("Engineering" in point for point in self.case._cs_open_points())
        )

    def test_decided_by_a_manager_who_is_not_in_it(self):
        objection = self._object()
        for role in ("agent", "leader", "head", "accused", "chief"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._rule(objection, True, role)
        with self.assertRaises(UserError):
            self._rule(objection, True, text=" ")
        self._rule(objection, True)
        with self.assertRaises(UserError):
            self._rule(objection, False)

    def test_says_who_decides(self):
        """Who decided on the attribution is told who else may; the form says it too."""
        objection = self._object()
        with self.assertRaisesRegex(AccessError, "doesn't decide.*chief2"):
            self._rule(objection, True, "chief")
        points = " ".join(self.case._cs_open_points())
        self.assertIn(self.users["chief2"].name, points)
        self.assertNotIn(f"{self.users['chief'].name},", points)
        managers = self.env.ref("cs_complaint.group_manager").all_user_ids
        (managers - self.users["chief"]).write({"active": False})
        with self.assertRaisesRegex(AccessError, "No other manager may"):
            self._rule(objection, True, "chief")

    def test_accepted_one_opens_the_attribution_again(self):
        self._rule(self._object(), True)
        self.assertFalse(self.case.attribution_decision_id)
        self.assertTrue(self.case.attribution_ids)

    def test_objection_to_what_was_made_of_the_report(self):
        task = self._tasks(self.case)
        with self.assertRaises(UserError):
            self._call("head", task, "action_object", "report", "Misread")
        self._report(task)
        self._sign(task)
        with self.assertRaises(AccessError):
            self._call("accused", task, "action_object", "report", "Misread")
        with self.assertRaises(UserError):
            self._call("head", task, "action_object", "other", "Misread")
        self._call("head", task, "action_object", "report", "Misread")
        self.assertEqual(self.case.objection_ids.about, "report")

    def test_rows_are_made_by_methods_only_and_read_by_the_parties(self):
        objection = self._object()
        for role in ("head", "agent", "chief"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._rpc(
                    role, objection._name, "write", objection.ids, {"state": "accepted"}
                )
        for role, sees in (
            ("head", True),
            ("agent", True),
            ("leader", True),
            ("auditor", True),
            ("accused", False),
            ("head2", False),
            ("stranger", False),
        ):
            found = self._rpc(role, objection._name, "search", [])
            with self.subTest(role=role):
                self.assertEqual(bool(found), sees)
        with self.assertRaises(AccessError):
            self._rpc("head", objection._name, "read", objection.ids, ["complaint_id"])

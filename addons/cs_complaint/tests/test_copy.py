from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .test_course import CourseCommon


@tagged("post_install", "-at_install")
class TestCopy(CourseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users["stranger"] = new_test_user(
            cls.env, login="complaint_stranger", groups="base.group_user"
        )

    def _sent(self, **values):
        case = self._closed(copy_department_ids=[(4, self.department.id)], **values)
        return case, self.env["cs.complaint.copy"].search([("number", "=", case.name)])

    def test_a_closed_case_is_copied(self):
        case, copy = self._sent()
        self.assertEqual(copy.department_id, self.department)
        self.assertEqual(copy.user_id, self.users["head"])
        self.assertEqual(copy.opinion, case.opinion)
        self.assertTrue(copy.sent_at)
        self.assertEqual(case.copy_text, "0 of 1")
        told = self.env["cs.notify"].search([("code", "=", "complaint.copy")])
        self.assertEqual(
            told.filtered(lambda n: n.res_id == copy.id).user_id, copy.user_id
        )

    def test_the_department_reads_and_acknowledges(self):
        case, copy = self._sent()
        for login in ("head", "accused"):
            names = ["number", "subject", "opinion", "judgement"]
            rows = self._rpc(login, "cs.complaint.copy", "read", [copy.id], names)
            self.assertEqual(rows[0]["number"], case.name)
        for login in ("stranger", "accountant"):
            with self.subTest(login), self.assertRaises(AccessError):
                self._rpc(login, "cs.complaint.copy", "read", [copy.id], ["number"])
            with self.subTest(login), self.assertRaises(AccessError):
                self._rpc(login, "cs.complaint.copy", "action_read", [copy.id])
        with self.assertRaises(AccessError):
            self._rpc("leader", "cs.complaint.copy", "action_read", [copy.id])
        self._rpc("accused", "cs.complaint.copy", "action_read", [copy.id])
        first = copy.read_at
        self._rpc("head", "cs.complaint.copy", "action_read", [copy.id])
        self.assertEqual(
            (copy.read_at, copy.read_by_id), (first, self.users["accused"])
        )
        self.assertEqual(case.copy_text, "1 of 1")

    def test_the_department_does_not_reach_the_case(self):
        case, copy = self._sent()
        self._name(case)
        for call in (
            lambda: self._rpc(
                "head", "cs.complaint.copy", "read", [copy.id], ["complaint_id"]
            ),
            lambda: self._rpc(
                "head",
                "cs.complaint.copy",
                "search",
                [("complaint_id.identity_ids.partner_id.name", "ilike", "Zhang")],
            ),
            lambda: self._rpc("head", "cs.complaint", "read", [case.id], ["name"]),
        ):
            with self.assertRaises(AccessError):
                call()

    def test_masked_cases_say_nothing_personal(self):
        case = self._decided()
        case.sudo().write(
            {"masked": True, "copy_department_ids": [(4, self.department.id)]}
        )
        self.patch(self.registry["cs.complaint"], "_cs_open_points", lambda one: [])
        case.sudo()._cs_set_state("closed")
        copies = self.env["cs.complaint.copy"]
        copy = copies.search([("number", "=", case.name)])
        self.assertFalse(copy.subject)
        self.assertFalse(copy.opinion)
        self.assertFalse(copies.with_user(self.chief).search([("id", "=", copy.id)]))
        masked = copies.with_user(self.users["masked"])
        self.assertTrue(masked.search([("id", "=", copy.id)]))

    def test_each_closing_sends_anew(self):
        case, copy = self._sent()
        copy.with_user(self.users["head"]).action_read()
        case.with_user(self.leader).action_reopen("Not done")
        case.action_close()
        self.assertEqual(len(case.copy_ids), 2)

    def test_nobody_writes_copies(self):
        _case, copy = self._sent()
        for login in ("head", "chief"):
            with self.subTest(login), self.assertRaises(AccessError):
                self._rpc(
                    login, "cs.complaint.copy", "write", [copy.id], {"read_at": False}
                )

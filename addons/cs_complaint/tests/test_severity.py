from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from .test_course import CourseCommon


@tagged("post_install", "-at_install")
class TestSeverity(CourseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        people = {}
        for login in ("deputy", "centre", "speaker"):
            people[login] = new_test_user(
                cls.env,
                login=f"complaint_{login}",
                name=login.title(),
                groups="cs_complaint.group_manager",
            )
        cls.users |= people
        cls.company.write(
            {
                "cs_complaint_deputy_id": people["deputy"].id,
                "cs_complaint_head_id": people["centre"].id,
                "cs_complaint_spokesperson_id": people["speaker"].id,
            }
        )

    def _change(self, login, case, *args):
        return self._rpc(
            login, "cs.complaint", "action_change_severity", [case.id], *args
        )

    def _waiting(self, case):
        return case._cs_pending_approvals("severity")

    # === AT INTAKE === #

    def test_evidence_at_intake(self):
        """More than general needs evidence, a text or a file."""
        for severity in ("influential", "severe", "media"):
            with self.subTest(severity), self.assertRaisesRegex(UserError, "shows"):
                self._complaint(severity=severity, severity_evidence=" ")
        self._complaint(severity="general")
        file = self.env["ir.attachment"].with_user(self.agent)
        file = file.create({"name": "shot.png", "raw": b"x"})
        case = self._complaint(severity="influential", severity_file_ids=[(4, file.id)])
        self.assertEqual((file.res_model, file.res_id), (case._name, case.id))

    def test_nobody_adds_files_he_may_not_read(self):
        file = self.env["ir.attachment"].create({"name": "secret", "raw": b"x"})
        with self.assertRaises(AccessError):
            self._complaint(severity="influential", severity_file_ids=[(4, file.id)])

    def test_who_takes_it(self):
        """Each severity goes to whom the rules name."""
        for values, login in (
            ({"severity": "influential"}, "leader"),
            ({"severity": "severe"}, "deputy"),
            ({"severity": "severe", "particularly_severe": True}, "centre"),
            ({"severity": "media"}, "speaker"),
        ):
            with self.subTest(values):
                case = self._complaint(severity_evidence="Seen", **values)
                self.assertEqual(case.handler_id, self.users[login])
                told = self.env["cs.notify"].search(
                    [("res_id", "=", case.id), ("code", "=", "complaint.severity")]
                )
                self.assertIn(self.users[login], told.user_id)
                self.assertEqual(len(case.severity_ids), 1)
        case = self._complaint(handler_id=self.agent2.id)
        self.assertEqual(case.handler_id, self.agent2)

    def test_who_is_not_here_is_replaced(self):
        self.users["deputy"].active = False
        case = self._complaint(severity="severe", severity_evidence="Seen")
        self.assertEqual(case.handler_id, self.users["centre"])
        self.company.write(
            {"cs_complaint_deputy_id": False, "cs_complaint_head_id": False}
        )
        case = self._complaint(severity="severe", severity_evidence="Seen")
        self.assertEqual(case.handler_id, self.leader)

    def test_media_is_proposed(self):
        for channel in ("media", "association"):
            case = self._complaint(channel=channel, external_ref="M 1")
            self.assertEqual(case.severity, "media")
            self.assertTrue(case.severity_evidence)
        case = self._complaint(channel="media", external_ref="M 1", severity="general")
        self.assertEqual(case.severity, "general")
        form = Form(self.env["cs.complaint"].with_user(self.agent))
        form.channel = "media"
        self.assertEqual(form.severity, "media")

    def test_only_severe_is_particularly_so(self):
        with self.assertRaises(ValidationError):
            self._complaint(particularly_severe=True)

    # === CHANGE === #

    def test_nobody_writes_it(self):
        case = self._taken()
        for vals in (
            {"severity": "severe"},
            {"particularly_severe": True},
            {"severity_evidence": "x"},
        ):
            for login in ("agent", "chief"):
                with self.subTest(vals=vals, login=login):
                    with self.assertRaises(UserError):
                        self._rpc(login, "cs.complaint", "write", [case.id], vals)
        rows = self.env["cs.complaint.severity"].with_user(self.chief)
        with self.assertRaises(AccessError):
            rows.create({"complaint_id": case.id, "to_severity": "severe"})

    def test_raising_acts_at_once(self):
        case = self._taken()
        with self.assertRaises(UserError):
            self._change("agent", case, "severe", False, "", "")
        self.assertTrue(self._change("agent", case, "severe", False, "", "Threats"))
        self.assertEqual(case.severity, "severe")
        self.assertEqual(case.handler_id, self.users["deputy"])
        self.assertTrue(self._change("agent", case, "severe", True, "", "Crowd"))
        self.assertEqual(case.handler_id, self.users["centre"])
        self.assertTrue(self._change("agent", case, "media", False, "", "TV came"))
        self.assertEqual(case.handler_id, self.users["speaker"])
        rows = case.severity_ids
        self.assertEqual(rows.mapped("to_severity"), ["severe", "severe", "media"])
        self.assertEqual(rows.by_id, self.agent)
        self.assertEqual(rows[0].evidence, "Threats")
        self.assertFalse(case.particularly_severe)

    def test_lowering_needs_reason_and_another_person(self):
        case = self._taken(severity="severe", severity_evidence="Shouting")
        with self.assertRaisesRegex(UserError, "less serious"):
            self._change("deputy", case, "general")
        self.assertFalse(self._change("deputy", case, "general", False, "Calm now"))
        self.assertEqual(case.severity, "severe")
        self.assertEqual(case.with_user(self.chief).severity_wanted, "General")
        waiting = self._waiting(case)
        for login in ("deputy", "agent", "leader"):
            with self.subTest(login), self.assertRaises(UserError):
                waiting.with_user(self.users[login]).action_approve()
        waiting.with_user(self.chief).action_approve()
        self.assertEqual(case.severity, "general")
        row = case.severity_ids[-1]
        self.assertEqual(row.by_id, self.users["deputy"])
        self.assertEqual(row.approval_id, waiting)
        self.assertEqual(row.approved_by, "Chief")
        self.assertEqual((row.reason, row.from_severity), ("Calm now", "severe"))

    def test_influential_is_lowered_by_a_lead(self):
        case = self._taken(severity="influential", severity_evidence="Angry")
        self._change("agent", case, "general", False, "Calm now")
        self._waiting(case).with_user(self.leader).action_approve()
        self.assertEqual(case.severity, "general")

    def test_rejected_lowering_changes_nothing(self):
        case = self._taken(severity="influential", severity_evidence="Angry")
        self._change("agent", case, "general", False, "Calm now")
        self._waiting(case).with_user(self.leader).action_reject("No")
        self.assertEqual(case.severity, "influential")
        self.assertEqual(len(case.severity_ids), 1)

    def test_raising_voids_a_waiting_lowering(self):
        case = self._taken(severity="influential", severity_evidence="Angry")
        self._change("agent", case, "general", False, "Calm now")
        waiting = self._waiting(case)
        self._change("agent", case, "severe", False, "", "Threats")
        waiting.with_user(self.leader).action_approve()
        self.assertEqual(case.severity, "severe")
        self.assertEqual(waiting.state, "void")

    def test_nothing_changes_after_the_end(self):
        case = self._taken()
        case.action_withdraw("Solved")
        with self.assertRaises(UserError):
            self._change("agent", case, "severe", False, "", "Threats")

    def test_others_do_not_change_it(self):
        case = self._taken()
        for login in ("auditor", "head", "accountant"):
            with self.subTest(login), self.assertRaises(AccessError):
                self._change(login, case, "severe", False, "", "Threats")

    def test_wizard(self):
        case = self._taken()
        action = case.with_user(self.agent).action_ask_severity()
        form = Form(
            self.env["cs.complaint.step"]
            .with_user(self.agent)
            .with_context(**action["context"])
        )
        self.assertEqual(form.severity, "general")
        form.severity = "influential"
        form.evidence = "Angry"
        form.save().action_apply()
        self.assertEqual(case.severity, "influential")

    # === REPLIES === #

    def test_the_spokesperson_gives_all_answers(self):
        case = self._complaint(channel="media", external_ref="M 1")
        for login in ("agent", "leader", "chief"):
            self.assertTrue(case.with_user(self.users[login])._cs_reply_refusal())
        self.assertFalse(case.with_user(self.users["speaker"])._cs_reply_refusal())
        general = self._complaint()
        self.assertFalse(general._cs_reply_refusal())

    # === ROWS === #

    def test_history_is_read_by_who_reads_the_case(self):
        case = self._complaint(severity="influential", severity_evidence="Angry")
        rows = self.env["cs.complaint.severity"]
        self.assertEqual(rows.with_user(self.leader).search_count([]), 1)
        rule = self.env["ir.rule"].sudo()
        rule.create(
            {
                "name": "not this one",
                "model_id": self.env["ir.model"]._get_id("cs.complaint"),
                "domain_force": f"[('id', '!=', {case.id})]",
            }
        )
        own = rows.with_user(self.leader)
        self.assertFalse(own.search([]))
        self.assertFalse(own._read_group([], [], ["__count"])[0][0])
        with self.assertRaises(AccessError):
            own.browse(case.sudo().severity_ids.ids).read(["reason"])

    def test_people_of_the_settings_can_read_complaints(self):
        with self.assertRaises(ValidationError):
            self.company.cs_complaint_deputy_id = self.users["head"]

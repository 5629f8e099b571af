from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tools import mute_logger

from .common import CsCommon


class TestCommitment(CsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.cs_profile = "gas"
        cls.other_company.cs_profile = "property"

    @classmethod
    def _commitment(cls, code="test.answer", **vals):
        return cls.env["cs.commitment"].create({"name": code, "code": code, **vals})

    def _found(self, code, company=None):
        company = company or self.company
        found = self.env["cs.commitment"]._cs_find([(code, company)])
        return found.get((code, company), self.env["cs.commitment"])

    def test_company_before_profile_before_general(self):
        general = self._commitment(profile=False)
        self.assertEqual(self._found("test.answer"), general)
        gas = self._commitment(profile="gas")
        prop = self._commitment(profile="property")
        self.assertEqual(self._found("test.answer"), gas)
        self.assertEqual(self._found("test.answer", self.other_company), prop)
        own = self._commitment(company_id=self.company.id)
        self.assertEqual(self._found("test.answer"), own)
        self.assertEqual(self._found("test.answer", self.other_company), prop)
        own.active = False
        self.assertEqual(self._found("test.answer"), gas)
        self.company.cs_profile = False
        self.assertEqual(self._found("test.answer"), general)

    def test_a_code_falls_back_to_its_beginning(self):
        answer = self._commitment("test.answer")
        media = self._commitment("test.answer.media")
        self.assertEqual(self._found("test.answer.media"), media)
        self.assertEqual(self._found("test.answer.media.tv"), media)
        self.assertEqual(self._found("test.answer.general"), answer)
        self.assertFalse(self._found("test"))
        self.assertFalse(self._found("test.answers"))

    def test_a_more_exact_code_goes_before_the_own_company(self):
        self._commitment("test.answer", company_id=self.company.id)
        media = self._commitment("test.answer.media")
        self.assertEqual(self._found("test.answer.media"), media)

    def test_the_example_follows_the_settings(self):
        with freeze_time("2026-09-30 02:00:00"):
            commitment = self._commitment(quantity=3, warn_percent=0)
            self.assertIn("2026-09-30 Wed 16:00", commitment.example)
            self.assertIn("2026-10-10 Sat 23:59", commitment.example)
            commitment.write({"unit": "day", "quantity": 15, "calendar": "always"})
            self.assertIn("2026-10-15 Thu 23:59", commitment.example)
            commitment.next_day = False
            self.assertIn("2026-10-14 Wed 23:59", commitment.example)
        with freeze_time("2026-12-30 02:00:00"):
            commitment.write({"unit": "workday", "quantity": 10})
            commitment.invalidate_recordset()
            self.assertIn("2027", commitment.example)

    def test_an_unfinished_form_has_no_example(self):
        commitment = self.env["cs.commitment"].new({"quantity": 0})
        self.assertFalse(commitment.example)

    def test_what_can_not_be_promised(self):
        with self.assertRaises(ValidationError):
            self._commitment("test answer")
        with self.assertRaises(ValidationError):
            self._commitment("test..answer")
        for vals in (
            {"quantity": 0},
            {"warn_percent": 100},
            {"max_pause_days": -1},
            {"progress_days": 0},
        ):
            with (
                self.subTest(**vals),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
            ):
                self._commitment(**vals)
        self._commitment("test.twice")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._commitment("test.twice")

    def test_ladders_name_somebody_and_a_template(self):
        def ladder(**vals):
            step = {"level": 1, "to_lead": True, **vals}
            return self.env["cs.escalation"].create(
                {"name": "Ladder", "step_ids": [Command.create(step)]}
            )

        self.assertTrue(ladder().summary)
        with self.assertRaisesRegex(ValidationError, "who is told"):
            ladder(to_lead=False)
        with self.assertRaisesRegex(ValidationError, "no notice template"):
            ladder(notice_code="nothing")

    def test_shipped_ladder_and_reasons(self):
        ladder = self.env.ref("cs_base.cs_escalation_standard")
        self.assertEqual(ladder.step_ids.mapped("level"), [1, 2, 3, 4])
        self.assertEqual(self._commitment().escalation_id, ladder)
        reasons = self.env["cs.pause.reason"].search([])
        self.assertEqual(set(reasons.mapped("cause")), {"customer", "force_majeure"})
        asked = reasons.filtered(lambda reason: reason.cause == "customer")
        self.assertTrue(all(asked.mapped("needs_request")))

    def test_quiet_hours(self):
        quiet = self.company._cs_quiet()
        self.assertEqual((quiet.start.hour, quiet.end.hour), (21, 8))
        self.company.cs_quiet_to = 21
        self.assertIsNone(self.company._cs_quiet())
        for hour in (24, -1):
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
                self.company.cs_quiet_from = hour
                self.company.flush_recordset()

    def test_changed_hours_are_used_at_once(self):
        calendar = self.company.resource_calendar_id
        values = {"calendar": "service", "calendar_id": False}
        before = self.company._cs_clock_hours(values)
        self.assertIs(self.company._cs_clock_hours(values), before)
        calendar.attendance_ids.filtered(lambda line: line.hour_to > 14).unlink()
        after = self.company._cs_clock_hours(values)
        day = self.company._cs_today()
        self.assertLess(after.close(day), before.close(day))
        calendar.tz = "Asia/Tokyo"
        self.assertEqual(str(self.company._cs_clock_hours(values).tz), "Asia/Tokyo")

    def test_only_managers_change_the_rules(self):
        commitment = self._commitment()
        ladder = self.env.ref("cs_base.cs_escalation_standard")
        reason = self.env.ref("cs_base.cs_pause_reason_date")
        for record, vals in (
            (commitment, {"quantity": 9}),
            (ladder, {"name": "Mine"}),
            (ladder.step_ids[0], {"to_lead": True}),
            (reason, {"max_days": 99}),
        ):
            for role in ("user", "lead", "auditor"):
                with self.subTest(model=record._name, role=role):
                    with self.assertRaises(AccessError):
                        self._rpc(role, record._name, "write", record.ids, vals)
            self.assertTrue(
                self._rpc("manager", record._name, "write", record.ids, vals)
            )

    def test_a_company_sees_the_general_and_its_own(self):
        general = self._commitment()
        other = self._commitment("test.other", company_id=self.other_company.id)
        seen = self._rpc("user", "cs.commitment", "search", [])
        self.assertIn(general.id, seen)
        self.assertNotIn(other.id, seen)

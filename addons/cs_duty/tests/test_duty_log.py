import datetime

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import DutyCommon


@tagged("post_install", "-at_install")
class TestDutyLog(DutyCommon):
    def _log(self, login="zhang", **values):
        logs = self.env["cs.duty.log"].with_user(self.users[login])
        return logs.create({"team_id": self.team.id, **values})

    def _entry(self, log, login="zhang", **values):
        entries = self.env["cs.duty.log.entry"].with_user(self.users[login])
        return entries.create(
            {"log_id": log.id, "text": "Lights out in hall 2", **values}
        )

    def _notices(self, record):
        return self.env["cs.notify"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)]
        )

    def test_log_of_a_shift(self):
        roster = self._published(zhang="A", li="B")
        line = self._line(roster, "zhang")
        log = self._log(line_id=line.id)
        self.assertEqual(log.team_id, self.team)
        self.assertEqual(log.user_id, self.users["zhang"])
        with self.assertRaises(UserError):
            self._log("wang", line_id=self._line(roster, "li").id)

    def test_closed_fields(self):
        log = self._log()
        for values in ({"state": "closed"}, {"start_at": "2026-01-01 00:00:00"}):
            with self.assertRaises(UserError):
                self._rpc("zhang", "cs.duty.log", "write", log.ids, values)
        with self.assertRaises(UserError):
            self._log(employee_id=self.employees["li"].id)

    def test_only_who_is_on_duty_writes(self):
        log = self._log()
        for login in ("li", "leader", "chief"):
            with self.assertRaises(AccessError):
                self._entry(log, login)
            with self.assertRaises(AccessError):
                self._rpc(login, "cs.duty.log", "write", log.ids, {"summary": "x"})
            with self.assertRaises(AccessError):
                self._rpc(login, "cs.duty.log", "action_close", log.ids)
        entry = self._entry(log)
        self.assertEqual(entry.author_id, self.users["zhang"])
        with self.assertRaises(UserError):
            self._entry(log, author_id=self.users["li"].id)

    def test_entries_come_with_the_form_of_the_log(self):
        log = self._log(entry_ids=[(0, 0, {"text": "Handset broken"})])
        for login, kind in (("zhang", "equipment"), ("leader", "check")):
            entries = [(0, 0, {"text": "At the desk", "kind": kind})]
            self._rpc(login, "cs.duty.log", "write", log.ids, {"entry_ids": entries})
        self.assertEqual(len(log.entry_ids), 3)

    def test_other_teams_do_not_see_it(self):
        log = self._log()
        entry = self._entry(log)
        for login, seen in (("li", 1), ("leader", 1), ("stranger", 0), ("chief", 1)):
            for record in (log, entry):
                found = record.with_user(self.users[login])
                self.assertEqual(
                    found.search_count([("id", "=", record.id)]), seen, login
                )

    def test_leaving_the_post_needs_a_stand_in(self):
        log = self._log()
        with self.assertRaises(ValidationError):
            self._entry(log, kind="away")
        with self.assertRaises(ValidationError):
            self._entry(log, kind="away", stand_in_id=self.employees["zhang"].id)
        entry = self._entry(log, kind="away", stand_in_id=self.employees["li"].id)
        with self.assertRaises(UserError):
            log.action_close()
        entry.ended_at = entry.at + datetime.timedelta(minutes=20)
        log.action_close()
        self.assertEqual(log.state, "closed")

    def test_system_fault_says_who_was_told(self):
        log = self._log()
        with self.assertRaises(ValidationError):
            self._entry(log, kind="fault")
        self._entry(log, kind="fault", told="Network desk")

    def test_unannounced_checks(self):
        log = self._log()
        for login, error in (("zhang", ValidationError), ("li", AccessError)):
            with self.assertRaises(error):
                self._entry(log, login, kind="check")
        check = self._entry(log, "leader", kind="check")
        self.assertEqual(check.author_id, self.users["leader"])
        own = self._log("leader")
        with self.assertRaises(UserError):
            self._entry(own, "leader", kind="check")

    def test_closed_log_stays(self):
        log = self._log()
        entry = self._entry(log)
        log.action_close()
        for values in ({"text": "Nothing"}, {"severity": "0"}, {"kind": "other"}):
            with self.assertRaises(UserError):
                entry.write(values)
        with self.assertRaises(UserError):
            self._entry(log)
        with self.assertRaises(UserError):
            log.summary = "All quiet"
        entry.result = "Repaired at noon"
        for record in (entry, log):
            with self.assertRaises(UserError):
                record.sudo().unlink()

    def test_major_incident_is_told_at_once(self):
        log = self._log()
        with freeze_time("2026-11-22 17:30:00"):
            entry = self._entry(log, severity="2", at="2026-11-22 17:00:00")
        self.assertEqual(entry.report_due, datetime.date(2026, 11, 24))
        told = self._notices(entry).user_id
        self.assertLessEqual(self.users["leader"] | self.users["chief"], told)
        count = len(self._notices(entry))
        entry.severity = "1"
        entry.severity = "2"
        self.assertEqual(len(self._notices(entry)), count)
        later = self._entry(log)
        later.severity = "2"
        self.assertTrue(self._notices(later))

    def test_written_report(self):
        log = self._log()
        plain = self._entry(log)
        with self.assertRaises(UserError):
            plain.action_report()
        entry = self._entry(log, severity="2")
        log.action_close()
        with self.assertRaises(UserError):
            entry.action_report()
        entry.report = "Hall 2, 09:00, fuse, replaced"
        with self.assertRaises(AccessError):
            entry.with_user(self.users["li"]).action_report()
        entry.action_report()
        self.assertEqual(entry.report_by_id, self.users["zhang"])
        for again in (entry.action_report, lambda: entry.write({"report": "No"})):
            with self.assertRaises(UserError):
                again()

    def test_overdue_report_is_reminded_once(self):
        log = self._log()
        with freeze_time("2026-11-22 02:00:00"):
            entry = self._entry(log, severity="2", at="2026-11-22 01:00:00")
        before = len(self._notices(entry))
        with freeze_time("2026-11-23 15:59:00"):
            entry._cron_reports()
        self.assertEqual(len(self._notices(entry)), before)
        with freeze_time("2026-11-23 16:01:00"):
            entry._cron_reports()
            entry._cron_reports()
        late = self._notices(entry).filtered(lambda one: one.code == "duty.report")
        self.assertEqual(late.user_id, self.users["zhang"] | self.users["leader"])
        self.assertEqual(len(late), 2)

    def test_resolved_with_its_result(self):
        entry = self._entry(self._log())
        with self.assertRaises(UserError):
            entry.action_resolve()
        entry.result = "Lamp replaced"
        with self.assertRaises(AccessError):
            entry.with_user(self.users["li"]).action_resolve()
        entry.with_user(self.users["leader"]).action_resolve()
        self.assertTrue(entry.resolved)

    def test_one_open_log_a_person(self):
        log = self._log()
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self._rpc("zhang", "cs.duty.log", "create", {"team_id": self.team.id})
        log.action_close()
        log.flush_recordset()
        self._log()

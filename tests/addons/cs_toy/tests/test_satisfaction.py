import datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.cs_base.models import cs_satisfaction_access

from .test_followup_screen import VisitCommon

DAY = "2026-11-25 02:00:00"


class VoteCommon(VisitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kind = cls.env["cs.business.type"]._cs_by_code("toy.request")
        cls.kind.write({"followup": "no", "vote_link": True})
        cls.company.write({"cs_quiet_from": 0, "cs_quiet_to": 0})

    def _closed(self, **vals):
        request = self._done(**vals)
        request.action_close()
        return request

    def _row(self, matter):
        return self.env["cs.satisfaction"].search(
            [
                ("res_model", "=", matter._name),
                ("res_id", "=", matter.id),
                ("state", "=", "open"),
            ]
        )


@tagged("post_install", "-at_install")
class TestSatisfaction(VoteCommon):
    def test_asked_once_for_each_closing(self):
        request = self._closed()
        row = self._row(request)
        self.assertEqual((row.closing, row.number), (1, request.name))
        self.assertEqual(row.partner_id, self.customer)
        self.assertEqual(row.handler_id, self.second)
        self.assertTrue(row.sent_at)
        request.action_work()
        self.assertEqual(row.state, "void")
        self.assertFalse(row._cs_vote("satisfied", "", "x"))
        request.action_done()
        request.action_close()
        second = self._row(request)
        self.assertEqual(second.closing, 2)
        self.assertTrue(second._cs_vote("satisfied", "", "x"))
        self.assertFalse(second._cs_vote("dissatisfied", "", "x"))
        self.assertEqual((second.vote, second.satisfied), ("satisfied", 1.0))

    def test_cancelled_unknown_and_staff_are_not_asked(self):
        request = self._request()
        request._cs_set_state("cancelled")
        self.assertFalse(self._row(request))
        self.assertFalse(self._row(self._closed(partner_id=False)))
        self.assertFalse(self._row(self._closed(partner_id=self.lead.partner_id.id)))
        self.kind.vote_link = False
        self.assertFalse(self._row(self._closed()))

    def test_the_link_leaves_signed_and_is_stored_unsigned(self):
        request = self._closed()
        row = self._row(request)
        notice = self.env["cs.notify"].search([("code", "=", "satisfaction.ask")])
        self.assertEqual((notice.channel, notice.res_id), ("sms", request.id))
        self.assertIn(f"/cs/satisfaction/{row.id}", notice.text)
        token = row._cs_token()
        self.assertNotIn(token, notice.text)
        self.assertNotIn(token, notice.mail_message_id.body)
        sms = self.env["sms.sms"].search([("uuid", "=", notice.sms_uuid)])
        self.assertIn(f"/cs/satisfaction/{token}", sms.body)
        self.assertFalse(self.env["cs.satisfaction"]._cs_by_token(str(row.id)))
        self.assertEqual(self.env["cs.satisfaction"]._cs_by_token(token), row)
        for role in ("user", "lead", "manager", "personal_data"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._rpc(role, "sms.sms", "read", sms.ids, ["body"])

    def test_by_mail(self):
        self.customer.write({"phone": False, "email": "zhang@example.com"})
        request = self._closed()
        row = self._row(request)
        mail = self.env["mail.mail"].search([], order="id desc", limit=1)
        self.assertEqual(mail.res_id, request.id)
        self.assertIn(f"/cs/satisfaction/{row.id}", mail.body_html)
        self.assertIn(row._cs_token(), mail._prepare_outgoing_body())
        self.assertNotIn(row._cs_token(), mail.mail_message_id.body)

    def test_nobody_gets_a_link_signed_by_writing_it(self):
        request = self._closed()
        row = self._row(request)
        mail = self.env["mail.mail"].create(
            {
                "body_html": f"<p>/cs/satisfaction/{row.id}</p>",
                "model": request._name,
                "res_id": request.id,
                "email_to": "clerk@example.com",
            }
        )
        self.assertNotIn(row._cs_token(), mail._prepare_outgoing_body())
        other = self._closed()
        text = self.env["cs.satisfaction"]._cs_sign_links(
            f"/cs/satisfaction/{row.id}", other._name, other.id
        )
        self.assertEqual(text, f"/cs/satisfaction/{row.id}")

    def test_waits_for_the_end_of_quiet_hours(self):
        self.company.write({"cs_quiet_from": 21, "cs_quiet_to": 8})
        with freeze_time("2026-11-25 14:00:00"):  # 22:00 in Shanghai
            row = self._row(self._closed())
            self.assertFalse(row.sent_at)
            self._run_cron("ir_cron_satisfaction")
            self.assertFalse(row.sent_at)
        self.assertEqual(row.send_at, datetime.datetime(2026, 11, 26))
        self.assertEqual(row.expires_at, datetime.datetime(2026, 12, 3))
        with freeze_time("2026-11-26 00:00:30"):
            self._run_cron("ir_cron_satisfaction")
        self.assertTrue(row.sent_at)
        self.assertFalse(row.send_at)

    def test_open_again_before_it_was_sent(self):
        self.company.write({"cs_quiet_from": 21, "cs_quiet_to": 8})
        with freeze_time("2026-11-25 14:00:00"):
            request = self._closed()
            row = self._row(request)
            request.action_work()
        with freeze_time("2026-11-26 00:00:30"):
            self._run_cron("ir_cron_satisfaction")
        self.assertFalse(row.sent_at)
        self.assertEqual(row.state, "void")

    def test_expires(self):
        with freeze_time(DAY):
            row = self._row(self._closed())
            token = row._cs_token()
        with freeze_time("2026-12-02 01:59:00"):
            self.assertTrue(row._cs_by_token(token)._cs_awaits_vote())
        with freeze_time("2026-12-02 02:00:30"):
            self.assertFalse(row._cs_by_token(token))
            self.assertFalse(row._cs_vote("satisfied", "", "x"))
            self._run_cron("ir_cron_satisfaction")
        self.assertEqual(row.state, "expired")
        self.assertEqual(row.answered, 0.0)

    def test_made_up_links(self):
        rows = self.env["cs.satisfaction"]
        row = self._row(self._closed())
        token = row._cs_token()
        for wrong in ("", "x", "1", token[:-2], token[:-1] + "!", "é" * 9, "A" * 90):
            with self.subTest(wrong):
                self.assertFalse(rows._cs_by_token(wrong))

    # === WHAT FOLLOWS === #

    def test_dissatisfied_is_visited_by_the_first_owner(self):
        with freeze_time(DAY):
            request = self._closed()
            contact = request.interaction_id
            self.assertEqual(contact.state, "closed")
            row = self._row(request)
            row.with_user(self.env.ref("base.public_user"))._cs_vote(
                "dissatisfied", " Nobody came ", "x"
            )
        self.assertEqual(request.state, "closed")  # a vote opens nothing
        visit = row.followup_id
        self.assertEqual((visit.kind, visit.user_id), ("visit", self.clerk))
        self.assertEqual(
            self.company._cs_date(visit.due_at), datetime.date(2026, 11, 26)
        )
        self.assertEqual(contact.state, "open")
        self.assertEqual(row.comment, "Nobody came")
        told = self.env["cs.notify"].search(
            [("res_model", "=", "cs.followup"), ("res_id", "=", visit.id)]
        )
        self.assertEqual(told.user_id, self.clerk)
        visit = visit.with_user(self.clerk).sudo(False)
        visit.action_record("dissatisfied", "Nobody came")
        self.assertEqual(request.state, "work")

    def test_the_visit_that_waits_comes_sooner(self):
        self.kind.followup = "after_close"
        with freeze_time(DAY):
            request = self._closed()
            visit = self.env["cs.followup"]._cs_open_of(request)
            row = self._row(request)
            row._cs_vote("dissatisfied", "", "x")
        self.assertEqual(row.followup_id, visit)
        self.assertEqual(
            self.company._cs_date(visit.due_at), datetime.date(2026, 11, 26)
        )

    def test_satisfied_calls_for_nothing(self):
        request = self._closed()
        self._row(request)._cs_vote("neutral", "", "x")
        self.assertFalse(self.env["cs.followup"]._cs_open_of(request))

    # === WHO READS === #

    def test_masked_votes_name_nobody(self):
        request = self._closed()
        row = self._row(request)
        row._cs_vote("dissatisfied", "It was him", "hash")
        request.sudo().write({"masked": True})
        self.assertFalse(row.partner_id)
        self.assertFalse(row.ip_hash)
        domain = [("id", "=", row.id)]
        for role in ("user", "lead", "manager", "auditor", "plain"):
            with self.subTest(role=role):
                if role == "plain":
                    with self.assertRaises(AccessError):
                        self._rpc(role, "cs.satisfaction", "search_read", domain)
                    continue
                self.assertFalse(
                    self._rpc(role, "cs.satisfaction", "search_read", domain)
                )
                self.assertFalse(
                    self._rpc(
                        role,
                        "cs.satisfaction",
                        "formatted_read_group",
                        domain,
                        ["vote"],
                        ["__count"],
                    )
                )
        rows = self._rpc("masked", "cs.satisfaction", "search_read", domain)
        self.assertFalse(rows[0]["partner_id"])
        self.assertNotIn("ip_hash", rows[0])

    def test_masked_from_the_beginning(self):
        request = self._request()
        request.sudo().write({"masked": True, "handler_id": self.second.id})
        for state in ("work", "done", "closed"):
            request.sudo()._cs_set_state(state)
        row = self._row(request)
        self.assertTrue(row.masked)
        self.assertFalse(row.partner_id)
        row._cs_vote("satisfied", "", "hash")
        self.assertFalse(row.ip_hash)

    def test_own_team_and_lead(self):
        row = self._row(self._closed())
        found = {
            role: len(
                self._rpc(role, "cs.satisfaction", "search", [("id", "=", row.id)])
            )
            for role in ("user", "lead", "manager", "auditor", "personal_data")
        }
        self.assertEqual(
            found,
            {"user": 1, "lead": 1, "manager": 1, "auditor": 1, "personal_data": 0},
        )
        for role in ("user", "lead", "manager"):
            for method, args in (
                ("write", [row.ids, {"vote": "satisfied"}]),
                ("create", [{"closing": 9}]),
                ("unlink", [row.ids]),
            ):
                with self.subTest(role=role, method=method):
                    with self.assertRaises(AccessError):
                        self._rpc(role, "cs.satisfaction", method, *args)
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._rpc(role, "cs.satisfaction", "_cs_token", row.ids)

    def test_queries_do_not_grow(self):
        def close(number):
            requests = self.env["cs.toy.request"].browse()
            for _ in range(number):
                requests |= self._done()
            requests = requests.sudo()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["cs.satisfaction"]._cs_request_vote(requests)
            return self.env.cr.sql_log_count - before

        self.kind.write({"followup": "no"})
        close(1)
        few = close(3)
        self.assertLessEqual(close(12) - few, 9 * 2)

    # === RATE LIMIT === #

    def test_requests_count_although_the_request_fails(self):
        access = self.env["cs.satisfaction.access"]
        link = f"test {fields.Datetime.now()}"
        try:
            with patch.object(cs_satisfaction_access, "PER_LINK", 2):
                for expected in (True, True, False):
                    with self.env.cr.savepoint() as savepoint:
                        self.assertEqual(access._cs_admit("10.0.0.1", link), expected)
                        savepoint.rollback()
            with patch.object(cs_satisfaction_access, "PER_IP", 2):
                self.assertFalse(access._cs_admit("10.0.0.1", f"{link} other"))
        finally:
            with self.registry.cursor() as cr:  # they were really committed
                cr.execute(
                    "DELETE FROM cs_satisfaction_access WHERE ip_hash = %s",
                    [access._cs_hash("10.0.0.1")],
                )
                self.assertEqual(cr.rowcount, 2)

    def test_requests_are_forgotten(self):
        access = self.env["cs.satisfaction.access"]
        row = access.create({"ip_hash": "a", "link_hash": "b"})
        access._gc_requests()
        self.assertTrue(row.exists())
        self.env.cr.execute(
            "UPDATE cs_satisfaction_access SET create_date = now() - interval '2 days'"
            " WHERE id = %s",
            [row.id],
        )
        access._gc_requests()
        self.env.invalidate_all()
        self.assertFalse(row.exists())

    def test_who_visits_reads_the_vote(self):
        row = self._row(self._closed())
        row._cs_vote("dissatisfied", "Nobody came", "x")
        visit = row.followup_id
        for user, told in ((self.clerk, True), (self.lead, True)):
            text = visit.with_user(user).sudo(False).vote_text
            self.assertEqual("Nobody came" in (text or ""), told)
        row._update({"masked": True})
        visit.invalidate_recordset()
        self.assertFalse(visit.with_user(self.clerk).sudo(False).vote_text)

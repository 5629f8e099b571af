import datetime
from base64 import b64encode

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form
from odoo.tools import mute_logger

from odoo.addons.cs_base.models.mail_gate_fate import Fate

from .common import ToyCommon

SERVER = "mx.gas.example"
PASSED = (
    f"Authentication-Results: {SERVER}; spf=pass; dmarc=pass header.from=home.example"
)
FORGED = "Authentication-Results: mx.evil.example; dmarc=pass"


class TestGateway(ToyCommon):
    """Inbound mail as it comes: nothing is lost, nothing opens by itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.email = "zhang@home.example"
        cls.env["ir.config_parameter"].set_param("cs_base.mail_authserv_id", SERVER)
        cls.known = cls.env["cs.mail.parked"].search([])
        cls.serial = 0

    def _mail(self, body="Hello", sender="zhang@home.example", **headers):
        """The source of a mail; a header of None is left out, ``_raw`` adds lines."""
        type(self).serial += 1
        raw = headers.pop("_raw", ())
        lines = {
            "From": sender,
            "To": "desk@gas.example",
            "Subject": "About the stove",
            "Message-ID": f"<{self.serial}.{self.id()}@home.example>",
            "MIME-Version": "1.0",
            "Content-Type": "text/plain; charset=utf-8",
        } | {name.replace("_", "-"): value for name, value in headers.items()}
        head = [f"{name}: {value}" for name, value in lines.items() if value]
        return "\r\n".join([*head, *raw, "", body]).encode()

    def _receive(self, raw, model="cs.toy.request"):
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            return self.env["mail.thread"].message_process(model, raw)

    def _parked(self):
        return self.env["cs.mail.parked"].search([("id", "not in", self.known.ids)])

    def _sent(self, matter):
        """A message of the matter that a customer can answer."""
        return matter.sudo().message_post(
            body="We are coming", subtype_xmlid="mail.mt_comment"
        )

    def _answer(self, matter, **headers):
        reference = self._sent(matter).message_id
        return self._mail(In_Reply_To=reference, References=reference, **headers)

    def _emails(self, matter):
        rows = matter.sudo().message_ids
        return rows.filtered(lambda row: row.message_type == "email")

    def _closed(self):
        matter = self._request(interaction_id=self._contact().id)
        matter.sudo().write(
            {"state": "closed", "is_open": False, "closed_at": fields.Datetime.now()}
        )
        return matter

    # === WHERE IT GOES === #

    def test_new_mail_begins_a_matter(self):
        matter = self.env["cs.toy.request"].browse(self._receive(self._mail()))
        self.assertEqual(matter.wish, "About the stove")
        self.assertEqual(matter.partner_id, self.customer)
        self.assertNotEqual(matter.name, "About the stove")
        self.assertEqual(matter.interaction_id.channel, "mail")
        self.assertEqual(matter.interaction_id.state, "unclaimed")
        self.assertEqual(len(self._emails(matter)), 1)

    def test_answer_to_an_open_matter(self):
        matter = self._request()
        self._receive(self._answer(matter))
        self.assertEqual(len(self._emails(matter)), 1)

    def test_answer_to_a_merged_matter(self):
        kept, other = self._request(), self._request()
        raw = self._answer(other)
        lead = self.lead
        kept.with_user(lead)._cs_merge(other.with_user(lead))
        self._receive(raw)
        self.assertEqual(len(self._emails(kept)), 1)
        self.assertFalse(self._emails(other))

    def test_answer_to_a_merged_matter_by_number(self):
        """Also one that doesn't know the messages that went over."""
        kept, other = self._request(), self._request()
        kept.with_user(self.lead)._cs_merge(other.with_user(self.lead))
        self._receive(self._mail(Subject=f"Re: {other.name}", _raw=[PASSED]))
        self.assertEqual(len(self._emails(kept)), 1)

    def test_answer_soon_after_the_end_opens_again(self):
        matter = self._closed()
        self._receive(self._answer(matter))
        self.assertEqual(matter.state, "work")
        self.assertEqual(len(self._emails(matter)), 1)

    def test_answer_long_after_the_end_is_a_new_linked_matter(self):
        matter = self._closed()
        with freeze_time(fields.Datetime.now() + datetime.timedelta(days=9)):
            new = self.env["cs.toy.request"].browse(self._receive(self._answer(matter)))
        self.assertEqual(matter.state, "closed")
        self.assertNotEqual(new, matter)
        self.assertEqual(new._cs_linked("origin"), [("origin", matter)])
        self.assertEqual(new.interaction_id, matter.interaction_id)
        self.assertEqual(len(self._emails(new)), 1)

    def test_answer_to_what_has_no_rule_is_parked(self):
        matter = self._request()
        matter._cs_set_state("cancelled")
        self._receive(self._answer(matter))
        parked = self._parked()
        self.assertEqual((parked.reason, parked.res_id), ("closed", matter.id))

    # === WHO SENT IT === #

    def test_number_with_a_verified_sender(self):
        matter = self._request()
        self._receive(self._mail(Subject=f"Nr. {matter.name}", _raw=[PASSED]))
        self.assertEqual(len(self._emails(matter)), 1)
        self.assertFalse(self._parked())

    def test_number_with_a_forged_sender(self):
        matter = self._request()
        for raw in ((), [FORGED], [FORGED, PASSED]):
            before = len(self._parked())
            self._receive(self._mail(Subject=f"Nr. {matter.name}", _raw=raw))
            self.assertFalse(self._emails(matter))
            parked = self._parked()
            self.assertEqual(len(parked), before + 1)
            self.assertEqual(
                (parked[0].reason, parked[0].res_id), ("sender", matter.id)
            )

    def test_number_of_another_customer(self):
        matter = self._request()
        mail = self._mail(
            sender="li@home.example", Subject=f"Nr. {matter.name}", _raw=[PASSED]
        )
        self._receive(mail)
        self.assertFalse(self._emails(matter))
        self.assertEqual(self._parked().reason, "sender")

    def test_no_sender(self):
        self._receive(self._mail(sender=None))
        self.assertEqual(self._parked().reason, "no_sender")

    # === MACHINES === #

    def test_out_of_office_neither_opens_nor_begins(self):
        matter = self._closed()
        raw = self._answer(matter, Auto_Submitted="auto-replied")
        mails = self.env["mail.mail"].search_count([])
        self._receive(raw)
        self.assertEqual(matter.state, "closed")
        count = self.env["cs.toy.request"].search_count([])
        self._receive(self._mail(Precedence="auto_reply"))
        self.assertEqual(self.env["cs.toy.request"].search_count([]), count)
        self.assertEqual(self._parked().mapped("reason"), ["auto", "auto"])
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)

    def test_out_of_office_of_an_open_matter_is_filed(self):
        matter = self._request()
        self._receive(self._answer(matter, Auto_Submitted="auto-replied"))
        self.assertEqual(len(self._emails(matter)), 1)

    def test_machines_get_no_bounce(self):
        mails = self.env["mail.mail"].search_count([])
        self._receive(self._mail(Auto_Submitted="auto-generated"), model=False)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        self.assertEqual(self._parked().reason, "no_route")

    def test_delivery_report(self):
        report = (
            "--b\r\nContent-Type: text/plain\r\n\r\nNo such user\r\n"
            "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
            "Reporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; x@home.example\r\n"
            "Action: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n"
        )
        kind = "multipart/report; report-type=delivery-status; boundary=b"
        self._receive(self._mail(report, "MAILER-DAEMON@mx.example", Content_Type=kind))
        self.assertEqual(self._parked().reason, "bounce")

    def test_many_mails(self):
        """Of 25 mails in ten minutes the loop limit takes 20; the others wait."""
        count = self.env["cs.toy.request"].search_count([])
        for _number in range(25):
            self._receive(self._mail())
        made = self.env["cs.toy.request"].search_count([]) - count
        parked = self._parked()
        self.assertEqual((made, len(parked)), (20, 5))
        self.assertEqual(set(parked.mapped("reason")), {"loop"})

    def test_many_answers(self):
        matter = self._request()
        for _number in range(25):
            self._receive(self._answer(matter))
        self.assertEqual((len(self._emails(matter)), len(self._parked())), (20, 5))

    def test_same_mail_twice(self):
        raw = self._mail()
        self.assertTrue(self._receive(raw))
        self.assertFalse(self._receive(raw))
        lost = self._mail(sender=None)
        self._receive(lost)
        self._receive(lost)
        self.assertEqual(len(self._parked()), 1)

    # === WHAT IS IN IT === #

    def test_chinese_subjects(self):
        text = "关于灶具打不着火的报修"
        coded = f"=?gb18030?B?{b64encode(text.encode('gb18030')).decode()}?="
        matters = self.env["cs.toy.request"]
        self.assertEqual(
            matters.browse(self._receive(self._mail(Subject=coded))).wish, text
        )
        raw = self._mail(Subject="XXX").replace(b"XXX", text.encode("gb18030"))
        self.assertEqual(matters.browse(self._receive(raw)).wish, text)

    def test_scripts_are_taken_out(self):
        mail = self._mail(
            '<p>Hi<img src="x" onerror="alert(1)"><script>alert(2)</script></p>',
            Content_Type="text/html; charset=utf-8",
        )
        matter = self.env["cs.toy.request"].browse(self._receive(mail))
        body = self._emails(matter).body
        self.assertIn("Hi", body)
        for word in ("onerror", "script", "alert"):
            self.assertNotIn(word, body)

    def _with_file(self, name, size=10):
        content = b64encode(b"x" * size).decode()
        body = (
            "--b\r\nContent-Type: text/plain\r\n\r\nSee file\r\n--b\r\n"
            f"Content-Type: application/octet-stream; name={name}\r\n"
            f"Content-Disposition: attachment; filename={name}\r\n"
            f"Content-Transfer-Encoding: base64\r\n\r\n{content}\r\n--b--\r\n"
        )
        return self._mail(body, Content_Type="multipart/mixed; boundary=b")

    def test_program(self):
        self._receive(self._with_file("Invoice.pdf.EXE"))
        parked = self._parked()
        self.assertEqual((parked.reason, parked.error), ("program", "Invoice.pdf.EXE"))
        self.assertIn("See file", parked.text)
        matter = self._request()
        parked.with_user(self.lead)._cs_deliver(matter.with_user(self.lead))
        [mail] = self._emails(matter)
        self.assertFalse(mail.attachment_ids)

    def test_files_stay(self):
        matter = self.env["cs.toy.request"].browse(
            self._receive(self._with_file("meter.jpg"))
        )
        self.assertEqual(self._emails(matter).attachment_ids.name, "meter.jpg")

    def test_forty_megabytes(self):
        raw = self._with_file("film.mp4", 30 * 1024 * 1024)
        self.assertGreater(len(raw), 40 * 1024 * 1024)
        self.assertFalse(self._receive(raw))
        parked = self._parked()
        self.assertEqual(parked.reason, "size")
        self.assertEqual(len(parked.raw), (len(raw) + 2) // 3 * 4)

    # === THE LIST === #

    def _lost(self):
        self._receive(self._mail(), model=False)
        return self._parked().with_user(self.lead)

    def test_a_broken_message_id_loses_no_mail(self):
        """What the database can't keep as it came is parked under what it can."""
        for number, broken in enumerate((b"a\x00b", b"\xff\xfe", b"\xe5\xbc"), start=1):
            raw = self._mail(Message_ID="<mark@home.example>")
            with self.subTest(broken), mute_logger("odoo.sql_db"):
                self._receive(raw.replace(b"mark", broken + str(number).encode()))
        rows = self.env["cs.toy.request"].search([("wish", "=", "About the stove")])
        self.assertEqual(len(rows) + len(self._parked()), 3)

    def test_failure_undoes_only_the_mail(self):
        before = self._request()
        requests = self.registry["cs.toy.request"]

        def fail(*_args):
            raise ValueError("broken\x00 values")

        self.patch(requests, "_cs_mail_vals", fail)
        self._receive(self._mail())
        self.assertTrue(before.exists())
        parked = self._parked()
        self.assertEqual(parked.reason, "error")
        self.assertIn("broken", parked.error)

    def test_filed_by_hand(self):
        parked = self._lost()
        self.assertEqual((parked.reason, parked.state), ("no_route", "todo"))
        with self.assertRaises(UserError):
            parked.action_retry()
        matter = self._request()
        wizards = self.env["cs.mail.assign"].with_user(self.lead)
        context = parked.action_assign()["context"]
        with Form(wizards.with_context(**context)) as form:
            form.matter_ref = f"cs.toy.request,{matter.id}"
        form.record.action_apply()
        self.assertEqual((parked.state, parked.done_by_id), ("done", self.lead))
        self.assertEqual(len(self._emails(matter)), 1)
        with self.assertRaises(UserError):
            parked.action_discard()

    def test_tried_again(self):
        raw = self._mail()
        requests = self.registry["cs.toy.request"]
        good = requests._cs_mail_vals
        self.patch(requests, "_cs_mail_vals", lambda *_args: {"nothing": 1})
        self._receive(raw)
        self.patch(requests, "_cs_mail_vals", good)
        count = self.env["cs.toy.request"].search_count([])
        self._parked().with_user(self.lead).action_retry()
        self.assertEqual(self._parked().state, "done")
        self.assertEqual(self.env["cs.toy.request"].search_count([]), count + 1)

    def test_discarded_stays_away(self):
        raw = self._mail()
        self._receive(raw, model=False)
        parked = self._parked().with_user(self.lead)
        parked.action_discard()
        self._receive(raw, model=False)
        self.assertEqual(self._parked().state, "discarded")

    def test_who_sees_the_list(self):
        parked = self._lost()
        for user in (self.clerk, self.users["plain"], self.users["masked"]):
            with self.subTest(user.login), self.assertRaises(AccessError):
                parked.with_user(user).read(["subject"])
            with self.subTest(user.login), self.assertRaises(AccessError):
                parked.with_user(user).action_discard()
        for values in ({"state": "done"}, {"raw": False}):
            with self.assertRaises(AccessError):
                parked.write(values)
        with self.assertRaises(AccessError):
            parked.unlink()

    def _told(self):
        rows = self.env["cs.notify"].search([("code", "=", "mail.parked")])
        return {(row.user_id, row.res_id) for row in rows}

    def test_leads_hear_of_new_ones_once(self):
        first = self._lost()
        parked = self.env["cs.mail.parked"]
        for _twice in range(2):
            parked._cron_tell()
        self.assertEqual(self._told(), {(self.lead, first.id)})
        second = self._lost() - first
        parked._cron_tell()
        self.assertIn((self.lead, second.id), self._told())
        notice = self.env["cs.notify"].search([("code", "=", "mail.parked")], limit=1)
        self.assertIn("2", notice.subject)
        self.assertNotIn("stove", notice.text)
        (first | second).with_user(self.lead).action_discard()
        before = self._told()
        parked._cron_tell()
        self.assertEqual(self._told(), before)

    def test_masked_ones_are_told_to_who_may_know(self):
        report = self._report()
        report.sudo()._cs_set_state("closed")
        reference = self._sent(report).message_id
        self._receive(self._mail(In_Reply_To=reference))
        self.env["cs.mail.parked"]._cron_tell()
        users = {user for user, _mail in self._told()}
        self.assertIn(self.users["masked"], users)
        self.assertNotIn(self.lead, users)
        notices = self.env["cs.notify"].search([("code", "=", "mail.parked")])
        self.assertTrue(all(notices.mapped("masked")))

    def test_old_ones_are_deleted(self):
        """Those dealt with, after the days of the company; waiting ones never."""
        old, waiting = self._lost(), self._lost()
        waiting -= old
        old.with_user(self.lead).action_discard()
        moment = fields.Datetime.now()
        for days, company_days, kept in ((179, 180, 1), (181, 0, 1), (181, 180, 0)):
            self.company.cs_mail_keep_days = company_days
            with (
                self.subTest(days=days, setting=company_days),
                freeze_time(moment + datetime.timedelta(days=days)),
            ):
                self.env["cs.mail.parked"]._gc_mails()
                self.assertEqual(len(old.exists()), kept)
        self.assertTrue(waiting.exists())
        files = self.env["ir.attachment"].search(
            [
                ("res_model", "=", old._name),
                ("res_id", "=", old.id),
                ("res_field", "=", "raw"),
            ]
        )
        self.assertFalse(files)
        event = self.env["cs.event"].search([("action", "=", "mail.purged")])
        self.assertEqual(event.res_id, old.id)

    def test_mail_of_masked_matters(self):
        report = self._report()
        report.sudo()._cs_set_state("closed")
        reference = self._sent(report).message_id
        self._receive(self._mail(In_Reply_To=reference))
        parked = self._parked()
        self.assertTrue(parked.masked)
        with self.assertRaises(AccessError):
            parked.with_user(self.lead).read(["subject"])
        self.assertTrue(parked.with_user(self.users["masked"]).subject)

    def test_no_client_chooses_the_fate(self):
        threads = self.env["mail.thread"]
        for forged in ({"target": 1}, "by_hand", True):
            with self.subTest(forged):
                context = {Fate.KEY: forged}
                self.assertIsNone(threads.with_context(**context)._cs_mail_fate())

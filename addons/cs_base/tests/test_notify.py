from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import HttpCase, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from ..tools import notice
from .common import CsCommon

CODE = "test.notice"
IAP = "odoo.addons.iap.tools.iap_tools.iap_jsonrpc"
MOBILE = "13800000001"


class NotifyCommon(CsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.env["cs.notify.template"].create(
            {
                "name": "Test",
                "code": CODE,
                "to_customers": True,
                "subject": "About {number}",
                "body": "Your matter {number} <b>: {owner}.\nBy {due}.",
                "sms_text": "{number} by {due}, {owner}, {company}",
            }
        )
        cls.inside = cls.env["cs.notify.template"].create(
            {
                "name": "Inside",
                "code": f"{CODE}.inside",
                "subject": "{number}: {topic}",
                "body": "{topic}; {note}; call {phone}",
                "sms_text": "{number}: {note} {phone}",
            }
        )
        cls.premises = cls._create_premises()
        cls.customer = cls.env["res.partner"].create(
            {"name": "Customer", "phone": MOBILE, "email": "customer@mail.cn"}
        )
        cls.values = {"due": "today", "owner": "Somebody"}
        cls.Notify = cls.env["cs.notify"]

    def _send(self, code=CODE, records=None, **options):
        options.setdefault("values", self.values)
        return self.Notify._cs_notify(code, records or self.premises, **options)

    def _run_queue(self, state="success", **result):
        """Let the SMS queue call its provider, which answers so."""
        calls = []

        def answer(url, params=None, **_options):
            calls.append(params)
            if state == "down":
                raise OSError("No connection")
            return [
                {"uuid": number["uuid"], "state": state, "credit": 1, **result}
                for message in params["messages"]
                for number in message["numbers"]
            ]

        with patch(IAP, answer), self.enter_registry_test_mode():
            self.env.ref("sms.ir_cron_sms_scheduler_action").method_direct_trigger()
        self.env.invalidate_all()
        return calls

    def _run_mail(self, error=None):
        """Let the mail queue talk to a mail server that takes all or fails so."""

        def send_email(_server, message, **_options):
            if error:
                raise error
            return message["Message-Id"]

        with patch.multiple(
            self.env.registry["ir.mail_server"],
            _disable_send=classmethod(lambda cls: False),
            _connect__=lambda *_args, **_options: None,
            send_email=send_email,
        ):
            self.env["mail.mail"].process_email_queue()
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestNotify(NotifyCommon):
    # === WAYS === #

    def test_customer_by_sms_else_mail(self):
        row = self._send(partners=self.customer)
        self.assertEqual(
            (row.channel, row.state, row.user_id.id), ("sms", "queued", False)
        )
        self.assertEqual(row.address, "138****0001")
        self.assertEqual(
            row.text,
            f"{self.premises.display_name} by today, Somebody, {self.company.name}",
        )
        self.customer.phone = "021-61234567"
        row = self._send(partners=self.customer)
        self.assertEqual((row.channel, row.address), ("mail", "c***@mail.cn"))
        self.assertEqual(row.subject, f"About {self.premises.display_name}")
        self.assertIn("&lt;b&gt;", row.mail_message_id.body)
        self.assertEqual(row.mail_message_id.res_id, self.premises.id)
        self.assertTrue(row.mail_message_id.reply_to)
        self._run_mail()
        self.assertEqual(row.state, "sent")
        self.customer.email = False
        row = self._send(partners=self.customer)
        self.assertEqual(
            (row.channel, row.state, row.failure), ("sms", "failed", "no_mobile")
        )

    def test_customer_by_both_and_forced(self):
        self.template.customer_channel = "both"
        rows = self._send(partners=self.customer)
        self.assertEqual(set(rows.mapped("channel")), {"sms", "mail"})
        row = self._send(partners=self.customer, channels=("mail",))
        self.assertEqual(row.channel, "mail")

    def test_staff_as_they_chose(self):
        reader, writer = self.users["user"], self.users["lead"]
        reader.notification_type, writer.notification_type = "inbox", "email"
        rows = self._send(f"{CODE}.inside", users=reader + writer)
        self._run_mail()
        ways = {row.user_id: (row.channel, row.state) for row in rows}
        self.assertEqual(
            ways, {reader: ("inbox", "delivered"), writer: ("mail", "sent")}
        )
        self.assertEqual(len(rows.mail_message_id), 1)
        self.assertIn(reader.partner_id, rows.mail_message_id.notified_partner_ids)

    def test_staff_by_sms_to_the_number_for_work(self):
        self.inside.staff_channel = "inbox_sms"
        user = self.users["user"]
        user.phone = "13800000007"
        self.env["hr.employee"].create(
            {"name": "One", "user_id": user.id, "mobile_phone": "13800000009"}
        )
        rows = self._send(f"{CODE}.inside", users=user)
        self.assertEqual(set(rows.mapped("channel")), {"mail", "sms"})
        self.assertIn("138****0009", rows.mapped("address"))

    def test_archived_and_blacklisted(self):
        user = self.users["user"]
        user.active = False
        row = self._send(f"{CODE}.inside", users=user)
        self.assertEqual((row.state, row.failure), ("failed", "archived"))
        self.env["phone.blacklist"].add("+8613800000001")
        row = self._send(partners=self.customer)
        self.assertEqual((row.state, row.failure), ("failed", "blacklisted"))

    def test_switched_off(self):
        self.template.active = False
        self.assertFalse(self._send(partners=self.customer))
        with self.assertRaisesRegex(ValueError, "no notice"):
            self._send("test.unknown", partners=self.customer)

    def test_own_template_of_a_company(self):
        self.env["cs.notify.template"].create(
            {
                "name": "Own",
                "code": CODE,
                "company_id": self.company.id,
                "to_customers": True,
                "subject": "Own",
                "body": "Own",
                "sms_text": "Own {number}",
            }
        )
        other = self._create_premises(company_id=self.other_company.id)
        rows = self._send(records=self.premises + other, partners=self.customer)
        texts = {row.company_id: row.text for row in rows}
        self.assertTrue(texts[self.company].startswith("Own"))
        self.assertFalse(texts[self.other_company].startswith("Own"))

    # === TEXTS === #

    def test_customers_get_neutral_texts_only(self):
        row = self._send(f"{CODE}.inside", partners=self.customer)
        self.assertEqual((row.state, row.failure), ("failed", "not_neutral"))
        self.assertFalse(row.text)
        row = self._send(partners=self.customer, values={"owner": "Somebody"})
        self.assertEqual((row.failure, row.failure_detail), ("missing_value", "due"))
        for values in ({"body": "{topic}"}, {"sms_text": "{note}"}):
            with (
                self.assertRaisesRegex(ValidationError, "can't be put in"),
                self.cr.savepoint(),
            ):
                self.template.write(values)
        with self.assertRaisesRegex(ValidationError, "stays in the house"):
            self.template.write({"personal": True, "body": "B", "sms_text": "S"})

    def test_a_colleague_among_the_partners_is_staff(self):
        partner = self.users["user"].partner_id
        row = self._send(f"{CODE}.inside", partners=partner)
        self.assertEqual(row.user_id, self.users["user"])
        rows = self._send(f"{CODE}.inside", users=self.users["user"], partners=partner)
        self.assertEqual(len(rows), 1)

    def test_numbers_are_masked_unless_personal(self):
        user = self.users["user"]
        values = {"phone": MOBILE, "note": f"also {MOBILE}", "topic": "x"}
        row = self._send(f"{CODE}.inside", users=user, values=values)
        self.assertEqual(row.text, "x; also 138****0001; call 138****0001")
        self.inside.personal = True
        row = self._send(f"{CODE}.inside", users=user, values=values)
        self.assertEqual(row.text, "x; also 138****0001; call 138****0001")
        self.assertIn(MOBILE, row.text_sent)
        self.assertIn(MOBILE, row.mail_message_id.body)
        with self.assertRaises(AccessError):
            self._rpc("lead", "cs.notify", "read", row.ids, ["text_sent"])
        sms = self._send(f"{CODE}.inside", users=user, values=values, channels=("sms",))
        self.assertEqual(sms.failure, "no_mobile")
        user.phone = "13800000007"
        sms = self._send(f"{CODE}.inside", users=user, values=values, channels=("sms",))
        self.assertNotIn(MOBILE, sms.mail_message_id.body)
        self.assertIn(MOBILE, self._run_queue()[0]["messages"][0]["content"])

    def test_nothing_is_evaluated(self):
        for text in ("{number.__class__}", "${number}{", "{{ object }}", "{secret}"):
            for name in ("subject", "body", "sms_text"):
                with (
                    self.subTest(text=text, name=name),
                    self.assertRaisesRegex(ValidationError, "can't be put in"),
                    self.cr.savepoint(),
                ):
                    self.inside.write({name: text})
        self.env["res.lang"]._activate_lang("zh_CN")
        with self.assertRaises(ValidationError):
            self.inside.update_field_translations("body", {"zh_CN": "{secret}"})
        values = {"topic": "{note} ${{7*7}} <t t-out='1'/>", "note": "n", "phone": "1"}
        row = self._send(f"{CODE}.inside", users=self.users["user"], values=values)
        self.assertTrue(row.text.startswith("{note} ${{7*7}} <t t-out='1'/>; n"))

    def test_texts_for_every_way(self):
        with self.assertRaisesRegex(ValidationError, "no text"):
            self.template.sms_text = " "
        with self.assertRaisesRegex(ValidationError, "no text"):
            self.inside.body = False

    def test_language_of_the_recipient(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.template.update_field_translations(
            "sms_text", {"zh_CN": "{number}将于{due}前答复, {owner}"}
        )
        self.customer.lang = "zh_CN"
        row = self._send(partners=self.customer)
        self.assertIn("前答复", row.text)

    @freeze_time("2026-11-22 18:30:00")
    def test_moments_on_the_company_clock(self):
        values = {
            "due": self.premises._fields["write_date"].to_datetime(
                "2026-11-22 16:00:00"
            ),
            "owner": self.users["user"],
        }
        row = self._send(partners=self.customer, values={self.premises.id: values})
        self.assertIn("by 2026-11-23 00:00, cs_user", row.text)

    def test_preview(self):
        self.template.sms_text = "{number} " + "气" * 70
        self.assertIn("2 message(s) of up to 67", self.template.sms_size)
        self.assertTrue(self.template.preview_sms.startswith("26110042 气"))
        self.assertIn("{due}", self.template.placeholder_help)
        self.assertNotIn("{topic}", self.template.placeholder_help)
        self.assertIn("{topic}", self.inside.placeholder_help)

    def test_shipped_templates(self):
        shipped = self.env["cs.notify.template"].search([("code", "not like", CODE)])
        self.assertGreater(len(shipped), 8)
        shipped._check_texts()
        shipped._check_complete()
        self.assertIn("clock.progress", shipped.filtered("to_customers").mapped("code"))

    # === ONCE === #

    def test_once_for_an_occasion(self):
        users = self.users["user"] + self.users["lead"]
        other = self._create_premises(room="102")
        first = self._send(f"{CODE}.inside", users=users[0], key="late.1")
        self.assertFalse(self._send(f"{CODE}.inside", users=users[0], key="late.1"))
        rows = self._send(
            f"{CODE}.inside", self.premises + other, users=users, key="late.1"
        )
        self.assertEqual(len(rows), 3)
        self.assertTrue(self._send(f"{CODE}.inside", users=users[0], key="late.2"))
        self.assertTrue(
            self._send(
                f"{CODE}.inside",
                users=users[0],
                channels=("sms",),
                key={self.premises.id: "late.1"},
            )
        )
        self.assertEqual(first.key, "late.1")

    # === DELIVERY === #

    def test_delivery_of_an_sms(self):
        row = self._send(partners=self.customer)
        calls = self._run_queue()
        message = calls[0]["messages"][0]
        self.assertEqual(message["content"], row.text)
        self.assertEqual(message["numbers"][0]["number"], "+8613800000001")
        self.assertEqual(message["numbers"][0]["uuid"], row.sms_uuid)
        self.assertEqual(row.state, "sent")
        self.assertTrue(row.sent_at)
        tracker = self.env["sms.tracker"].search([("sms_uuid", "=", row.sms_uuid)])
        tracker._action_update_from_sms_state("sent")
        self.assertEqual(row.state, "delivered")
        self.assertTrue(row.delivered_at)
        self.assertEqual(row.mail_message_id.message_type, "sms")

    def test_failure_and_retry(self):
        row = self._send(partners=self.customer)
        first = row.sms_uuid
        self._run_queue("insufficient_credit")
        self.assertEqual((row.state, row.failure), ("failed", "sms_credit"))
        self._rpc("lead", "cs.notify", "action_retry", row.ids)
        self.assertEqual((row.state, row.tries), ("queued", 2))
        self.assertNotEqual(row.sms_uuid, first)
        calls = self._run_queue()
        numbers = [n for m in calls[0]["messages"] for n in m["numbers"]]
        self.assertEqual([n["uuid"] for n in numbers], [row.sms_uuid])
        self.assertEqual(row.state, "sent")
        with self.assertRaisesRegex(UserError, "None of these"):
            self._rpc("lead", "cs.notify", "action_retry", row.ids)

    def test_retry_with_the_number_of_today(self):
        self.template.customer_channel = "sms"
        self.customer.phone = False
        row = self._send(partners=self.customer)
        self.assertEqual(row.failure, "no_mobile")
        self.customer.phone = MOBILE
        self._rpc("manager", "cs.notify", "action_retry", row.ids)
        self.assertEqual((row.state, row.failure), ("queued", False))

    @mute_logger("odoo.addons.sms.models.sms_sms")
    def test_provider_down_and_bounce(self):
        row = self._send(partners=self.customer)
        self._run_queue("down")
        self.assertEqual((row.state, row.failure), ("failed", "sms_server"))
        row._cs_retry()
        self._run_queue()
        tracker = self.env["sms.tracker"].search([("sms_uuid", "=", row.sms_uuid)])
        tracker._action_update_from_provider_error("invalid_destination")
        self.assertEqual(
            (row.state, row.failure), ("bounced", "sms_invalid_destination")
        )

    def test_failed_mail_and_retry(self):
        self.customer.phone = False
        row = self._send(partners=self.customer)
        with mute_logger("odoo.addons.mail.models.mail_mail"):
            self._run_mail(OSError("refused"))
        self.assertEqual((row.state, row.failure), ("failed", "unknown"))
        self.assertIn("refused", row.failure_detail)
        old = row.mail_notification_id
        self._rpc("lead", "cs.notify", "action_retry", row.ids)
        self._run_mail()
        self.assertEqual(row.state, "sent")
        self.assertEqual(old.notification_status, "canceled")

    def test_queue_of_two_companies(self):
        other = self._create_premises(company_id=self.other_company.id)
        rows = self._send(records=self.premises + other, partners=self.customer)
        self.assertEqual(len(self._run_queue()), 2)
        self.assertEqual(set(rows.mapped("state")), {"sent"})

    def test_document_gone(self):
        self.template.customer_channel = "sms"
        self.customer.phone = False
        row = self._send(partners=self.customer)
        self.premises.unlink()
        row._cs_retry()
        self.assertEqual(row.failure, "gone")
        self.assertFalse(row.record_name)

    def test_neutral_sign_in_the_context(self):
        """On documents with a history: an answer comes back to them."""
        document = self.env["res.partner"].create({"name": "Document"})
        seen = []
        original = type(document).message_notify

        def message_notify(thread, **options):
            seen.append(thread.env.context.get("cs_neutral"))
            return original(thread, **options)

        with patch.object(type(document), "message_notify", message_notify):
            row = self._send(
                records=document, partners=self.customer, channels=("mail",)
            )
            self._send(f"{CODE}.inside", document, users=self.users["user"])
        self.assertEqual(seen, [notice.NEUTRAL, None])
        message = row.mail_message_id
        self.assertEqual((message.model, message.res_id), ("res.partner", document.id))
        sms = self._send(records=document, partners=self.customer)
        self.assertIn(sms.mail_message_id, document.message_ids)

    # === BULK === #

    def test_many_sms_in_constant_queries(self):
        customers = self.env["res.partner"].create(
            [{"name": f"C{n}", "phone": f"1380000{n:04}"} for n in range(30)]
        )
        documents = self.env["cs.premises"].create(
            [{"community": "Bulk", "room": str(n)} for n in range(30)]
        )
        counts = []
        for size in (2, 30, 2, 30):
            pairs = zip(documents[:size], customers[:size], strict=True)
            partners = {document.id: one for document, one in pairs}
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            rows = self._send(records=documents[:size], partners=partners)
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
            self.assertEqual(len(rows), size)
        # Lists of texts are read in portions; no query for a single notice.
        self.assertLess(counts[3], counts[2] + 10)

    # === ACCESS === #

    def test_who_sees_what(self):
        own = self._send(f"{CODE}.inside", users=self.users["user"])
        row = self._send(partners=self.customer)
        masked = self.Notify._append(
            [{**vals, "masked": True, "state": "sent"} for vals in row.copy_data()]
        )
        rows = own + row + masked
        expected = {
            "plain": self.Notify,
            "user": own,
            "personal_data": self.Notify,
            "lead": own + row,
            "manager": own + row,
            "auditor": own + row,
        }
        for role, seen in expected.items():
            with self.subTest(role=role):
                user = self.users[role]
                Notify = self.Notify.with_user(user)
                domain = [("id", "in", rows.ids)]
                self.assertEqual(Notify.search(domain, order="id"), seen)
                groups = Notify._read_group(domain, ["partner_id"], ["__count"])
                self.assertEqual(sum(n for _partner, n in groups), len(seen))
                if masked not in seen:
                    with self.assertRaises(AccessError):
                        Notify.browse(masked.id)._export_rows([["text"]])
                    named = Notify.name_search("", domain=[("id", "=", masked.id)])
                    self.assertFalse(named)
        self.assertEqual(
            self.Notify.with_user(self.users["masked"]).search(domain), masked
        )

    def test_written_by_nobody(self):
        row = self._send(partners=self.customer)
        for env in (self.env, self.env(user=self.users["manager"])):
            one = row.with_env(env)
            for call in (
                lambda r: r.write({"text": "x"}),
                lambda r: r.sudo().write({"state": "sent"}),
                lambda r: r.unlink(),
                lambda r: r.create({}),
            ):
                with self.assertRaises(AccessError):
                    call(one)
        for method in ("_cs_notify", "_append", "_update", "_cs_retry"):
            with self.assertRaises(AccessError):
                self._rpc("manager", "cs.notify", method, row.ids)
        with self.assertRaises(UserError):
            self._rpc("user", "cs.notify", "action_retry", row.ids)
        for role in ("user", "lead"):
            with self.assertRaises(AccessError):
                self._rpc(
                    role,
                    "cs.notify.template",
                    "write",
                    self.template.ids,
                    {"body": "x"},
                )

    def test_other_company_can_not_retry(self):
        lead = new_test_user(
            self.env,
            login="cs_far",
            groups="cs_base.group_lead",
            company_id=self.other_company.id,
            company_ids=[Command.set(self.other_company.ids)],
        )
        row = self._send(f"{CODE}.inside", partners=self.customer)
        with self.assertRaises(AccessError):
            row.with_user(lead).action_retry()


@tagged("post_install", "-at_install")
class TestNotifyReport(NotifyCommon, HttpCase):
    def test_delivery_report_of_the_provider(self):
        row = self._send(partners=self.customer)
        self._run_queue()
        for status, state in (("delivered", "delivered"), ("not_delivered", "failed")):
            self.make_jsonrpc_request(
                "/sms/status",
                {"message_statuses": [{"sms_status": status, "uuids": [row.sms_uuid]}]},
            )
            self.env.invalidate_all()
            self.assertEqual(row.state, state)

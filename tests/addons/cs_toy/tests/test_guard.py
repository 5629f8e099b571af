import datetime
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from odoo.addons.cs_base.tools.notice import NEUTRAL

from .common import ToyCommon


class TestGuard(ToyCommon):
    """Nothing free goes out while a matter is locked, whatever the way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.email = "customer@example.cn"
        cls.stranger = cls.env["res.partner"].create(
            {"name": "李四", "email": "stranger@example.cn"}
        )
        cls.users["clerk"] = cls.clerk

    def setUp(self):
        super().setUp()
        self.request = self._request()
        self.locked = True
        self.startPatcher(
            patch.object(
                self.registry["cs.toy.request"],
                "_cs_outside_locked",
                lambda matter: self.locked,
            )
        )

    def _told(self, message):
        return message.notification_ids.res_partner_id

    def _post(self, matter=None, **values):
        matter = matter or self.request
        return matter.with_user(self.clerk).message_post(
            body="Hello", subtype_xmlid="mail.mt_comment", **values
        )

    def test_open_matters_reach_their_customers(self):
        self.locked = False
        message = self._post(partner_ids=self.customer.ids)
        self.assertIn(self.customer, self._told(message))

    def test_no_outsider_can_be_told(self):
        for values in (
            {"partner_ids": self.customer.ids},
            {"partner_ids": (self.customer | self.second.partner_id).ids},
            {"outgoing_email_to": "anybody@example.cn"},
        ):
            with self.subTest(**values), self.assertRaises(UserError) as caught:
                self._post(**values)
            self.assertIn(self.request.name, str(caught.exception))

    def test_colleagues_still_talk(self):
        message = self._post(partner_ids=self.second.partner_id.ids)
        self.assertEqual(message.partner_ids, self.second.partner_id)

    def test_followers_from_before_hear_nothing(self):
        self.locked = False
        self.request.message_subscribe(self.customer.ids)
        self.locked = True
        self.assertNotIn(self.customer, self._told(self._post()))
        self.locked = False
        self.assertIn(self.customer, self._told(self._post()))

    def test_nobody_outside_becomes_a_follower(self):
        with self.assertRaises(UserError):
            self._rpc(
                "clerk",
                self.request._name,
                "message_subscribe",
                self.request.ids,
                self.customer.ids,
            )
        both = self.customer | self.second.partner_id
        self.request._message_subscribe(both.ids)
        self.assertIn(self.second.partner_id, self.request.message_partner_ids)
        self.assertNotIn(self.customer, self.request.message_partner_ids)
        invite = self.env["mail.followers.edit"].with_user(self.clerk)
        wizard = invite.create(
            {
                "res_model": self.request._name,
                "res_ids": str(self.request.ids),
                "partner_ids": self.customer.ids,
            }
        )
        with self.assertRaises(UserError):
            wizard.edit_followers()

    def test_a_key_from_a_client_opens_nothing(self):
        for key in (True, 1, "NEUTRAL", {}, None):
            with self.subTest(key=key), self.assertRaises(UserError):
                self._rpc(
                    "clerk",
                    self.request._name,
                    "message_post",
                    self.request.ids,
                    body="x",
                    partner_ids=self.customer.ids,
                    context={"cs_neutral": key},
                )
        with self.assertRaises(AccessError):
            self._rpc("clerk", self.request._name, "_cs_post_outside", self.request.ids)

    def test_what_the_room_wrote_goes_out(self):
        message = self.request._cs_post_outside(
            body="Letter", partner_ids=self.customer.ids
        )
        self.assertIn(self.customer, self._told(message))
        self.assertIsNot(message.env.context.get("cs_neutral"), NEUTRAL)

    def test_neutral_notices_go_out(self):
        notices = self.env["cs.notify"]._cs_notify(
            "clock.progress",
            self.request,
            partners=self.customer,
            channels=("mail",),
            values={"due": "2026-11-30", "owner": "x", "owner_phone": "1"},
        )
        self.assertTrue(notices.mail_notification_id)
        self.assertEqual(notices.mail_notification_id.res_partner_id, self.customer)

    def test_notes_beside_the_matter_reach_nobody_outside(self):
        for values in ({}, {"attachment_ids": self._file().ids}):
            with self.subTest(**values), self.assertRaises(UserError):
                beside = self.env["mail.thread"].with_user(self.clerk)
                beside.message_notify(
                    model=self.request._name,
                    res_id=self.request.id,
                    body="x",
                    partner_ids=self.customer.ids,
                    **values,
                )

    def _composer(self, **values):
        composers = self.env["mail.compose.message"].with_user(self.clerk)
        return composers.create(
            {
                "model": self.request._name,
                "res_ids": str(self.request.ids),
                "subject": "x",
                "body": "x",
                **values,
            }
        )

    def test_no_mail_in_bulk(self):
        composer = self._composer(
            composition_mode="mass_mail", partner_ids=self.customer.ids
        )
        with self.assertRaises(UserError):
            composer.action_send_mail()
        self.locked = False
        composer._action_send_mail()

    def test_no_mail_by_the_composer(self):
        composer = self._composer(
            composition_mode="comment", partner_ids=self.customer.ids
        )
        with self.assertRaises(UserError):
            composer.action_send_mail()

    def test_no_mail_by_a_template(self):
        template = self.env["mail.template"].create(
            {
                "name": "x",
                "model_id": self.env["ir.model"]._get_id(self.request._name),
                "subject": "x",
                "body_html": "x",
                "email_to": "anybody@example.cn",
            }
        )
        with self.assertRaises(UserError):
            template.with_user(self.clerk).send_mail(self.request.id)
        self.locked = False
        self.assertTrue(template.send_mail(self.request.id))

    def test_no_sms_of_free_text(self):
        for mode in ("comment", "mass"):
            composer = (
                self.env["sms.composer"]
                .with_user(self.clerk)
                .create(
                    {
                        "composition_mode": mode,
                        "res_model": self.request._name,
                        "res_ids": str(self.request.ids),
                        "res_id": self.request.id,
                        "body": "x",
                        "numbers": "13800000001",
                    }
                )
            )
            with self.subTest(mode=mode), self.assertRaises(UserError):
                composer._action_send_sms()
        self.assertFalse(self.env["sms.sms"].search([("body", "=", "x")]))

    # === INTERNAL FILES === #

    def _file(self, **values):
        files = self.env["ir.attachment"].with_user(self.clerk)
        return files.create(
            {
                "name": "sheet.pdf",
                "raw": b"x",
                "res_model": self.request._name,
                "res_id": self.request.id,
                "cs_internal": True,
                **values,
            }
        )

    def test_internal_files_never_go_out(self):
        self.locked = False
        file = self._file()
        with self.assertRaises(UserError):
            self._post(partner_ids=self.customer.ids, attachment_ids=file.ids)
        self.request.message_subscribe(self.customer.ids)
        message = self._post(attachment_ids=file.ids)
        self.assertEqual(message.attachment_ids, file)
        self.assertNotIn(self.customer, self._told(message))
        with self.assertRaises(UserError):
            self.request._cs_post_outside(
                body="x", partner_ids=self.customer.ids, attachment_ids=file.ids
            )
        composer = self._composer(
            composition_mode="mass_mail",
            partner_ids=self.customer.ids,
            attachment_ids=file.ids,
        )
        with self.assertRaises(UserError):
            composer.action_send_mail()

    def test_internal_files_stay_internal(self):
        file = self._file()
        with self.assertRaises(UserError):
            self._rpc(
                "clerk", "ir.attachment", "write", file.ids, {"cs_internal": False}
            )
        self.assertTrue(file.copy().cs_internal)

    # === MASKED === #

    def test_mentions_in_masked_matters_reach_only_readers(self):
        report = self._report()
        reader = new_test_user(
            self.env, login="toy_reader", groups="cs_base.group_masked"
        )
        both = (reader | self.second).partner_id
        masked = self.users["masked"]
        message = report.with_user(masked).message_post(
            body="Secret", partner_ids=both.ids, message_type="comment"
        )
        self.assertEqual(message.partner_ids, reader.partner_id)
        self.assertTrue(message.with_user(reader).has_access("read"))
        self.assertFalse(message.with_user(self.second).has_access("read"))
        report.with_user(masked)._message_update_content(
            message, body="More", partner_ids=both.ids
        )
        self.assertFalse(message.with_user(self.second).has_access("read"))
        beside = self.env["mail.thread"].with_user(masked)
        self.assertFalse(
            beside.message_notify(
                model=report._name,
                res_id=report.id,
                body="Secret",
                partner_ids=self.second.partner_id.ids,
            )
        )

    def test_followers_of_masked_matters_need_to_read_them(self):
        report = self._report()
        report._message_subscribe(self.second.partner_id.ids)
        message = report.with_user(self.users["masked"]).message_post(
            body="Secret", subtype_xmlid="mail.mt_comment"
        )
        self.assertNotIn(self.second.partner_id, self._told(message))

    def test_masked_contacts_and_approvals_tell_only_readers(self):
        """The contact of a masked matter, and the approval of more time for it."""
        masked = self.users["masked"]
        request = self._request(masked, handler_id=masked.id)
        request.sudo().masked = True
        extensions = self.env["cs.extension"].with_user(masked)
        extension = extensions._cs_request(
            request.sudo()._cs_clocks()[:1],
            fields.Datetime.now() + datetime.timedelta(days=60),
            "He is away",
        )
        stranger = self.second.partner_id
        for record in (request.interaction_id, extension.approval_id):
            record = record.with_user(masked)
            with self.subTest(record._name):
                self.assertTrue(record.sudo().masked)
                record.sudo()._message_subscribe(stranger.ids)
                message = record.message_post(
                    body="Secret",
                    partner_ids=(stranger | masked.partner_id).ids,
                    message_type="comment",
                    subtype_xmlid="mail.mt_comment",
                )
                self.assertEqual(message.partner_ids, masked.partner_id)
                self.assertNotIn(stranger, self._told(message))
                record._message_update_content(
                    message, body="More", partner_ids=stranger.ids
                )
                self.assertNotIn(stranger, message.partner_ids)
                beside = self.env["mail.thread"].with_user(masked)
                self.assertFalse(
                    beside.message_notify(
                        model=record._name,
                        res_id=record.id,
                        body="Secret",
                        partner_ids=stranger.ids,
                    )
                )

    # === SLIPS === #

    def test_slip_about_a_matter(self):
        action = self.request.with_user(self.clerk).action_slip()
        self.assertEqual(action["res_model"], "cs.info.slip")
        slips = self.env["cs.info.slip"].with_user(self.clerk)
        slip = slips.with_context(**action["context"]).create(
            {"subject": "x", "content": "x", "to_id": self.second.id}
        )
        self.assertEqual(slip.interaction_id, self.request.interaction_id)
        self.assertEqual(slip._cs_linked("origin"), [("origin", self.request)])
        self.assertFalse(slip.masked)
        with self.assertRaises(UserError):
            slip.message_post(body="x", partner_ids=self.customer.ids)

    def test_slip_about_a_masked_matter_is_masked(self):
        report = self._report()
        action = report.action_slip()
        slips = self.env["cs.info.slip"].with_user(self.users["masked"])
        slip = slips.with_context(**action["context"]).create(
            {"subject": "x", "content": "x", "to_id": self.clerk.id}
        )
        self.assertTrue(slip.masked)
        self.assertTrue(slip.sudo()._cs_clocks().masked)
        self.assertFalse(slip.with_user(self.users["auditor"]).has_access("read"))
        self.assertIn(slip.name, slip.with_user(self.clerk).display_name)
        self.assertNotIn(report.name, slip.with_user(self.clerk).origin_text or "")

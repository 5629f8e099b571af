from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_answer import TEXT, AnswerCommon

LETTER = "cs_complaint.cs_complaint_letter_report"
SECRET = "Secret note of the house"


@tagged("post_install", "-at_install")
class TestLetter(AnswerCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case.sudo().write({"opinion": SECRET, "judgement_reason": SECRET})
        cls._print(cls)

    def _print(self):
        """Don't start the PDF program in each test."""
        reports = self.registry["ir.actions.report"]
        self.startClassPatcher(
            patch.object(
                reports,
                "_run_wkhtmltopdf",
                lambda _reports, bodies, **_kw: b"%PDF-1.4 letter",
            )
        )

    def _html(self, row, role="agent"):
        reports = self.env["ir.actions.report"].with_user(self.users[role])
        return reports._render_qweb_html(LETTER, row.ids)[0].decode()

    def test_kept_with_the_answer(self):
        row = self._tell(way="letter")
        self.assertTrue(row.letter_id)
        self.assertEqual(row.letter_id.res_model, row._name)
        self.assertFalse(row.letter_id.cs_internal)

    def test_says_what_is_decided_and_nothing_else(self):
        row = self._tell()
        html = self._html(row)
        for part in (TEXT, row.number, self.case.name, "Zhang San", self.company.name):
            self.assertIn(part, html)
        for hidden in (SECRET, "13800001234", self.case.content):
            self.assertNotIn(hidden, html)

    def test_in_chinese_whatever_the_clerk_speaks(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        view = self.env.ref("cs_complaint.cs_complaint_letter_page")
        view.update_field_translations("arch_db", {"zh_CN": {"(Seal)": "（盖章）"}})
        self.users["agent"].lang = "en_US"
        row = self._tell()
        html = self._html(row)
        self.assertIn('lang="zh-CN"', html)
        self.assertIn("（盖章）", html)
        self.assertIn("年", html)

    def test_none_for_hidden_persons_and_strangers(self):
        case = self._answering("masked", masked=True)
        row = self._tell(case, role="masked")
        with self.assertRaises(UserError):
            self._rpc("masked", row._name, "action_print_letter", row.ids)
        with self.assertRaises(UserError):
            self._html(row, "masked")
        with self.assertRaises(AccessError):
            self._html(self._tell(), "accused")

    def test_printed_later(self):
        row = self._tell()
        action = self._rpc("agent", row._name, "action_print_letter", row.ids)
        self.assertEqual(action["type"], "ir.actions.report")
        self.assertTrue(row.letter_id)
        letter = row.letter_id
        self._rpc("agent", row._name, "action_print_letter", row.ids)
        self.assertEqual(row.letter_id, letter)

    def test_by_mail_also_while_other_messages_are_locked(self):
        row = self._tell(way="mail")
        message = self.case.message_ids.filtered(
            lambda one: self.customer in one.partner_ids
        )
        self.assertEqual(len(message), 1)
        self.assertIn(TEXT, message.body)
        self.assertEqual(message.attachment_ids.mapped("raw"), [row.letter_id.raw])
        self.assertEqual(message.notified_partner_ids, self.customer)

from odoo.tests import tagged

from .common import ToyCommon


@tagged("post_install", "-at_install")
class TestMatterNotices(ToyCommon):
    def test_a_chase_tells_the_handler(self):
        request = self._request(handler_id=self.second.id)
        request.action_chase("It smells again")
        notice = self.env["cs.notify"].search([("res_id", "=", request.id)])
        self.assertEqual(notice.user_id, self.second)
        self.assertIn(request.name, notice.subject)
        self.assertIn("It smells again", notice.text)
        self.assertIn(request.business_type_id.name, notice.text)
        for user, seen in ((self.second, 1), (self.lead, 1), (self.clerk, 0)):
            with self.subTest(user=user.login):
                self.assertEqual(request.with_user(user).notice_count, seen)
        domain = request.with_user(self.lead).action_notices()["domain"]
        self.assertEqual(self.env["cs.notify"].search(domain), notice)

    def test_what_failed_is_counted(self):
        request = self._request()
        self.env["cs.notify"]._cs_notify(
            "interaction.receipt",
            request,
            partners=self.customer,
            values={"owner_phone": "021-60000001"},
        )
        request = request.with_user(self.lead)
        self.assertEqual((request.notice_count, request.notice_failed), (1, 1))

    def test_masked_matters_say_nothing_of_the_person(self):
        report = self._report()
        values = report._cs_notify_values()[report.id]
        self.assertEqual(values["number"], report.name)
        self.assertFalse({"customer", "phone", "premises"} & set(values))
        self.env["cs.notify"]._cs_notify("clock.late", report, users=self.lead)
        row = self.env["cs.notify"].search([("res_model", "=", report._name)])
        self.assertTrue(row.masked)
        own = self.env["cs.notify"].with_user(self.lead).search([("id", "=", row.id)])
        self.assertEqual(own, row)  # it went to him
        manager = self.env["cs.notify"].with_user(self.users["manager"])
        self.assertFalse(manager.search([("id", "=", row.id)]))

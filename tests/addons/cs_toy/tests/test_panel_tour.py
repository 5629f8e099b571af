from odoo.tests import HttpCase, tagged

from .test_panel import PanelCommon


@tagged("post_install", "-at_install")
class TestPanelTour(PanelCommon, HttpCase):
    """The contact panel in a browser, by a clerk who works in Chinese."""

    def test_from_name_to_end(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.clerk.lang = "zh_CN"
        self.customer.name = "张小满"
        older = self._request(user=self.second)
        self.start_tour(
            "/odoo/contact-panel", "cs_contact_panel", login=self.clerk.login
        )
        contact = self.env["cs.interaction"].search(
            [("first_owner_id", "=", self.clerk.id), ("channel", "=", "phone")]
        )
        self.assertEqual(contact.topic, "燃气灶打不着火")
        self.assertEqual(contact.partner_id, self.customer)
        self.assertTrue(contact.finished)
        self.assertFalse(contact.running)
        request = self.env["cs.toy.request"].search([("wish", "=", "Repair")])
        self.assertEqual(request.interaction_id, contact)
        self.assertEqual(older.chase_count, 1)
        self.assertEqual(contact._cs_about(), older)
        made = self.env["res.partner"].search([("name", "=", "李小四")])
        self.assertEqual(made.cs_phone_masked, "139****1111")

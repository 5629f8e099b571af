from odoo.tests import HttpCase, tagged

from .test_followup_screen import VisitCommon


@tagged("post_install", "-at_install")
class TestVisitTour(VisitCommon, HttpCase):
    """A return visit in a browser, by a clerk who works in Chinese."""

    def test_make_a_visit(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        request = self._done()
        visit = self._visit(request)
        self.clerk.lang = "zh_CN"
        self.start_tour("/odoo/cs-visits", "cs_visit_make", login=self.clerk.login)
        self.assertEqual(visit.attempt_ids.note, "Called at 18:30")
        self.assertEqual((visit.outcome, visit.note), ("dissatisfied", "Still cold"))
        self.assertEqual(request.state, "work")

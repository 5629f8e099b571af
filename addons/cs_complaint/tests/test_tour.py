from odoo import models
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common_money import MoneyCommon
from .test_portal import PortalCommon


@tagged("post_install", "-at_install")
class TestTour(MoneyCommon, HttpCase):
    """A complaint from the call to the return visit, each step by who does it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.env["res.partner"].create(
            {"name": "Wang Fang", "phone": "13900000042", "email": "wf@example.org"}
        )
        cls.invoice = cls._invoice(1000)

    def _tour(self, name, login, place):
        if isinstance(place, models.BaseModel):
            place = f"complaints/{place.id}"
        login = self.users[login].login
        self.start_tour(f"/odoo/{place}", f"cs_complaint_{name}", login=login)
        self.env.invalidate_all()

    def test_from_call_to_return_visit(self):
        self._tour("take_in", "agent", "contact-panel")
        case = self.env["cs.complaint"].search(
            [("subject", "=", "Boiler repaired too late")]
        )
        contact = case.interaction_id
        self.assertEqual(contact.first_owner_id, self.users["agent"])
        self._tour("report", "accused", "")
        self._tour("sign", "head", "cs-complaint-tasks")
        self._tour("judge", "agent", case)
        self._tour("pick", "leader", case)
        self._tour("approve", "chief", case)
        self.assertFalse(self.invoice.reversal_move_ids)
        self._tour("finish", "agent", case)
        credit = self.invoice.reversal_move_ids
        self.assertEqual((credit.state, credit.amount_total), ("posted", 200))
        self.assertEqual(self.invoice.amount_residual, 800)
        self.assertTrue(case.answer_id.letter_id)
        self.assertEqual(contact.state, "open")
        self._tour("visit", "agent", "cs-visits")
        self.assertEqual(contact.state, "closed")


@tagged("post_install", "-at_install")
class TestPortalTour(PortalCommon):
    """The answer on a phone, by the customer."""

    browser_size = "375x667"
    touch_enabled = True

    def _reply(self, tour):
        login = self.portal_users["own"].login
        with mute_logger("odoo.http"):
            self.start_tour("/my", f"cs_complaint_portal_{tour}", login=login)
        self.env.invalidate_all()

    def test_accept(self):
        answer = self._tell(way="letter")
        self._reply("accept")
        self.assertEqual((answer.state, answer.result_way), ("accepted", "portal"))
        self.assertTrue(answer.signature)

    def test_refuse(self):
        case = self._answering(subject="Wrong bill")
        answer = self._tell(case)
        self._reply("refuse")
        self.assertEqual((answer.state, case.state), ("refused", "refused"))
        self.assertEqual(case.next_id.round_no, 2)

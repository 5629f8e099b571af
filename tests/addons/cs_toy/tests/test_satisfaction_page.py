import datetime
import re
from unittest.mock import patch

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.cs_base.controllers import satisfaction
from odoo.addons.cs_base.models import cs_satisfaction_access

from .test_satisfaction import VoteCommon

GONE, THANKS = 'data-page="gone"', 'data-page="thanks"'
NONCE = re.compile(r'name="nonce" value="([^"]+)"')
CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')


@tagged("post_install", "-at_install")
class TestSatisfactionPage(VoteCommon, HttpCase):
    def setUp(self):
        super().setUp()
        self.request = self._closed()
        self.row = self._row(self.request)
        self.url = f"/cs/satisfaction/{self.row._cs_token()}"
        self._somebody()

    def _somebody(self):
        """Another customer's browser."""
        self.authenticate(None, None)

    def _open(self, url=None):
        return self.url_open(url or self.url)

    def _send(self, page, vote="satisfied", delay=0, **fields):
        """Send the form of ``page`` as a browser does."""
        values = {
            "csrf_token": CSRF.search(page.text)[1],
            "nonce": NONCE.search(page.text)[1],
            "vote": vote,
            **fields,
        }
        values = {name: value for name, value in values.items() if value is not None}
        with patch.object(satisfaction, "MIN_DELAY", delay):
            return self.url_open(self.url, data=values)

    def _state(self):
        self.row.invalidate_recordset()
        return self.row.state, self.row.vote

    def test_vote(self):
        page = self._open()
        self.assertEqual(page.status_code, 200)
        self.assertIn(self.request.name, page.text)
        self.assertIn(self.company.name, page.text)
        for personal in (self.customer.name, "13800000001", "138****0001", "Tea"):
            self.assertNotIn(personal, page.text)
        self.assertEqual(page.headers["Cache-Control"], "no-store")
        self.assertIn("frame-ancestors 'none'", page.headers["Content-Security-Policy"])
        self.assertEqual(self._state(), ("open", False))
        thanks = self._send(page, comment="<b>Thanks</b>")
        self.assertIn(THANKS, thanks.text)
        self.assertEqual(self._state(), ("voted", "satisfied"))
        self.assertEqual(self.row.comment, "<b>Thanks</b>")
        self.assertEqual(len(self.row.ip_hash), 32)

    def test_again_after_the_vote(self):
        page = self._open()
        self._send(page)
        again = self._send(page, vote="dissatisfied")
        self.assertIn(THANKS, again.text)
        self.assertEqual(self._state(), ("voted", "satisfied"))
        self.assertIn(THANKS, self._open().text)

    def test_scanner_that_opens_links(self):
        for _ in range(3):
            self._open()
        self.url_open(self.url, method="HEAD")
        self.assertEqual(self._state(), ("open", False))

    @mute_logger("odoo.http")
    def test_scanner_that_posts(self):
        page = self._open()
        self.assertEqual(self.url_open(self.url, data={"vote": "x"}).status_code, 400)
        self._send(page, nonce=None)
        self._send(page, nonce="x")
        self._send(page, nonce=self.row._cs_token())
        self._send(page, vote=None)
        self._send(page, vote="excellent")
        self._send(page, delay=satisfaction.MIN_DELAY)  # at once
        self.assertEqual(self._state(), ("open", False))

    def test_somebody_who_takes_his_time_after_all(self):
        page = self._open()
        hasty = self._send(page, delay=3600)
        self.assertIn('role="alert"', hasty.text)
        self._send(hasty)
        self.assertEqual(self._state(), ("voted", "satisfied"))

    def test_page_of_another_session(self):
        nonce = NONCE.search(self._open().text)[1]
        self._somebody()
        self._send(self._open(), nonce=nonce)
        self.assertEqual(self._state(), ("open", False))

    def test_page_of_another_link(self):
        other = self._row(self._closed())
        page = self._open(f"/cs/satisfaction/{other._cs_token()}")
        self._send(page)
        self.assertEqual(self._state(), ("open", False))
        self.assertEqual(other.state, "open")

    def test_expired_void_and_made_up_look_the_same(self):
        def text(url=None):
            page = self._open(url)
            self.assertEqual(page.status_code, 200)
            self.assertIn(GONE, page.text)
            self.assertNotIn(self.company.name, page.text)
            return page.text

        page = self._open()
        made_up = text("/cs/satisfaction/AAAA")
        self.assertEqual(text(f"/cs/satisfaction/{self.row.id}"), made_up)
        self.row._update({"expires_at": datetime.datetime(2026, 1, 1)})
        self.assertEqual(text(), made_up)
        self.assertEqual(text(f"/cs/satisfaction/{self.row._cs_token()}"), made_up)
        self.row._update({"expires_at": datetime.datetime(2100, 1, 1)})
        self.request.action_work()
        self.assertEqual(text(), made_up)
        self.assertIn(GONE, self._send(page).text)
        self.assertEqual(self._state(), ("void", False))

    def test_open_again_between_page_and_vote(self):
        page = self._open()
        self.request.action_work()
        self.request.action_done()
        self.request.action_close()
        self.assertIn(GONE, self._send(page).text)
        self.assertEqual(self._state(), ("void", False))
        self.assertEqual(self._row(self.request).state, "open")

    def test_staff(self):
        page = self._open()
        for user in (self.clerk, self.lead, self.users["plain"]):
            self.authenticate(user.login, user.login)
            seen = self._open()
            self.assertEqual(seen.status_code, 403)
            self.assertNotIn("nonce", seen.text)
        values = {
            "csrf_token": CSRF.search(page.text)[1],
            "nonce": NONCE.search(page.text)[1],
            "vote": "satisfied",
        }
        with mute_logger("odoo.http"):
            self.url_open(self.url, data=values)
        self.assertEqual(self._state(), ("open", False))
        events = self.env["cs.event"].search([("action", "=", "satisfaction.staff")])
        self.assertEqual(set(events.mapped("res_id")), {self.row.id})
        self.assertIn(str(self.clerk.id), str(events.mapped("details")))

    def test_too_many_requests(self):
        page = self._open()
        with patch.object(cs_satisfaction_access, "PER_LINK", 3):
            self._open()
            self._open()
            late = self._open()
            self.assertEqual(late.status_code, 429)
            self.assertEqual(self._send(page).status_code, 429)
            self._somebody()
            self.assertEqual(self._open().status_code, 429)
            self.assertEqual(self._open("/cs/satisfaction/other").status_code, 200)
        self.assertEqual(self._state(), ("open", False))
        with patch.object(cs_satisfaction_access, "PER_IP", 4):
            self.assertEqual(self._open("/cs/satisfaction/new").status_code, 429)

    def test_in_chinese_for_phones(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        page = self._open()
        self.assertIn('lang="zh-CN"', page.text)
        self.assertIn("width=device-width", page.text)

import base64
import random
import re
from unittest.mock import patch

from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.cs_base.controllers import satisfaction

from .test_answer import TEXT, AnswerCommon

NONCE = re.compile(r'name="nonce" value="([^"]+)"')
CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')
PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJ"
    "RU5ErkJggg=="
)
SECRET = "Secret note of the house"


class PortalCommon(AnswerCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"].search([("code", "=", "zh_CN")]).active = False
        cls.portal_users = {
            login: new_test_user(
                cls.env,
                login=f"complaint_portal_{login}",
                password=f"complaint_portal_{login}",
                groups="base.group_portal",
            )
            for login in ("own", "stranger")
        }
        cls.customer = cls.portal_users["own"].partner_id
        cls.customer.write({"name": "Zhang San", "phone": "13800001234"})
        cls.case = cls._answering()
        cls.case.sudo().opinion = SECRET

    def _log_in(self, login="own"):
        name = self.portal_users[login].login
        self.authenticate(name, name)

    def _get(self, path, status=200):
        page = self.url_open(path)
        self.assertEqual(page.status_code, status, path)
        return page

    def _post(self, path, page=None, **values):
        page = page or self.url_open("/my/complaints/new")
        token = CSRF.search(page.text)[1]
        return self.url_open(path, data={"csrf_token": token, **values})

    def _sent(self):
        partner = self.portal_users["own"]
        cases = self.env["cs.complaint"].search([("create_uid", "=", partner.id)])
        return cases.sudo()


@tagged("post_install", "-at_install")
class TestPortal(PortalCommon):
    def test_own_cases_only(self):
        path = f"/my/complaints/{self.case.id}"
        self._log_in()
        self.assertIn(self.case.name, self._get("/my/complaints").text)
        page = self._get(path)
        self.assertIn(self.case.subject, page.text)
        self.assertNotIn(SECRET, page.text)
        self.assertNotIn(TEXT, page.text)
        self._log_in("stranger")
        self.assertNotIn(self.case.name, self._get("/my/complaints").text)
        for tail in ("", "/letter"):
            self._get(path + tail, 404)

    def test_hidden_cases_are_in_no_list(self):
        self.case.sudo().masked = True
        self._log_in()
        self.assertNotIn(self.case.name, self._get("/my/complaints").text)
        self._get(f"/my/complaints/{self.case.id}", 404)

    @mute_logger("odoo.http")
    def test_no_model_over_rpc(self):
        self._log_in()
        for model in (
            "cs.complaint",
            "cs.complaint.identity",
            "cs.complaint.answer",
            "cs.complaint.tell",
            "cs.complaint.reply",
        ):
            for method in ("search_read", "web_search_read", "name_search"):
                payload = {
                    "jsonrpc": "2.0",
                    "method": "call",
                    "params": {
                        "model": model,
                        "method": method,
                        "args": [],
                        "kwargs": {}
                        if method != "web_search_read"
                        else {
                            "domain": [],
                            "specification": {},
                        },
                    },
                }
                url = f"/web/dataset/call_kw/{model}/{method}"
                answer = self.url_open(url, json=payload).json()
                self.assertIn("error", answer, f"{model}.{method}")
                self.assertIn("AccessError", answer["error"]["data"]["name"])

    def test_accept_by_signature(self):
        row = self._tell(way="portal")
        self._log_in()
        page = self._get(f"/my/complaints/{self.case.id}")
        self.assertIn(TEXT, page.text)
        self.assertEqual(row.state, "told")
        path = f"/my/complaints/{self.case.id}/accept"

        def sign(**params):
            payload = {"jsonrpc": "2.0", "method": "call", "params": params}
            return self.url_open(path, json=payload).json().get("result", {})

        for wrong in ({}, {"name": "x"}, {"name": "x", "signature": "aGk="}):
            self.assertIn("error", sign(**wrong))
        self.assertNotIn("error", sign(name="Zhang San", signature=PNG))
        row.invalidate_recordset()
        self.assertEqual((row.state, row.result_way), ("accepted", "portal"))
        self.assertEqual(row.result_name, "Zhang San")
        self.assertFalse(row.result_by_id)

    def test_stranger_signs_nothing(self):
        row = self._tell(way="portal")
        self._log_in("stranger")
        payload = {
            "jsonrpc": "2.0",
            "method": "call",
            "params": {"name": "x", "signature": PNG},
        }
        path = f"/my/complaints/{self.case.id}"
        self.assertIn(
            "error", self.url_open(f"{path}/accept", json=payload).json()["result"]
        )
        self.assertEqual(self._post(f"{path}/refuse", note="No").status_code, 404)
        self.assertEqual(row.state, "told")

    def test_refuse_begins_a_round(self):
        row = self._tell(way="portal")
        self._log_in()
        path = f"/my/complaints/{self.case.id}/refuse"
        self.assertEqual(self.url_open(path).status_code, 405)
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open(path, data={"note": "x"}).status_code, 400)
        self._post(path, note=" ")
        self.assertEqual(row.state, "told")
        page = self._post(path, note="Not enough")
        fresh = self.env["cs.complaint"].search([("previous_id", "=", self.case.id)])
        self.assertEqual(self.case.state, "refused")
        self.assertEqual(self.case.refused_way, "portal")
        self.assertIn(fresh.name, page.text)
        self._post(path, note="Again")
        self.assertEqual(
            self.case.search_count([("chain_id", "=", self.case.chain_id.id)]), 2
        )

    # === NEW === #

    def test_complain(self):
        self._log_in()
        values = {"kind": "complaint", "subject": "Cold", "content": "No heating"}
        page = self._post("/my/complaints/new", **values)
        self._post("/my/complaints/new", **values)
        case = self._sent()
        self.assertEqual(len(case), 1)
        self.assertIn(case.name, page.text)
        self.assertEqual((case.channel, case.state), ("portal", "new"))
        self.assertEqual(case.identity_ids.partner_id, self.customer)
        self.assertEqual(case.interaction_id.state, "unclaimed")
        self.assertNotIn(self.customer, case.message_partner_ids)

    def test_complain_with_files(self):
        self._log_in()
        page = self.url_open("/my/complaints/new")
        values = {
            "csrf_token": CSRF.search(page.text)[1],
            "kind": "complaint",
            "subject": "Cold",
            "content": "No heating",
        }
        bad = [("files", ("x.exe", b"MZ\x90\x00program", "image/png"))]
        self.url_open("/my/complaints/new", data=values, files=bad)
        self.assertFalse(self._sent())
        good = [("files", ("../a.php", base64.b64decode(PNG), "text/html"))]
        self.url_open("/my/complaints/new", data=values, files=good)
        file = self.env["ir.attachment"].search(
            [("res_model", "=", "cs.complaint"), ("res_id", "in", self._sent().ids)]
        )
        self.assertEqual(file.mapped("name"), ["a.png"])
        self.assertFalse(file.public)

    def test_enough_for_a_day(self):
        self.company.cs_complaint_portal_limit = 2
        self._log_in()
        for number in range(4):
            self._post(
                "/my/complaints/new",
                kind="complaint",
                subject=f"No {number}",
                content="x",
            )
        self.assertEqual(len(self._sent()), 2)

    @mute_logger("odoo.http")
    def test_what_is_missing_or_made_up(self):
        self._log_in()
        for values in (
            {"kind": "corruption", "subject": "x", "content": "x"},
            {"kind": "complaint", "subject": " ", "content": "x"},
            {"kind": "complaint", "subject": "x" * 201, "content": "x"},
            {"kind": "complaint", "subject": "x"},
            {"kind": "complaint", "subject": "\x00", "content": "x"},
            {},
        ):
            self.assertEqual(
                self._post("/my/complaints/new", **values).status_code, 200
            )
        self.assertFalse(self._sent())
        answer = self.url_open("/my/complaints/new", data={"subject": "x"})
        self.assertEqual(answer.status_code, 400)

    # === FUZZ === #

    @mute_logger("odoo.http")
    def test_nonsense_shows_nothing(self):
        """300 requests with wrong addresses and values: no trace, no data."""
        dice = random.Random(4)
        ids = ["0", "-1", "1", str(self.case.id), "9" * 30, "a", "1.5", "null"]
        tails = ["", "/letter", "/accept", "/refuse", "/page/9", "/../..", "?hint=<b>"]
        words = ["", "'", '"', "<script>", "{{7*7}}", "%s", "\x00", "壹" * 600, "-1"]
        token = self.case._cs_link_token()
        self._log_in("stranger")
        page = self.url_open("/my/complaints/new")
        csrf = CSRF.search(page.text)[1]
        for number in range(300):
            broken = list(token)
            broken[dice.randrange(len(broken))] = dice.choice("AZaz09-_")
            path = dice.choice(
                [
                    f"/my/complaints/{dice.choice(ids)}{dice.choice(tails)}",
                    f"/my/complaints/page/{dice.choice(ids)}",
                    f"/cs/complaint/{dice.choice(words).strip() or 'x'}",
                    f"/cs/complaint/{dice.choice(ids)}",
                    f"/my/complaints/new?subject={dice.choice(words)}",
                ]
            )
            data = None
            if number % 2:
                data = {
                    name: dice.choice(words)
                    for name in ("kind", "content", "note", "reply", "nonce", "name")
                }
                data["csrf_token"] = csrf
            answer = self.url_open(path.replace("\x00", "%00"), data=data)
            self.assertLess(answer.status_code, 500, path)
            self.assertNotIn("Traceback", answer.text)
            for personal in (self.case.name, "Zhang San", "13800001234", SECRET):
                self.assertNotIn(personal, answer.text, path)
        self.assertEqual(self.case.state, "answering")


@tagged("post_install", "-at_install")
class TestLink(PortalCommon):
    def setUp(self):
        super().setUp()
        self.row = self._tell()
        self.url = f"/cs/complaint/{self.case._cs_link_token()}"
        self.authenticate(None, None)

    def _send(self, page, delay=0, **values):
        values = {
            "csrf_token": CSRF.search(page.text)[1],
            "nonce": NONCE.search(page.text)[1],
            **values,
        }
        with patch.object(satisfaction, "MIN_DELAY", delay):
            return self.url_open(self.url, data=values)

    def _state(self):
        self.row.invalidate_recordset()
        return self.row.state

    def test_shown_without_anything_personal(self):
        page = self._get(self.url)
        self.assertIn(self.case.name, page.text)
        self.assertIn(TEXT, page.text)
        for hidden in ("Zhang San", "13800001234", SECRET, self.case.content):
            self.assertNotIn(hidden, page.text)
        self.assertEqual(self._state(), "told")
        self.url_open(self.url, method="HEAD")
        self.assertEqual(self._state(), "told")

    def test_accept_counts_once(self):
        page = self._get(self.url)
        self._send(page, reply="accept")
        self.assertEqual(self._state(), "accepted")
        self.assertEqual(self.row.result_way, "link")
        self._send(page, reply="refuse", note="No")
        self.assertEqual(self.case.state, "answering")

    def test_refuse_with_a_reason(self):
        page = self._get(self.url)
        self._send(page, reply="refuse")
        self.assertEqual(self._state(), "told")
        answer = self._send(page, reply="refuse", note="Not enough")
        self.assertEqual(self._state(), "refused")
        self.assertEqual(self.case.refused_way, "link")
        fresh = self.env["cs.complaint"].search([("previous_id", "=", self.case.id)])
        self.assertIn(fresh.name, answer.text)

    @mute_logger("odoo.http")
    def test_programs_reply_nothing(self):
        page = self._get(self.url)
        self.assertEqual(self.url_open(self.url, data={"reply": "x"}).status_code, 400)
        self._send(page, reply="accept", nonce="x")
        self._send(page, reply="accept", delay=60)
        self._send(page, reply="maybe")
        self.assertEqual(self._state(), "told")

    def test_staff_reply_nothing(self):
        self.authenticate("complaint_agent", "complaint_agent")
        self.assertEqual(self.url_open(self.url).status_code, 403)
        event = self.env["cs.event"].sudo().search([], order="id desc", limit=1)
        self.assertEqual(event.action, "complaint.staff")

    def test_made_up_and_unsigned_links(self):
        for tail in (str(self.case.id), "x", self.row._name):
            page = self._get(f"/cs/complaint/{tail}")
            self.assertIn('data-page="gone"', page.text)

    def test_link_of_the_notice_is_stored_unsigned(self):
        notice = self.env["cs.notify"].sudo()
        self._tell(way="sms")
        row = notice.search([("code", "=", "complaint.answered")], limit=1)
        self.assertTrue(row)
        self.assertRegex(row.text, rf"/cs/complaint/{self.case.id}(?!\w)")
        sent = row._cs_outgoing(row.text)
        token = re.search(r"/cs/complaint/(\S+)", sent)[1]
        self.assertEqual(self.case._cs_by_token(token), self.case)

    def test_hidden_person_replies_by_link(self):
        self.case.sudo().masked = True
        page = self._get(self.url)
        self._send(page, reply="accept", name="Zhang San")
        self.assertEqual(self._state(), "accepted")
        self.assertFalse(self.row.result_name)

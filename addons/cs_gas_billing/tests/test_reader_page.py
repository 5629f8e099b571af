"""The meter reader's page: own books, entries sent once, conflicts, no connection."""

import base64
import json
import random
import uuid
from datetime import date, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..tools.usage import check_usage
from .common_portal import PortalCommon, make_photo


def iso(moment):
    return f"{moment.isoformat()}Z"


class ReaderCommon(PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.book = cls.first.book_id
        cls.reader = cls.users["reader"]
        cls.book.reader_id = cls.reader
        cls.other_reader = new_test_user(
            cls.env, login="gas_reader_2", groups="cs_gas_billing.group_reader"
        )
        cls.third = cls.make_accounts(1, first=3, 抄表册="T02")
        cls.third.book_id.reader_id = cls.other_reader
        cls.company.gas_future_days = 0

    def meter(self, account):
        return account.service_point_id.install_ids

    def entry(self, account, value=1060, **values):
        return {
            "uuid": str(uuid.uuid4()),
            "kind": "reading",
            "install": self.meter(account).id,
            "value": str(value),
            "at": iso(fields.Datetime.now()),
            **values,
        }

    def push(self, *entries, login="gas_reader", sent_at=None):
        """Send entries as the page does; return the answer."""
        self.log_in(login)
        user = self.env["res.users"].search([("login", "=", login)])
        answer, error = self.post_json(
            "/gas/reader/push",
            {
                "items": list(entries),
                "sent_at": sent_at or iso(fields.Datetime.now()),
                "uid": user.id,
            },
        )
        self.assertFalse(error, error)
        return answer

    def push_one(self, entry, **options):
        [result] = self.push(entry, **options)["results"]
        return result

    def new_readings(self, account=None):
        readings = (account or self.first).reading_ids
        return readings.filtered("client_uuid")


@tagged("post_install", "-at_install", "gas_reader")
class TestReaderBooks(ReaderCommon):
    def books(self, login):
        self.log_in(login)
        answer, error = self.post_json("/gas/reader/books", {})
        self.assertFalse(error)
        return answer

    def test_own_books_in_walking_order(self):
        self.first.book_seq = 9
        self.meter(self.first).seal = "S-77"
        answer = self.books("gas_reader")
        self.assertEqual([book["code"] for book in answer["books"]], ["T01"])
        lines = answer["books"][0]["lines"]
        self.assertEqual([line["code"] for line in lines], ["T000002", "T000001"])
        line = lines[1]
        self.assertEqual(
            (line["serial"], line["seal"], line["prev"], line["prev_date"]),
            ("TM000001", "S-77", "1045", "2026-10-20"),
        )
        self.assertEqual((line["mean"], line["digits"], line["qmax"]), (40.0, 5, 4.0))
        self.assertIn("测试苑", line["address"])
        self.assertIsNone(line["read"])
        self.assertNotIn("138", str(answer), "no phones")
        other = self.books("gas_reader_2")
        self.assertEqual(
            [line["code"] for book in other["books"] for line in book["lines"]],
            ["T000003"],
        )

    def test_read_within_the_days_of_the_setting(self):
        day = self.company._cs_today()
        self.env["gas.reading.entry"]._enter(
            [
                {
                    "account_id": self.first.id,
                    "value": 1060,
                    "read_date": day - timedelta(days=10),
                }
            ]
        )
        line = self.books("gas_reader")["books"][0]["lines"][0]
        self.assertEqual((line["read"]["value"], line["prev"]), ("1060", "1045"))
        self.company.gas_reader_days = 5
        line = self.books("gas_reader")["books"][0]["lines"][0]
        self.assertEqual((line["read"], line["prev"]), (None, "1060"))

    def test_customer_says(self):
        self.send_reading("gas_customer", self.first, "1061", make_photo())
        line = self.books("gas_reader")["books"][0]["lines"][0]
        self.assertIsNone(line["read"])
        self.assertEqual(line["customer"]["value"], "1061")

    def test_page_and_worker(self):
        page = self.get("gas_reader", "/gas/reader")
        self.assertIn('id="reader"', page.text)
        self.assertNotIn("T000001", page.text, "data comes by JSON only")
        worker = self.url_open("/gas/reader/service-worker.js")
        self.assertEqual(worker.headers["Service-Worker-Allowed"], "/gas/reader")
        self.assertIn("javascript", worker.headers["Content-Type"])
        for login in ("gas_clerk", "gas_customer"):
            self.assertNotIn('id="reader"', self.get(login, "/gas/reader").text)
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open("/gas/reader").url)
        _answer, error = self.post_json("/gas/reader/books", {})
        self.assertEqual(error, "SessionExpiredException")

    def test_queries_do_not_grow_with_the_book(self):
        reader = self.env["gas.reader"].with_user(self.reader)
        few = self.count_queries(reader._get_books)
        self.make_accounts(40, first=301)
        many = self.count_queries(reader._get_books)
        self.assertEqual(len(reader._get_books()["books"][0]["lines"]), 42)
        self.assertLessEqual(many, few)
        self.assertLessEqual(many, 15)


@tagged("post_install", "-at_install", "gas_reader")
class TestReaderPush(ReaderCommon):
    def test_taken_with_both_times_and_photo(self):
        at = fields.Datetime.now() - timedelta(hours=3)
        photo = base64.b64encode(make_photo((2400, 1800))).decode()
        result = self.push_one(
            self.entry(self.first, at=iso(at), photo=photo, note="door on the left")
        )
        self.assertEqual(result["status"], "taken", result)
        reading = self.new_readings()
        self.assertEqual(
            (reading.state, reading.value, reading.usage, reading.source),
            ("validated", 1060, 15, "photo"),
        )
        self.assertEqual(reading.device_time, at.replace(microsecond=0))
        self.assertGreater(reading.create_date, reading.device_time)
        self.assertEqual(reading.create_uid, self.reader)
        self.assertEqual(reading.note, "door on the left")
        self.assertTrue(reading.photo)

    def test_the_same_entry_sent_again_is_booked_once(self):
        entry = self.entry(self.first)
        first = self.push(entry, entry)
        again = self.push_one(entry)
        self.assertEqual(
            [result["status"] for result in first["results"]], ["taken", "taken"]
        )
        self.assertEqual(again["status"], "taken")
        self.assertEqual(len(self.new_readings()), 1)
        self.assertEqual(first["lines"][0]["read"]["uuid"], entry["uuid"])
        changed = self.push_one(entry | {"value": "1070"})
        self.assertEqual(
            (changed["status"], self.new_readings().value), ("taken", 1060)
        )

    def test_two_requests_at_once(self):
        """The other request booked it after this one looked: it is sent again."""
        entry = self.entry(self.first)
        self.push_one(entry)
        service = self.env["gas.reader.push"].with_user(self.reader)
        now = fields.Datetime.now()
        with (
            patch.object(type(service), "_find_known", return_value=None),
            mute_logger("odoo.sql_db"),
        ):
            result = service._push_one(
                entry | {"install": self.meter(self.second).id}, timedelta(), now
            )
        self.assertEqual(result["status"], "later")
        self.assertFalse(self.new_readings(self.second))

    def test_doubtful_is_held(self):
        result = self.push_one(self.entry(self.first, 1900))
        self.assertEqual(result["status"], "held")
        self.assertIn("×", result["message"])
        result = self.push_one(self.entry(self.second, 5))
        self.assertEqual(result["status"], "held")
        self.assertEqual(self.new_readings(self.second).vee_codes, "NEG")

    def test_a_later_reading_of_somebody_else_is_a_conflict(self):
        day = self.company._cs_today()
        self.env["gas.reading.entry"]._enter(
            [{"account_id": self.first.id, "value": 1062, "read_date": day}]
        )
        before = iso(fields.Datetime.now() - timedelta(days=2))
        result = self.push_one(self.entry(self.first, at=before))
        self.assertEqual(result["status"], "conflict")
        self.assertIn("1062", result["message"])
        self.assertFalse(self.new_readings())

    def test_another_value_of_the_same_day_is_held_beside_it(self):
        day = self.company._cs_today()
        self.env["gas.reading.entry"]._enter(
            [{"account_id": self.first.id, "value": 1062, "read_date": day}]
        )
        result = self.push_one(self.entry(self.first, 1060))
        self.assertEqual(result["status"], "held")
        reading = self.new_readings()
        self.assertEqual((reading.vee_codes, reading.prev_value), ("DUP", 1045))
        same = self.push_one(self.entry(self.first, 1062))
        self.assertEqual(same["status"], "taken")
        self.assertEqual(len(self.new_readings()), 1)

    def test_reader_settles_what_the_customer_claims(self):
        self.send_reading("gas_customer", self.first, "1061", make_photo())
        photo = base64.b64encode(make_photo()).decode()
        result = self.push_one(self.entry(self.first, 1061, photo=photo))
        self.assertEqual(result["status"], "taken")
        claim = self.first.reading_ids.filtered("from_customer")
        self.assertEqual(claim.state, "superseded")
        self.assertEqual(claim.replaced_by_id, self.new_readings())

    def test_other_books_are_refused(self):
        result = self.push_one(self.entry(self.third))
        self.assertEqual(result["status"], "refused")
        self.book.reader_id = self.other_reader
        result = self.push_one(self.entry(self.first))
        self.assertEqual(result["status"], "refused")
        self.assertIn("book", result["message"])
        self.assertFalse(self.new_readings() | self.new_readings(self.third))

    def test_another_readers_number(self):
        entry = self.entry(self.first)
        self.push_one(entry)
        result = self.push_one(entry, login="gas_reader_2")
        self.assertEqual(result["status"], "refused")
        self.assertNotIn("1060", str(result))

    def test_somebody_else_logged_in_on_the_phone(self):
        """What one reader entered is not sent as the other's."""
        self.log_in("gas_reader_2")
        self.third.book_id.reader_id = self.other_reader
        for uid in (self.reader.id, None):
            _answer, error = self.post_json(
                "/gas/reader/push", {"items": [self.entry(self.third)], "uid": uid}
            )
            self.assertEqual(error, "UserError")
        self.assertFalse(self.new_readings(self.third))

    def test_one_bad_entry_keeps_nobody_back(self):
        good = self.entry(self.second, 1050)
        answer = self.push(
            self.entry(self.first, "12x"),
            {"uuid": "no uuid"},
            "nonsense",
            self.entry(self.first, at="yesterday"),
            self.entry(self.first, 123456),
            self.entry(self.first, at=iso(fields.Datetime.now() - timedelta(days=40))),
            self.entry(self.first, photo="AAAA"),
            self.entry(self.first, install="1"),
            self.entry(self.first, install=True),
            self.entry(self.first, install=10**12),
            self.entry(self.first, kind="miss", reason="lazy"),
            good,
        )
        statuses = [result["status"] for result in answer["results"]]
        self.assertEqual(statuses, ["refused"] * 11 + ["taken"])
        self.assertTrue(all(r["message"] for r in answer["results"][:-1]))
        self.assertEqual(len(self.new_readings(self.second)), 1)
        self.assertFalse(self.new_readings())

    def test_a_wrong_clock_is_put_right(self):
        ahead = fields.Datetime.now() + timedelta(days=3)
        result = self.push_one(
            self.entry(self.first, at=iso(ahead)), sent_at=iso(ahead)
        )
        self.assertEqual(result["status"], "taken")
        reading = self.new_readings()
        self.assertEqual(reading.read_date, self.company._cs_today())
        self.assertEqual(reading.device_time, ahead.replace(microsecond=0))

    def test_absurd_entries_keep_nobody_back(self):
        """A phone whose battery was empty may believe in any year."""
        entries = [
            self.entry(self.first, "1e999999999"),
            self.entry(self.first, "9" * 400),
            self.entry(self.first, 10**400),
            self.entry(self.first, None),
            self.entry(self.first, {"value": 1}),
            self.entry(self.first, photo=7),
            self.entry(self.first, at="9999-12-31T23:59:59"),
            self.entry(self.second, 1050, at=iso(fields.Datetime.now())),
        ]
        answer = self.push(*entries, sent_at="0001-01-02T00:00:00")
        statuses = [result["status"] for result in answer["results"]]
        self.assertEqual(statuses[:6], ["refused"] * 6, answer["results"])
        self.assertEqual(statuses[6:], ["taken", "taken"], answer["results"])
        self.assertEqual(self.new_readings().read_date, self.company._cs_today())

    def test_removed_meter_is_not_read_any_more(self):
        """A register noted before the exchange came too late; nothing is mixed up."""
        before = iso(fields.Datetime.now() - timedelta(days=2))
        late = self.entry(self.first, 1060)
        early = self.entry(self.first, 1049, at=before)
        today = self.company._cs_today()
        exchange = self.env["gas.meter.exchange"].with_user(self.users["clerk"])
        exchange.create(
            {
                "account_id": self.first.id,
                "day": today - timedelta(days=1),
                "value_off": 1050,
                "serial": "NEW-1",
            }
        ).action_exchange()
        result = self.push_one(late)
        self.assertEqual(result["status"], "refused", result)
        self.assertTrue(result["message"])
        result = self.push_one(early)
        self.assertEqual(result["status"], "conflict", result)

    def test_no_access(self):
        photo = base64.b64encode(make_photo()).decode()
        entry = self.entry(
            self.first, kind="miss", reason="locked", note="new lock", photo=photo
        )
        answer = self.push(entry, entry)
        self.assertEqual([r["status"] for r in answer["results"]], ["taken"] * 2)
        self.assertEqual(answer["lines"][0]["miss"]["reason"], "locked")
        miss = self.env["gas.reading.miss"].search([("book_id", "=", self.book.id)])
        self.assertEqual(
            (miss.account_id, miss.reason, miss.reader_id, bool(miss.photo)),
            (self.first, "locked", self.reader, True),
        )
        self.assertFalse(self.new_readings())
        self.push_one(self.entry(self.first))
        self.assertEqual(self.new_readings().value, 1060)

    def test_limits(self):
        self.log_in("gas_reader")
        many = [self.entry(self.first) for _number in range(21)]
        uid = self.reader.id
        _answer, error = self.post_json("/gas/reader/push", {"items": many, "uid": uid})
        self.assertEqual(error, "UserError")
        self.company.gas_photo_max_mb = 1
        large = base64.b64encode(make_photo() + b"0" * 1024 * 1024).decode()
        result = self.push_one(self.entry(self.first, photo=large))
        self.assertEqual(result["status"], "refused")
        self.assertIn("1 MB", result["message"])
        self.env["gas.mobile.quota"].sudo()._use("push", self.reader, 1, 3000)
        _answer, error = self.post_json(
            "/gas/reader/push", {"items": [self.entry(self.first)], "uid": uid}
        )
        self.assertEqual(error, "UserError")

    def test_a_form_of_another_site_can_not_send(self):
        """Only JSON is taken, which browsers don't send for strange sites unasked."""
        self.log_in("gas_reader")
        with mute_logger("odoo.http"):
            for content_type in ("application/x-www-form-urlencoded", "text/plain"):
                response = self.url_open(
                    "/gas/reader/push",
                    data="{}",
                    headers={"Content-Type": content_type},
                )
                self.assertEqual(response.status_code, 415, content_type)

    def test_misses_are_written_by_the_page_only(self):
        for role in ("reader", "clerk", "manager"):
            self.assertRefused(
                role,
                "gas.reading.miss",
                "create",
                [{"install_id": self.meter(self.first).id, "reason": "other"}],
            )


@tagged("post_install", "-at_install", "gas_reader")
class TestReaderPage(ReaderCommon):
    """The page in a browser: the connection goes, the page is closed, it comes back."""

    browser_size = "390x844"
    touch_enabled = True

    #: Runs in the page; a second one in a frame is closed and opened like a phone's.
    OFFLINE = """
    const frame = document.createElement("iframe");
    frame.style = "width: 390px; height: 800px";
    document.body.append(frame);
    const wait = async (test, what) => {
        for (let tries = 0; tries < 200; tries++) {
            const found = test();
            if (found) {
                return found;
            }
            await new Promise((resolve) => setTimeout(resolve, 50));
        }
        throw new Error(`waited in vain: ${what}`);
    };
    const find = (selector) => frame.contentDocument.querySelector(selector);
    const see = (selector) => wait(() => find(selector), selector);
    const click = async (selector) => (await see(selector)).click();
    const type = async (text) => {
        const input = await see(".register");
        input.value = text;
        input.dispatchEvent(new frame.contentWindow.Event("input"));
    };
    const same = (value, wanted) => {
        if (value !== wanted) {
            throw new Error(`${value} instead of ${wanted}`);
        }
    };
    const text = (selector) => find(selector).textContent;
    const load = async (online) => {
        frame.src = "about:blank";
        await wait(() => frame.contentWindow.location.href === "about:blank", "blank");
        frame.src = "/gas/reader";
        await wait(() => find("#reader"), "page");
        if (!online) {
            cut();
        }
        await see(".list, .meter");
    };
    const cut = () => {
        frame.contentWindow.fetch = async () => {
            throw new TypeError("no connection");
        };
    };
    (async () => {
        await load(true);
        await see("#reader[data-ready]");
        same(text(".progress_text"), "0/2 read");
        cut();
        await click(".row[data-state='open']");
        await type("1060");
        await see(".hint[data-level='good']");
        await click(".save");
        await see(".sync[data-waiting='1'][data-connected='false']");
        await type("900");
        await see(".hint[data-level='bad']");
        await click(".save");
        await see(".save.warn");
        same(find(".sync").dataset.waiting, "1");
        await click(".no_access");
        await click("[data-reason='absent']");
        await see(".sync[data-waiting='2']");
        await load(false);
        await see(".sync[data-waiting='2']");
        same(text(".progress_text"), "1/2 read");
        if (frame.contentDocument.documentElement.scrollWidth > 390) {
            throw new Error("The page scrolls sideways.");
        }
        frame.contentWindow.fetch = window.fetch.bind(window);
        await click(".sync");
        await see(".sync[data-waiting='0'][data-connected='true']");
        await click("[data-filter='all']");
        await see(".row[data-state='taken']");
        await see(".row[data-state='miss']");
        await load(true);
        await see("#reader[data-ready]");
        same(text(".progress_text"), "1/2 read");
        same(find(".sync").dataset.waiting, "0");
        console.log("test successful");
    })().catch((error) => console.error(error.message));
    """

    def test_without_a_connection(self):
        self.browser_js(
            "/gas/reader",
            self.OFFLINE,
            ready="!!document.querySelector('#reader[data-ready]')",
            login=self.reader.login,
        )
        reading = self.new_readings()
        self.assertEqual((reading.value, reading.state), (1060, "validated"))
        miss = self.env["gas.reading.miss"].search([("book_id", "=", self.book.id)])
        self.assertEqual((miss.account_id, miss.reason), (self.second, "absent"))

    #: Judges what `CASES` says and compares.
    PARITY = """
    const { judge } = odoo.loader.modules.get("@cs_gas_billing/reader/rules");
    const wrong = CASES.filter(({ line, value, today, rules, wanted }) => {
        const found = judge(line, value, today, rules);
        return found.key !== wanted.key || found.usage !== wanted.usage;
    });
    if (wrong.length) {
        console.error(JSON.stringify(wrong.slice(0, 3)));
    } else {
        console.log("test successful");
    }
    """

    def test_the_phone_judges_as_the_server(self):
        """The checks on the phone and those of ``tools`` say the same."""
        cases = [case for seed in range(400) if (case := self.make_case(seed))]
        self.assertGreater(len({case["wanted"]["key"] for case in cases}), 5)
        self.browser_js(
            "/gas/reader",
            self.PARITY.replace("CASES", json.dumps(cases)),
            ready="!!document.querySelector('#reader[data-ready]')",
            login=self.reader.login,
        )

    def make_case(self, seed):
        rng = random.Random(seed)
        previous = rng.choice((0, 120, 1000, 99950, rng.randrange(99999)))
        step = rng.choice((0, 1, 8, 16, 20, 60, 61, 121, 500, 3000, -1, -500, -99930))
        value, days = previous + step, rng.choice((0, 1, 28, 31, 60))
        if not 0 <= value < 100000:
            return None
        mean = rng.choice((None, "0.5", "20", "40", "166.667"))
        category = rng.choice(("resident", "commercial"))
        found = check_usage(
            {
                "segments": [
                    {"prev": previous, "cur": value, "digits": 5, "qmax": "4"}
                ],
                "days": days,
                "mean": mean,
                "category": category,
            }
        )
        usage = found["usage"] and float(found["usage"])
        code = found["codes"][-1] if found["codes"] else ""
        key = {"NEG": "below", "ROLL": "rolled"}.get(code, code.lower())
        if key == "high" and usage > 4 * 24 * days:
            key = "capacity"
        if key == "low" and "ROLL" in found["codes"]:
            key = "rolled"
        today = date(2026, 11, 1) + timedelta(days=days)
        return {
            "line": {
                "prev": str(previous),
                "prev_date": "2026-11-01",
                "digits": 5,
                "qmax": 4.0,
                "mean": mean and float(mean),
                "category": category,
            },
            "value": str(value),
            "today": today.isoformat(),
            "rules": {"high": 3.0, "low": 0.2, "low_commercial": 0.5},
            "wanted": {"key": key, "usage": usage},
        }

    #: The reader's book from the first meter to the last.
    WALK = """
    const wait = async (test, what) => {
        for (let tries = 0; tries < 200; tries++) {
            const found = test();
            if (found) {
                return found;
            }
            await new Promise((resolve) => setTimeout(resolve, 50));
        }
        throw new Error(`waited in vain: ${what}`);
    };
    const see = (selector) => wait(() => document.querySelector(selector), selector);
    const type = async (selector, text) => {
        const input = await see(selector);
        input.value = text;
        input.dispatchEvent(new Event("input"));
    };
    const fits = () => {
        if (document.documentElement.scrollWidth > window.innerWidth) {
            throw new Error("The page scrolls sideways.");
        }
        for (const target of document.querySelectorAll("button, select, label")) {
            if (target.getBoundingClientRect().height < 44) {
                throw new Error(`Too small: ${target.outerHTML}`);
            }
        }
    };
    const photograph = async () => {
        const canvas = document.createElement("canvas");
        canvas.width = canvas.height = 2000;
        canvas.getContext("2d").fillRect(0, 0, 500, 500);
        const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg"));
        const transfer = new DataTransfer();
        transfer.items.add(new File([blob], "a.jpg", { type: "image/jpeg" }));
        const input = await see(".photo input");
        input.files = transfer.files;
        input.dispatchEvent(new Event("change"));
        await see(".photo.has_photo");
    };
    (async () => {
        fits();
        await type(".search", "TM000002");
        await wait(() => document.querySelectorAll(".row").length === 1, "one row");
        await type(".search", "");
        (await see(".row")).click();
        await type(".register", "1050");
        await photograph();
        fits();
        (await see(".save")).click();
        await wait(() => location.hash.length > 1, "next meter");
        const title = () => document.querySelector("h1").textContent;
        await wait(() => title().includes("2"), "second");
        await type(".register", "9999");
        (await see(".save")).click();
        (await see(".save.warn")).click();
        await see(".list");
        await see(".sync[data-waiting='0']");
        await wait(
            () => document.querySelector(".progress_text").textContent === "2/2 read",
            "2/2"
        );
        (await see("[data-filter='attention']")).click();
        (await see(".row[data-state='held']")).click();
        await see(".done[data-state='held']");
        fits();
        console.log("test successful");
    })().catch((error) => console.error(error.message));
    """

    def test_walk_through_the_book(self):
        self.browser_js(
            "/gas/reader",
            self.WALK,
            ready="!!document.querySelector('#reader[data-ready]')",
            login=self.reader.login,
        )
        first, second = self.new_readings(), self.new_readings(self.second)
        self.assertEqual(
            (first.value, first.source, first.state), (1050, "photo", "validated")
        )
        self.assertEqual((second.value, second.state), (9999, "held"))
        self.assertTrue(first.photo)

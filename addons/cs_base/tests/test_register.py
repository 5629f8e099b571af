import base64
import datetime
import itertools

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .test_slip import MONDAY, SlipCommon

PIXEL = base64.b64encode(
    base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
        "YPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
    )
)


@tagged("post_install", "-at_install")
class TestRegister(SlipCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supervisor = cls.users["lead"]
        with freeze_time(MONDAY):
            cls.register = cls.env["cs.register"].create(
                {
                    "name": "Slips",
                    "business_type_id": cls.env.ref("cs_base.business_type_slip").id,
                    "user_id": cls.supervisor.id,
                }
            )
        cls.reviews = cls.register.review_ids.sorted("due_on")

    def _run(self, moment):
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref("cs_base.ir_cron_register_reviews").method_direct_trigger()

    def _sign(self, review, user=None):
        review = review.with_user(user or self.supervisor)
        review.write({"comment": "Two without a room number", "signature": PIXEL})
        review.action_sign()

    def test_twice_a_week_without_a_gap(self):
        days = [(row.date_from.day, row.due_on.day) for row in self.reviews]
        self.assertEqual(days, [(23, 25), (26, 27)])
        self._run("2026-11-24 01:00:00")
        self.assertEqual(len(self.register.review_ids), 2, "planned once")
        self._run("2026-11-30 01:00:00")
        periods = self.register.review_ids.sorted("date_from")
        for before, after in itertools.pairwise(periods):
            self.assertEqual(
                after.date_from, before.date_to + datetime.timedelta(days=1)
            )
        self.assertEqual(len(periods), 4)

    def test_signed_with_the_number_of_entries(self):
        review = self.reviews[0]
        before = review.with_user(self.supervisor)._cs_count()
        with freeze_time(MONDAY):
            self._slip()
            self._slip()
        with freeze_time("2026-11-27 01:00:00"):
            self._slip()
        mine = review.with_user(self.supervisor)
        self.assertEqual(mine.row_now, before + 2)
        domain = mine.action_open_rows()["domain"]
        self.assertEqual(self.env["cs.info.slip"].search_count(domain), before + 2)
        with self.assertRaises(UserError):
            mine.action_sign()
        self._sign(review)
        self.assertEqual(review.state, "signed")
        self.assertEqual(review.row_count, before + 2)
        self.assertEqual(review.signed_by_id, self.supervisor)

    def test_nothing_changes_after_signing(self):
        review = self.reviews[0]
        self._sign(review)
        for name, value in (
            ("comment", "Other"),
            ("signature", False),
            ("row_count", 9),
            ("state", "due"),
            ("date_to", "2026-11-29"),
        ):
            for role in ("lead", "manager"):
                with self.subTest(name=name, role=role), self.assertRaises(UserError):
                    self._rpc(role, review._name, "write", review.ids, {name: value})
        with self.assertRaises(UserError):
            review.with_user(self.supervisor).action_sign()
        with self.assertRaises(UserError):
            review.unlink()

    def test_nobody_signs_for_the_supervisor(self):
        review = self.reviews[0].with_user(self.users["manager"])
        review.write({"comment": "x", "signature": PIXEL})
        with self.assertRaises(AccessError):
            review.action_sign()
        for role in ("plain", "user", "stranger"):
            found = self._rpc(role, review._name, "search", [("id", "=", review.id)])
            self.assertFalse(found)

    def test_managers_sign_while_he_is_away(self):
        self.supervisor.active = False
        self._sign(self.reviews[0], self.users["manager"])
        self.assertEqual(self.reviews[0].signed_by_id, self.users["manager"])

    def test_reminders(self):
        review = self.reviews[0]
        self._run("2026-11-24 01:00:00")
        self.assertFalse(self._notices(review, "review.due"))
        self._run("2026-11-25 01:00:00")
        self.assertEqual(self._notices(review, "review.due"), self.supervisor)
        self.assertFalse(self._notices(review, "review.late"))
        self._run("2026-11-26 01:00:00")
        self.assertIn(self.users["manager"], self._notices(review, "review.late"))
        before = self.env["cs.notify"].search_count([("code", "like", "review.")])
        self._run("2026-11-26 03:00:00")
        after = self.env["cs.notify"].search_count([("code", "like", "review.")])
        self.assertEqual(before, after, "once a day")

    def test_late_ones_are_found(self):
        with freeze_time("2026-11-26 01:00:00"):
            late = self.env["cs.register.review"].search([("is_late", "=", True)])
            self.assertIn(self.reviews[0], late)
            self.assertNotIn(self.reviews[1], late)
            self.assertTrue(self.reviews[0].is_late)

    def test_finding_becomes_an_action(self):
        review = self.reviews[0].with_user(self.supervisor)
        context = review.action_finding()["context"]
        actions = self.env["cs.action"].with_user(self.supervisor)
        actions.with_context(**context).create(
            {
                "subject": "Room numbers",
                "problem": "Missing twice",
                "measure": "Tell the hall",
                "handler_id": self.mate.id,
                "due_on": self.company._cs_today() + datetime.timedelta(days=3),
            }
        )
        self.assertEqual(review.action_count, 1)
        self.assertEqual(review.action_ids.handler_id, self.mate)

    def test_a_signed_review_outlives_its_register(self):
        review = self.reviews[0]
        self._sign(review)
        self.register.unlink()
        self.assertEqual(review.register_name, "Slips")
        self.assertFalse(review.register_id)

    def test_another_supervisor_gets_what_waits(self):
        self._sign(self.reviews[0])
        self.register.user_id = self.users["manager"]
        self.assertEqual(self.reviews[0].user_id, self.supervisor)
        self.assertEqual(self.reviews[1].user_id, self.users["manager"])

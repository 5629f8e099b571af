import datetime

import psycopg2.errors
from freezegun import freeze_time

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import AccessError, UserError
from odoo.modules.registry import Registry
from odoo.tests import get_db_name, tagged
from odoo.tests.common import BaseCase
from odoo.tools import mute_logger

from .common import ToyCommon


def seen_of(matter, urgent=False, **values):
    """The context a form sends along: what its changed fields held."""
    return {
        "cs_seen": {
            "model": matter._name,
            "id": matter.id,
            "values": values,
            "urgent": urgent,
        }
    }


class TestStale(ToyCommon):
    """Two people edit one matter; nothing of the later one is lost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.matter = cls.env["cs.toy.request"].create(
            {"wish": "Tea", "partner_id": cls.customer.id, "handler_id": cls.clerk.id}
        )
        cls.mine = cls.matter.with_user(cls.clerk)
        cls.theirs = cls.matter.with_user(cls.second)

    def _save(self, vals, urgent=False, matter=None, **seen):
        matter = matter or self.mine
        matter = matter.with_context(**seen_of(matter, urgent, **seen))
        return matter.web_save(vals, {"wish": {}})

    def test_same_field_is_shown(self):
        self.theirs.wish = "Coffee"
        stale = self.mine.cs_stale({"wish": "Milk"}, {"wish": "Tea"})
        self.assertEqual(stale["user"], self.second.name)
        [row] = stale["fields"]
        self.assertEqual(
            (row["name"], row["mine"], row["theirs"], row["value"]),
            ("wish", "Milk", "Coffee", "Coffee"),
        )

    def test_other_fields_are_no_matter(self):
        self.theirs.handler_id = self.second
        self.assertFalse(self.mine.cs_stale({"wish": "Milk"}, {"wish": "Tea"}))
        self._save({"wish": "Milk"}, wish="Tea")
        self.assertEqual(self.matter.wish, "Milk")
        self.assertEqual(self.matter.handler_id, self.second)

    def test_same_value_is_no_matter(self):
        self.theirs.wish = "Milk"
        self.assertFalse(self.mine.cs_stale({"wish": "Milk"}, {"wish": "Tea"}))

    def test_people_and_empty_values(self):
        self.theirs.handler_id = self.second
        self.theirs.premises_id = False
        vals = {"handler_id": False, "premises_id": False}
        seen = {"handler_id": self.clerk.id, "premises_id": False}
        [row] = self.mine.cs_stale(vals, seen)["fields"]
        self.assertEqual(
            (row["name"], row["mine"], row["theirs"], row["value"]),
            ("handler_id", "", self.second.name, self.second.id),
        )

    def test_stale_save_is_refused(self):
        self.theirs.wish = "Coffee"
        with self.assertRaises(UserError):
            self._save({"wish": "Milk"}, wish="Tea")
        self.assertEqual(self.matter.wish, "Coffee")
        self._save({"wish": "Milk"}, wish="Coffee")  # he saw it and stays with his
        self.assertEqual(self.matter.wish, "Milk")

    def test_other_forms_save_as_ever(self):
        self.theirs.wish = "Coffee"
        self.mine.web_save({"wish": "Milk"}, {})
        self.assertEqual(self.matter.wish, "Milk")
        other = self._request()
        wrong = self.mine.with_context(**seen_of(other, wish="Tea"))
        wrong.web_save({"wish": "Water"}, {})
        self.assertEqual(self.matter.wish, "Water")

    def test_closed_page_keeps_a_draft(self):
        self.theirs.wish = "Coffee"
        self._save(
            {"wish": "Milk", "handler_id": self.second.id},
            urgent=True,
            wish="Tea",
            handler_id=self.clerk.id,
        )
        self.assertEqual(self.matter.wish, "Coffee")
        self.assertEqual(self.matter.handler_id, self.clerk)
        draft = self.mine.cs_draft()
        rows = {row["name"]: row for row in draft["fields"]}
        self.assertEqual(rows["wish"]["mine"], "Milk")
        self.assertEqual(rows["wish"]["theirs"], "Coffee")
        self.assertTrue(rows["wish"]["stale"])
        self.assertFalse(rows["handler_id"]["stale"])
        self.mine.cs_draft_apply(["handler_id"])
        self.assertEqual(self.matter.wish, "Coffee")
        self.assertEqual(self.matter.handler_id, self.second)
        self.assertFalse(self.mine.cs_draft())

    def test_closed_page_saves_when_nobody_minds(self):
        self.theirs.handler_id = self.second
        self._save({"wish": "Milk"}, urgent=True, wish="Tea")
        self.assertEqual(self.matter.wish, "Milk")
        self.assertFalse(self.mine.cs_draft())

    def _draft(self):
        self.theirs.wish = "Coffee"
        self._save({"wish": "Milk"}, urgent=True, wish="Tea")
        return self.env["cs.draft"].search([("user_id", "=", self.clerk.id)])

    def test_drafts_are_ones_own(self):
        draft = self._draft()
        self.assertEqual(draft.res_id, self.matter.id)
        self.assertFalse(self.theirs.cs_draft())
        self.theirs.cs_draft_discard()
        self.theirs.cs_draft_apply(["wish"])
        self.assertEqual(self.matter.wish, "Coffee")
        drafts = self.env["cs.draft"]
        for user in (self.second, self.lead, self.users["manager"]):
            with self.subTest(user.login):
                self.assertFalse(drafts.with_user(user).search([]))
                with self.assertRaises(AccessError):
                    draft.with_user(user).read(["vals"])
        own = draft.with_user(self.clerk)
        self.assertEqual(own.vals, {"wish": "Milk"})
        with self.assertRaises(AccessError):
            own.write({"vals": {"wish": "Beer"}})
        with self.assertRaises(AccessError):
            own.unlink()

    def test_later_draft_adds_to_the_earlier(self):
        self._draft()
        self.theirs.wish = "Cocoa"
        self._save({"wish": "Beer"}, urgent=True, wish="Coffee")
        draft = self.env["cs.draft"].search([("user_id", "=", self.clerk.id)])
        self.assertEqual(len(draft), 1)
        self.assertEqual(draft.vals, {"wish": "Beer"})

    def test_discarded(self):
        draft = self._draft()
        self.mine.cs_draft_discard()
        self.assertFalse(draft.exists())

    def test_drafts_get_old(self):
        draft = self._draft()
        drafts = self.env["cs.draft"]
        drafts._gc_drafts()
        self.assertTrue(draft.exists())
        later = fields.Datetime.now() + datetime.timedelta(days=15)
        with freeze_time(later):
            drafts._gc_drafts()
        self.assertFalse(draft.exists())

    def test_a_draft_opens_no_door(self):
        self.theirs.wish = "Coffee"
        with self.assertRaises(UserError):
            self._save({"wish": "Milk", "state": "closed"}, urgent=True, wish="Tea")
        plain = self.matter.with_user(self.users["plain"])
        with self.assertRaises(AccessError):
            self._save({"wish": "Milk"}, urgent=True, matter=plain, wish="Tea")
        with self.assertRaises(AccessError):
            plain.cs_stale({"wish": "Milk"}, {"wish": "Tea"})
        with self.assertRaises(AccessError):
            plain.cs_draft()

    def test_drafts_go_with_their_matter(self):
        draft = self._draft()
        self.matter.unlink()
        self.assertFalse(draft.exists())


@tagged("post_install", "-at_install")
class TestStaleCursors(BaseCase):
    """Two processes at once; what is committed is removed at the end."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.matter_id = self._commit(
            lambda env: env["cs.toy.request"].create({"wish": "Tea"}).id
        )
        self.addCleanup(
            self._commit,
            lambda env: env["cs.toy.request"].browse(self.matter_id).unlink(),
        )

    def _env(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {})

    def _commit(self, function):
        with self.registry.cursor() as cr:
            return function(self._env(cr))

    def _matter(self, cr):
        return self._env(cr)["cs.toy.request"].browse(self.matter_id)

    def test_second_process_sees_the_first(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            one, two = self._matter(first), self._matter(second)
            seen = two.wish
            one.web_save({"wish": "Coffee"}, {})
            first.commit()
            second.rollback()  # as the request that comes next
            two.invalidate_recordset()
            stale = two.cs_stale({"wish": "Milk"}, {"wish": seen})
            self.assertEqual(stale["fields"][0]["theirs"], "Coffee")
            context = seen_of(two, urgent=True, wish=seen)
            two.with_context(**context).web_save({"wish": "Milk"}, {})
            self.assertEqual(two.wish, "Coffee")
            self.assertEqual(two.cs_draft()["fields"][0]["mine"], "Milk")

    def test_both_save_at_once(self):
        """The later one fails at the database and is tried again by the server."""
        with self.registry.cursor() as first, self.registry.cursor() as second:
            one, two = self._matter(first), self._matter(second)
            seen = two.wish
            one.web_save({"wish": "Coffee"}, {})
            first.commit()
            late = two.with_context(**seen_of(two, wish=seen))
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.SerializationFailure),
            ):
                late.web_save({"wish": "Milk"}, {})
                late.env.flush_all()
            second.rollback()
            late.invalidate_recordset()
            with self.assertRaises(UserError):
                late.web_save({"wish": "Milk"}, {})

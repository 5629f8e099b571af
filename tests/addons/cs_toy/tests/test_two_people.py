import datetime

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError

from .common import ToyCommon
from .test_stale import seen_of


class TestPresence(ToyCommon):
    """Who else has a matter open."""

    def _names(self, matter, user):
        return [row["name"] for row in matter.with_user(user).cs_presence()]

    def test_each_sees_the_other(self):
        matter = self._request()
        self.assertEqual(self._names(matter, self.clerk), [])
        self.assertEqual(self._names(matter, self.second), [self.clerk.name])
        self.assertEqual(self._names(matter, self.clerk), [self.second.name])
        self.assertEqual(self._names(self._request(), self.lead), [])

    def test_who_leaves_is_gone(self):
        matter = self._request()
        matter.with_user(self.second).cs_presence()
        matter.with_user(self.second).cs_presence_leave()
        self.assertEqual(self._names(matter, self.clerk), [])

    def test_without_a_sign_of_life_gone_after_45_seconds(self):
        matter = self._request()
        begin = fields.Datetime.now()
        with freeze_time(begin):
            matter.with_user(self.second).cs_presence()
        for seconds, names in ((44, [self.second.name]), (46, [])):
            with freeze_time(begin + datetime.timedelta(seconds=seconds)):
                self.assertEqual(self._names(matter, self.clerk), names)

    def test_old_rows_are_swept(self):
        matter = self._request()
        matter.with_user(self.second).cs_presence()
        with freeze_time(fields.Datetime.now() + datetime.timedelta(hours=2)):
            self.env["cs.presence"]._gc_presence()
        self.env.cr.execute(
            "SELECT count(*) FROM cs_presence WHERE res_id = %s", [matter.id]
        )
        self.assertEqual(self.env.cr.fetchone(), (0,))

    def test_others_learn_nothing(self):
        report = self._report()
        with self.assertRaises(AccessError):
            report.with_user(self.clerk).cs_presence()
        with self.assertRaises(AccessError):
            report.with_user(self.clerk).cs_presence_leave()

    def _channel(self, user, name):
        return self.env["ir.websocket"].with_user(user)._cs_presence_channel(name)

    def test_channel_only_for_readers(self):
        for matter, reads in ((self._request(), True), (self._report(), False)):
            name = f"cs_presence:{matter._name}:{matter.id}"
            channel = matter._cs_presence_channel()
            with self.subTest(name):
                self.assertEqual(self._channel(self.users["masked"], name), channel)
                mine = self._channel(self.clerk, name)
                self.assertEqual(mine, channel if reads else None)
        for name in (
            "cs_presence:res.partner:1",
            "cs_presence:x:1",
            "cs_presence:a:b",
            7,
        ):
            with self.subTest(name):
                self.assertIsNone(self._channel(self.clerk, name))


class TestTwoPeople(ToyCommon):
    """Two at one case from beginning to end."""

    def test_two_people_one_case(self):
        case = self._request(interaction_id=self._contact().id)
        other = self._request(interaction_id=self._contact().id)
        case.action_work()
        one, two = case.with_user(self.clerk), case.with_user(self.second)
        one.cs_presence()
        self.assertEqual([row["id"] for row in two.cs_presence()], [self.clerk.id])

        # The second saves first; the first is shown the difference.
        two.web_save({"wish": "Valve"}, {})
        stale = one.cs_stale({"wish": "Hose"}, {"wish": "Tea"})
        self.assertEqual(stale["fields"][0]["theirs"], "Valve")

        # He closes the page instead of choosing: his words are kept.
        late = one.with_context(**seen_of(one, urgent=True, wish="Tea"))
        late.web_save({"wish": "Hose"}, {})
        self.assertEqual(case.wish, "Valve")

        # Both press the button: one step, one line in the history.
        one.action_done()
        with self.assertRaises(UserError):
            two.action_done()
        self.assertEqual(case.state, "done")

        # The supervisor merges it meanwhile, and parts it again.
        files = self.env["ir.attachment"].create(
            {"name": "a.txt", "raw": b"1", "res_model": case._name, "res_id": case.id}
        )
        message = case.sudo().message_post(body="Note")
        numbers = (case.name, other.name)
        clocks = {clock: clock.state for clock in case._cs_clocks()}
        lead = self.lead
        other.with_user(lead)._cs_merge(case.with_user(lead))
        self.assertEqual((files.res_id, message.res_id), (other.id, other.id))
        with self.assertRaises(UserError):
            one.action_close()
        case.with_user(lead).action_unmerge()
        self.assertEqual((files.res_id, message.res_id), (case.id, case.id))
        self.assertEqual({clock: clock.state for clock in case._cs_clocks()}, clocks)
        self.assertEqual((case.name, other.name), numbers)
        self.assertEqual(case.state, "done")

        # His draft outlived all of it.
        [row] = one.cs_draft()["fields"]
        self.assertEqual((row["mine"], row["theirs"]), ("Hose", "Valve"))
        one.cs_draft_apply(["wish"])
        self.assertEqual(case.wish, "Hose")

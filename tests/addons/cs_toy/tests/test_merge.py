import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from .common import ToyCommon


class TestMerge(ToyCommon):
    """Two matters about the same thing become one, and two again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supervisor = cls.users["manager"]

    def _pair(self):
        kept = self._request(interaction_id=self._contact().id)
        other = self._request(
            user=self.second, interaction_id=self._contact(user=self.second).id
        )
        return kept.with_user(self.supervisor), other.with_user(self.supervisor)

    def _dress(self, matter):
        """Give a matter messages, a note, a file, a follower, an activity, a link."""
        matter = matter.sudo()
        comment = matter.message_post(body="It smells", subtype_xmlid="mail.mt_comment")
        note = matter.message_post(body="Between us", subtype_xmlid="mail.mt_note")
        file = self.env["ir.attachment"].create(
            {
                "name": "meter.txt",
                "datas": base64.b64encode(b"12"),
                "res_model": matter._name,
                "res_id": matter.id,
            }
        )
        guest = self.env["res.partner"].create({"name": "Neighbour"})
        matter.message_subscribe(guest.ids)
        todo = matter.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.clerk.id
        )
        linked = self._request()
        matter._cs_link(linked.sudo(), "related")
        return comment, note, file, guest, todo, linked

    def test_everything_goes_over_and_comes_back(self):
        kept, other = self._pair()
        comment, note, file, guest, todo, linked = self._dress(other)
        subtypes = comment.subtype_id, note.subtype_id
        names = kept.name, other.name
        followers = set(kept.sudo().message_partner_ids.ids)
        kept._cs_merge(other, "Same leak")
        for row in (comment, note, file, todo):
            self.assertEqual(row.res_id, kept.id)
        self.assertEqual((comment.subtype_id, note.subtype_id), subtypes)
        self.assertIn(guest, kept.sudo().message_partner_ids)
        self.assertEqual(kept._cs_linked("related"), [("related", linked)])
        self.assertEqual(linked._cs_linked("related"), [("related", kept)])
        self.assertEqual(other._cs_linked(), [("merged_into", kept)])
        self.assertEqual((other.state, other.is_open), ("merged", False))
        self.assertEqual(other.merged_into, kept.name)
        self.assertEqual((kept.merge_count, other.merge_count), (1, 0))
        later = kept.sudo().message_post(body="Came after the merge")
        other.action_unmerge()
        for row in (comment, note, file, todo):
            self.assertEqual(row.res_id, other.id)
        self.assertEqual(later.res_id, kept.id)
        self.assertEqual((comment.subtype_id, note.subtype_id), subtypes)
        self.assertEqual(set(kept.sudo().message_partner_ids.ids), followers)
        self.assertIn(guest, other.sudo().message_partner_ids)
        self.assertEqual(linked._cs_linked("related"), [("related", other)])
        self.assertFalse(kept._cs_linked())
        self.assertEqual((other.state, other.is_open), ("new", True))
        self.assertEqual((kept.name, other.name), names)
        self.assertFalse(other.merged_into)

    def test_clocks_stand_still_and_go_on(self):
        kept, other = self._pair()
        [clock] = other._cs_clocks()
        due = clock.due_at
        [own] = kept._cs_clocks()
        kept._cs_merge(other)
        self.assertEqual(clock.state, "cancelled")
        self.assertEqual(clock.res_id, other.id)
        self.assertEqual(kept._cs_clocks(), own)
        self.assertEqual(own.state, "running")
        other.action_unmerge()
        self.assertEqual(other._cs_clocks(), clock)
        self.assertEqual(clock.state, "running")
        self.assertEqual(clock.due_at, due)
        self.assertEqual((other.due_at, other.clock_state), (due, "running"))

    def test_both_contacts_stay_open_until_the_end(self):
        kept, other = self._pair()
        contacts = (kept | other).interaction_id
        kept._cs_merge(other)
        self.assertEqual(contacts.mapped("state"), ["open", "open"])
        self.assertEqual(contacts.mapped("open_matter_count"), [1, 1])
        kept._cs_set_state("cancelled")
        self.assertEqual(contacts.mapped("state"), ["closed", "closed"])

    def test_chain(self):
        first, second = self._pair()
        third = self._request(interaction_id=self._contact().id)
        third = third.with_user(self.supervisor)
        comment = first.sudo().message_post(body="First")
        second._cs_merge(first)
        third._cs_merge(second)
        self.assertEqual(first._cs_survivor(), third)
        self.assertEqual(comment.res_id, third.id)
        contacts = (first | second | third).interaction_id
        self.assertEqual(set(contacts.mapped("state")), {"open"})
        with self.assertRaises(UserError):
            first.action_unmerge()  # the one it went into is closed itself
        with self.assertRaises(UserError):
            first._cs_merge(third)  # no circle
        third._cs_set_state("cancelled")
        self.assertEqual(set(contacts.mapped("state")), {"closed"})

    def test_parted_from_the_end_of_the_chain(self):
        first, second = self._pair()
        third = self._request().with_user(self.supervisor)
        comment = first.sudo().message_post(body="First")
        second._cs_merge(first)
        third._cs_merge(second)
        second.action_unmerge()
        self.assertEqual(comment.res_id, second.id)
        first.action_unmerge()
        self.assertEqual(comment.res_id, first.id)

    def test_merged_ones_have_no_other_step(self):
        kept, other = self._pair()
        kept._cs_merge(other)
        for state in ("work", "cancelled", "new"):
            with self.subTest(state), self.assertRaises(UserError):
                other._cs_set_state(state)
            with self.subTest(state), self.assertRaises(UserError):
                other.sudo()._cs_set_state(state)
        kept._cs_set_state("cancelled")
        with self.assertRaises(UserError):
            other.action_unmerge()

    def test_twice_is_refused(self):
        kept, other = self._pair()
        kept._cs_merge(other)
        with self.assertRaises(UserError):
            kept._cs_merge(other)
        other.action_unmerge()
        with self.assertRaises(UserError):
            other.action_unmerge()
        kept._cs_merge(other)
        self.assertEqual(other.state, "merged")

    def test_what_is_never_merged(self):
        kept, other = self._pair()
        with self.assertRaises(UserError):
            kept._cs_merge(kept)
        report = self._report().with_user(self.users["masked"])
        with self.assertRaises(UserError):
            report._cs_merge(self._report())  # this kind has no such state
        stranger = self.env["res.partner"].create({"name": "李四"})
        foreign = self._request(partner_id=stranger.id).with_user(self.supervisor)
        with self.assertRaises(UserError):
            kept._cs_merge(foreign)
        other.sudo().masked = True
        with self.assertRaises(UserError):
            kept._cs_merge(other)

    def test_others_may_not(self):
        kept, other = self._pair()
        plain = self.users["plain"]
        with self.assertRaises(AccessError):
            kept.with_user(plain)._cs_merge(other.with_user(plain))
        kept._cs_merge(other)
        with self.assertRaises(AccessError):
            other.with_user(plain).action_unmerge()

    def test_rows_are_nobodys(self):
        kept, other = self._pair()
        merge = kept._cs_merge(other)
        for user in (self.clerk, self.supervisor):
            rows = merge.with_user(user)
            self.assertEqual(rows.survivor_name, kept.name)
            with self.assertRaises(AccessError):
                rows.write({"moved": {}})
            with self.assertRaises(AccessError):
                rows.create({"loser_id": other.id})
            with self.assertRaises(AccessError):
                rows.unlink()
        with self.assertRaises(AccessError):
            merge.with_user(self.users["plain"]).read(["reason"])

    def test_deleted_matters_take_the_row_along(self):
        kept, other = self._pair()
        merge = kept._cs_merge(other)
        other.sudo().unlink()
        self.assertFalse(merge.exists())

    def test_visits_to_come_go_over(self):
        kept, other = self._pair()
        other.action_work()
        other.action_done()
        visit = self.env["cs.followup"]._cs_open_of(other)
        kept._cs_merge(other)
        self.assertEqual((visit.res_id, visit.state), (kept.id, "open"))
        other.action_unmerge()
        self.assertEqual((visit.res_id, visit.state), (other.id, "open"))
        self.assertEqual(other.state, "done")

    def test_dialog(self):
        kept, other = self._pair()
        wizards = self.env["cs.merge.wizard"].with_user(self.supervisor)
        context = kept.action_merge()["context"]
        with Form(wizards.with_context(**context)) as form:
            form.other_id = other.id
            self.assertIn(kept.name, form.effect)
            self.assertFalse(form.refusal)
            form.keep = "other"
        action = form.record.action_apply()
        self.assertEqual(action["res_id"], other.id)
        self.assertEqual(kept.state, "merged")
        self.assertEqual(kept.action_open_survivor()["res_id"], other.id)

    def test_dialog_takes_no_other_model(self):
        wizards = self.env["cs.merge.wizard"].with_user(self.supervisor)
        wizard = wizards.new({"res_model": "res.partner", "res_id": self.customer.id})
        with self.assertRaises(UserError):
            wizard.action_apply()

    def test_events(self):
        kept, other = self._pair()
        kept._cs_merge(other)
        other.action_unmerge()
        events = self.env["cs.event"].search([("model", "=", other._name)])
        mine = events.filtered(lambda event: event.res_id == other.id)
        self.assertEqual(
            sorted(mine.mapped("action")), ["matter.merged", "matter.unmerge"]
        )
